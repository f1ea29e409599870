import math

import pytest

from rig.physics.circuit import PASCAL_PER_MMHG, Circuit, Flow, Transient

RIGID = Circuit(back_pressure_per_pa=0.0, outlet_pa=0.0)
ALARM_PA = 70_000.0


def flow_of(ml_day: float) -> float:
    """nL/s."""
    return ml_day * 1e6 / 86_400


@pytest.mark.parametrize(("ml_day", "minutes"), [(24, 4.2), (1, 101), (0.25, 403)])
def test_blocked_outlet_reaches_70_kpa_when_compliance_says(ml_day: float, minutes: float) -> None:
    blocked = Transient(RIGID, 0.0, Flow(flow_of(ml_day)), 0.0)
    assert blocked.at(minutes * 60)[0] == pytest.approx(ALARM_PA, rel=0.005)


def test_release_lets_out_70_ul() -> None:
    released = Transient(RIGID, RIGID.conductance_nl_s_pa, Flow(), ALARM_PA)
    pressure, pumped, out = released.at(60)
    assert out == pytest.approx(70_000, rel=1e-6)
    assert pumped == 0
    assert pressure == pytest.approx(0, abs=1e-3)


def test_back_pressure_takes_off_its_share() -> None:
    """0.0004 per mmHg: at 300 mmHg of head 12 % are missing."""
    circuit = Circuit(outlet_pa=300 * PASCAL_PER_MMHG)
    steady = Transient(circuit, circuit.conductance_nl_s_pa, Flow(flow_of(1)), circuit.outlet_pa)
    _, pumped, out = steady.at(3600)
    assert pumped / (flow_of(1) * 3600) == pytest.approx(0.88, abs=0.001)
    assert out == pytest.approx(pumped, rel=1e-3)


@pytest.mark.parametrize("conductance", [0.0, 1e-3, 1 / 0.41])
@pytest.mark.parametrize("circuit", [Circuit(), RIGID])
def test_closed_form_is_what_fine_steps_come_to(circuit: Circuit, conductance: float) -> None:
    mean = flow_of(20)
    waves = ((0.3 * mean, 0.45, 0.7), (0.08 * mean, 0.9, 2.0))
    transient = Transient(circuit, conductance, Flow(mean, waves), 1000.0)
    pressure, pumped, out = 1000.0, 0.0, 0.0
    step_s = 1e-4
    for i in range(100_000):
        t = (i + 0.5) * step_s
        inflow = mean * (1 - circuit.back_pressure_per_pa * pressure)
        inflow += sum(a * math.cos(rate * t + phase) for a, rate, phase in waves)
        outflow = conductance * (pressure - circuit.outlet_pa)
        # Midpoint: the pressure half a step on decides.
        middle = pressure + (inflow - outflow) / circuit.compliance_nl_pa * step_s / 2
        outflow = conductance * (middle - circuit.outlet_pa)
        pressure += (inflow - outflow) / circuit.compliance_nl_pa * step_s
        pumped += inflow * step_s
        out += outflow * step_s
    assert transient.at(10.0) == pytest.approx((pressure, pumped, out), rel=1e-4, abs=0.05)


def test_two_halves_make_the_whole() -> None:
    """Looking in between changes nothing."""
    circuit, flow = Circuit(), Flow(100.0, ((30.0, 0.5, 0.2),))
    whole = Transient(circuit, 0.01, flow, 500.0).at(40.0)
    half = Transient(circuit, 0.01, flow, 500.0).at(15.0)
    rest = Transient(circuit, 0.01, Flow(100.0, ((30.0, 0.5, 0.2 + 0.5 * 15),)), half[0]).at(25.0)
    assert rest[0] == pytest.approx(whole[0])
    assert half[1] + rest[1] == pytest.approx(whole[1])
    assert half[2] + rest[2] == pytest.approx(whole[2])
