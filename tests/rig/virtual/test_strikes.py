"""What faults of the flow do to the truth, and that their end undoes it: in process and under MicroPython."""

import pytest

from rig.virtual import strikes
from rig.virtual.base import Rig
from rig.virtual.fault_kinds import BY_NAME
from tests.rig.virtual.striking import FLOW_NL_S, PASSAGE_S, Bench, delivering


@pytest.fixture
def bench(rig: Rig) -> Bench:
    return delivering(rig)


def test_every_fault_does_something() -> None:
    assert set(strikes.STRIKES) == set(BY_NAME)


def test_stall_holds_the_rotor(bench: Bench) -> None:
    bench.begins("stall")
    assert bench.passes(5).gain("rotor_steps") == 0
    assert not bench.rig.truth().turning
    bench.ends("stall")
    assert bench.passes(1).gain("rotor_steps") > 0


def test_missed_steps_are_lost_evenly(bench: Bench) -> None:
    whole = bench.passes(5).gain("rotor_steps")
    bench.begins("missed_steps", 40)
    assert bench.passes(5).gain("rotor_steps") == pytest.approx(0.6 * whole, abs=2)
    bench.ends("missed_steps")
    assert bench.passes(5).gain("rotor_steps") == pytest.approx(whole, abs=2)


def test_tube_tear_lets_a_share_escape_at_the_head(bench: Bench) -> None:
    bench.begins("tube_tear", 30)
    passed = bench.passes()
    assert passed.gain("leaked_nl") == pytest.approx(0.3 * passed.gain("pumped_nl"), rel=0.01)
    bench.ends("tube_tear")
    assert bench.passes().gain("leaked_nl") == 0


def test_free_flow_runs_whatever_the_rotor_does(bench: Bench) -> None:
    even = bench.passes().gain("pumped_nl")
    bench.begins("free_flow", 3.6)
    assert bench.passes().gain("pumped_nl") - even == pytest.approx(1000 * PASSAGE_S, rel=0.01)
    bench.begins("stall")
    assert bench.passes(3).gain("pumped_nl") == pytest.approx(3000, rel=0.01)
    bench.ends("free_flow")
    assert bench.passes(3).gain("pumped_nl") == 0


def test_a_worn_tube_moves_less_and_a_new_one_as_much_as_ever(bench: Bench) -> None:
    new = bench.passes()
    bench.begins("worn_tube", 10_000_000)
    worn = bench.passes()
    assert worn.after.compressions == pytest.approx(10_000_001, abs=1)
    assert worn.after.efficiency < 0.9
    assert worn.gain("pumped_nl") == pytest.approx(worn.after.efficiency * new.gain("pumped_nl"), rel=0.01)
    bench.begins("new_tube")
    assert bench.rig.truth().compressions == 0
    assert bench.passes().gain("pumped_nl") == pytest.approx(new.gain("pumped_nl"), rel=0.01)


def test_occlusion_builds_up_pressure_and_lets_it_go(bench: Bench) -> None:
    bench.begins("occlusion", 100)
    passed = bench.passes()
    assert passed.gain("delivered_nl") == pytest.approx(0, abs=1e-6)
    assert passed.gain("pressure_pa") == pytest.approx(passed.gain("pumped_nl"), rel=0.1)  # 1 uL/kPa
    bench.ends("occlusion")
    assert bench.passes().gain("delivered_nl") > 1.9 * passed.gain("pumped_nl")


def test_a_kink_resists_and_flow_comes_through_later(bench: Bench) -> None:
    bench.begins("kink", 1000)
    passed = bench.passes(200)
    assert passed.after.pressure_pa > 30_000
    assert passed.after.flow_nl_s > 0
    assert passed.gain("delivered_nl") < passed.gain("pumped_nl") - 20_000
    bench.ends("kink")
    bench.passes(5)
    assert bench.rig.truth().pressure_pa < 1000


def test_a_leak_takes_its_share_beside_the_catheter(bench: Bench) -> None:
    bench.begins("leak", 25)
    bench.passes(5)
    passed = bench.passes()
    assert passed.gain("leaked_nl") == pytest.approx(0.25 * passed.gain("pumped_nl"), rel=0.05)
    bench.ends("leak")
    assert bench.passes().gain("leaked_nl") == 0


def test_a_disconnected_catheter_gets_nothing(bench: Bench) -> None:
    bench.begins("disconnect")
    bench.passes(5)
    passed = bench.passes()
    assert passed.gain("delivered_nl") == pytest.approx(0, abs=1)
    assert passed.gain("leaked_nl") == pytest.approx(passed.gain("pumped_nl"), rel=0.05)
    assert passed.after.pressure_pa == pytest.approx(0, abs=1)
    bench.ends("disconnect")
    bench.passes(5)
    assert bench.passes().gain("delivered_nl") == pytest.approx(FLOW_NL_S * PASSAGE_S, rel=0.05)


@pytest.mark.parametrize("mmhg", [-100, 300])
def test_back_pressure_is_what_the_outlet_works_against(bench: Bench, mmhg: float) -> None:
    free = bench.rig.truth().pressure_pa
    even = bench.passes(2 * PASSAGE_S).gain("pumped_nl")
    bench.begins("back_pressure", mmhg)
    bench.passes(5)
    passed = bench.passes(2 * PASSAGE_S)
    assert passed.after.pressure_pa - free == pytest.approx(133.322 * mmhg, abs=200)
    assert passed.gain("pumped_nl") / even == pytest.approx(1 - 0.0004 * mmhg, abs=0.01)


def test_the_reservoir_holds_what_it_is_made_to(bench: Bench) -> None:
    held = bench.rig.truth().reservoir_nl
    bench.begins("wrong_fill", -5)
    assert bench.rig.truth().reservoir_nl == pytest.approx(held - 5e6, abs=1)
    bench.begins("fill_reservoir", 30)
    assert bench.rig.truth().reservoir_nl == 30e6
    bench.begins("empty_reservoir")
    passed = bench.passes()
    assert passed.gain("pumped_nl") == 0
    assert passed.gain("rotor_steps") > 0


def test_a_wrong_concentration_arrives_behind_the_dead_volume(bench: Bench) -> None:
    bench.begins("wrong_concentration", 50)
    bench.host.transport.close()
    bench.rig.rest(600)
    assert bench.rig.truth().concentration_ng_ml == pytest.approx(500_000, rel=0.01)
    bench.rig.rest(3600)
    assert bench.rig.truth().concentration_ng_ml == pytest.approx(50_000, rel=0.01)
