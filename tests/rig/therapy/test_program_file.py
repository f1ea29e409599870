import contextlib
import copy
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig import yamlfile
from rig.resources import resource
from rig.therapy import program_file, reading
from rig.therapy.files import MODES
from rig.therapy.program import Program
from tests.rig.therapy.programs import PROFILES, programs

EXAMPLES = sorted(resource("programs").glob("*.yaml"))
HEAD = """\
pump-program: 2
name: Test
mode: simple continuous
drug: water
concentration: 500 ug/mL
"""
RICH = """\
# What this is for:
# a test.

pump-program: 2   # the schema
name: 'Evening'
mode: flex day
drug: "water"     # quoted

# the reservoir
concentration: 0.5 mg/mL
base: 100 ug/day          # in between
steps:
  # first
  - start: "18:00"        # after supper
    end: 22:00
    dose: 25 ug           # over four hours

  # second
  - {start: 22:30, end: 06:00, rate: 80 ug/day}   # in one line

  # third
  - rate: 1 ug/day
    start: 06:30
    # and its end
    end: 07:00

# the catheter
trimmed: 21 cm            # cut
# the end
"""


def document_of(text: str) -> dict[str, Any]:
    return dict(yamlfile.plain(yamlfile.parse(text, "text"), "text"))


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went, and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_shipped_program_is_read_and_written_as_it_is(path: Path) -> None:
    program = program_file.load(path)
    document, text = program_file.load_document(path)
    assert program_file.dumps(document, text) == text
    assert program_file.loads(program_file.dumps(program_file.document_of(program))) == program
    assert text.startswith("# ")


def test_each_mode_has_an_example() -> None:
    assert {program_file.load_document(path)[0]["mode"] for path in EXAMPLES} == set(MODES)


@given(programs())
def test_any_program_reads_back_from_its_file(program: Program) -> None:
    document = program_file.document_of(program)
    assert reading.read(document, PROFILES) == reading.Reading(program, ())
    text = program_file.dumps(document)
    assert document_of(text) == document
    assert program_file.loads(text) == program


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_all_times_of_day_read_back_as_written(quote: str) -> None:
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]
    listed = "".join(
        f"- start: {quote}{time}{quote}\n  end: {quote}{time}{quote}\n  rate: 1 ug/day\n" for time in times
    )
    head = HEAD.replace("simple continuous", "flex day") + "base: 1 ug/day\nsteps:\n"
    document = document_of(head + listed)
    assert [(step["start"], step["end"]) for step in document["steps"]] == [(time, time) for time in times]
    for minute, step in enumerate(document["steps"]):
        program = reading.read(document | {"steps": [step]}, PROFILES).program
        assert program is not None
        assert program.mode.steps[0].start_ms == minute * 60_000
        assert program_file.document_of(program)["steps"][0]["start"] == times[minute]
    assert program_file.dumps(document) == program_file.dumps(document_of(program_file.dumps(document)))


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("steps", 0, "dose"), "30 ug", "    dose: 30 ug           # over four hours"),
        (("steps", 0, "start"), "18:30", "  - start: 18:30          # after supper"),
        (("steps", 1, "rate"), "8 ug/day", "  - {start: 22:30, end: 06:00, rate: 8 ug/day}    # in one line"),
        (("steps", 2, "end"), "07:30", "    end: 07:30"),
        (("base",), "100.5 ug/day in words that are long", "base: 100.5 ug/day in words that are long # in between"),
        (("name",), "a: b # c", "name: 'a: b # c'"),
        (("trimmed",), "3 cm", "trimmed: 3 cm             # cut"),
    ],
)
def test_one_changed_value_is_one_changed_line(path: tuple[str | int, ...], value: str, line: str) -> None:
    document = document_of(RICH)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    gone, new = changed_lines(RICH, program_file.dumps(document, RICH))
    assert (len(gone), new) == (1, [line])


def test_an_item_that_goes_or_comes_leaves_the_comments_of_the_others() -> None:
    for index in range(3):
        document = document_of(RICH)
        del document["steps"][index]
        text = program_file.dumps(document, RICH)
        gone, new = changed_lines(RICH, text)
        assert not new
        assert all("- " in line or line.startswith("    ") for line in gone)
        assert "# the catheter\ntrimmed: 21 cm            # cut\n# the end\n" in text
    for index in range(4):
        document = document_of(RICH)
        document["steps"].insert(index, {"start": "08:00", "end": "09:00", "rate": "5 ug/day"})
        gone, new = changed_lines(RICH, program_file.dumps(document, RICH))
        assert (gone, new) == ([], ["  - start: 08:00", "    end: 09:00", "    rate: 5 ug/day"])


def test_keys_that_come_and_go_leave_the_comments_of_the_others() -> None:
    document = document_of(RICH)
    document["steps"][0]["rate"] = "9 ug/day"
    del document["steps"][0]["dose"]
    del document["steps"][2]["rate"]  # it stands behind the dash
    document["steps"][2]["dose"] = "1 ug"
    document["limits"] = "spinal"
    document["bolus"] = {"dose": "1 ug", "duration": "1 min", "after": "stop"}
    del document["drug"]
    gone, new = changed_lines(RICH, program_file.dumps(document, RICH))
    assert [line.strip() for line in gone] == [
        'drug: "water"     # quoted',
        "dose: 25 ug           # over four hours",
        "- rate: 1 ug/day",
        "start: 06:30",
    ]
    assert [line.strip() for line in new] == [
        "rate: 9 ug/day",
        "- start: 06:30",
        "dose: 1 ug",
        "limits: spinal",
        "bolus:",
        "dose: 1 ug",
        "duration: 1 min",
        "after: stop",
    ]


