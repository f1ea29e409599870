"""Parameters, tables, includes and repetitions: what a script becomes, and which scripts there are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rig.qa import deeds
from rig.qa.files import checking, script_file
from rig.qa.script import Script

HEAD = """\
qa: 1
name: Try
duration: 30 h
interval: 1 s
steps:
"""
BOLUS = """\
qa-part: 1
name: A bolus
parameters: {volume: , duration: 2 min}
steps:
  - do: bolus
    volume: ${volume}
    duration: ${duration}
"""
Files = Callable[..., Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes files, each ``name="text"`` (two underscores for a dot), and gives the first."""

    def write(**texts: str) -> Path:
        paths = [tmp_path / name.replace("__", ".") for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return paths[0]

    return write


def boluses(script: Script) -> list[tuple[str, int, int]]:
    """(number, µL, min) of each bolus."""
    return [
        (step.number, step.body.volume_pl // 10**6, step.body.duration_ms // 60_000)
        for step in script.steps
        if isinstance(step.body, deeds.Bolus)
    ]


def only(path: Path) -> Script:
    (script,) = script_file.load(path)
    return script


def wrong(path: Path) -> list[tuple[str, int, str, str]]:
    """(file, line, field, sentence) of all that is wrong."""
    (checked,) = checking.check_files([path])
    return [(Path(one.file).name, one.line, one.field, f"{one.what} {one.remedy}") for one in checked.problems]


def bolus(volume: str, indent: str = "  ") -> str:
    return f"{indent}- do: bolus\n{indent}  volume: {volume}\n{indent}  duration: 1 min\n"


# -- parameters and tables ---------------------------------------------------------------------------------------------


def test_parameters_stand_in_values_also_within_others_and_more_than_once(files: Files) -> None:
    head = HEAD.replace("steps:\n", "about: With ${much} uL\nparameters: {much: 30, more: ab c}\nsteps:\n")
    script = only(files(a=head + bolus("${much}0 uL") + "  - note: ${more}, ${much} and ${more}\n"))
    assert boluses(script) == [("1", 300, 1)]
    assert script.steps[1].body == deeds.TakeNote("ab c, 30 and ab c")
    assert (script.about, script.parameters) == ("With 30 uL", {"much": "30", "more": "ab c"})


def test_two_dollars_are_one_and_no_parameter(files: Files) -> None:
    assert only(files(a=HEAD + "  - note: it costs $${x} or $5\n")).steps[0].body == deeds.TakeNote(
        "it costs ${x} or $5"
    )


def test_each_row_of_a_table_is_a_case_over_the_parameters(files: Files) -> None:
    table = "parameters: {much: 10 uL, hold: 1 h}\ntable:\n  - {much: 20 uL}\n  - {hold: 2 h, much: 30 uL}\n"
    head = HEAD.replace("steps:\n", f"{table}steps:\n").replace("30 h", "${hold}")
    first, second = script_file.load(files(a=head + bolus("${much}")))
    assert [script.case for script in (first, second)] == ["much 20 uL", "hold 2 h, much 30 uL"]
    assert second.title == "Try [hold 2 h, much 30 uL]"
    assert [script.duration_ms for script in (first, second)] == [3_600_000, 7_200_000]
    assert [boluses(script)[0][1] for script in (first, second)] == [20, 30]
    assert first.parameters == {"much": "20 uL", "hold": "1 h"}


def test_what_is_wrong_with_each_row_is_told_once(files: Files) -> None:
    table = "table:\n  - {much: 20 uL}\n  - {much: 20 ug}\n  - {much: 20 uL}\n  - {much: 20 ug, x: 1}\n"
    assert wrong(files(a=HEAD.replace("steps:\n", f"{table}steps:\n") + bolus("${much}"))) == [
        ("a", 8, "table[2]", "This row is there twice. Take it out, or change it."),
        ("a", 9, "table[3].x", 'Nothing uses the parameter "x". Take it out, or write ${x} where it counts.'),
        ("a", 12, "steps[0].volume", '"ug" is not a unit of volume. For example "0.5 mL".'),
    ]


def test_a_table_of_too_many_steps_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_file, "MOST_ALTOGETHER", 1_200)
    rows = "".join(f"  - {{much: {n} uL}}\n" for n in range(1, 8))
    head = HEAD.replace("steps:\n", f"table:\n{rows}steps:\n").replace("30 h", "900 h")
    steps = f"  - repeat: 200\n    steps:\n{bolus('${much}', '      ')}"
    told = ("a", 5, "table", "All cases together have more than 1,200 steps. Make several scripts of it.")
    assert wrong(files(a=head + steps)) == [told]


# -- repetitions -------------------------------------------------------------------------------------------------------


def test_a_repetition_counts_and_its_steps_are_numbered(files: Files) -> None:
    inner = "      - repeat: 2\n        steps:\n" + bolus("${n}00 uL", " " * 10)
    script = only(files(a=HEAD + "  - do: start\n  - repeat: 2\n    steps:\n" + bolus("${n}0 uL", " " * 6) + inner))
    assert boluses(script) == [
        ("2.1.1", 10, 1),
        ("2.1.2.1.1", 100, 1),
        ("2.1.2.2.1", 200, 1),
        ("2.2.1", 20, 1),
        ("2.2.2.1.1", 100, 1),
        ("2.2.2.2.1", 200, 1),
    ]


def test_a_label_within_a_repetition_means_the_latest_time(files: Files) -> None:
    again = "  - repeat: 3\n    steps:\n      - wait: 1 min\n        as: hold\n      - expect: volume\n"
    script = only(files(a=HEAD + again + "        during: hold\n        at-least: 1 uL\n"))
    assert [step.label for step in script.steps] == ["hold", ""] * 3


def test_a_fault_within_a_repetition_is_told_once(files: Files) -> None:
    steps = "  - repeat: 100\n    steps:\n" + bolus("3 kg", " " * 6)
    assert [fault[:3] for fault in wrong(files(a=HEAD + steps))] == [("a", 9, "steps[0].steps[0].volume")]


# -- includes ----------------------------------------------------------------------------------------------------------


def test_a_part_takes_values_and_has_its_own_lines(files: Files) -> None:
    steps = "  - do: start\n  - include: b\n    with: {volume: 30 uL}\n"
    steps += "  - include: b\n    with: {volume: 5 uL, duration: 1 h}\n"
    script = only(files(a=HEAD + steps, b=BOLUS))
    assert boluses(script) == [("2.1", 30, 2), ("3.1", 5, 60)]
    assert [(Path(step.file).name, step.line) for step in script.steps] == [("a", 6), ("b", 5), ("b", 5)]


def test_a_part_knows_only_what_it_takes(files: Files) -> None:
    head = HEAD.replace("steps:\n", "parameters: {much: 3 uL}\nsteps:\n")
    part = BOLUS.replace("${duration}", "${much}")
    told = wrong(files(a=head + "  - include: b\n    with: {volume: '${much}'}\n", b=part))
    assert told == [
        ("b", 3, "parameters.duration", 'No step uses the parameter "duration". Take it out, or use it.'),
        ("b", 7, "steps[0].duration", 'There is no parameter "much". There are: volume, duration.'),
    ]


@pytest.mark.parametrize(
    ("given", "place", "sentence"),
    [
        ("", (6, "steps[0].with"), 'b needs the parameter "volume". Add "with: {volume: …}".'),
        ("{volum: 3 uL}", (7, "steps[0].with.volum"), 'b takes no parameter "volum". Is "volume" meant?'),
        ("[3 uL]", (7, "steps[0].with"), 'Names and values are expected here. For example "{rate: 24 mL/day}".'),
    ],
)
def test_what_a_part_is_given_is_checked(files: Files, given: str, place: tuple[int, str], sentence: str) -> None:
    more = f"    with: {given}\n" if given else ""
    assert wrong(files(a=HEAD + f"  - include: b\n{more}", b=BOLUS)) == [("a", *place, sentence)]


def test_parts_include_others_and_a_loop_is_refused(files: Files) -> None:
    first, second = (f"qa-part: 1\nsteps:\n  - include: {name}\n" for name in ("c", "d"))
    path = files(a=HEAD + "  - include: b\n", b=first, c=second, d=BOLUS.replace("{volume: ,", "{volume: 1 uL,"))
    assert boluses(only(path)) == [("1.1.1.1", 1, 2)]
    loop = files(c=second.replace("include: d", "include: b"))
    told = ("c", 3, "steps[0].include", "It includes itself: b > c > b. Take one of these out.")
    assert wrong(path) == [told]
    assert loop.exists()


def test_parts_that_multiply_what_is_wrong_are_soon_given_up(files: Files) -> None:
    many = "qa-part: 1\nsteps:\n" + "  - include: {}\n" * 300
    path = files(a=HEAD + "  - include: b\n", b=many.format(*"c" * 300), c=many.format(*"d" * 300), d="qa-part: 1\n")
    assert [fault[:3] for fault in wrong(path)] == [("d", 0, "steps")]


@pytest.mark.parametrize(
    ("text", "line", "field", "sentence"),
    [
        (HEAD, 1, "", 'It is no part of a script. Begin it with "qa-part: 1"; whole scripts can\'t be included.'),
        ("qa-part: 1\nstep: []\n", 2, "step", 'Unknown field "step". Is "steps" meant?'),
        ("qa-part: 1\n", 0, "steps", "Steps are expected here. Write each after a dash, as the examples do."),
        (
            "qa-part: 1\nsteps: [\n",
            3,
            "",
            "expected the node content, but found '<stream end>'. Correct the YAML there.",
        ),
    ],
)
def test_a_wrong_part_is_told_with_its_own_name(files: Files, text: str, line: int, field: str, sentence: str) -> None:
    assert wrong(files(a=HEAD + "  - include: b\n", b=text)) == [("b", line, field, sentence)]


# -- which scripts there are -------------------------------------------------------------------------------------------


def test_the_digest_tells_another_text_another_case_and_another_program(tmp_path: Path) -> None:
    program = "pump-program: 2\nname: Own\nmode: minimum rate\ndrug: water\nconcentration: 50 ug/mL\n"
    path = tmp_path / "a.qa.yaml"
    table = HEAD.replace("steps:\n", "table: [{rate: 1 mL/day}, {rate: 2 mL/day}]\nsteps:\n")
    text = table + "  - do: program\n    flow: ${rate}\n  - do: program\n    file: own.yaml\n"

    def digests(text: str) -> list[str]:
        (tmp_path / "own.yaml").write_text(program, encoding="utf-8")
        return [script.digest for script in script_file.loads(text, path)]

    first = digests(text)
    assert first == digests(text)
    assert len(set(first)) == 2
    assert not {*first} & {*digests(text + "# another\n")}
    program = program.replace("50 ug", "60 ug")
    assert not {*first} & {*digests(text)}


def test_files_and_folders_are_collected_once_each(tmp_path: Path) -> None:
    for name in ("b.qa.yaml", "a.qa.yaml", "part.qa-part.yaml", "program.yaml", "sub/c.qa.yaml", ".hidden/d.qa.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    found = script_file.collect([tmp_path / "b.qa.yaml", tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["b.qa.yaml", "a.qa.yaml", "sub/c.qa.yaml"]


def test_the_shipped_scripts_are_found_by_name() -> None:
    for path in script_file.library():
        assert script_file.find(path.name.removesuffix(".qa.yaml")) == path
