"""How virtual time follows real time, and the rig's clock for its session."""

import math
from typing import Protocol

from firmware_link.clock import Clock

MAX_SPEED = math.inf  #: as fast as it goes: time passes only while somebody waits
_LONGEST_WAIT_S = 86_400.0  # an endless wait ends after so long, so that sums stay whole microseconds
_SHORTEST_REST_S = 1e-5  # real; less than a microsecond of real time is none to some clocks
_CATCH_UP_S = 0.05  # real; by so much a wait may be late for what is due
_JUMP_GATHER = 167  # 3 ms become half a second


class Timed(Protocol):
    """Whatever has the rig's time: the plant."""

    now_us: int


class Pace:
    """Says how far virtual time may run.  ``speed`` is virtual seconds per real second, or ``MAX_SPEED``."""

    def __init__(self, speed: float, real: Clock, timed: Timed) -> None:
        self.jumps = speed == MAX_SPEED
        self._speed = speed
        self._real = real
        self._timed = timed
        self._real_start_s = real.monotonic()

    def monotonic(self) -> float:
        """Seconds in which the session's deadlines are: real ones, virtual ones when jumping."""
        return self._timed.now_us * 1e-6 if self.jumps else self._real.monotonic()

    @property
    def now_us(self) -> int:
        """The rig's time."""
        return self._timed.now_us

    def wait_s(self, due_us: int) -> float:
        """How long to wait, in seconds of deadlines, so as to be at ``due_us`` and no later."""
        if self.jumps:
            return self.left_s(due_us)
        due_s = self._real_start_s + due_us * 1e-6 / self._speed
        return max(_SHORTEST_REST_S, due_s - self._real.monotonic())

    def deadline(self, timeout_s: float) -> float:
        """A wait's end: virtual microseconds when jumping, else real seconds."""
        timeout_s = min(max(timeout_s, 0.0), _LONGEST_WAIT_S)
        return self._timed.now_us + math.ceil(timeout_s * 1e6) if self.jumps else self._real.monotonic() + timeout_s

    def left_s(self, deadline: float) -> float:
        """How long to wait until that deadline."""
        if self.jumps:
            return (deadline - self._timed.now_us - 0.5) * 1e-6  # another ``deadline`` rounds it up
        return deadline - self._real.monotonic()

    def gathered(self, gather_s: float) -> float:
        """A gathering's end, as ``deadline``.  It is meant to spare the reader work, so a jump makes it longer."""
        return self.deadline(gather_s * _JUMP_GATHER if self.jumps else gather_s)

    def passed(self, deadline: float) -> bool:
        """Whether that wait is over."""
        return (self._timed.now_us if self.jumps else self._real.monotonic()) >= deadline

    def overdue(self, deadline: float) -> bool:
        """Whether catching up with real time has to wait for the next turn, since the caller has waited enough."""
        return not self.jumps and self._real.monotonic() >= deadline + _CATCH_UP_S

    def limit_us(self, deadline: float) -> int:
        """How far virtual time may go by now."""
        if self.jumps:
            return int(deadline)
        return int((self._real.monotonic() - self._real_start_s) * self._speed * 1e6)

    def rest_s(self, due_us: int, deadline: float) -> float:
        """Real seconds until virtual ``due_us``, or the deadline where that comes first; 0 when jumping."""
        if self.jumps:
            return 0.0
        now_s = self._real.monotonic()
        due_s = self._real_start_s + due_us * 1e-6 / self._speed
        return max(_SHORTEST_REST_S, min(due_s, deadline) - now_s)


class RigClock:
    """The session's ``Clock``: stamps are the rig's time, deadlines are what ``Pace`` says they are in."""

    def __init__(self, pace: Pace, timed: Timed, start_utc_us: int) -> None:
        self._pace = pace
        self._timed = timed
        self._start_utc_us = start_utc_us

    def monotonic(self) -> float:
        return self._pace.monotonic()

    def utc_us(self) -> int:
        return self._start_utc_us + self._timed.now_us
