"""Flow accuracy by the method of IEC 60601-2-24 (domain.md section 4): masses in, errors in per cent out.

    Q_i = 60 (W_i - W_{i-1}) / (S d)                              mL/h
    E_j = 100 (60 (W_{j+n} - W_j) / (P d) - r) / r                %,  n = P/S, m = (T - P)/S + 1 windows

W is the mass in g, evaporation-corrected; S the sample interval and P the window in min; d the density in g/mL; r the
set rate in mL/h.  A mass that is NaN wasn't read, and no flow and no window begins or ends with it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DENSITY_G_ML = 0.998
LOW_FLOW_ML_H = 1.0  # below it half a minute is too little to weigh
_COUNTED = 1e-4  # a rate that is counted in whole nanolitres is right to this part of it


@dataclass(frozen=True)
class Windows:
    """How often is weighed, over how long is averaged, and how much of the beginning the start-up graph shows."""

    name: str
    sample_min: float
    windows_min: tuple[float, ...]
    start_up_min: float


STANDARD = Windows("standard", 0.5, (2, 5, 11, 19, 31), 120)
LOW_FLOW = Windows("low flow", 15, (15, 60, 150, 330, 570, 930), 24 * 60)


@dataclass(frozen=True)
class Extremes:
    """All windows of one length: how many, and the errors furthest up and down, in per cent."""

    window_min: float
    windows: int
    highest: float  # Ep(max)
    lowest: float  # Ep(min)


def windows_for(rate_ml_h: float) -> Windows:
    """The set to weigh by at ``rate_ml_h``."""
    return LOW_FLOW if rate_ml_h < LOW_FLOW_ML_H * (1 - _COUNTED) else STANDARD


def flows_ml_h(mass_g: Floats, sample_min: float, density_g_ml: float = DENSITY_G_ML) -> Floats:
    """(n-1,) Q_i of (n,) masses: the start-up graph."""
    flows: Floats = 60 * np.diff(mass_g) / (sample_min * density_g_ml)
    return flows


def overall_percent(mass_g: Floats, sample_min: float, rate_ml_h: float, density_g_ml: float = DENSITY_G_ML) -> float:
    """A or B, 100 (Q_mean - r)/r, from the first to the last mass that was read; NaN where there aren't two."""
    read = np.flatnonzero(np.isfinite(mass_g))
    if len(read) < 2:
        return float("nan")
    first, last = int(read[0]), int(read[-1])
    mean_ml_h = 60 * (mass_g[last] - mass_g[first]) / ((last - first) * sample_min * density_g_ml)
    return float(100 * (mean_ml_h - rate_ml_h) / rate_ml_h)


def errors_percent(
    mass_g: Floats, sample_min: float, window_min: float, rate_ml_h: float, density_g_ml: float = DENSITY_G_ML
) -> Floats:
    """(m,) E_j of the windows that were weighed at both ends; none where the masses don't reach over one."""
    n = round(window_min / sample_min)
    if n < 1 or n >= len(mass_g):
        return np.empty(0)
    mean_ml_h = 60 * (mass_g[n:] - mass_g[:-n]) / (window_min * density_g_ml)
    errors: Floats = 100 * (mean_ml_h - rate_ml_h) / rate_ml_h
    return errors[np.isfinite(errors)]


def trumpet(
    mass_g: Floats, windows: Windows, rate_ml_h: float, density_g_ml: float = DENSITY_G_ML
) -> tuple[Extremes, ...]:
    """Ep(max) and Ep(min) for each window of ``windows`` that the masses reach over, shortest first."""
    found = []
    for window_min in windows.windows_min:
        errors = errors_percent(mass_g, windows.sample_min, window_min, rate_ml_h, density_g_ml)
        if len(errors):
            found.append(Extremes(window_min, len(errors), float(errors.max()), float(errors.min())))
    return tuple(found)
