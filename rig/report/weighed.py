"""The laboratory balance's readings of a stretch of a run, where it was there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rig.accuracy import budget, laboratory
from rig.accuracy.method import DENSITY_G_ML
from rig.balance.uncertainty import Figures, figures_of
from rig.report.evidence import Evidence

Floats = NDArray[np.float64]
_ZEROED = ("host_balance_tared", "host_balance_untared")


@dataclass(frozen=True, eq=False)
class Laboratory:
    """(n,) readings, UTC microseconds and nl of water, and what the balance is like."""

    at_us: NDArray[np.int64]
    nl: Floats
    figures: Figures
    settings: dict[str, int]

    def nl_at(self, at_us: NDArray[np.int64]) -> Floats:
        """(m,) nl at moments (m,), with what has evaporated since the first of them; NaN where readings are missing."""
        apart_us = np.diff(self.at_us)
        after = np.clip(np.searchsorted(self.at_us, at_us), 1, len(self.at_us) - 1)
        nl: Floats = np.interp(at_us, self.at_us, self.nl)
        nl[apart_us[after - 1] > laboratory.APART * np.median(apart_us)] = np.nan
        day_nl, _ = laboratory.evaporated_nl(self.settings, 86_400_000_000)
        nl += (at_us - at_us[0]) * (day_nl / 86_400_000_000)
        return nl

    def unsure_nl(self, span_us: int, warmer_c: float) -> float:
        """What a volume of ``span_us`` isn't known to."""
        _, evaporated_nl = laboratory.evaporated_nl(self.settings, span_us)
        return budget.total(laboratory.parts_nl(self.figures, span_us, warmer_c)) + evaporated_nl


def laboratory_of(evidence: Evidence, start_us: int, end_us: int) -> Laboratory | None:
    """None where its readings don't reach over the stretch, or somebody set it to zero meanwhile."""
    rows = evidence.reader.weighings()
    if len(rows) < 2:
        return None
    near_us = laboratory.APART * float(np.median(np.diff(rows["host_us"])))
    rows = rows[(rows["host_us"] >= start_us - near_us) & (rows["host_us"] <= end_us + near_us)]
    zeroed = any(
        start_us - near_us < event.host_us < end_us + near_us
        for event in evidence.reader.events()
        if event.kind in _ZEROED
    )
    if len(rows) < 2 or zeroed or rows["host_us"][0] > start_us + near_us or rows["host_us"][-1] < end_us - near_us:
        return None
    nl = rows["mass_ug"] / DENSITY_G_ML
    return Laboratory(rows["host_us"].astype(np.int64), nl, figures_of(rows), evidence.settings)
