"""What a rig refuses to have done to it, and what it tells of what was done."""

import contextlib

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rig.truth import Strike
from rig.virtual import parameters
from rig.virtual.base import Rig
from rig.virtual.faults import Fault, Refused
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig
from tests.rig.virtual.host import Host
from tests.rig.virtual.striking import Bench, delivering
from tests.rig.virtual.test_schedule import faults_that_can_be


@pytest.fixture
def bench(rig: Rig) -> Bench:
    return delivering(rig)


def test_strikes_are_told_as_they_truly_were(bench: Bench) -> None:
    bench.rig.take_strikes()
    start = bench.rig.clock.utc_us()
    bench.rig.inject(Fault("occlusion", bench.rig.clock.monotonic() + 2, 3.0, 80.0))
    bench.begins("reset")
    bench.rig.rest(10)
    assert bench.rig.take_strikes() == (
        Strike(start, "reset", True, None),
        Strike(start + 2_000_000, "occlusion", True, 80.0),
        Strike(start + 5_000_000, "occlusion", False, None),
    )
    assert bench.rig.take_strikes() == ()


def test_a_row_of_truth_is_noted_with_each_sample(bench: Bench) -> None:
    bench.rig.take_truth()
    bench.host.run(bench.rig.clock, 3)
    truth = bench.rig.take_truth()
    samples = {row["t_us"]: row for row in bench.host.rows}
    shared = [row for row in truth if int(row["t_us"]) in samples]
    assert len(shared) >= 28
    for row in shared:
        assert samples[int(row["t_us"])]["pressure_pa"] == pytest.approx(row["pressure_pa"], abs=150)


@pytest.mark.parametrize("amount", [-20.01, 20.01])
def test_what_the_reservoir_cannot_hold_is_refused_with_what_it_can(amount: float) -> None:
    rig = VirtualRig(7, MAX_SPEED)
    with pytest.raises(Refused) as caught:
        rig.inject(Fault("wrong_fill", amount=amount))
    assert caught.value.field == "amount"
    assert caught.value.remedy == "Give -20 to 20 mL."


def test_more_than_the_reservoirs_capacity_is_refused() -> None:
    bench = parameters.load()
    small = msgspec.structs.replace(bench, reservoir=msgspec.structs.replace(bench.reservoir, capacity_ml=25.0))
    rig = VirtualRig(7, MAX_SPEED, parameters=small)
    with pytest.raises(Refused, match="amount: 26 mL is out of range") as caught:
        rig.inject(Fault("fill_reservoir", amount=26.0))
    assert caught.value.remedy == "Give 0.1 to 25 mL."


def test_what_has_become_impossible_happens_as_far_as_it_can_and_is_told_so() -> None:
    rig = VirtualRig(7, MAX_SPEED)
    for at_s, what, amount in ((10, "wrong_fill", -15), (20, "wrong_fill", -15), (30, "wrong_fill", -1)):
        rig.inject(Fault(what, at_s, amount=amount))
    rig.rest(60)
    assert rig.truth().reservoir_nl == 0
    assert [strike.amount for strike in rig.take_strikes()] == [-15, -5, 0]


def test_a_fault_in_force_has_to_be_ended_before_it_is_given_again() -> None:
    rig = VirtualRig(7, MAX_SPEED)
    rig.inject(Fault("occlusion", amount=50))
    with pytest.raises(Refused, match="given twice") as caught:
        rig.inject(Fault("occlusion", amount=100))
    assert caught.value.remedy == "End it first."
    with pytest.raises(Refused, match="both concern the outlet"):
        rig.inject(Fault("kink"))
    rig.rest(10)
    with pytest.raises(Refused, match="at_s"):
        rig.inject(Fault("stall", at_s=5.0))
    assert [(one.what, one.begun) for one in rig.faults()] == [("occlusion", True)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(faults_that_can_be, max_size=12))
def test_any_list_of_faults_is_refused_with_a_field_or_runs_to_its_end(faults: list[Fault]) -> None:
    rig = VirtualRig(7, MAX_SPEED)
    delivering(rig)
    start_s = rig.clock.monotonic()
    accepted = 0
    for fault in faults:
        later = Fault(fault.what, start_s + (fault.at_s or 0) + 1, fault.duration_s, fault.amount)
        with contextlib.suppress(Refused):
            rig.inject(later)
            accepted += 1
    while (left_s := start_s + 120 - rig.clock.monotonic()) > 0:
        rig.rest(left_s)
    assert (rig.faults(), rig.in_force()) == ((), ())
    assert sum(strike.begins for strike in rig.take_strikes()) == accepted
    rig.inject(Fault("new_battery"))  # one of them may have emptied it
    assert rig.powered
    assert Host(rig.connect()).hello()["boot_count"] >= 1
