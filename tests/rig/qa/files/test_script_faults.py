"""What is wrong with a script is told with its file, line, field, and what to do."""

from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig.qa.files import checking, script_file
from rig.yamlfile import FileFault
from tests.rig.qa.files.checked import FIRST, HEAD, problems
from tests.rig.qa.files.wrong_deeds import DEEDS
from tests.rig.qa.files.wrong_expectations import EXPECTATIONS


@pytest.mark.parametrize(("step", "wrong"), (DEEDS | EXPECTATIONS).values(), ids=DEEDS | EXPECTATIONS)
def test_a_wrong_step_is_told_at_its_line_with_what_to_do(
    step: str, wrong: tuple[int, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rig.qa.files.includes.shipped_parts", lambda: None)
    first, *more = step.split("\n")
    lines = "\n".join([f"  - {first}", *(f"    {line}" for line in more)])
    line, field, sentence = wrong
    path = "steps[1]" + (f".{field}" if field else "")
    assert problems(f"  - wait: 1 min\n    as: hold\n{lines}\n") == [(line + 2, path, sentence)]


HEADS = {
    "nothing": ("", (0, "", "It is empty or no script. See the shipped scripts, or begin with: qa: 1")),
    "a list": ("- do: start\n", (0, "", "It is empty or no script. See the shipped scripts, or begin with: qa: 1")),
    "no schema": ("name: x\n", (0, "qa", 'Schema is missing. Add it as the first line: "qa: 1".')),
    "a newer schema": ("qa: 2\n", (1, "qa", 'Schema "2" is not known. Update the Pump Programmer.')),
    "true for a schema": ("qa: true\n", (1, "qa", 'Schema "True" is not known. Write "qa: 1".')),
    "a part": (
        "qa-part: 1\nsteps: [{do: start}]\n",
        (1, "qa-part", "This is a part, not a script. Include it in a script."),
    ),
    "a key twice": (
        "qa: 1\nqa: 1\n",
        (2, "", 'found duplicate key "qa" with value "1" (original value: "1"). Take one of the two out.'),
    ),
    "a colon in a text": (
        "qa: 1\nname: Again: slower\n",
        (
            2,
            "",
            'mapping values are not allowed here. A colon and a space begin a value: put text with both in "quotes".',
        ),
    ),
    "a tab": (
        "qa: 1\n\tname: Again\n",
        (2, "", "found character '\\t' that cannot start any token. Indent with spaces, not with tabs."),
    ),
    "a parameter in braces": (
        "qa: 1\nneeds: {rig: ${rig}}\n",
        (
            2,
            "",
            "expected ',' or '}', but got '{'. Within braces or brackets a parameter stands in quotes: \"${rate}\".",
        ),
    ),
}


@pytest.mark.parametrize(("text", "wrong"), HEADS.values(), ids=HEADS)
def test_what_is_no_script_is_told(text: str, wrong: tuple[int, str, str]) -> None:
    assert problems("", text + "\n" * (not text))[0][1:] == wrong[1:]
    assert checking.check_text(text, Path("a.qa.yaml"))[0].line == wrong[0]


TOP = {
    "an unknown field": ("intervall: 2 s", "intervall", 'Unknown field "intervall". Is "interval" meant?'),
    "a tag in capitals": ("tags: [Slow]", "tags[0]", '"Slow" is no tag. For example "occlusion".'),
    "a tag twice": ("tags: [slow, slow]", "tags[1]", '"slow" is there twice. Take one of them out.'),
    "a device that is none": (
        "needs: {device: 12}",
        "needs.device",
        '"12" is no device id. For example "e661640843a1b2c3".',
    ),
    "a need that isn't known": (
        "needs: {balance: yes}",
        "needs.balance",
        'Unknown field "balance". Is "laboratory-balance" meant?',
    ),
    "a capability that isn't known": (
        "needs: {capabilities: [presure]}",
        "needs.capabilities[0]",
        'There is no capability "presure". Is "pressure" meant?',
    ),
    "settings the wrong way round": (
        "needs: {settings: {occlusion-pressure: 80 kPa to 60 kPa}}",
        "needs.settings.occlusion-pressure",
        '"80 kPa to 60 kPa" is no range. Write "low to high".',
    ),
    "neither stop nor go on": (
        "on-fail: continue",
        "on-fail",
        '"continue" is not known here. Valid here: stop, go on.',
    ),
    "a parameter that nothing uses": (
        "parameters: {rate: 1 mL/day}",
        "parameters.rate",
        'Nothing uses the parameter "rate". Take it out, or write ${rate} where it counts.',
    ),
    "a parameter of others": (
        'parameters: {rate: "${x}"}',
        "parameters.rate",
        "A parameter can't be made of others. Write its value out.",
    ),
    "a parameter that counts": ("parameters: {n: 3}", "parameters.n", '"n" counts repetitions. Choose another name.'),
    "a table of nothing": (
        "table: []",
        "table",
        'Rows are expected here: names and values. For example "- {rate: 1 mL/day}".',
    ),
    "a row that nothing uses": (
        "table: [{rate: 1 mL/day}]",
        "table[0].rate",
        'Nothing uses the parameter "rate". Take it out, or write ${rate} where it counts.',
    ),
    "a judgement in the cleanup": (
        "cleanup: [{expect: volume, at-least: 1 uL}]",
        "cleanup[0]",
        "Nothing is judged or asked in a cleanup. A cleanup does and waits; move it into steps.",
    ),
    "a cleanup that stops": (
        "cleanup: [{do: stop, on-fail: stop}]",
        "cleanup[0].on-fail",
        "A cleanup always goes on. Take it out.",
    ),
}


@pytest.mark.parametrize(("line", "field", "sentence"), TOP.values(), ids=TOP)
def test_what_is_wrong_before_the_steps_is_told(line: str, field: str, sentence: str) -> None:
    head = HEAD.replace("steps:\n", f"{line}\nsteps:\n")
    assert problems("  - do: start\n", head) == [(-1, field, sentence)]


def test_what_must_be_said_is_missed() -> None:
    told = [(one.field, f"{one.what} {one.remedy}") for one in checking.check_text("qa: 1\n", Path("a.qa.yaml"))]
    assert told == [
        ("name", 'Name is missing. Add it. For example "name: Occlusion and release".'),
        ("duration", 'Duration is missing. Add it. For example "duration: 3 h".'),
        ("interval", 'Interval is missing. Add it. For example "interval: 1 s".'),
        ("steps", "Steps are missing. Add it."),
    ]


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_lines() -> None:
    steps = "  - do: strat\n  - wait: 5\n  - do: bolus\n    volume: 3 uL\n    duration: x\n    volum: 3 uL\n"
    assert [(line, field) for line, field, _ in problems(steps)] == [
        (1, "steps[0].do"),
        (2, "steps[1].wait"),
        (5, "steps[2].duration"),
        (6, "steps[2].volum"),
    ]
    with pytest.raises(UsageError) as told:
        script_file.loads(HEAD + steps, Path("a.qa.yaml"))
    assert told.value.what.count("\n") == 3
    assert told.value.exit_code == 4


def test_a_single_fault_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.qa.yaml"
    path.write_text(HEAD + "  - do: strat\n", encoding="utf-8")
    with pytest.raises(FileFault) as told:
        script_file.load(path)
    fault = told.value
    assert (fault.path, fault.line, fault.field) == (str(path), FIRST, "steps[0].do")
    assert fault.exit_code == 4


def test_a_file_that_isnt_there_or_cant_be_read_is_told(tmp_path: Path) -> None:
    missing, binary, large = (tmp_path / f"{name}.qa.yaml" for name in ("missing", "binary", "large"))
    binary.write_bytes(b"\xff\xfe\x00")
    large.write_text("x" * 200_000, encoding="utf-8")
    told = [checked.problems[0].what for checked in checking.check_files([missing, binary, large, tmp_path])]
    assert told == [
        "can't be read: No such file or directory.",
        "is not UTF-8 text.",
        "is larger than 150 kB.",
        "can't be read: Is a directory.",
    ]


def test_what_isnt_there_isnt_collected() -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        script_file.collect([Path("nowhere")])
    with pytest.raises(UsageError, match='no script "nowhere"'):
        script_file.find("nowhere")


@pytest.mark.parametrize("name", ["é" * 200, ".", "/dev/zero", "..", "a/b/c"])
@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("include: {}", "include"),
        ("do: program\n    file: {}", "file"),
        ("expect: golden\n    run: {}", "run"),
        ("expect: golden\n    run: good.run.duckdb\n    tolerance: {}", "tolerance"),
    ],
)
def test_a_name_that_is_no_file_is_refused(name: str, step: str, field: str, tmp_path: Path) -> None:
    (tmp_path / "good.run.duckdb").write_bytes(bytes(8) + b"DUCK")
    (found,) = checking.check_text(HEAD + f"  - {step.format(name)}\n", tmp_path / "a.qa.yaml")
    assert found.field == f"steps[0].{field}"


def test_a_step_without_its_colon_is_understood() -> None:
    assert problems("  - wait 10 min\n  - start\n") == [
        (1, "steps[0]", 'A step is expected here: keys and values. Is "wait: 10 min" meant?'),
        (2, "steps[1]", 'A step is expected here: keys and values. For example "- do: start".'),
    ]
