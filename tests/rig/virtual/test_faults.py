"""What a fault may say, whatever the rig."""

import math
import re

import pytest

from rig.virtual.fault_kinds import BY_NAME, GROUPS
from rig.virtual.faults import KINDS, Fault, Refused, check


@pytest.mark.parametrize(
    ("fault", "field", "valid"),
    [
        (Fault("stal"), "what", '"stall"'),
        (Fault("Empty reservoir"), "what", '"empty_reservoir"'),
        (Fault("xyzzy"), "what", "stall, missed_steps"),
        (Fault("stall", at_s=9.0), "at_s", "10 s to"),
        (Fault("stall", at_s=math.nan), "at_s", "10 s to"),
        (Fault("stall", at_s=1e12), "at_s", "10 s to 10 years"),
        (Fault("stall", duration_s=0.0), "duration_s", "0.001 s to"),
        (Fault("stall", duration_s=math.inf), "duration_s", "0.001 s to"),
        (Fault("reset", duration_s=1.0), "duration_s", "Leave"),
        (Fault("stall", amount=3.0), "amount", "Leave"),
        (Fault("occlusion", amount=0.0), "amount", "1 to 100 %"),
        (Fault("leak", amount=100.0), "amount", "1 to 99 %"),
        (Fault("back_pressure", amount=-101.0), "amount", "-100 to 300 mmHg"),
        (Fault("worn_tube", amount=-1.0), "amount", "0 to 100,000,000."),
        (Fault("memory_corruption", amount=1.5), "amount", "a whole number, 1 to 2"),
        (Fault("reset", ends=True), "ends", "Say when"),
        (Fault("occlusion", amount=50.0, ends=True), "amount", "Leave"),
        (Fault("stall", duration_s=5.0, ends=True), "duration_s", "Leave"),
        (Fault("fill_reservoir", amount=math.inf), "amount", "0.1 to 40 mL"),
    ],
)
def test_a_wrong_fault_is_refused_with_its_field_and_what_is_valid(fault: Fault, field: str, valid: str) -> None:
    with pytest.raises(Refused) as caught:
        check(fault, now_s=10.0)
    assert caught.value.field == field
    assert caught.value.what.startswith(field + ":")
    assert valid in caught.value.remedy


def test_every_fault_can_do_without_details() -> None:
    for kind in KINDS:
        checked = check(Fault(kind.name), 0.0)
        assert checked.amount == (kind.amount.default if kind.amount else None)


def test_the_table_is_fit_for_people() -> None:
    assert len(BY_NAME) == len(KINDS) == len({kind.title for kind in KINDS})
    assert list(dict.fromkeys(kind.group for kind in KINDS)) == list(GROUPS)
    for kind in KINDS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.name)
        assert kind.what[0].isupper()
        assert kind.what.endswith(".")
        assert kind.lasts or not kind.places
