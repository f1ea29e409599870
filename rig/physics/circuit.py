"""The pressure circuit between the rollers and the outlet: a compliance that leaks through a resistance.

::

    C dP/dt = Q(t) - g (P - P_out),        Q(t) = Q0 (1 - k_P P) + sum Q0 a_k cos(w_k t + phi_k)

with g = 1/R; a blocked outlet lowers g, to 0 when nothing passes.  Back-pressure takes off its share of the mean
flow (k_P about 0.0004 per mmHg, domain.md section 5).  For a constant rotor speed this is linear, so pressure and
volumes at any later moment are closed formulas and nothing depends on how often they are looked at.

Units: nL, s, Pa; so 1 uL/kPa of compliance is C = 1 nL/Pa.
"""

import math
from dataclasses import dataclass

PASCAL_PER_MMHG = 133.322


@dataclass(frozen=True)
class Circuit:
    """Compliance, outlet and back-pressure.

    The resistance is Poiseuille's of 110 cm of catheter at 0.0026 mL/cm (domain.md section 2) with water of
    0.001 Pa s: 0.41 Pa s/nL.  The outlet stands 2 cm under water.
    """

    compliance_nl_pa: float = 1.0
    conductance_nl_s_pa: float = 1 / 0.41
    outlet_pa: float = 196.0
    back_pressure_per_pa: float = 0.0004 / PASCAL_PER_MMHG


@dataclass(frozen=True)
class Flow:
    """What a rotor at constant speed sends in from one moment on: mean and ripple, (nL/s amplitude, rad/s, rad)."""

    mean_nl_s: float = 0.0
    waves: tuple[tuple[float, float, float], ...] = ()


STANDING = Flow()


class Transient:
    """The circuit from a moment at which its pressure was ``start_pa``, under a constant-speed ``flow``."""

    __slots__ = ("_circuit", "_constant", "_decay_s", "_final_pa", "_flow", "_start_pa", "_waves")

    def __init__(self, circuit: Circuit, conductance_nl_s_pa: float, flow: Flow, start_pa: float) -> None:
        self._circuit = circuit
        self._flow = flow
        self._start_pa = start_pa
        load = flow.mean_nl_s * circuit.back_pressure_per_pa + conductance_nl_s_pa
        self._decay_s = load / circuit.compliance_nl_pa
        inflow = flow.mean_nl_s + conductance_nl_s_pa * circuit.outlet_pa
        self._final_pa = inflow / load if load else 0.0
        # Each wave's response is b (lambda cos x + w sin x), x = w t + phi.
        self._waves = tuple(
            (amplitude / circuit.compliance_nl_pa / (self._decay_s**2 + rate**2), rate, phase)
            for amplitude, rate, phase in flow.waves
        )
        self._constant = (
            start_pa
            - self._final_pa
            - sum(b * (self._decay_s * math.cos(phase) + rate * math.sin(phase)) for b, rate, phase in self._waves)
        )

    def at(self, elapsed_s: float) -> tuple[float, float, float]:
        """(pressure Pa, volume pumped in nL, volume let out nL) after ``elapsed_s``, volumes since the start."""
        flow = self._flow
        pumped = flow.mean_nl_s * elapsed_s
        for amplitude, rate, phase in flow.waves:
            pumped += amplitude / rate * (math.sin(rate * elapsed_s + phase) - math.sin(phase))
        if self._decay_s:
            pressure, pressure_time = self._leaking(elapsed_s)
            pumped -= flow.mean_nl_s * self._circuit.back_pressure_per_pa * pressure_time
        else:  # nothing gets out and nothing pushes back: all that comes in stays
            pressure = self._start_pa + pumped / self._circuit.compliance_nl_pa
        return pressure, pumped, pumped - self._circuit.compliance_nl_pa * (pressure - self._start_pa)

    def _leaking(self, elapsed_s: float) -> tuple[float, float]:
        """Pressure, Pa, and its integral over time, Pa s."""
        decay = self._decay_s
        lost = -math.expm1(-decay * elapsed_s)
        pressure = self._final_pa + self._constant * (1 - lost)
        integral = self._final_pa * elapsed_s + self._constant * lost / decay
        for b, rate, phase in self._waves:
            angle = rate * elapsed_s + phase
            sine, cosine = math.sin(angle), math.cos(angle)
            pressure += b * (decay * cosine + rate * sine)
            integral += b * (decay / rate * (sine - math.sin(phase)) - (cosine - math.cos(phase)))
        return pressure, integral
