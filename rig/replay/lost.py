"""When lost time is noticed: a gap has no host time, so it comes with the first sample after it."""

import numpy as np
from numpy.typing import NDArray

from rig.recording.access import Tables

_GAP = np.dtype([("boot", np.int64), ("end_us", np.int64)])


def gap_rows(tables: Tables, rollup: NDArray[np.void]) -> NDArray[np.int64]:
    """(g,) the sample, by its row, with which each gap of the file is there; it never falls.

    That is the first of its boot at or after its end, and the last of all where there is none.  ``rollup`` (m,) is of
    ``schema.rollup_dtype(())``; a stretch begins after each loss, so the row is exact there; within a stretch it is as
    if that were sampled evenly.  Zeros in a run without samples.
    """
    gaps = tables.array("gaps", _GAP)
    if not len(rollup):
        return np.zeros(len(gaps), np.int64)
    rows = np.full(len(gaps), int(rollup["row"][-1]) + int(rollup["rows"][-1]) - 1, np.int64)
    by_boot = np.argsort(rollup["boot"], kind="stable")
    boots = rollup["boot"][by_boot].astype(np.int64)
    asked = np.argsort(gaps["boot"], kind="stable")
    edges = np.flatnonzero(np.diff(gaps["boot"][asked])) + 1
    for group in np.split(asked, edges) if len(gaps) else []:
        begin, end = np.searchsorted(boots, gaps["boot"][group[0]] + np.array([0, 1]), "left")
        _place(rows, group, rollup[by_boot[begin:end]], gaps["end_us"][group])
    placed: NDArray[np.int64] = np.maximum.accumulate(rows)
    return placed


def _place(rows: NDArray[np.int64], group: NDArray[np.intp], own: NDArray[np.void], end_us: NDArray[np.int64]) -> None:
    """Sets ``rows[group]``, the gaps of one boot that end at ``end_us``, by the stretches ``own`` of that boot."""
    reached_us = np.maximum.accumulate(own["last_us"])
    which = np.searchsorted(reached_us, end_us, "left")
    inside = which < len(own)
    stretch = own[which[inside]]
    first_us, count = stretch["first_us"].astype(float), stretch["rows"].astype(float)
    span_us = np.maximum(stretch["last_us"] - first_us, 1.0)
    within = np.ceil(np.clip((end_us[inside] - first_us) / span_us, 0.0, 1.0) * (count - 1))
    rows[group[inside]] = stretch["row"] + within.astype(np.int64)
