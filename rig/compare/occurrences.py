"""Which events of two runs are the same one.  Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matched:
    """Indices into the two lists of times."""

    pairs: tuple[tuple[int, int], ...]  # in order
    missing: tuple[int, ...]  # of golden
    extra: tuple[int, ...]  # of new


def match(golden_s: Floats, new_s: Floats, within_s: float) -> Matched:
    """``golden_s`` (n,) and ``new_s`` (m,), both in order of time.

    Those at most ``within_s`` apart are the same event; what is left between two such pairs belongs together in its
    order, however far it moved, and the rest is missing or extra.
    """
    pairs: list[tuple[int, int]] = []
    missing: list[int] = []
    extra: list[int] = []
    before = (0, 0)
    for here in [*_near(golden_s.tolist(), new_s.tolist(), within_s), (len(golden_s), len(new_s))]:
        left, right = range(before[0], here[0]), range(before[1], here[1])
        moved = min(len(left), len(right))
        pairs += zip(left[:moved], right[:moved], strict=True)
        missing += left[moved:]
        extra += right[moved:]
        if here != (len(golden_s), len(new_s)):
            pairs.append(here)
        before = here[0] + 1, here[1] + 1
    return Matched(tuple(pairs), tuple(missing), tuple(extra))


def _near(golden_s: list[float], new_s: list[float], within_s: float) -> list[tuple[int, int]]:
    found = []
    i = j = 0
    while i < len(golden_s) and j < len(new_s):
        apart_s = new_s[j] - golden_s[i]
        if abs(apart_s) <= within_s:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif apart_s < 0:
            j += 1
        else:
            i += 1
    return found
