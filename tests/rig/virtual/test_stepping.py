"""The closed form against a naive integration of the same equations, 10 ms at a time, over all that flow does.

Stated tolerances: volumes to 0.1 % and 100 nL (a tenth of a millilitre a day for a minute; orders end on whole steps
of 6 nL), pressure to 0.2 % and 20 Pa.
"""

import math
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from rig.physics.circuit import PASCAL_PER_MMHG
from rig.virtual.parameters import RigParameters
from tests.rig.virtual.plants import S, changed, plant, rest

WORN = {
    # Wear at the steepest of domain.md, near its beginning, where it matters most.
    "tube": {"run_in_share": 0.05, "run_in_compressions": 2e4, "fatigue_per_million": 0.05, "worn_compressions": 240},
    "room": {"mean_c": 15.0, "daily_c": 0.0, "wander_c": 0.0},
}
H_S = 0.01


class Naive:
    """Flow by its differential equations, by trapezoidal steps; knows nothing of breaks or formulas."""

    def __init__(self, parameters: RigParameters) -> None:
        self.rig = parameters
        self.position = 0.0
        self.rate = self.left = 0.0  # steps a second, and how many of the order are left
        self.stalled = self.off = False
        self.lost = self.torn = self.free = self.blocked = self.leaking = self.head = 0.0
        self.kinked = 1.0
        self.pressure = parameters.circuit.outlet_pa
        self.pumped = self.delivered = self.leaked = 0.0

    def order(self, amount: tuple[int, float]) -> None:
        count, seconds = amount
        self.rate, self.left = count / seconds, float(count)

    def _step_nl(self) -> float:
        tube, drive = self.rig.tube, self.rig.drive
        compressions = tube.worn_compressions + self.position * drive.rollers / drive.steps_per_revolution
        wear = 1 - tube.run_in_share * (1 - math.exp(-compressions / tube.run_in_compressions))
        wear -= tube.fatigue_per_million * compressions / 1e6
        cold = 1 - tube.cold_share_per_c * (tube.warm_c - self.rig.room.mean_c)
        bore = math.pi * tube.inner_diameter_mm**2 / 4
        stroke_nl = (2 * math.pi * 16.2 - 13 * tube.inner_diameter_mm) * bore * 1e3
        return stroke_nl / drive.steps_per_revolution * wear * cold

    def step(self) -> None:
        drive, tube, circuit = self.rig.drive, self.rig.tube, self.rig.circuit
        asked = min(self.rate * H_S, self.left)
        self.left -= asked
        turned = 0.0 if self.stalled else asked * (1 - self.lost)
        theta = 2 * math.pi * (self.position + turned / 2) / drive.steps_per_revolution
        ripple = sum(
            wave.share * math.cos(k * drive.rollers * theta + wave.phase_rad) for k, wave in enumerate(tube.ripple, 1)
        )
        mean = turned / H_S * self._step_nl()
        self.position += turned
        open_g = 1 / circuit.resistance_pa_s_nl
        through = open_g * (1 - self.blocked) / self.kinked
        beside = open_g * self.leaking / (1 - self.leaking)
        k = circuit.back_pressure_per_mmhg / PASCAL_PER_MMHG
        head = circuit.outlet_pa + self.head
        if self.off:
            through, beside, head = 0.0, 100 * open_g, 0.0
        # C dP/dt = source - load P, with P the mean of before and after
        source = (1 - self.torn) * mean * (1 + ripple) + self.free + (through + beside) * head
        load = k * ((1 - self.torn) * mean + self.free) + through + beside
        c = circuit.compliance_nl_pa / H_S
        after = (source + (c - load / 2) * self.pressure) / (c + load / 2)
        middle = (self.pressure + after) / 2
        swept, free = mean * (1 + ripple - k * middle), self.free * (1 - k * middle)
        self.pressure = after
        self.pumped += (swept + free) * H_S
        self.delivered += through * (middle - head) * H_S
        self.leaked += (self.torn * swept + beside * (middle - head)) * H_S


# what the plant is told, what the naive one is, and how much
CHANGES = {
    "set_stalled": ("stalled", st.booleans()),
    "set_missed": ("lost", st.sampled_from([0.0, 0.25, 0.9])),
    "set_torn": ("torn", st.sampled_from([0.0, 0.3, 1.0])),
    "set_free_flow": ("free", st.sampled_from([0.0, 30.0, 1400.0])),
    "set_blocked": ("blocked", st.sampled_from([0.0, 0.5, 0.999, 1.0])),
    "set_kinked": ("kinked", st.sampled_from([1.0, 300.0, 1e5])),
    "set_leaking": ("leaking", st.sampled_from([0.0, 0.01, 0.5, 0.99])),
    "set_disconnected": ("off", st.booleans()),
    "set_back_pressure": ("head", st.sampled_from([0.0, -13_332.2, 39_996.6])),
    "order": ("", st.tuples(st.integers(500, 8000), st.sampled_from([20.0, 40.0, 90.0]))),
}
change = st.one_of(*(st.tuples(st.just(name), amount) for name, (_, amount) in CHANGES.items()))
courses = st.lists(st.tuples(change, st.sampled_from([0.0, 0.5, 7.0, 25.0])), min_size=1, max_size=8)
FAST = ("order", (8000, 90.0))


@given(courses)
@example([(FAST, 7.0), (("set_blocked", 1.0), 25.0), (("set_leaking", 0.5), 7.0), (("set_blocked", 0.0), 25.0)])
@example([(FAST, 0.5), (("set_torn", 0.3), 25.0), (("set_kinked", 300.0), 25.0), (("set_back_pressure", 39_996.6), 25)])
@example([(FAST, 7.0), (("set_stalled", True), 7.0), (("set_free_flow", 1400.0), 7.0), (("set_stalled", False), 25.0)])
@example(
    [(FAST, 7.0), (("set_leaking", 0.5), 7.0), (("set_disconnected", True), 7.0), (("set_disconnected", False), 9.0)]
)
@settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking would take minutes
def test_closed_form_is_what_stepping_at_10_ms_comes_to(course: list[tuple[tuple[str, Any], float]]) -> None:
    rig, naive = plant(**WORN), Naive(changed(**WORN))
    for (what, amount), after_s in course:
        if what == "order":
            count, seconds = amount
            rig.step(count, rig.now_us, rig.now_us + round(seconds * S))
            naive.order(amount)
        else:
            getattr(rig, what)(amount)
            setattr(naive, CHANGES[what][0], amount)
        rest(rig, after_s)
        for _ in range(round(after_s / H_S)):
            naive.step()
        truth = rig.truth()
        assert math.isclose(truth.pressure_pa, naive.pressure, rel_tol=2e-3, abs_tol=20)
        for exact, stepped in (
            (truth.pumped_nl, naive.pumped),
            (truth.delivered_nl, naive.delivered),
            (truth.leaked_nl, naive.leaked),
        ):
            assert math.isclose(exact, stepped, rel_tol=1e-3, abs_tol=100)
