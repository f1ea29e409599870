"""Few rows that draw like many: of each stretch of samples its first, least, greatest and last, as rows themselves.

So what makes columns of samples makes those of an outline too, and what draws the one draws the other.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from rig.recording.schema import STATS, rollup_dtype

#: The channels that are drawn.
DRAWN = ("commanded_nl", "measured_nl", "flow_pl_s", "pressure_pa", "reservoir_nl", "charge_permille")
ROW_DTYPE = np.dtype([(name, telemetry.SAMPLE_DTYPE[name]) for name in ("boot", "t_us", *DRAWN)])
OUTLINE_DTYPE = rollup_dtype(DRAWN)

_A_STRETCH = 4  # rows
_NO_LEAST = np.iinfo(np.int64).max


def of_rollup(rollup: NDArray[np.void], together: int = 1) -> NDArray[np.void]:
    """(4 m / together,) ROW_DTYPE of (m,) OUTLINE_DTYPE: the stretches, ``together`` (> 0) of them as one."""
    starts, middles, lasts = _stretches(len(rollup), together)
    out = np.empty((len(starts), _A_STRETCH), ROW_DTYPE)
    out["boot"] = rollup["boot"][np.column_stack((starts, middles, middles, lasts))]
    middle_us = rollup["first_us"] + (rollup["last_us"] - rollup["first_us"]) // 2
    ends_us = rollup["first_us"][starts], rollup["last_us"][lasts]
    out["t_us"] = np.column_stack((ends_us[0], middle_us[middles], middle_us[middles], ends_us[1]))
    for field in DRAWN:
        low, high, first, last = (np.ascontiguousarray(rollup[f"{field}_{stat}"]) for stat in STATS)
        out[field] = np.column_stack((first[starts], _least(low, starts), _greatest(high, starts), last[lasts]))
    return out.ravel()


def of_samples(rows: NDArray[np.void], every: int) -> NDArray[np.void]:
    """(4 n / every,) ROW_DTYPE of (n,) with at least its fields: stretches of ``every`` (> 0) samples."""
    starts, middles, lasts = _stretches(len(rows), every)
    out = np.empty((len(starts), _A_STRETCH), ROW_DTYPE)
    for field in ("boot", "t_us"):
        out[field] = rows[field][np.column_stack((starts, middles, middles, lasts))]
    for field in DRAWN:
        values = np.ascontiguousarray(rows[field])
        out[field] = np.column_stack((values[starts], _least(values, starts), _greatest(values, starts), values[lasts]))
    return out.ravel()


def _stretches(count: int, together: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    starts = np.arange(0, count, together)
    lasts = np.minimum(starts + together, count) - 1
    return starts, (starts + lasts) // 2, lasts


def _greatest(values: NDArray[Any], starts: NDArray[np.intp]) -> NDArray[Any]:
    return np.maximum.reduceat(values, starts) if len(starts) else values  # MISSING is the least of all


def _least(values: NDArray[Any], starts: NDArray[np.intp]) -> NDArray[Any]:
    if values.dtype != np.int64 or not len(starts):
        return np.minimum.reduceat(values, starts) if len(starts) else values
    low = np.minimum.reduceat(np.where(values == wire.MISSING, _NO_LEAST, values), starts)
    return np.where(low == _NO_LEAST, wire.MISSING, low)
