"""The bench balance under the outlet (domain.md section 5, S and A): what it makes of the mass in its cup.

::

    shown = m - c (m - m_late) + white + wander + k_T (T - T_tare) + vibration        in whole digits
    m = density x volume - evaporation x t,    tau dm_late/dt = m - m_late

It was tared when the rig was made.  *Creep*: a share c of a load shows only after a while; the load is taken as having
grown evenly since the last ``settle``, which the plant calls at moments that don't depend on who looks.  *Wander* is
like 1/f noise: a sine for each factor of four in time, all as large.  *Vibration*: in each ten minutes a burst comes or
doesn't, at a moment and for a time that the seed says.
"""

import math
from typing import Annotated

import msgspec

from rig.physics import noise

WATER_MG_PER_UL = 0.998
_WANDER_PERIODS_S = (59.0, 241.0, 953.0, 3847.0, 15_373.0, 61_441.0)
_DAY_US = 86_400_000_000
_WINDOW_US = 600_000_000  # in which there is one burst at most
_WINDOWS_DAY = _DAY_US // _WINDOW_US


class BalanceFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a balance and its cup are like."""

    noise_mg: Annotated[float, msgspec.Meta(ge=0, le=100)]  # standard deviation of one reading
    wander_mg: Annotated[float, msgspec.Meta(ge=0, le=100)]  # standard deviation
    drift_mg_c: Annotated[float, msgspec.Meta(ge=-100, le=100)]
    creep_percent: Annotated[float, msgspec.Meta(ge=0, le=5)]  # of the load
    creep_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)]
    digit_mg: Annotated[float, msgspec.Meta(gt=0, le=100)]
    evaporation_mg_day: Annotated[float, msgspec.Meta(ge=0, le=100_000)]
    bursts_day: Annotated[float, msgspec.Meta(ge=0, le=_WINDOWS_DAY)]
    burst_mg: Annotated[float, msgspec.Meta(ge=0, le=5000)]  # amplitude
    burst_s: Annotated[float, msgspec.Meta(gt=0, le=300)]  # the longest


class Balance:
    """One balance, told apart from others by its seed."""

    def __init__(self, figures: BalanceFigures, seed: int, tare_c: float) -> None:
        self._figures = figures
        self._key = noise.stream(seed, "balance")
        self._burst_key = noise.stream(seed, "vibration")
        self._wander = noise.Wander(self._key, figures.wander_mg, _WANDER_PERIODS_S, even=True)
        self._evaporation_mg_us = figures.evaporation_mg_day / _DAY_US
        self._zero_mg = self._wander.at(0.0) + figures.drift_mg_c * tare_c
        self._since_us = 0  # the last settling, and the load and what creeps after it then
        self._mg = self._late_mg = 0.0
        self._burst = (-1, 0.0, 0.0)  # the window looked at last, and its burst

    def settle(self, received_nl: float, t_us: int) -> None:
        """By ``t_us`` so much has come into the cup; what comes next comes at another rate."""
        mass_mg = self._mass_mg(received_nl, t_us)
        self._late_mg = self._late_at(mass_mg, t_us)
        self._mg, self._since_us = mass_mg, t_us

    def reading_nl(self, received_nl: float, temperature_c: float, t_us: int, louder: float, shaken_mg: float) -> int:
        """What it shows at ``t_us`` with ``received_nl`` in the cup, as nL of water; its noise ``louder`` times as
        strong, and shaken with this amplitude beside its own bursts."""
        digits = self.digits(received_nl, temperature_c, t_us, louder, shaken_mg)
        return round(digits * self._figures.digit_mg / WATER_MG_PER_UL * 1e3)

    def digits(self, received_nl: float, temperature_c: float, t_us: int, louder: float, shaken_mg: float) -> int:
        """The same as a number of its last digits."""
        figures = self._figures
        mass_mg = self._mass_mg(received_nl, t_us)
        shown_mg = mass_mg - figures.creep_percent / 100 * (mass_mg - self._late_at(mass_mg, t_us))
        shown_mg += self._wander.at(t_us * 1e-6) + figures.drift_mg_c * temperature_c - self._zero_mg
        shown_mg += louder * figures.noise_mg * noise.white(self._key, t_us)
        shaken_mg += self._burst_mg(t_us)
        if shaken_mg:
            shown_mg += shaken_mg * math.sin(2 * math.pi * noise.even(self._burst_key, t_us))
        return round(shown_mg / figures.digit_mg)

    def _mass_mg(self, received_nl: float, t_us: int) -> float:
        return received_nl * 1e-3 * WATER_MG_PER_UL - self._evaporation_mg_us * t_us

    def _late_at(self, mass_mg: float, t_us: int) -> float:
        """m_late at ``t_us`` with m growing evenly to ``mass_mg`` since the last settling."""
        elapsed = (t_us - self._since_us) * 1e-6 / self._figures.creep_s
        if not elapsed:
            return self._late_mg
        passed = -math.expm1(-elapsed)
        grown_mg = (mass_mg - self._mg) * (1 - passed / elapsed)
        return self._late_mg + (self._mg - self._late_mg) * passed + grown_mg

    def _burst_mg(self, t_us: int) -> float:
        """The amplitude of the burst that ``t_us`` lies in, 0 for none."""
        window = t_us // _WINDOW_US
        if window != self._burst[0]:
            self._burst = (window, *self._burst_in(window))
        _, begins_us, ends_us = self._burst
        return self._figures.burst_mg if begins_us <= t_us < ends_us else 0.0

    def _burst_in(self, window: int) -> tuple[float, float]:
        """When the burst of this window begins and ends; at the same moment where there is none."""
        figures = self._figures
        share = noise.even(self._burst_key, -1 - window) * _WINDOWS_DAY
        if share >= figures.bursts_day:
            return 0.0, 0.0
        lasts_us = figures.burst_s * 1e6 * share / figures.bursts_day
        begins_us = window * _WINDOW_US + noise.even(self._key, -1 - window) * (_WINDOW_US - lasts_us)
        return begins_us, begins_us + lasts_us
