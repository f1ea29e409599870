"""The drive: orders to the rotor, and what the rotor makes of them when it is held or misses steps.

The k-th step of an order comes at start + k (end - start) // count (``rig.firmware.board``).  Between two
steps the rotor moves evenly: a microstepping driver does so, and volume is a smooth function of time.  Missed steps
are lost evenly: of n steps the rotor takes floor(n x kept), the remainder carried from order to order, so that which
ones are lost depends on nothing but their number.
"""

import math
from typing import Annotated

import msgspec

_WHOLE = 1_000_000  # parts in which the share of kept steps is counted


class Drive(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A stepper motor and its rotor."""

    steps_per_revolution: Annotated[int, msgspec.Meta(ge=16, le=10**7)]
    rollers: Annotated[int, msgspec.Meta(ge=1, le=100)]

    @property
    def steps_per_compression(self) -> float:
        """Steps between one roller and the next at a place of the tube."""
        return self.steps_per_revolution / self.rollers

    def roller_phase(self, position_steps: float) -> float:
        """N theta in radians, within one roller's passage so that it stays sharp after years."""
        turn = position_steps * self.rollers / self.steps_per_revolution
        return 2 * math.pi * (turn - math.floor(turn))


class Move:
    """One order to the rotor: ``count`` steps between two moments.

    It is followed since ``since_us``, the start or later, from a whole step and a position there.  Of the steps after
    that, ``kept`` millionths are taken, beginning with ``remainder`` of one.
    """

    __slots__ = (
        "_before",
        "_kept",
        "_position",
        "_remainder",
        "_since_us",
        "_steps",
        "count",
        "end_us",
        "rate",
        "start_us",
    )

    def __init__(self, count: int, start_us: int, end_us: int) -> None:
        self.count = count
        self.start_us = start_us
        self.end_us = end_us

    def follow(self, since_us: int, steps: int, position: float, kept: int = _WHOLE, remainder: int = 0) -> None:
        """The rotor follows it from ``since_us`` on."""
        self._since_us = since_us
        self._steps = steps
        self._position = position
        self._kept = kept
        self._before = self.asked_at(since_us)
        self._remainder = remainder
        # A halt may have left the rotor beyond its last whole step (by less than an order, whatever was replaced how
        # often): this move is shorter then, and never backwards.
        taken = (remainder + (self.count - self._before) * kept) // _WHOLE
        self.rate = max(0.0, (steps + taken - position) / (self.end_us - since_us) * 1e6)  #: steps per second

    def asked_at(self, t_us: int) -> int:
        """Steps that the order asks for by ``t_us``."""
        if t_us >= self.end_us:
            return self.count
        elapsed = t_us - self.start_us
        return min(self.count, ((elapsed + 1) * self.count - 1) // (self.end_us - self.start_us))

    def _taken(self, t_us: int) -> int:
        """Millionths of steps that the rotor takes by ``t_us`` since it follows."""
        return self._remainder + (self.asked_at(t_us) - self._before) * self._kept

    def steps_at(self, t_us: int) -> int:
        """Whole steps of the rotor by ``t_us``, those before the order included."""
        return self._steps + self._taken(t_us) // _WHOLE

    def remainder_at(self, t_us: int) -> int:
        """What is left of a step then, in millionths, for whatever it follows next."""
        return self._taken(t_us) % _WHOLE

    def position_at(self, t_us: int) -> float:
        """Where the rotor is, in steps and fractions."""
        return self._position + self.rate * (min(t_us, self.end_us) - self._since_us) * 1e-6


class Rotor:
    """The rotor under its orders, in microseconds of whatever clock makes its pulses; they never go back.  ``settle``
    comes before every change."""

    __slots__ = ("_asked", "_driven", "_kept", "_move", "_next", "_position", "_remainder", "_stalled", "_steps")

    def __init__(self) -> None:
        self._steps = 0
        self._driven = 0  # steps that the orders before this one asked for
        self._position = 0.0
        self._remainder = 0
        self._kept = _WHOLE
        self._stalled = False
        self._move: Move | None = None
        self._next: tuple[int, int, int] | None = None  # (start, end, count) of an order still to begin
        self._asked = (0, 0)  # the last moment that was asked for and its steps, since it is asked for often

    @property
    def turning(self) -> bool:
        """Whether it is under way and not held."""
        return self._move is not None and not self._stalled

    @property
    def driven(self) -> bool:
        """Whether an order is under way, held or not: the motor draws its current."""
        return self._move is not None

    @property
    def rate(self) -> float:
        """Steps per second."""
        return self._move.rate if self._move is not None and not self._stalled else 0.0

    def due_us(self) -> int | None:
        """When an order begins or ends next."""
        if self._next is None:
            return self._move.end_us if self._move is not None else None
        return self._next[0] if self._move is None else min(self._next[0], self._move.end_us)

    def order(self, count: int, start_us: int, end_us: int) -> None:
        """Replaces what is under way from ``start_us`` on; a count of 0 halts."""
        self._next = (start_us, end_us, count)

    def steps(self, t_us: int) -> int:
        """Whole steps that it has really turned."""
        if self._move is None or self._stalled:
            return self._steps
        if self._asked[0] != t_us:
            self._asked = (t_us, self._move.steps_at(t_us))
        return self._asked[1]

    def position(self, t_us: int) -> float:
        """Where it is, in steps and fractions."""
        return self._position if self._move is None or self._stalled else self._move.position_at(t_us)

    def driven_steps(self, t_us: int) -> int:
        """Whole steps that the motor was driven for, whether the rotor took them or not."""
        return self._driven if self._move is None else self._driven + self._move.asked_at(t_us)

    def settle(self, t_us: int) -> None:
        """Takes where it is at ``t_us`` as the new starting point."""
        if self._move is not None and not self._stalled:
            self._steps = self._move.steps_at(t_us)
            self._position = self._move.position_at(t_us)

    def turn_over(self, t_us: int) -> None:
        """Begins and ends the orders that are due, after ``settle``."""
        if self._next is not None and self._next[0] <= t_us:
            self._carry(t_us)
            self._driven = self.driven_steps(t_us)
            (start_us, end_us, count), self._next = self._next, None
            self._move = Move(count, start_us, end_us) if count else None
            self._follow(start_us)
        elif self._move is not None and self._move.end_us <= t_us:
            self._carry(t_us)
            self._driven = self.driven_steps(t_us)
            self._move = None

    def hold(self, stalled: bool, t_us: int) -> None:
        """Holds it, or lets it go on with what is left of its order; the steps in between are lost.  After
        ``settle``."""
        if stalled and not self._stalled:
            self._carry(t_us)
            self._stalled = True
        elif self._stalled and not stalled:
            self._stalled = False
            self._follow(t_us)

    def miss(self, fraction: float, t_us: int) -> None:
        """Loses this share, 0 to 1, of the steps asked for from now on.  After ``settle``."""
        self._carry(t_us)
        self._kept = _WHOLE - round(fraction * _WHOLE)
        self._follow(t_us)

    def _follow(self, t_us: int) -> None:
        if self._move is not None:
            self._move.follow(t_us, self._steps, self._position, self._kept, self._remainder)

    def _carry(self, t_us: int) -> None:
        if self._move is not None and not self._stalled:
            self._remainder = self._move.remainder_at(t_us)
