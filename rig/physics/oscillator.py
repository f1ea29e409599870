"""The pump's crystal: how fast its microseconds go by those of the rig.

A crystal is off by some parts per million, its own and for ever, and less as it is warmer or colder than at the top of
a parabola (A; the figures are those of watch crystals' data sheets)::

    rate = 1 + (offset + drift - k (T - T0)^2) 1e-6

Within an hour of the rig's time the rate is that of the temperature in its middle, as a whole number of ppb, so that
*ticks* (the crystal's microseconds since the rig was made) are piecewise linear and whole-number arithmetic inverts
them exactly.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Annotated

import msgspec

from rig.physics import noise

HOUR_US = 3_600_000_000
_PARTS = 1_000_000_000
_HORIZON_US = 366 * 24 * HOUR_US  # hours further ahead than that aren't looked at one by one


class Crystal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a crystal is like."""

    tolerance_ppm: Annotated[float, msgspec.Meta(ge=0, le=1000)]  # a seed's offset lies evenly within plus and minus it
    curve_ppm_c2: Annotated[float, msgspec.Meta(ge=0, le=1)]
    turnover_c: Annotated[float, msgspec.Meta(ge=-40, le=100)]


class Oscillator:
    """One crystal.  ``temperature_c`` says how warm the rig's room is at a moment, those to come included."""

    def __init__(self, crystal: Crystal, seed: int, temperature_c: Callable[[int], float]) -> None:
        self._crystal = crystal
        self._temperature_c = temperature_c
        self._offset_ppm = crystal.tolerance_ppm * (noise.mix(noise.stream(seed, "crystal")) / 2**63 - 1)
        self._drift_ppm = 0.0
        self._begin(0, 0)

    def _begin(self, now_us: int, ticks: int) -> None:
        """Forgets all pieces and begins anew."""
        # The pieces known, in order: when each begins, in the rig's microseconds and in ticks, and its rate.
        self._from_us = [now_us]
        self._from_ticks = [ticks]
        self._ppb = [self._ppb_from(now_us)]
        self._asked_us, self._answer = now_us, ticks  # the last question, which is often the next

    def ticks(self, t_us: int) -> int:
        """Whole ticks by ``t_us``, which mustn't be before the last change of the rate."""
        if t_us != self._asked_us:
            while _next_hour_us(self._from_us[-1]) <= t_us:
                self._know_next()
            i = bisect_right(self._from_us, t_us) - 1
            self._answer = self._from_ticks[i] + _ticks_in(t_us - self._from_us[i], self._ppb[i])
            self._asked_us = t_us
        return self._answer

    def at_us(self, ticks: int) -> int:
        """The first microsecond of the rig by which there are so many ticks: ``ticks(at_us(n)) >= n``, which holds for
        no moment before it; never before the last change of the rate.  More than a year ahead: nearly."""
        while self._from_ticks[-1] < ticks < self._from_ticks[-1] + _HORIZON_US:
            self._know_next()
        i = max(0, bisect_left(self._from_ticks, ticks) - 1)
        wanted = max(0, ticks - self._from_ticks[i])
        return self._from_us[i] - (-wanted * _PARTS // (_PARTS + self._ppb[i]))

    def ppm(self, t_us: int) -> float:
        """By how much it is fast at ``t_us``."""
        self.ticks(t_us)
        return self._ppb[bisect_right(self._from_us, t_us) - 1] / 1000

    def set_drift(self, ppm: float, now_us: int) -> None:
        """From ``now_us`` on it is so much faster than by itself."""
        self._drift_ppm = ppm
        self.renew(now_us)

    def renew(self, now_us: int) -> None:
        """It won't be as warm as was thought.  Nobody may ask for what is before ``now_us`` any more."""
        self._begin(now_us, self.ticks(now_us))

    def forget(self, now_us: int) -> None:
        """Nobody asks for what is before ``now_us`` any more."""
        self.ticks(now_us)
        past = bisect_right(self._from_us, now_us) - 1
        del self._from_us[:past], self._from_ticks[:past], self._ppb[:past]

    def _know_next(self) -> None:
        end_us = _next_hour_us(self._from_us[-1])
        self._from_ticks.append(self._from_ticks[-1] + _ticks_in(end_us - self._from_us[-1], self._ppb[-1]))
        self._from_us.append(end_us)
        self._ppb.append(self._ppb_from(end_us))

    def _ppb_from(self, from_us: int) -> int:
        """The rate from ``from_us`` to the next full hour."""
        apart_c = self._temperature_c((from_us + _next_hour_us(from_us)) // 2) - self._crystal.turnover_c
        return round((self._offset_ppm + self._drift_ppm - self._crystal.curve_ppm_c2 * apart_c**2) * 1000)


def _next_hour_us(t_us: int) -> int:
    return (t_us // HOUR_US + 1) * HOUR_US


def _ticks_in(elapsed_us: int, ppb: int) -> int:
    return elapsed_us + elapsed_us * ppb // _PARTS
