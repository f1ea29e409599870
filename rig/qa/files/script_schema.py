"""The JSON schema of scripts and of parts, from the tables that read them."""

from typing import Any

from rig.qa.files.head_file import HEAD, PART, mapping_schema
from rig.qa.files.slots import Slot, StepKind
from rig.qa.files.step_kinds import KINDS, common_slots
from rig.therapy.schema import DIALECT

_PARAMETER = {"type": "string", "pattern": r"\$\{[A-Za-z][A-Za-z0-9-]*\}"}


def schema() -> dict[str, Any]:
    """The JSON schema of ``*.qa.yaml``."""
    return _schema("qa", "Test script", HEAD)


def part_schema() -> dict[str, Any]:
    """The JSON schema of ``*.qa-part.yaml``."""
    return _schema("qa-part", "Part of a test script", PART)


def _schema(name: str, title: str, slots: tuple[Slot, ...]) -> dict[str, Any]:
    steps = {"step": {"anyOf": [{"$ref": f"#/$defs/{_key(kind)}"} for kind in KINDS]}}
    return {
        "$schema": DIALECT,
        "$id": f"urn:pump-programmer:{name}",
        "title": title,
        **_with_parameters(mapping_schema(slots)),
        "$defs": steps | {_key(kind): _step(kind) for kind in KINDS},
    }


def _key(kind: StepKind) -> str:
    return f"{kind.head}-{kind.word}" if kind.word else kind.head


def _step(kind: StepKind) -> dict[str, Any]:
    slots = {slot.key: slot for slot in (*kind.slots, *common_slots(kind))}
    made = mapping_schema(tuple(slots.values()))
    if kind.head not in slots:
        made["properties"] = {kind.head: {"const": kind.word}, **made["properties"]}
        made["required"] = [kind.head, *made["required"]]
    elif kind.head == "wait":
        made["properties"]["wait"]["not"] = {"enum": ["event", "field"]}
    return {"title": kind.name, "description": kind.help, **_with_parameters(made), "examples": [kind.example]}


def _with_parameters(made: dict[str, Any]) -> dict[str, Any]:
    """The same, where every value may hold a parameter as well."""
    keep = ("qa", "qa-part", "steps", "cleanup", "parameters", "table", "name", "do", "expect")
    properties = {key: part if key in keep else _or(part) for key, part in made["properties"].items()}
    return made | {"properties": properties}


def _or(part: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {key: part[key] for key in ("title", "description", "examples") if key in part}
    rest = {key: value for key, value in part.items() if key not in words}
    return {**words, "anyOf": [rest, _PARAMETER]}
