"""The pressure circuit between the rollers and the outlet: a compliance that empties through resistances.

::

    C dP/dt = I(t) - g (P - P_out)
    I(t) = (1 - e) (Q0 (1 - k_P P) + sum Q0 a_k cos(w_k t + phi_k)) + Qf (1 - k_P P)

with g = 1/R; e of what the rotor sweeps escapes through a torn tube before it gets in, and Qf runs through by itself.
Back-pressure takes off its share of the mean flow (k_P about 0.0004 per mmHg, domain.md section 5, D from S), and as
much of what runs through by itself (A: as if a pressed reservoir drove it; a mere siphon would stop sooner).  For a
constant rotor speed this is linear, so pressure, its integral over time and with it every volume at any later moment
are closed formulas, and nothing depends on how often they are looked at.

Units: nL, s, Pa; so 1 uL/kPa of compliance is C = 1 nL/Pa.
"""

import math
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec

PASCAL_PER_MMHG = 133.322
_BARE = 100.0  # how much better liquid gets out where the catheter is off than through it


class Circuit(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Compliance, outlet and back-pressure."""

    compliance_nl_pa: Annotated[float, msgspec.Meta(ge=1e-3, le=100)]
    resistance_pa_s_nl: Annotated[float, msgspec.Meta(ge=1e-3, le=1e4)]  # of the open catheter
    outlet_pa: Annotated[float, msgspec.Meta(ge=-1e4, le=1e4)]  # head of what the outlet stands in
    back_pressure_per_mmhg: Annotated[
        float, msgspec.Meta(ge=0, le=0.002)
    ]  # k_P; 300 mmHg turn the flow round from 0.0033

    @property
    def conductance_nl_s_pa(self) -> float:
        """Of the open catheter."""
        return 1 / self.resistance_pa_s_nl


class Way(NamedTuple):
    """How liquid leaves the circuit: all of it against one head, and one share beside the catheter's tip."""

    conductance_nl_s_pa: float
    head_pa: float
    leaking: float  # 0 to 1, of all that leaves


@dataclass(frozen=True)
class Outlet:
    """What has happened to the catheter.  The defaults are a sound one.

    A kink makes its resistance so many times larger.  A leak is a second conductance to the same head, so large that
    beside the open catheter just that share escapes; beside a blocked one everything does.  Off, the catheter takes
    nothing, and the pressure falls to the air's.
    """

    blocked: float = 0.0  # 0 to 1
    kinked: float = 1.0  # times
    leaking: float = 0.0  # 0 to 1, exclusive
    disconnected: bool = False
    back_pressure_pa: float = 0.0

    def way(self, circuit: Circuit) -> Way:
        """The one path that all this comes to."""
        sound = circuit.conductance_nl_s_pa
        if self.disconnected:
            return Way(_BARE * sound, 0.0, 1.0)
        through = sound * (1 - self.blocked) / self.kinked
        beside = sound * self.leaking / (1 - self.leaking)
        both = through + beside
        return Way(both, circuit.outlet_pa + self.back_pressure_pa, beside / both if both else 0.0)


class Flow(NamedTuple):
    """What a rotor at constant speed sweeps from one moment on: mean and ripple, (nL/s amplitude, rad/s, rad)."""

    mean_nl_s: float = 0.0
    waves: tuple[tuple[float, float, float], ...] = ()
    free_nl_s: float = 0.0  # runs through beside that
    torn: float = 0.0  # of what is swept, the share that never gets into the circuit


STANDING = Flow()


class State(NamedTuple):
    """The circuit some time on: its pressure, and volumes since the start."""

    pressure_pa: float
    pumped_nl: float  # drawn from the reservoir
    torn_nl: float  # of that, lost at the head
    out_nl: float  # let out of the circuit


class Transient:
    """The circuit from a moment at which its pressure was ``start_pa``, under a constant-speed ``flow``."""

    __slots__ = ("_constant", "_decay_s", "_final_pa", "_flow", "_k", "_start_pa", "_volume", "_waves")

    def __init__(self, circuit: Circuit, way: Way, flow: Flow, start_pa: float) -> None:
        self._flow = flow
        self._start_pa = start_pa
        self._volume = compliance = circuit.compliance_nl_pa
        self._k = per_pa = circuit.back_pressure_per_mmhg / PASCAL_PER_MMHG
        kept = 1 - flow.torn
        mean = kept * flow.mean_nl_s + flow.free_nl_s
        load = mean * per_pa + way.conductance_nl_s_pa
        self._decay_s = decay = load / compliance
        self._final_pa = (mean + way.conductance_nl_s_pa * way.head_pa) / load if load else 0.0
        self._waves: list[tuple[float, float, float, float, float, float]] = []
        self._constant = start_pa - self._final_pa
        for amplitude, rate, phase in flow.waves:
            # Each wave's response is b (lambda cos x + w sin x), x = w t + phi.
            b = kept * amplitude / compliance / (decay * decay + rate * rate)
            sine, cosine = math.sin(phase), math.cos(phase)
            self._waves.append((b, amplitude / rate, rate, phase, sine, cosine))
            self._constant -= b * (decay * cosine + rate * sine)

    def at(self, elapsed_s: float) -> State:
        """The circuit after ``elapsed_s``."""
        flow, decay = self._flow, self._decay_s
        if decay:
            lost = -math.expm1(-decay * elapsed_s)
            pressure = self._final_pa + self._constant * (1 - lost)
            pressure_time = self._final_pa * elapsed_s + self._constant * lost / decay  # its integral, Pa s
        else:  # nothing gets out: all that comes in stays; where pressure pushes back (k > 0), nothing comes in either
            stored = ((1 - flow.torn) * flow.mean_nl_s + flow.free_nl_s) * elapsed_s
            pressure, pressure_time = self._start_pa + stored / self._volume, self._start_pa * elapsed_s
        ripple = 0.0
        for b, swing, rate, phase, sine_0, cosine_0 in self._waves:
            angle = rate * elapsed_s + phase
            sine, cosine = math.sin(angle), math.cos(angle)
            ripple += swing * (sine - sine_0)
            if decay:
                pressure += b * (decay * cosine + rate * sine)
                pressure_time += b * (decay / rate * (sine - sine_0) - (cosine - cosine_0))
            else:
                pressure += b * rate * (sine - sine_0)
        effective_s = elapsed_s - self._k * pressure_time
        swept, free = flow.mean_nl_s * effective_s + ripple, flow.free_nl_s * effective_s
        torn, pumped = flow.torn * swept, swept + free
        return State(pressure, pumped, torn, pumped - torn - self._volume * (pressure - self._start_pa))
