"""The bench balance under the outlet: a density, evaporation, white noise, slow drift and a last digit.

Figures are of a good four-place balance (noise 0.1 mg, digit 0.1 mg) whose cup carries an oil film, which leaves about
a thousandth of the open cup's 2.4 g/day (domain.md section 5).
"""

from dataclasses import dataclass

from rig.physics import noise

WATER_MG_PER_UL = 0.998


@dataclass(frozen=True)
class BalanceFigures:
    """What a balance is like; masses in mg."""

    noise_mg: float = 0.1
    drift_mg: float = 0.1
    drift_periods_s: tuple[float, ...] = (487.0, 1693.0, 5639.0)
    digit_mg: float = 0.1  # 0.1 to 1
    evaporation_mg_day: float = 2.4


class Balance:
    """One balance, told apart from others by its seed."""

    __slots__ = ("_drift", "_evaporation_mg_us", "_figures", "_key", "_zero_mg")

    def __init__(self, figures: BalanceFigures, seed: int) -> None:
        self._figures = figures
        self._key = noise.stream(seed, "balance")
        self._drift = noise.Wander(self._key, figures.drift_mg, figures.drift_periods_s)
        self._evaporation_mg_us = figures.evaporation_mg_day / 86_400e6
        self._zero_mg = self._drift.at(0.0)

    def reading_nl(self, received_nl: float, t_us: int) -> int:
        """What it shows at ``t_us`` with ``received_nl`` in the cup, as nL of water; it was tared at 0."""
        figures = self._figures
        mass_mg = received_nl * 1e-3 * WATER_MG_PER_UL - self._evaporation_mg_us * t_us
        mass_mg += self._drift.at(t_us * 1e-6) - self._zero_mg + figures.noise_mg * noise.white(self._key, t_us)
        return round(round(mass_mg / figures.digit_mg) * figures.digit_mg / WATER_MG_PER_UL * 1e3)
