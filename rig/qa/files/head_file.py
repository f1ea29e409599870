"""What a script says before its steps: its name, what it needs, how long it takes."""

import re
from dataclasses import replace
from typing import Any

from firmware_link import vocabulary
from firmware_link.errors import UsageError
from rig.qa.files import setting_keys
from rig.qa.files.slots import Slot, Values, by_key
from rig.qa.files.step_kinds import ON_FAIL
from rig.qa.files.values import AsIs, Several, Text, Whole, YesNo, duration, suggestion, vocabulary_choice
from rig.qa.files.wrong import WrongValue
from rig.qa.script import Needs
from rig.therapy import units

SCHEMA = 1
_LONGEST_MS = 3660 * units.DAY_MS


class _Matching:
    """Text of one form."""

    def __init__(self, pattern: str, what: str, example: str, lower: bool = False) -> None:
        self.pattern, self.what, self.example, self.lower = pattern, what, example, lower

    def read(self, said: Any) -> str:
        text = Text(80, self.example).read(said)
        text = text.lower() if self.lower else text
        if not re.fullmatch(self.pattern, text):
            raise UsageError(f'"{text[:40]}" is no {self.what}.', f'For example "{self.example}".')
        return text

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "examples": [self.example]}


class _Ranges:
    """Settings, each with the value it must have, or "60 kPa to 80 kPa"."""

    def read(self, said: Any) -> tuple[tuple[str, int, int], ...]:
        if not isinstance(said, dict) or not said:
            raise UsageError("Settings and their values are expected here.", 'For example "{tolerance: 14.5 %}".')
        return tuple(self._one(key, value) for key, value in said.items())

    def _one(self, key: Any, said: Any) -> tuple[str, int, int]:
        try:
            name = setting_keys.name_of(key)
            ends = said.split(" to ") if isinstance(said, str) else [said]
            low, high = setting_keys.read(name, ends[0]), setting_keys.read(name, ends[-1])
            if len(ends) > 2 or low > high:
                raise UsageError(f'"{said[:40]}" is no range.', 'Write "low to high".')
        except UsageError as error:
            raise WrongValue(str(key)[:40], error.what, error.remedy) from error
        return name, low, high

    def write(self, value: tuple[tuple[str, int, int], ...]) -> Values:
        said = {}
        for name, low, high in value:
            ends = [setting_keys.write(name, end) for end in (low, high)]
            said[setting_keys.key_of(name)] = ends[0] if low == high else f"{ends[0]} to {ends[1]}"
        return said

    def schema(self) -> dict[str, Any]:
        return setting_keys.schema()


_DEVICE = _Matching("[0-9a-fA-F]{16}", "device id", "e661640843a1b2c3", lower=True)
_FIRMWARE = _Matching(r"[0-9]{1,4}(\.[0-9]{1,4}){2}", "firmware version", "0.3.0")
_TAG = _Matching("[a-z][a-z0-9-]{0,39}", "tag", "occlusion")
NEEDS = (
    Slot("device", "Device", "Id of the only pump it is for, 16 hex digits.", _DEVICE, "e661640843a1b2c3"),
    Slot("firmware", "Firmware", "At least this version.", _FIRMWARE, "0.3.0"),
    Slot(
        "capabilities",
        "Capabilities",
        "What the pump must have.",
        Several(vocabulary_choice(vocabulary.CAPABILITIES, "capability")),
        "[balance, pressure]",
    ),
    Slot("virtual", "Virtual", "Only on a virtual rig: nobody can do this by hand.", YesNo(), "yes"),
    Slot("rig", "Rig", "The virtual rig of this name.", Text(40), "bench"),
    Slot("laboratory-balance", "Laboratory balance", "A balance of its own is connected.", YesNo(), "yes"),
    Slot("settings", "Settings", "What the pump's settings must be.", _Ranges(), "{occlusion-pressure: 69 kPa}"),
)


