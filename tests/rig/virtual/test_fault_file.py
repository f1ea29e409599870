"""Fault files: what they may say, and that whatever they say wrong is told with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.resources import resource
from rig.virtual import fault_file
from rig.virtual.fault_kinds import BY_NAME, KINDS
from rig.virtual.faults import Fault, check

HEAD = "faults: 1\nname: A test\nsteps:\n"


def faults_in(*steps: str) -> tuple[Fault, ...]:
    return fault_file.loads(HEAD + "".join(f"  - {{{step}}}\n" for step in steps)).faults


def told(text: str) -> list[str]:
    """What is said about a file, a line for each fault in it."""
    with pytest.raises(UsageError) as caught:
        fault_file.loads(text, "a.yaml")
    return caught.value.sentence().splitlines()


def test_a_step_is_a_fault_with_its_amount_in_the_unit_of_its_kind() -> None:
    assert faults_in("at: 2 h, what: occlusion, how-much: 80 %, how-long: 30 min", "at: 0 s, what: reset") == (
        Fault("occlusion", 7200.0, 1800.0, 80.0),
        Fault("reset", 0.0),
    )


@pytest.mark.parametrize(
    ("what", "said", "amount"),
    [
        ("free_flow", "5 mL/h", 5.0),
        ("free_flow", "0.12 L/day", 5.0),
        ("fill_reservoir", "20000 uL", 20.0),
        ("wrong_fill", "-2.5 mL", -2.5),
        ("wrong_fill", "+2.5 mL", 2.5),
        ("wrong_concentration", "2 mg/mL", 2000.0),
        ("wrong_concentration", "50 µg/mL", 50.0),
        ("back_pressure", "-50 mmHg", -50.0),
        ("kink", "1500 times", 1500.0),
        ("room", "12.5 degC", 12.5),
        ("room", "12.5 °C", 12.5),
        ("clock_jump", "2 min", 120.0),
        ("link_delay", "1.5 s", 1500.0),
        ("link_split", "1 byte", 1.0),
        ("worn_tube", "250000", 250_000.0),
        ("memory_corruption", "2 copies", 2.0),
        ("clock_drift", "-300ppm", -300.0),
    ],
)
def test_an_amount_is_written_as_people_do(what: str, said: str, amount: float) -> None:
    assert faults_in(f'at: 1 s, what: {what}, how-much: "{said}"')[0].amount == pytest.approx(amount, rel=1e-12)


def test_a_mere_number_needs_no_quotes() -> None:
    assert faults_in("at: 1 s, what: worn_tube, how-much: 250000")[0].amount == 250_000


def test_what_is_left_out_is_what_is_usual() -> None:
    occlusion = faults_in("at: 1 s, what: occlusion")[0]
    assert (occlusion.amount, occlusion.duration_s) == (100.0, None)


@pytest.mark.parametrize(
    ("step", "field", "said"),
    [
        ("at: 1 h, what: stal", "what", 'Is "stall" meant?'),
        ("at: -1 h, what: stall", "at", "can't be less than none"),
        ("at: 5000 d, what: stall", "at", "more than"),
        ("at: 90, what: stall", "at", "without a unit"),
        ("what: stall", "at", "missing"),
        ("at: 1 h", "what", "missing"),
        ("at: 1 h, what: leak, how-much: 80 kPa", "how-much", 'Give it in %, like "50 %".'),
        ("at: 1 h, what: leak, how-much: 80", "how-much", "without a unit"),
        ("at: 1 h, what: leak, how-much: 100 %", "how-much", "Give 1 to 99 %."),
        ("at: 1 h, what: leak, how-much: some", "how-much", "not an amount"),
        ("at: 1 h, what: leak, how-much: .nan", "how-much", "Give 1 to 99 %, for example"),
        ("at: 1 h, what: leak, how-much: [1]", "how-much", "Text is expected"),
        ("at: 1 h, what: free_flow, how-much: 2 mL", "how-much", 'Give it in mL/h, like "5 mL/h".'),
        ("at: 1 h, what: worn_tube, how-much: 5 mL", "how-much", 'Give a mere number, like "200000".'),
        ("at: 1 h, what: link_split, how-much: 1.5 bytes", "how-much", "whole number, 1 to 512"),
        ("at: 1 h, what: reset, how-much: 5 %", "how-much", "has none"),
        ("at: 1 h, what: reset, how-long: 5 s", "how-long", "happens at once"),
        ("at: 1 h, what: stall, how-long: 0 s", "how-long", "zero"),
        ("at: 1 h, what: stall, how-lang: 5 s", "how-lang", 'Is "how-long" meant?'),
        ("at: 1 h, what: stall, ends: true", "ends", "Unknown field"),
    ],
)
def test_a_wrong_step_is_told_with_its_line_and_field_and_what_is_valid(step: str, field: str, said: str) -> None:
    lines = told(f"{HEAD}  - {{at: 9 h, what: reset}}\n  - {{{step}}}\n")
    assert len(lines) == 1
    assert lines[0].startswith(f"a.yaml:5: steps[1].{field}: ")
    assert said in lines[0]


def test_all_that_is_wrong_is_told_in_the_order_of_its_lines() -> None:
    steps = ("at: 1 h, what: stal", "at: 1 h, what: leak, how-much: 80 kPa, how-long: 3", "at: 1 h, what: reset, to: 3")
    lines = told(HEAD + "".join(f"  - {{{step}}}\n" for step in steps))
    assert [line.split(": ")[0:2] for line in lines] == [
        ["a.yaml:4", "steps[0].what"],
        ["a.yaml:5", "steps[1].how-long"],
        ["a.yaml:5", "steps[1].how-much"],
        ["a.yaml:6", "steps[2].to"],
    ]


def test_of_very_much_that_is_wrong_some_is_told_and_the_rest_counted() -> None:
    lines = told(HEAD + "  - {at: 1 h, what: stal}\n" * 300)
    assert len(lines) == 21
    assert lines[-1] == "a.yaml: 280 more are wrong."


def test_what_contradicts_an_earlier_step_is_told_with_the_other_and_its_time() -> None:
    steps = "  - {at: 1 h, what: stall, how-long: 2 h}\n  - {at: 2 h, what: missed_steps, how-long: 1 h}\n"
    (line,) = told(HEAD + steps)
    assert line.startswith("a.yaml:5: steps[1].what: ")
    assert '"stall", from 1 h to 3 h' in line
    assert "Begin at 3 h" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty or no list of faults"),
        ("- 1\n", "empty or no list of faults"),
        ("faults: 2\nname: x\nsteps: []\n", 'a.yaml:1: faults: Schema "2" is not known'),
        ("faults: 1.0\nname: x\nsteps: []\n", 'a.yaml:1: faults: Schema "1.0" is not known'),
        ("name: x\nsteps:\n  - {at: 1 s, what: reset}\n", "faults: Schema is missing"),
        ("faults: 1\nname: x\nsteps: []\n", "a.yaml:3: steps: Steps: 0 are too few"),
        ("faults: 1\nname: x\nsteps: 5\n", "a.yaml:3: steps: A list is expected here"),
        ("faults: 1\nname: x\nsteps: [5]\n", "a.yaml:3: steps[0]: Keys and values are expected here"),
        ("faults: 1\nname: x\nsteps: &a [*a]\n", "anchors and aliases are not accepted"),
    ],
)
def test_what_is_no_fault_file_says_why(text: str, said: str) -> None:
    assert said in told(text)[0]


def test_files_that_come_with_the_program_are_found_by_their_name() -> None:
    assert {"night-occlusion", "bad-cable", "worn-pump", "failing-sensors", "power"} <= set(fault_file.names())
    for name in fault_file.names():
        assert fault_file.load(name) == fault_file.load(str(resource(f"faults/{name}.yaml")))


def test_a_file_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no fault file") as caught:
        fault_file.load("nosuch")
    assert "bad-cable" in caught.value.remedy
    with pytest.raises(UsageError, match=r"can't be read"):
        fault_file.load(str(tmp_path / "nosuch.yaml"))


def test_the_schema_names_every_fault() -> None:
    step: dict[str, Any] = fault_file.schema()["$defs"]["StepPart"]
    assert step["properties"]["what"]["enum"] == [kind.name for kind in KINDS]
    assert step["required"] == ["at", "what"]


_numbers = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=20))
_steps = st.dictionaries(
    st.sampled_from(["at", "what", "how-much", "how-long", "else"]),
    st.one_of(_numbers, st.sampled_from([*BY_NAME, "1 h", "80 %", "5 mL", "-3 mL", "1e9 s"]), st.lists(_numbers)),
)


@given(st.dictionaries(st.sampled_from(["faults", "name", "steps"]), st.one_of(st.just(1), st.lists(_steps), _numbers)))
def test_whatever_a_document_says_gives_faults_that_can_be_or_what_is_wrong(document: dict[str, Any]) -> None:
    found, wrong = fault_file.read(document)
    assert (found is None) == bool(wrong)
    for fault in found.faults if found else ():
        assert check(fault, 0.0) == fault
