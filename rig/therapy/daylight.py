"""When local clocks are next set forward or back.  Pure: the time zone is a function from a moment to its offset."""

from collections.abc import Callable
from typing import NamedTuple

from rig.therapy.units import DAY_S

YEAR_S = 366 * DAY_S


class Transition(NamedTuple):
    """At ``utc_s`` local time changes from ``before_min`` to ``after_min`` east of UTC."""

    utc_s: int
    before_min: int
    after_min: int

    @property
    def shift_min(self) -> int:
        """How far clocks go forward; negative for back."""
        return self.after_min - self.before_min


def offset_text(utc_offset_min: int) -> str:
    """ "UTC+01:00"."""
    return f"UTC{iso_offset(utc_offset_min)}"


def iso_offset(utc_offset_min: int) -> str:
    """ "+01:00"."""
    hours, minutes = divmod(abs(utc_offset_min), 60)
    return f"{'-' if utc_offset_min < 0 else '+'}{hours:02d}:{minutes:02d}"


def next_transition(offset_at: Callable[[int], int], now_utc_s: int, horizon_s: int = YEAR_S) -> Transition | None:
    """The first change of the offset after ``now_utc_s``, up to ``horizon_s`` later; None where there is none.

    ``offset_at`` gives minutes at s since 1970.  Looks once a day: an offset that lasts less may be missed.
    """
    before = offset_at(now_utc_s)
    low, end = now_utc_s, now_utc_s + horizon_s
    while low < end:
        high = min(low + DAY_S, end)
        if offset_at(high) != before:
            return _narrowed(offset_at, low, high, before)
        low = high
    return None


def _narrowed(offset_at: Callable[[int], int], low: int, high: int, before: int) -> Transition:
    """The change that lies after ``low`` and at the latest at ``high``."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset_at(middle) == before else (low, middle)
    return Transition(high, before, offset_at(high))
