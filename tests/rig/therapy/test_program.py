import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig import yamlfile
from rig.therapy import program, units
from rig.therapy.compile import compile_program, local_midnight_utc_s
from rig.therapy.program import Bolus, Program

HEAD = """\
pump-program: 1
name: Test
mode: simple continuous
drug: water
concentration: 500 ug/mL
"""
EXAMPLES = sorted((Path(__file__).parents[3] / "resources" / "programs").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_shipped_program_is_read(path: Path) -> None:
    assert program.load(path).name


def test_a_dose_and_the_same_flow_are_one_program() -> None:
    by_dose = program.loads(HEAD + "dose: 100 ug/day\n")
    by_flow = program.loads(HEAD + "flow: 0.2 mL/day\n")
    assert by_dose == by_flow
    assert by_dose.flow_pl_day == 200_000_000


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        (HEAD, 0, "dose", "either a dose or a flow"),
        (HEAD + "dose: 1 ug/day\nflow: 1 mL/day\n", 6, "dose", "either a dose or a flow"),
        (HEAD + "dose: 100\n", 6, "dose", "a number and its unit"),
        (HEAD + "dose: 100 ug\n", 6, "dose", "not a unit"),
        (HEAD + "dose: 1 ug/day\ndose: 2 ug/day\n", 7, "", "duplicate key"),
        (HEAD + "dose: 1 ug/day\ncolour: red\n", 7, "colour", "unknown field"),
        (HEAD.replace("simple", "simpel"), 3, "mode", "simple continuous, single bolus"),
        (HEAD.replace("mode: simple continuous\n", ""), 0, "mode", "missing"),
        (HEAD.replace(": 1", ": 2") + "dose: 1 ug/day\n", 1, "pump-program", "Update this program"),
        (HEAD.replace("500 ug/mL", "0 ug/mL") + "dose: 1 ug/day\n", 5, "concentration", "zero"),
        (HEAD + "dose: 1 ug/day\nbolus:\n  dose: x\n  duration: 1 min\n  after: stop\n", 8, "bolus.dose", "50 ug"),
        (HEAD + "dose: 1 ug/day\nbolus:\n  dose: 1 ug\n  duration: 1 min\n  after: fly\n", 10, "bolus.after", "resume"),
        (HEAD.replace("simple continuous", "single bolus"), 0, "bolus", "missing"),
        ("{", 1, "", "expected"),
        ("\ta: 1", 1, "", "character"),
        ("- 1\n", 0, "", "expected"),
        ("", 0, "", "empty"),
        ("a: &x [1]\nb: *x\n", 1, "", "anchors"),
    ],
)
def test_a_malformed_file_names_line_field_and_what_would_be_valid(text: str, line: int, field: str, says: str) -> None:
    with pytest.raises(yamlfile.FileFault) as caught:
        program.loads(text, "mine.yaml")
    assert (caught.value.line, caught.value.field) == (line, field)
    assert says in caught.value.sentence()
    assert caught.value.sentence().startswith("mine.yaml")


def test_a_file_that_is_missing_huge_or_binary_is_refused_in_words(tmp_path: Path) -> None:
    for name, content in (("huge", b"a" * 1_000_001), ("binary", b"\xff\xfe\x00"), ("gone", None)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(yamlfile.FileFault, match=name):
            program.load(tmp_path / name)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_a_file_fault(text: str) -> None:
    for candidate in (text, HEAD + text):
        with contextlib.suppress(yamlfile.FileFault):
            program.loads(candidate)


@given(st.integers(1, 10**9), st.integers(1, 10**8))
def test_volume_and_dose_convert_both_ways_within_rounding(ng: int, ng_ml: int) -> None:
    back = program.dose_ng(program.volume_pl(ng, ng_ml), ng_ml)
    assert abs(back - ng) <= ng_ml / 2e9 + 1


def test_modes_compile_to_prelude_and_cycle() -> None:
    bolus = Bolus(50_000, 600_000, "resume")
    base = Program("p", "water", 500_000, 100_000, bolus)
    day = units.DAY_S * 1000
    assert compile_program(base, 0, 0).prelude == ((100_000_000, 600_000),)
    assert compile_program(base, 0, 0).cycle == ((200_000_000, day),)
    then_stop = Program("p", "water", 500_000, 100_000, Bolus(50_000, 600_000, "stop"))
    assert compile_program(then_stop, 0, 0).cycle == ()


@given(st.integers(10**9, 2 * 10**9), st.integers(-720, 840))
def test_the_day_is_anchored_at_local_midnight(utc_s: int, offset_min: int) -> None:
    midnight = local_midnight_utc_s(utc_s, offset_min)
    assert 0 <= utc_s - midnight < units.DAY_S
    assert (midnight + offset_min * 60) % units.DAY_S == 0