def test_other_ways_to_write_yaml_stay_too() -> None:
    for text in (RICH.replace("\n", "\r\n"), RICH.rstrip("\n"), f"---\n{RICH}", RICH.replace("\n  ", "\n")):
        document = document_of(text)
        assert program_file.dumps(document, text) == text
        document["base"] = "90 ug/day"
        gone, new = changed_lines(text, program_file.dumps(document, text))
        assert (len(gone), new) == (1, ["base: 90 ug/day           # in between"])
        assert program_file.dumps(document, text).count("\r\n") == text.count("\r\n")


def test_a_file_in_one_line_or_without_text_is_written_anew() -> None:
    document = document_of(RICH)
    for text in ("", "{}", "{name: a, drug: b}", "- a\n", "# nothing\n"):
        assert document_of(program_file.dumps(document, text)) == document


@st.composite
def edits(draw: st.DrawFn, value: Any = None) -> Any:
    """A document that was edited somewhere."""
    value = copy.deepcopy(document_of(RICH) if value is None else value)
    if isinstance(value, dict) and value:
        what, key = draw(st.sampled_from(("in", "out", "change"))), draw(st.sampled_from(sorted(value)))
        if what == "in":
            value[draw(st.sampled_from(("new", "on-demand")))] = draw(_values)
        elif what == "out" and len(value) > 1:
            del value[key]
        else:
            value[key] = draw(edits(value[key]))
        return value
    if isinstance(value, list):
        for _ in range(draw(st.integers(0, 2))):
            value.insert(draw(st.integers(0, len(value))), draw(_values))
        for _ in range(draw(st.integers(0, 2))):
            del value[draw(st.integers(0, len(value))) : draw(st.integers(0, len(value)))]
        if value:
            index = draw(st.integers(0, len(value) - 1))
            value[index] = draw(edits(value[index]))
        return value
    return draw(_values)


_words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=20)
_values = st.recursive(
    _words | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)


@given(edits())
def test_whatever_is_edited_is_what_the_new_text_says(document: Any) -> None:
    assert document_of(program_file.dumps(document, RICH)) == document


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        ("{", 1, "", "expected"),
        ("\ta: 1", 1, "", "character"),
        ("- 1\n", 0, "", "no program"),
        ("", 0, "", "empty"),
        ("a: &x [1]\nb: *x\n", 1, "", "anchors"),
        (HEAD + "dose: 1 ug/day\ndose: 2 ug/day\n", 7, "", "duplicate key"),
        (HEAD + "dose: 100\n", 6, "dose", "a number and its unit"),
        (HEAD + "dose: 1 ug/day\ncolour: red\n", 7, "colour", "Unknown field"),
        (HEAD.replace("water", "whisky") + "dose: 100\n", 4, "drug", "And 1 more"),
        (HEAD + "x: 0x" + "f" * 5000 + "\n", 6, "", "64 bits"),
        (HEAD + "x: " + "9" * 5000 + "\n", 6, "", "64 bits"),
        (HEAD + f"x: {2**64}\n", 6, "", "64 bits"),
        (HEAD + "base: &b 100 ug/day\nrate: *b\n", 6, "", "anchors and aliases"),
        (HEAD + "base: 1 ug/day\nrate: *b\n", 7, "", "anchors and aliases"),
        (HEAD + "x: !odd 1\n", 6, "", "tags are not accepted"),
        (HEAD + "? [a]\n: 1\n", 6, "", "is no key"),
        (HEAD + "x: \x07\n", 6, "", "invisible character"),
        (HEAD + "x: " + "[" * 3000, 6, "", "nested deeper"),
        (HEAD + "True: 1\ndose: 1 ug/day\n", 0, "true", "Unknown field"),
    ],
)
def test_a_malformed_file_names_line_field_and_what_would_be_valid(text: str, line: int, field: str, says: str) -> None:
    with pytest.raises(yamlfile.FileFault) as caught:
        program_file.loads(text, "mine.yaml")
    assert (caught.value.line, caught.value.field) == (line, field)
    assert says in caught.value.sentence()
    assert caught.value.sentence().startswith("mine.yaml")


def test_a_file_that_is_missing_huge_or_binary_is_refused_in_words(tmp_path: Path) -> None:
    for name, content in (("huge", b"a" * 1_000_001), ("binary", b"\xff\xfe\x00"), ("gone", None)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        for load in (program_file.load, program_file.load_document):
            with pytest.raises(yamlfile.FileFault, match=name):
                load(tmp_path / name)


def test_a_document_is_loaded_right_or_wrong_but_only_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("dose: 1e400\nat: 2026-11-20T09:00:00Z\n", encoding="utf-8")
    assert program_file.load_document(path)[0] == {"dose": float("inf"), "at": "2026-11-20T09:00:00Z"}
    path.write_text("just words", encoding="utf-8")
    with pytest.raises(yamlfile.FileFault, match="no program"):
        program_file.load_document(path)


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_a_file_fault(text: str) -> None:
    for candidate in (text, HEAD + text):
        with contextlib.suppress(yamlfile.FileFault):
            program_file.loads(candidate)


def test_a_file_that_is_no_program_by_its_size_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(HEAD + "steps:\n" + "  - {}\n" * 19_000, encoding="utf-8")
    with pytest.raises(yamlfile.FileFault, match="is larger than 100 kB"):
        program_file.load(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    with pytest.raises(yamlfile.FileFault, match="is no regular file"):
        program_file.load(path)
