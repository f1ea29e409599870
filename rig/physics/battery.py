"""Li-SOCl2 cell (domain.md section 5)::

    V = 3.62 - R(SoC, T) I - Vp exp(-t / 5 s)        R(SoC, T) = (R0 + R1/(SoC + s)) exp(-k (T - 25 C))

and a charge that idling, turning and itself use up.  Vp is the film that grows on the lithium while no load is drawn
and is worn off, t after a load began, by drawing one::

    standing: Vp -> Vmax (1 - exp(-t / tau))         under load: Vp -> Vp exp(-t / 5 s)

Consumption is set so that life is 21.875/(2.875 + f) years at f mL/day: of the cell's charge, a mL takes one part in
21.875 years' worth of mL/day, and idling with self-discharge as much as 2.875 mL a day.  Self-discharge is a part of
that which goes on without a board, too.  R0, R1 and s are guesses that meet 3.3 V loaded at about 5 % of the charge and
2.8 V at about 1 %; k, Vmax and tau are guesses from the shape of makers' curves.
"""

import math
from typing import Annotated

import msgspec

_DAY_S = 86_400
_YEAR_S = 365.25 * _DAY_S
_LIFE_ML = 21.875 * 365.25
_IDLE_ML_DAY = 2.875
_WORN_OFF_S = 5.0
_REFERENCE_C = 25.0


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """One cell; ``load_a`` is drawn while the rotor is driven."""

    capacity_c: Annotated[float, msgspec.Meta(gt=0, le=1e6)]
    open_circuit_v: Annotated[float, msgspec.Meta(ge=2, le=4)]
    resistance_ohm: Annotated[float, msgspec.Meta(ge=0, le=1000)]
    resistance_low_ohm: Annotated[float, msgspec.Meta(ge=0, le=1000)]
    resistance_soc: Annotated[float, msgspec.Meta(gt=0, le=1)]
    resistance_percent_c: Annotated[float, msgspec.Meta(ge=0, le=10)]  # of it, so much less for each degree warmer
    load_a: Annotated[float, msgspec.Meta(ge=0, le=1)]
    self_discharge_percent_year: Annotated[float, msgspec.Meta(ge=0, le=10)]
    film_v: Annotated[float, msgspec.Meta(ge=0, le=2)]  # Vmax
    film_days: Annotated[float, msgspec.Meta(gt=0, le=3650)]  # tau

    @property
    def self_discharge_a(self) -> float:
        """What it loses by itself, A."""
        return self.capacity_c * self.self_discharge_percent_year / 100 / _YEAR_S

    @property
    def idle_a(self) -> float:
        """Electronics and self-discharge, A."""
        return self.capacity_c / _LIFE_ML * _IDLE_ML_DAY / _DAY_S

    def step_c(self, step_nl: float) -> float:
        """Charge of one step that moves ``step_nl`` nL, C."""
        return self.capacity_c / _LIFE_ML * step_nl * 1e-6

    def voltage_v(self, state_of_charge: float, temperature_c: float, loaded: bool) -> float:
        """Terminal voltage without a film, at a state of charge of 0 to 1; never below 0 V."""
        resistance = self.resistance_ohm + self.resistance_low_ohm / (state_of_charge + self.resistance_soc)
        resistance *= math.exp(self.resistance_percent_c / 100 * (_REFERENCE_C - temperature_c))
        return max(0.0, self.open_circuit_v - resistance * (self.load_a if loaded else self.idle_a))


class GaugeFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How the board measures the voltage."""

    noise_mv: Annotated[float, msgspec.Meta(ge=0, le=500)]
    resolution_mv: Annotated[float, msgspec.Meta(gt=0, le=500)]


class Film:
    """The passivation of one cell: how much of its voltage a load would lack.  Changes come in the order of time."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self.loaded = False
        self._since_us = 0
        self._volt = 0.0

    def volt(self, t_us: int) -> float:
        """What it takes off a load's voltage at ``t_us``, V."""
        elapsed_s = (t_us - self._since_us) * 1e-6
        if self.loaded:
            return self._volt * math.exp(-elapsed_s / _WORN_OFF_S)
        most = max(self._cell.film_v, self._volt)
        return most - (most - self._volt) * math.exp(-elapsed_s / (self._cell.film_days * _DAY_S))

    def load(self, loaded: bool, now_us: int) -> None:
        """A load is drawn from ``now_us`` on, or none."""
        if loaded != self.loaded:
            self.grow(self.volt(now_us), now_us)
            self.loaded = loaded

    def grow(self, volt: float, now_us: int) -> None:
        """It is so thick at ``now_us``."""
        self._volt, self._since_us = volt, now_us
