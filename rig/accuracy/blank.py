"""Evaporation, from what a balance shows while nothing is delivered (domain.md sections 4 and 5)."""

import math

import numpy as np
from numpy.typing import NDArray

from rig.accuracy.judging import student_95

Floats = NDArray[np.float64]

LEAST_READINGS = 3


def evaporation(at_s: Floats, mass_ug: Floats, off_ug: float) -> tuple[float, float] | None:
    """(µg/s, known to ±) by the line through readings (n,) at moments (n,); more than 0 where mass is lost.

    ``off_ug`` is what the balance may be off over the whole time, besides what its readings scatter by.  None for fewer
    than ``LEAST_READINGS`` readings, or none apart.
    """
    known = np.isfinite(mass_ug)
    t, w = at_s[known], mass_ug[known]
    span_s = float(np.ptp(t)) if len(t) else 0.0
    if len(t) < LEAST_READINGS or span_s <= 0:
        return None
    t, w = t - t.mean(), w - w.mean()
    squares = float(t @ t)
    slope = float(t @ w) / squares
    scatter = float(np.sum((w - slope * t) ** 2)) / (len(t) - 2)
    return -slope, student_95(len(t) - 2) * math.sqrt(scatter / squares) + off_ug / span_s
