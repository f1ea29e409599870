"""Where an axis has its marks, and how they are called."""

import math
from collections.abc import Sequence
from itertools import pairwise

_TIMES_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def step_of(span: float, most: int) -> float:
    """The least of 1, 2, 5 times a power of ten that divides ``span`` into ``most`` parts or fewer."""
    least = max(span, 1e-12) / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def values(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from ``low`` to ``high``."""
    step = step_of(high - low, most)
    return [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def labels(marks: Sequence[float]) -> list[str]:
    """Each with as many decimals as its step needs."""
    step = min((abs(b - a) for a, b in pairwise(marks)), default=abs(marks[0]) if marks else 1.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step else 0
    return [f"{mark + 0.0:.{decimals}f}".replace("-", "−") for mark in marks]


def times(span_s: float, most: int = 8) -> tuple[list[float], list[str], str]:
    """Marks from 0 to ``span_s``, their labels, and the unit of these."""
    if span_s < 1:
        marks = values(0, span_s, most)
        return marks, labels(marks), "s"
    step_s = next((float(step) for step in _TIMES_S if span_s / step <= most), 0.0)
    step_s = step_s or 86_400 * step_of(span_s / 86_400, most)
    size, unit = next((size, unit) for size, unit in _UNITS if step_s >= size and step_s % size == 0)
    marks = [n * step_s for n in range(math.floor(span_s / step_s + 1e-9) + 1)]
    return marks, [f"{mark / size:g}" for mark in marks], unit
