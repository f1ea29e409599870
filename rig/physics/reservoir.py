"""The reservoir: a volume that the rotor draws from until none is left.

Past the end the rotor draws air, which the model takes as no flow at all (A): nothing pushes the liquid beyond the
rollers on, the pressure falls to the outlet's, and a refill is felt at once.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec

_SEARCH_STEPS = 60


class Reservoir(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How much it holds, how much is in it at first, and of what."""

    capacity_ml: Annotated[float, msgspec.Meta(gt=0, le=1000)]
    filled_ml: Annotated[float, msgspec.Meta(ge=0, le=1000)]
    concentration_ug_ml: Annotated[float, msgspec.Meta(ge=0, le=4000)]

    def __post_init__(self) -> None:
        if self.filled_ml > self.capacity_ml:
            raise ValueError(f"filled with more than its {self.capacity_ml:g} mL")

    @property
    def capacity_nl(self) -> float:
        """What it holds at most."""
        return self.capacity_ml * 1e6

    @property
    def filled_nl(self) -> float:
        """What is in it at first."""
        return self.filled_ml * 1e6


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
