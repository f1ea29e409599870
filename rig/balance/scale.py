"""A laboratory balance under a virtual rig's outlet: what it weighs there, with physics of its own.

Figures of a 0.1 mg analytical balance behind its draught shield [S/A, domain.md section 5], in a cup that a film of oil
keeps from drying, or that stands open.
"""

from dataclasses import dataclass
from typing import Protocol

from rig.physics import noise
from rig.physics.balance import WATER_MG_PER_UL, Balance, BalanceFigures
from rig.truth import Truth

CAPACITY_UG = 220_000_000
DIGIT_UG = 100
#: What dries from its cup a day: an oil film lets next to nothing through; an open cup of 10 cm2 about 2.4 g.
EVAPORATION_MG_DAY = {"oil": 5.0, "open": 2400.0}
_STEADY_UG_S = 2 * DIGIT_UG  # a mass that changes faster isn't called stable


class Weighed(Protocol):
    """What lies under the outlet: a plant."""

    def truth(self) -> Truth: ...


@dataclass(frozen=True)
class Shown:
    """What the balance shows, in its last digits."""

    digits: int
    stable: bool

    @property
    def overload(self) -> bool:
        """More than it can weigh."""
        return self.digits * DIGIT_UG > CAPACITY_UG


def figures(cup: str) -> BalanceFigures:
    """Of the balance, and of a ``cup`` of EVAPORATION_MG_DAY."""
    return BalanceFigures(
        noise_mg=0.08,
        wander_mg=0.1,
        drift_mg_c=0.2,
        creep_percent=0.0,
        creep_s=60.0,
        digit_mg=DIGIT_UG / 1000,
        evaporation_mg_day=EVAPORATION_MG_DAY[cup],
        bursts_day=0.0,
        burst_mg=0.0,
        burst_s=1.0,
    )


class Scale:
    """The balance of one rig, told apart from others by the rig's seed.  It was tared when the rig was made."""

    def __init__(self, plant: Weighed, seed: int, cup: str = "oil") -> None:
        self._plant = plant
        self._balance = Balance(figures(cup), noise.stream(seed, "laboratory balance"), plant.truth().temperature_c)
        self._tare = 0

    def show(self) -> Shown:
        """What it shows now."""
        truth = self._plant.truth()
        stable = abs(truth.flow_nl_s) * WATER_MG_PER_UL <= _STEADY_UG_S
        return Shown(self._gross(truth) - self._tare, stable)

    def tare(self) -> bool:
        """Shows zero from now on; False where nothing is stable enough."""
        shown = self.show()
        if shown.stable:
            self._tare += shown.digits
        return shown.stable

    def _gross(self, truth: Truth) -> int:
        return self._balance.digits(truth.delivered_nl, truth.temperature_c, truth.t_us, 1.0, 0.0)
