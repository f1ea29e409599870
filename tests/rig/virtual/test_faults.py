import math

import pytest

from firmware_link.errors import UsageError
from rig.virtual.faults import KINDS, Fault, check
from rig.virtual.schedule import Schedule


@pytest.mark.parametrize(
    ("fault", "field", "valid"),
    [
        (Fault("stal"), "what", "stall"),
        (Fault("stall", at_s=9.0), "at_s", "10 to"),
        (Fault("stall", at_s=math.nan), "at_s", "10 to"),
        (Fault("stall", duration_s=0.0), "duration_s", "0.001 to"),
        (Fault("reset", duration_s=1.0), "duration_s", "Leave"),
        (Fault("stall", amount=3.0), "amount", "Leave"),
        (Fault("occlusion", amount=0.0), "amount", "1 to 100 %"),
        (Fault("reset", ends=True), "ends", "Leave"),
        (Fault("occlusion", amount=50.0, ends=True), "amount", "Leave"),
        (Fault("stall", duration_s=5.0, ends=True), "duration_s", "Leave"),
        (Fault("fill_reservoir", amount=math.inf), "amount", "0.1 to 40 mL"),
    ],
)
def test_a_wrong_fault_is_refused_with_its_field_and_what_is_valid(fault: Fault, field: str, valid: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(fault, now_s=10.0)
    assert caught.value.what.startswith(field + ":")
    assert valid in caught.value.remedy


def test_every_fault_can_do_without_details() -> None:
    for kind in KINDS:
        checked = check(Fault(kind.name), 0.0)
        assert checked.amount == (kind.amount.default if kind.amount else None)


def test_changes_come_in_order_of_time_and_giving() -> None:
    schedule = Schedule()
    schedule.add(Fault("stall", duration_s=1.0), 5_000_000)
    schedule.add(Fault("reset"), 5_000_000)
    assert schedule.due_us() == 5_000_000
    assert schedule.take(4_999_999) is None
    names = []
    while change := schedule.take(10_000_000):
        names.append((change.what, change.begins))
    assert names == [("stall", True), ("reset", True), ("stall", False)]
    assert schedule.in_force == ()


def test_a_fault_given_again_lasts_as_the_later_says() -> None:
    schedule = Schedule()
    schedule.add(Fault("stall", duration_s=2.0), 0)
    schedule.add(Fault("stall", duration_s=9.0), 1_000_000)
    while schedule.take(5_000_000):
        pass
    assert schedule.in_force == ("stall",)
    ending = schedule.take(10_000_000)
    assert ending is not None
    assert not ending.begins


def test_an_end_ends_what_is_in_force_and_nothing_else() -> None:
    schedule = Schedule()
    schedule.add(Fault("stall", ends=True), 0)
    assert schedule.take(0) is None
    schedule.add(Fault("stall"), 1)
    schedule.add(Fault("stall", ends=True), 2)
    assert [change.begins for change in iter(lambda: schedule.take(2), None)] == [True, False]
