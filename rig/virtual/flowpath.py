"""One rig's liquid: from the reservoir through tube and circuit to the cup, the bench, and the catheter's tip.

Between two breaks all of it is a formula of the time since the last one (``rig.physics.circuit``).
"""

from typing import NamedTuple

from rig.physics.circuit import STANDING, Flow, Outlet, Transient
from rig.physics.front import Fronts
from rig.physics.reservoir import runs_dry_s
from rig.virtual.parameters import RigParameters
from rig.virtual.sanity import RigFault, within

_BALANCE_NL, _BALANCE_SHARE = 1e-3, 1e-9  # how far the volumes may miss each other, by rounding
_SLOSH_NL = 1000.0  # against a pressure that nearly stops it, a roller takes back what it gave


class Volumes(NamedTuple):
    """Where the liquid is at one moment; nL since the rig was made, except for the reservoir's."""

    pressure_pa: float
    pumped_nl: float  # drawn from the reservoir
    delivered_nl: float  # into the cup
    leaked_nl: float  # anywhere else
    reservoir_nl: float


class FlowPath:
    """The liquid of one rig.  Its owner calls ``settle`` before and ``go_on`` after every change."""

    def __init__(self, parameters: RigParameters) -> None:
        self._circuit = parameters.circuit
        self._capacity_nl = parameters.reservoir.capacity_nl
        self.turn_to(Outlet())
        self.free_nl_s = 0.0
        self.torn = 0.0  # share of what the rotor sweeps
        filled_nl = parameters.reservoir.filled_nl
        self._settled = Volumes(self._circuit.outlet_pa, 0.0, 0.0, 0.0, filled_nl)
        self._filled_nl = filled_nl
        self._catheter = catheter = parameters.catheter
        self._fronts = Fronts(catheter.dead_volume_nl, catheter.tanks, parameters.reservoir.concentration_ug_ml * 1e3)
        self.go_on(0.0, ())

    @property
    def delivered_nl(self) -> float:
        """Into the cup by the last settling, since the rig was made."""
        return self._settled.delivered_nl

    def turn_to(self, outlet: Outlet) -> None:
        """What happens to the catheter."""
        self.outlet, self._way = outlet, outlet.way(self._circuit)

    def go_on(self, swept_nl_s: float, waves: tuple[tuple[float, float, float], ...]) -> None:
        """Starts the formulas anew from where it was settled, with what the rotor now sweeps."""
        self._flow = STANDING
        if self._settled.reservoir_nl > 0:
            self._flow = Flow(swept_nl_s, waves, self.free_nl_s, self.torn)
            if entering_nl_s := swept_nl_s * (1 - self.torn) + self.free_nl_s:
                self._fronts.enter(self._catheter.tanks_at(entering_nl_s))
        self._transient = Transient(self._circuit, self._way, self._flow, self._settled.pressure_pa)

    def at(self, elapsed_s: float) -> Volumes:
        """Where the liquid is ``elapsed_s`` after it was settled."""
        pressure, pumped, torn, out = self._transient.at(elapsed_s)
        _, pumped_nl, delivered_nl, leaked_nl, reservoir_nl = self._settled
        beside = out * self._way.leaking
        return Volumes(
            pressure,
            pumped_nl + pumped,
            delivered_nl + (out - beside),
            leaked_nl + (torn + beside),
            reservoir_nl - pumped,
        )

    def flow_nl_s(self, pressure_pa: float) -> float:
        """Into the cup at this pressure, now."""
        way = self._way
        return way.conductance_nl_s_pa * (pressure_pa - way.head_pa) * (1 - way.leaking)

    def drug(self, delivered_nl: float) -> tuple[float, float]:
        """(concentration that leaves the tip in ng/mL, drug that has left it in ng) at this volume."""
        return self._fronts.at(delivered_nl)

    def dry_s(self, within_s: float) -> float | None:
        """When the reservoir runs dry, unless it lasts for ``within_s``."""
        flow, left_nl = self._flow, self._settled.reservoir_nl
        # The ripple and suction at the outlet never make it more than this.
        if left_nl <= 0 or 3 * (flow.mean_nl_s + flow.free_nl_s) * within_s < left_nl:
            return None
        if self._transient.at(within_s).pumped_nl < left_nl:
            return None
        return runs_dry_s(lambda s: self._transient.at(s).pumped_nl, left_nl, within_s)

    def settle(self, elapsed_s: float) -> None:
        """Takes the state ``elapsed_s`` after the last one as the new starting point."""
        self._settled = now = self.at(elapsed_s)
        self._fronts.settle(now.delivered_nl)
        stored_nl = self._circuit.compliance_nl_pa * (now.pressure_pa - self._circuit.outlet_pa)
        missing_nl = self._filled_nl - now.reservoir_nl - stored_nl - now.delivered_nl - now.leaked_nl
        if not now.reservoir_nl >= -_SLOSH_NL:
            raise RigFault(f"its reservoir holds {now.reservoir_nl:g} nL")
        if not abs(missing_nl) <= _BALANCE_NL + _BALANCE_SHARE * (self._filled_nl + abs(stored_nl)):
            raise RigFault(f"{missing_nl:g} nL of {self._filled_nl:g} are missing")

    def empty(self) -> None:
        """It has run dry, and what was left by rounding has gone the way of the rest."""
        rest_nl = self._settled.reservoir_nl
        self._settled = self._settled._replace(reservoir_nl=0.0)
        self._filled_nl -= rest_nl

    def fill(self, volume_nl: float) -> None:
        """The reservoir then holds so much."""
        within(volume_nl, 0, self._capacity_nl, "nL in the reservoir")
        self._filled_nl += volume_nl - self._settled.reservoir_nl
        self._settled = self._settled._replace(reservoir_nl=volume_nl)

    def feed(self, concentration_ng_ml: float) -> None:
        """What flows in from now on has this concentration."""
        within(concentration_ng_ml, 0, 1e12, "ng/mL of drug")
        self._fronts.feed(concentration_ng_ml, self._settled.delivered_nl)