class _Needs:
    """What must be there before a case starts."""

    def read(self, said: Any) -> Needs:
        if not isinstance(said, dict):
            raise UsageError("Keys and values are expected here.", 'For example "{capabilities: [balance]}".')
        return Needs(**_read_below(said, NEEDS))

    def write(self, value: Needs) -> Values:
        return {slot.key: slot.value.write(part) for slot in NEEDS if (part := getattr(value, slot.name))}

    def schema(self) -> dict[str, Any]:
        return mapping_schema(NEEDS)


def _read_below(said: dict[str, Any], slots: tuple[Slot, ...]) -> Values:
    known, found = by_key(slots), {}
    for key, value in said.items():
        if key not in known:
            raise WrongValue(
                str(key)[:40], f'Unknown field "{str(key)[:40]}".', suggestion(str(key), known, "Known fields")
            )
        try:
            found[known[key].name] = known[key].value.read(value)
        except UsageError as error:
            below = f".{error.where}" if isinstance(error, WrongValue) and error.where else ""
            raise WrongValue((key + below).replace(".[", "["), error.what, error.remedy) from error
    return found


def mapping_schema(slots: tuple[Slot, ...]) -> dict[str, Any]:
    """The JSON schema of a mapping with these keys."""
    return {
        "type": "object",
        "properties": {slot.key: slot_schema(slot) for slot in slots},
        "required": [slot.key for slot in slots if slot.required],
        "additionalProperties": False,
    }


def slot_schema(slot: Slot) -> dict[str, Any]:
    """The JSON schema of one field, with its title, help and example."""
    example = {"examples": [slot.example]} if slot.example else {}
    return {"title": slot.title, "description": slot.help, **slot.value.schema(), **example}


STEPS_SCHEMA = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
_PARAMETERS_SCHEMA = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
HEAD = (
    Slot("qa", "Schema", "The version of this kind of file.", Whole(SCHEMA, SCHEMA), "1", True),
    Slot("name", "Name", "What people call it.", Text(80), "Occlusion and release", True),
    Slot("about", "About", "What it shows, in a sentence.", Text(400), "A blocked outlet raises the alarm in time."),
    Slot("tags", "Tags", "To choose scripts by.", Several(_TAG), "[occlusion, standard]"),
    Slot("duration", "Duration", "About how long it takes, of pump time.", duration(1, _LONGEST_MS), "3 h", True),
    Slot("interval", "Interval", "Of telemetry, while it runs.", duration(20, 3_600_000), "1 s", True),
    Slot("needs", "Needs", "What must be there before it starts.", _Needs(), "{capabilities: [pressure]}"),
    Slot(
        "parameters",
        "Parameters",
        "Names and values; ${name} below stands for it.",
        AsIs(_PARAMETERS_SCHEMA),
        "{rate: 1 mL/day}",
    ),
    Slot(
        "table",
        "Table",
        "Each row is a case of its own, with these parameters.",
        AsIs({"type": "array", "minItems": 1, "items": _PARAMETERS_SCHEMA}),
        "[{rate: 1 mL/day}, {rate: 24 mL/day}]",
    ),
    Slot("on-fail", "On fail", "Stop at the first failure, or go on.", ON_FAIL, "stop"),
    Slot("steps", "Steps", "What is done, waited for and expected, in this order.", AsIs(STEPS_SCHEMA), "", True),
    Slot("cleanup", "Cleanup", "Carried out in any case at the end; left out, the pump stops.", AsIs(STEPS_SCHEMA)),
)
_BY_KEY = by_key(HEAD)
PART = (
    Slot("qa-part", "Schema", "The version of this kind of file.", Whole(SCHEMA, SCHEMA), "1", True),
    replace(_BY_KEY["name"], required=False),
    _BY_KEY["about"],
    Slot(
        "parameters",
        "Parameters",
        "What it takes, each with the value it has if none is given; empty: one must be given.",
        AsIs({"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}}),
        "{rate: 1 mL/day}",
    ),
    _BY_KEY["steps"],
)
