"""The JSON schema and the help of scripts say what the reader takes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware_link import vocabulary
from rig import schemas, yamlfile
from rig.qa.files import help, script_file, setting_keys
from rig.qa.words import step_text
from rig.resources import resource

SCHEMA = schemas.schema("qa")
Run = Callable[..., tuple[int, str, str]]
HEAD = """\
qa: 1
name: Try
duration: 30 h
interval: 1 s
steps:
"""
LABELS = ("blocked", "unplugged", "released", "series", "test", "none", "high")
BEFORE = "".join(f"  - wait: 1 min\n    as: {label}\n" for label in LABELS)
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": int | float}


def fits(said: Any, schema: dict[str, Any]) -> bool:
    """Whether ``said`` is valid: as much of JSON Schema as this one uses."""
    if "$ref" in schema:
        return fits(said, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if isinstance(said, bool) or not any(isinstance(said, TYPES[name]) for name in types):
            return False
    rules = {
        "anyOf": lambda parts: any(fits(said, part) for part in parts),
        "not": lambda part: not fits(said, part),
        "const": lambda value: said == value,
        "enum": lambda values: said in values,
        "pattern": lambda pattern: not isinstance(said, str) or re.search(pattern, said) is not None,
        "maxLength": lambda most: not isinstance(said, str) or len(said) <= most,
        "minimum": lambda least: not isinstance(said, int) or said >= least,
        "maximum": lambda most: not isinstance(said, int) or said <= most,
        "minItems": lambda least: len(said) >= least,
        "maxItems": lambda most: len(said) <= most,
        "minProperties": lambda least: len(said) >= least,
        "items": lambda part: all(fits(item, part) for item in said),
        "required": lambda names: all(name in said for name in names),
        "properties": lambda parts: all(fits(said[key], part) for key, part in parts.items() if key in said),
    }
    if schema.get("additionalProperties") is False and not {*said} <= {*schema["properties"]}:
        return False
    return all(rule(schema[name]) for name, rule in rules.items() if name in schema)


def document(text: str) -> Any:
    return yamlfile.plain(yamlfile.parse(text, ""), "")


def listed(example: str) -> str:
    """The example of a step, behind its dash."""
    first, *more = example.split("\n")
    return "\n".join([f"  - {first}", *(f"    {line}" for line in more)]) + "\n"


@pytest.mark.parametrize("path", script_file.library(), ids=lambda path: path.name)
def test_the_shipped_scripts_fit_the_schema(path: Path) -> None:
    assert fits(document(path.read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize("one", help.steps(), ids=lambda one: one.name)
def test_the_example_of_each_step_fits_and_reads(one: help.Help, tmp_path: Path) -> None:
    (tmp_path / "golden.run.duckdb").write_bytes(bytes(8) + b"DUCK")
    part = "qa-part: 1\nparameters: {rate: }\nsteps:\n  - do: program\n    flow: ${rate}\n"
    (tmp_path / "prime.qa-part.yaml").write_text(part, encoding="utf-8")
    text = HEAD + BEFORE + listed(one.example)
    assert fits(document(text), SCHEMA)
    (script,) = script_file.loads(text, tmp_path / "a.qa.yaml")
    assert step_text(script.steps[-1])
    assert help.of(one.head, one.word) == one


@pytest.mark.parametrize("one", help.steps(), ids=lambda one: one.name)
def test_the_example_of_each_field_fits(one: help.Help) -> None:
    step = document(listed(one.example))[0]
    for field in one.fields:
        assert field.title
        assert field.help.endswith((".", "?"))
        assert (
            fits(step | {field.key: document(f"x: {field.example}")["x"]}, SCHEMA["$defs"]["step"]) or not field.example
        )


def test_what_stands_before_the_steps_has_examples_that_read() -> None:
    for field in help.head_fields():
        assert field.title
        assert field.help.endswith(".")
        if field.example and field.key not in ("parameters", "table"):
            whole = document(HEAD + "  - do: start\n") | {field.key: document(f"x: {field.example}")["x"]}
            assert fits(whole, SCHEMA)
            assert script_file.loads(json.dumps(whole), Path("a.qa.yaml"))


@pytest.mark.parametrize(
    "change",
    [
        {"qa": 2},
        {"name": None},
        {"intervall": "1 s"},
        {"tags": ["Slow"]},
        {"needs": {"virtual": True}},
        {"on-fail": "continue"},
        {"steps": []},
        {"needs": {"settings": {"occlusion": "69 kPa"}}},
        {"steps": [{"do": "strat"}]},
        {"steps": [{"do": "set", "settings": {"occlusion": "69 kPa"}}]},
        {"steps": [{"do": "bolus", "volume": "1 mL"}]},
        {"steps": [{"do": "start", "volume": "1 mL"}]},
        {"steps": [{"wait": "event", "event": "oclusion", "at-most": "1 h"}]},
        {"steps": [{"wait": "event"}]},
        {"steps": [{"expect": "field", "field": "presure", "at-most": "1 kPa"}]},
        {"steps": [{"repeat": 0, "steps": [{"do": "start"}]}]},
        {"steps": [{"repeat": 2, "steps": [{"do": "strat"}]}]},
    ],
)
def test_what_the_reader_refuses_doesnt_fit(change: dict[str, Any]) -> None:
    whole = document(HEAD + "  - do: start\n") | change
    assert not fits(whole, SCHEMA)
    assert script_file.read_text(json.dumps(whole), Path("a.qa.yaml")).faults


@pytest.mark.parametrize("path", sorted(resource("scripts").glob("*.qa-part.yaml")), ids=lambda path: path.name)
def test_the_shipped_parts_fit_their_schema(path: Path) -> None:
    part, schema = document(path.read_text(encoding="utf-8")), schemas.schema("qa-part")
    assert fits(part, schema)
    assert not fits(part | {"qa-part": 2}, schema)
    assert not fits(part | {"duration": "1 h"}, schema)


def test_a_parameter_may_stand_for_any_value() -> None:
    assert fits(document(HEAD + "  - wait: event\n    event: ${event}\n    at-most: ${time}\n"), SCHEMA)


def test_each_setting_reads_as_its_example_says() -> None:
    for key, part in setting_keys.schema()["properties"].items():
        name = setting_keys.name_of(key)
        (usual,) = (row[4] for row in vocabulary.SETTINGS if row[1] == name)
        assert setting_keys.read(name, part["examples"][0]) == usual


def test_choices_are_listed_for_those_who_complete() -> None:
    bolus = help.of("do", "bolus")
    assert bolus is not None
    after = next(field for field in bolus.fields if field.key == "after")
    assert (after.choices, after.required) == (("resume", "stop"), False)
    assert help.of("wait", "10 min") == help.of("wait")
    assert help.of("du", "start") is None


def test_the_schema_is_printed_and_scripts_are_checked_by_their_verbs(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.qa.yaml", tmp_path / "bad.qa.yaml"
    good.write_text(HEAD + "  - do: start\n", encoding="utf-8")
    bad.write_text(HEAD + "  - do: strat\n", encoding="utf-8")
    assert json.loads(run("schema", "qa")[1]) == SCHEMA
    told = f"{good}: Try: 1 step, about 1 d 6 h of pump time\n"
    sentence = 'steps[0].do: There is nothing to do called "strat". Is "start" meant?'
    for verb in (["check"], ["qa", "--check"]):
        assert run(*verb, str(good)) == (0, told, "")
        assert run(*verb, str(good), str(bad)) == (4, told, f"pump-programmer: {bad}:6: {sentence}\n")
