"""The room: how warm it is around the pump and the balance.

::

    T(t) = mean + daily/2 cos(2 pi (t - t_warmest) / 24 h) + slow wander

and, where somebody opens a window or warms it, a first-order approach to another temperature, with the time that a
room takes (0 for at once).  After that it comes back by itself in the same way.
"""

import math
from typing import Annotated

import msgspec

from rig.physics import noise

_DAY_US = 86_400_000_000
_WARMEST_US = 28_800_000_000  # four in the afternoon, of a rig's time that begins at eight
_WANDER_PERIODS_S = (1777.0, 6841.0, 31_013.0)  # not in step with the day


class RoomFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What the room is like, and the pump's thermometer in it; all assumptions."""

    mean_c: Annotated[float, msgspec.Meta(ge=5, le=45)]
    daily_c: Annotated[float, msgspec.Meta(ge=0, le=20)]  # from the coldest to the warmest of a day
    wander_c: Annotated[float, msgspec.Meta(ge=0, le=5)]  # standard deviation of what comes and goes within hours
    lag_s: Annotated[float, msgspec.Meta(ge=0, le=86_400)]  # until two thirds of a change are there
    noise_c: Annotated[float, msgspec.Meta(ge=0, le=5)]  # of the pump's thermometer
    resolution_c: Annotated[float, msgspec.Meta(gt=0, le=5)]


class Room:
    """One room, told apart from others by its seed.  Changes come in the order of time."""

    def __init__(self, figures: RoomFigures, seed: int) -> None:
        self._figures = figures
        self._wander = noise.Wander(noise.stream(seed, "room"), figures.wander_c, _WANDER_PERIODS_S)
        self._held_c: float | None = None
        self._since_us = 0
        self._gap_c = 0.0  # what was missing then to where it is going

    def celsius(self, t_us: int) -> float:
        """How warm it is at ``t_us``, of now or to come if nothing changes it."""
        aim_c = self._own(t_us) if self._held_c is None else self._held_c
        if not self._gap_c or not self._figures.lag_s:
            return aim_c
        return aim_c + self._gap_c * math.exp((self._since_us - t_us) * 1e-6 / self._figures.lag_s)

    def mean_c(self, from_us: int, to_us: int) -> float:
        """How warm it is on average in between, as ``celsius`` would have it: by Simpson's rule, good to a hundredth of
        a degree over ten minutes, and to a few tenths over the hour in which a window was opened."""
        middle_c = self.celsius((from_us + to_us) // 2)
        return (self.celsius(from_us) + 4 * middle_c + self.celsius(to_us)) / 6

    def hold(self, celsius: float | None, now_us: int) -> None:
        """From ``now_us`` on it goes to so much, whatever the day; None leaves it to itself again."""
        before_c = self.celsius(now_us)
        self._held_c, self._since_us, self._gap_c = celsius, now_us, 0.0
        self._gap_c = before_c - self.celsius(now_us)

    def _own(self, t_us: int) -> float:
        figures = self._figures
        day = 2 * math.pi * ((t_us - _WARMEST_US) % _DAY_US) / _DAY_US
        return figures.mean_c + figures.daily_c / 2 * math.cos(day) + self._wander.at(t_us * 1e-6)
