"""The pressure circuit against the figures of domain.md, section 5, and against fine steps."""

import math

import pytest
from msgspec.structs import replace

from rig.physics.circuit import PASCAL_PER_MMHG, Circuit, Flow, Outlet, State, Transient
from rig.virtual.parameters import load

BENCH = load().circuit
RIGID = replace(BENCH, back_pressure_per_mmhg=0.0, outlet_pa=0.0)
ALARM_PA = 70_000.0
HOUR_S = 3600


def flow_of(ml_day: float) -> float:
    """nL/s."""
    return ml_day * 1e6 / 86_400


def transient(circuit: Circuit, outlet: Outlet, flow: Flow, start_pa: float) -> Transient:
    return Transient(circuit, outlet.way(circuit), flow, start_pa)


@pytest.mark.parametrize(("ml_day", "minutes"), [(24, 4.2), (1, 101), (0.25, 403)])
def test_blocked_outlet_reaches_70_kpa_when_compliance_says(ml_day: float, minutes: float) -> None:
    blocked = transient(RIGID, Outlet(blocked=1.0), Flow(flow_of(ml_day)), 0.0)
    assert blocked.at(minutes * 60).pressure_pa == pytest.approx(ALARM_PA, rel=0.005)


def test_release_lets_out_70_ul() -> None:
    released = transient(RIGID, Outlet(), Flow(), ALARM_PA).at(60)
    assert released.out_nl == pytest.approx(70_000, rel=1e-6)
    assert released.pumped_nl == 0
    assert released.pressure_pa == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("mmhg", "share"), [(-100, 1.04), (0, 1.0), (100, 0.96), (300, 0.88)])
def test_back_pressure_takes_off_four_parts_in_ten_thousand_for_each_mmhg(mmhg: float, share: float) -> None:
    circuit = replace(BENCH, outlet_pa=0.0)
    outlet = Outlet(back_pressure_pa=mmhg * PASCAL_PER_MMHG)
    steady = transient(circuit, outlet, Flow(flow_of(1)), outlet.back_pressure_pa).at(HOUR_S)
    assert steady.pumped_nl / (flow_of(1) * HOUR_S) == pytest.approx(share, abs=1e-4)
    assert steady.out_nl == pytest.approx(steady.pumped_nl, rel=1e-3)


@pytest.mark.parametrize("escaping", [0.01, 0.5, 0.99])
def test_a_leak_takes_its_share_beside_the_open_catheter_and_all_beside_a_blocked_one(escaping: float) -> None:
    assert Outlet(leaking=escaping).way(BENCH).leaking == pytest.approx(escaping, rel=1e-12)
    assert Outlet(leaking=escaping, back_pressure_pa=9e3).way(BENCH).leaking == pytest.approx(escaping, rel=1e-12)
    assert Outlet(leaking=escaping, blocked=1.0).way(BENCH).leaking == 1.0
    assert Outlet(leaking=escaping, kinked=1e4).way(BENCH).leaking > escaping
    assert Outlet(blocked=1.0).way(BENCH).conductance_nl_s_pa == 0


def test_a_kink_raises_the_pressure_as_many_times() -> None:
    circuit = replace(RIGID, outlet_pa=0.0)
    for times in (1.0, 10.0, 300.0):
        kinked = transient(circuit, Outlet(kinked=times), Flow(flow_of(24)), 0.0).at(24 * HOUR_S)
        assert kinked.pressure_pa == pytest.approx(times * 0.41 * flow_of(24), rel=1e-6)


def test_without_the_catheter_the_pressure_falls_to_the_airs_and_all_leaks() -> None:
    off = Outlet(disconnected=True, blocked=1.0, back_pressure_pa=9e3)
    assert off.way(BENCH).leaking == 1
    assert transient(BENCH, off, Flow(), 196.0).at(1.0).pressure_pa == pytest.approx(0, abs=1e-3)


FLOW = Flow(
    flow_of(20),
    ((0.3 * flow_of(20), 0.45, 0.7), (0.08 * flow_of(20), 0.9, 2.0)),
)
OUTLETS = [Outlet(), Outlet(blocked=1.0), Outlet(kinked=2000.0), Outlet(leaking=0.5, back_pressure_pa=2e4)]
FLOWS = [FLOW, *(FLOW._replace(torn=torn) for torn in (0.3, 1.0))]
FLOWS += [FLOW._replace(free_nl_s=1400.0, torn=0.9), Flow(free_nl_s=1400.0)]


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize("circuit", [BENCH, RIGID])
def test_closed_form_is_what_fine_steps_come_to(circuit: Circuit, outlet: Outlet, flow: Flow) -> None:
    """Midpoint steps of a millisecond, to a few parts in a hundred thousand and a tenth of a nanolitre."""
    way, per_pa = outlet.way(circuit), circuit.back_pressure_per_mmhg / PASCAL_PER_MMHG
    step_s = 1e-3

    def slopes(t_s: float, pressure: float) -> tuple[float, float, float]:
        swept = flow.mean_nl_s * (1 - per_pa * pressure)
        swept += sum(a * math.cos(rate * t_s + phase) for a, rate, phase in flow.waves)
        free = flow.free_nl_s * (1 - per_pa * pressure)
        return swept, free, way.conductance_nl_s_pa * (pressure - way.head_pa)

    pressure, pumped, torn, out = 1000.0, 0.0, 0.0, 0.0
    for i in range(10_000):
        swept, free, left = slopes(i * step_s, pressure)
        middle = pressure + ((1 - flow.torn) * swept + free - left) / circuit.compliance_nl_pa * step_s / 2
        swept, free, left = slopes((i + 0.5) * step_s, middle)
        pressure += ((1 - flow.torn) * swept + free - left) / circuit.compliance_nl_pa * step_s
        pumped += (swept + free) * step_s
        torn += flow.torn * swept * step_s
        out += left * step_s
    exact = transient(circuit, outlet, flow, 1000.0).at(10.0)
    assert exact == pytest.approx(State(pressure, pumped, torn, out), rel=3e-5, abs=0.1)


def test_two_halves_make_the_whole() -> None:
    """Looking in between changes nothing."""
    outlet, flow = Outlet(kinked=250.0), Flow(100.0, ((30.0, 0.5, 0.2),), 20.0, 0.1)
    whole = transient(BENCH, outlet, flow, 500.0).at(40.0)
    half = transient(BENCH, outlet, flow, 500.0).at(15.0)
    later = flow._replace(waves=((30.0, 0.5, 0.2 + 0.5 * 15),))
    rest = transient(BENCH, outlet, later, half.pressure_pa).at(25.0)
    assert rest.pressure_pa == pytest.approx(whole.pressure_pa)
    for first, second, both in zip(half[1:], rest[1:], whole[1:], strict=True):
        assert first + second == pytest.approx(both)
