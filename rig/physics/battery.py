"""Li-SOCl2 cell: V = 3.62 - R(SoC) I, and a charge that idling and stepping use up.

Consumption is set so that life is 21.875/(2.875 + f) years at f mL/day (domain.md section 5): of the cell's charge, a
mL takes one part in 21.875 years' worth of mL/day, and idling with self-discharge as much as 2.875 mL a day.
R(SoC) = R0 + R1/(SoC + s) is a guess that meets 3.3 V loaded at about 5 % and 2.8 V at about 1 %.
"""

from dataclasses import dataclass

_DAY_S = 86_400
_LIFE_ML = 21.875 * 365.25
_IDLE_ML_DAY = 2.875


@dataclass(frozen=True)
class Cell:
    """One cell; ``load_a`` is drawn while the rotor turns."""

    capacity_c: float = 7920.0  # 2.2 Ah
    open_circuit_v: float = 3.62
    resistance_ohm: float = 10.0
    resistance_low_ohm: float = 4.0
    resistance_soc: float = 0.01
    load_a: float = 0.004

    @property
    def idle_a(self) -> float:
        """Electronics and self-discharge, A."""
        return self.capacity_c / _LIFE_ML * _IDLE_ML_DAY / _DAY_S

    def step_c(self, step_nl: float) -> float:
        """Charge of one step that moves ``step_nl`` nL, C."""
        return self.capacity_c / _LIFE_ML * step_nl * 1e-6

    def voltage_v(self, state_of_charge: float, turning: bool) -> float:
        """Terminal voltage at a state of charge of 0 to 1, never below 0 V."""
        resistance = self.resistance_ohm + self.resistance_low_ohm / (state_of_charge + self.resistance_soc)
        return max(0.0, self.open_circuit_v - resistance * (self.load_a if turning else self.idle_a))
