"""How the pump's clock goes at any moment of a recording, from a bounded part of its samples."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rig.clockfit import WINDOW_S, ClockFit, ClockState

#: Of the present boot; half an hour at 10 Hz.
ROWS = 20_480
_TOGETHER = 40  # rows of which the one that came in soonest is a reading
_ANEW = 160  # rows after which it is fitted anew
_FIRST = 640  # by which it is told where the two clocks began

READ_DTYPE = np.dtype([("boot", "u4"), ("t_us", "i8"), ("host_us", "i8")])


def window(first_row: int, rows: int) -> tuple[int, int]:
    """Which rows tell of the clock (stop excluded), of a boot from row ``first_row`` on, when ``rows`` are there."""
    whole = rows - (rows - first_row) % (_ANEW if rows - first_row > _FIRST else _TOGETHER)
    stop = whole if whole > first_row else rows
    return max(first_row, stop - ROWS), stop


def state(first: NDArray[np.void], latest: NDArray[np.void]) -> ClockState | None:
    """The clock by the ``latest`` samples, those of ``window``; ``first`` are the first ``FIRST`` of that boot.

    Both are (n,) of READ_DTYPE and of one boot.  As a live session's, but jumps are those of this window.
    """
    if not len(latest):
        return None
    fit = ClockFit(WINDOW_S)
    for at in _soonest(latest):
        fit.add(int(latest["boot"][at]), int(latest["t_us"][at]), int(latest["host_us"][at]))
    told = fit.state
    before_us = _ahead_us(first) - _ahead_us(latest[:_FIRST])
    return told and replace(told, offset_s=told.offset_s + before_us * 1e-6)


def first_rows(first_row: int, rows: int) -> tuple[int, int]:
    """Which rows (stop excluded) are ``state``'s first."""
    return first_row, min(rows, first_row + _FIRST)


def _late_us(rows: NDArray[np.void]) -> NDArray[np.float64]:
    late_us: NDArray[np.float64] = rows["host_us"].astype(float) - rows["t_us"].astype(float)
    return late_us


def _ahead_us(rows: NDArray[np.void]) -> float:
    return float(_late_us(rows).min())


def _soonest(rows: NDArray[np.void]) -> list[int]:
    late_us = _late_us(rows)
    parts = np.split(late_us, range(_TOGETHER, len(rows), _TOGETHER))
    return [index * _TOGETHER + int(part.argmin()) for index, part in enumerate(parts)]
