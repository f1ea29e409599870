from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.therapy import files, modes, reading
from rig.therapy.modes import DAY_MS
from rig.therapy.parsing import Fault
from tests.rig.therapy.programs import PROFILES

HEADER = {"pump-program": 2, "name": "Test", "drug": "baclofen", "concentration": "500 ug/mL"}
STEP = {"start": "22:30", "end": "06:00", "rate": "80 ug/day"}


def document(mode: str, **more: Any) -> dict[str, Any]:
    """A document of ``mode``, with "_" for "-" in keys."""
    return HEADER | {"mode": mode} | {key.replace("_", "-"): value for key, value in more.items()}


def faults(said: Any) -> tuple[Fault, ...]:
    read = reading.read(said, PROFILES)
    assert (read.program is None) == bool(read.faults)
    return read.faults


def mode_of(said: dict[str, Any]) -> Any:
    read = reading.read(said, PROFILES)
    assert read.program is not None, read.faults
    return read.program.mode


def test_a_dose_and_the_same_flow_are_one_program() -> None:
    by_dose = mode_of(document("simple continuous", dose="100 ug/day"))
    assert by_dose == mode_of(document("simple continuous", flow="0.2 mL/day"))
    assert by_dose == modes.SimpleContinuous(100_000)


def test_a_change_in_per_cent_and_the_same_target_are_one_titration() -> None:
    by_target = mode_of(document("titration", dose="100 ug/day", target="120 ug/day", step="20 %"))
    assert by_target == mode_of(document("titration", dose="100 ug/day", percent="+20 %", step="20 %"))
    assert by_target == modes.Titration(100_000, 120_000, 2000, DAY_MS)
    assert mode_of(document("titration", dose="100 ug/day", percent="-20 %")).target_ng_day == 80_000


@pytest.mark.parametrize(("key", "step_bp"), [("bench", 3000), ("spinal", 3000), ("cerebral", 1500)])
def test_a_titration_without_a_step_takes_the_limit_sets_largest(key: str, step_bp: int) -> None:
    said = document("titration", dose="100 ug/day", target="200 ug/day", limits=key)
    assert mode_of(said).step_bp == step_bp


def test_what_is_left_out_is_what_the_form_shows() -> None:
    assert mode_of(document("infusion trial")) == modes.InfusionTrial(100_000, 50_000, DAY_MS // 2, 900_000)
    program = reading.read(document("minimum rate"), PROFILES).program
    assert program is not None
    assert (program.pump.key, program.catheter.key, program.trimmed_um) == ("bench-20ml", "intrathecal-110cm", 0)
    assert (program.limits, program.device, program.time_zone) == ("bench", "", "")
    defaults = {field.path: field.default for field in files.fields("infusion trial") if field.default}
    assert reading.read(document("infusion trial") | defaults, PROFILES).faults == ()


def test_everything_wrong_is_told_at_once() -> None:
    said = document(
        "flex week",
        drug="whisky",
        pump="bench-30ml",
        base="100",
        colour="red",
        days=[
            {"weekdays": ["mon", "funday"], "steps": [STEP, STEP | {"end": "25:00"}]},
            {"weekdays": ["mon"], "steps": [{"start": "08:00", "end": "09:00"}]},
        ],
        on_demand={"dose": "1 ug", "duration": "1 min", "max-per-day": 0},
    )
    assert {fault.field for fault in faults(said)} == {
        "drug",
        "pump",
        "base",
        "colour",
        "days[0].weekdays[1]",
        "days[0].steps[1].end",
        "days[0].steps[1].start",
        "days[1].weekdays[0]",
        "days[1].steps[0].dose",
        "on-demand.max-per-day",
        "on-demand.lockout",
    }
    first_keys = [fault.field.split(".")[0].split("[")[0] for fault in faults(said)]
    assert first_keys == sorted(first_keys, key=list(said).index)
    for fault in faults(said):
        assert fault.what.endswith(".")
        assert fault.remedy.endswith((".", '".'))


@pytest.mark.parametrize(
    ("said", "field", "says"),
    [
        (None, "", "no program"),
        ([1], "", "no program"),
        ({}, "pump-program", "missing"),
        ({"pump-program": 1}, "pump-program", "Schema 1"),
        ({"pump-program": 3}, "pump-program", "older than the file. Update the Pump Programmer"),
        ({"pump-program": "2"}, "pump-program", '2" is not a whole number'),
        ({"pump-program": True}, "pump-program", "not a whole number"),
        ({"pump-program": 10**5000}, "pump-program", "huge"),
        ({"pump-program": 2}, "mode", "missing"),
        ({"pump-program": 2, "mode": "simpel continuous"}, "mode", "flex day"),
        ({"pump-program": 2, "mode": ["a"]}, "mode", "no mode"),
    ],
)
def test_what_is_no_program_of_this_schema_is_one_fault(said: Any, field: str, says: str) -> None:
    (fault,) = faults(said)
    assert fault.field == field
    assert says in f"{fault.what} {fault.remedy}"


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_nothing_that_a_document_may_hold_makes_reading_fail(data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from(list(files.MODES)))
    fields = [field.path for field in files.fields(mode) if "." not in field.path]
    keys = st.sampled_from([path.removesuffix("[]") for path in fields])
    said = HEADER | {"mode": mode} | data.draw(st.dictionaries(keys, _anything, max_size=6))
    for fault in reading.read(said, PROFILES).faults:
        assert fault.what
        assert fault.remedy
    reading.read(data.draw(_anything), PROFILES)
