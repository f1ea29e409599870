"""The reservoir: a volume that the rotor draws from until none is left.

Past the end the rotor draws air, which the model takes as no flow at all.
"""

from collections.abc import Callable
from dataclasses import dataclass

_SEARCH_STEPS = 60


@dataclass(frozen=True)
class Reservoir:
    """How much it holds, and how much is in it at first; nL."""

    capacity_nl: float = 40e6
    filled_nl: float = 20e6


def runs_dry_s(pumped_nl: Callable[[float], float], left_nl: float, elapsed_s: float) -> float:
    """When within ``elapsed_s`` the rising ``pumped_nl(s)`` reaches ``left_nl``, which it does: by bisection, s."""
    low, high = 0.0, elapsed_s
    for _ in range(_SEARCH_STEPS):
        middle = (low + high) / 2
        if pumped_nl(middle) < left_nl:
            low = middle
        else:
            high = middle
    return high
