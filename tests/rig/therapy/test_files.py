"""The tables that files are read, written, described and checked by."""

import re
from dataclasses import fields
from typing import Any

import pytest

from rig.resources import resource
from rig.therapy import files, limits, modes, profiles, program_file, schema, units
from rig.therapy.fields import fields_of
from rig.therapy.parts import PARTS

EXAMPLES = sorted(resource("programs").glob("*.yaml"))


def test_every_mode_of_the_domain_has_a_file_and_none_twice() -> None:
    assert {file.kind for file in files.MODES.values()} == set(modes.Mode.__args__)
    assert all(mode.capitalize() == file.title and file.blurb.endswith(".") for mode, file in files.MODES.items())


@pytest.mark.parametrize("mode", files.MODES)
def test_every_field_is_explained_and_its_example_and_default_are_right(mode: str) -> None:
    for field in files.fields(mode):
        assert field.title
        assert field.help.endswith("."), field.path
        assert field.form != "choice" or field.choices
        if field.kind is not None:
            assert field.low <= units.parse(field.example, field.kind) <= field.high, field.path
            assert not field.default or field.low <= units.parse(field.default, field.kind) <= field.high
        if field.source:
            assert not field.default or field.default in getattr(profiles.standard(), field.source)


@pytest.mark.parametrize("mode", files.MODES)
def test_everything_a_mode_holds_can_be_said_in_its_file(mode: str) -> None:
    for struct, kind in ((files.MODES[mode].struct, files.MODES[mode].kind), *PARTS.items()):
        said = {field.attribute for field in fields_of(struct)}
        own = {field.name for field in fields(kind)} - ({"after"} if struct.__name__ == "BolusPart" else set())
        assert own <= said, struct


def test_the_days_are_in_the_order_of_the_week() -> None:
    weekdays = next(field for field in files.fields("flex week") if field.path == "days[].weekdays")
    assert weekdays.choices == modes.WEEKDAYS
    assert weekdays.form == "several"


def valid(value: Any, made: dict[str, Any], rule: dict[str, Any]) -> bool:
    """Whether ``value`` is as a JSON schema's ``rule`` says, as far as ours use it."""
    if "$ref" in rule:
        rule = made["$defs"][rule["$ref"].rpartition("/")[2]] | {key: rule[key] for key in rule if key != "$ref"}
    if "anyOf" in rule:
        return any(valid(value, made, one) for one in rule["anyOf"])
    if "oneOf" in rule and sum(set(one["required"]) <= set(value) for one in rule["oneOf"]) != 1:
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    if "type" in rule and not isinstance(value, kinds[rule["type"]]):
        return False
    if isinstance(value, dict):
        known = rule.get("properties", {})
        inside = all(key in known and valid(item, made, known[key]) for key, item in value.items())
        return inside and set(rule.get("required", ())) <= set(value)
    if isinstance(value, list):
        return rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", 99) and all(
            valid(item, made, rule["items"]) for item in value if isinstance(rule.get("items"), dict)
        )
    if isinstance(value, str):
        return re.search(rule.get("pattern", ""), value) is not None and len(value) <= rule.get("maxLength", 999)
    return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_valid_by_the_json_schema(path: Any) -> None:
    made = schema.schema("program")
    document, _ = program_file.load_document(path)
    assert valid(document, made, made)
    for wrong in ({"mode": "nosuch"}, {"colour": "red"}, {"concentration": "many"}, {"name": 5}, {"drug": "whisky"}):
        assert not valid(document | wrong, made, made)
    assert not valid({key: value for key, value in document.items() if key != "name"}, made, made)


def test_a_continuous_dose_is_said_once_in_the_json_schema_too() -> None:
    made = schema.schema("program")
    document, _ = program_file.load_document(resource("programs/continuous-100ug.yaml"))
    assert not valid(document | {"flow": "1 mL/day"}, made, made)
    assert not valid({key: value for key, value in document.items() if key != "dose"}, made, made)


@pytest.mark.parametrize(
    ("name", "folder"), [("program", "programs"), ("limits", "limits"), ("pump", "pumps"), ("catheter", "catheters")]
)
def test_each_kind_of_file_has_a_schema_that_its_examples_follow(name: str, folder: str) -> None:
    made = schema.schema(name)
    assert made["$id"] == f"urn:pump-programmer:{name}"
    assert made["title"]
    for path in resource(folder).glob("*.yaml"):
        assert valid(program_file.load_document(path)[0], made, made), path


def test_every_limit_is_explained() -> None:
    properties = schema.schema("limits")["$defs"]["LimitFile"]["properties"]
    for quantity in limits.QUANTITIES:
        assert properties[quantity.key]["description"] == quantity.help
