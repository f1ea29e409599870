"""Reads a plain document against a struct of ``fields``: every value in base units, and every fault at once."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import msgspec

from firmware_link.errors import UsageError
from rig.therapy import units
from rig.therapy.fields import Field, fields_of

_ENOUGH = 20  # unknown keys of one mapping that are worth telling


@dataclass(frozen=True)
class Fault:
    """What one field of a document says wrong; ``field`` is a path like "steps[2].rate", "" for the whole."""

    field: str
    what: str
    remedy: str


Values = dict[str, Any]  # by attribute; what is left out or wrong isn't there


def parse(document: Any, struct: type[msgspec.Struct], path: str = "") -> tuple[Values, list[Fault]]:
    """The values that ``document`` holds by the fields of ``struct``, and its faults; never raises."""
    if not isinstance(document, Mapping):
        return {}, [Fault(path, "Keys and values are expected here.", "See the examples beside this program.")]
    values: Values = {}
    known = {field.key: field for field in fields_of(struct)}
    prefix = f"{path}." if path else ""
    tag = struct.__struct_config__.tag_field
    faults = [
        Fault(f"{prefix}{key}"[:80], f'Unknown field "{shown(key)}".', _known(shown(key), [*known]))
        for key in islice((key for key in document if key not in known and key != tag), _ENOUGH)
    ]
    faults += _either(document, getattr(struct, "either", None), prefix)
    for key, field in known.items():
        if key not in document:
            if field.required:
                faults.append(Fault(prefix + key, f"{field.title} {_verb(field)} missing.", _example(field, "Add it")))
            elif field.default and field.kind:
                values[field.attribute] = units.parse(field.default, field.kind)
            elif field.default:
                values[field.attribute] = field.default
            continue
        value, found = _value(document[key], field, prefix + key)
        faults += found
        if not found or (value is not None and field.form in ("group", "list", "several")):
            values[field.attribute] = value
    return values, faults


def shown(said: Any) -> str:
    """``said`` in a few characters, for a sentence."""
    if isinstance(said, int) and abs(said) > units.LARGEST:
        return "a huge number"
    if isinstance(said, bool):
        return str(said).lower()
    if isinstance(said, float) and not math.isfinite(said):
        return f".{said}"
    return f"{type(said).__name__}" if isinstance(said, list | dict) else str(said)[:40]


def _either(document: Mapping[str, Any], names: tuple[str, str] | None, prefix: str) -> list[Fault]:
    """What is wrong where exactly one of two fields is to be given."""
    if names is None or (names[0] in document) != (names[1] in document):
        return []
    both = "Both are given" if names[0] in document else "Neither is given"
    one, other = names
    return [Fault(prefix + one, f"{both}: {one} and {other}.", f"Give either {one} or {other}.")]


def _value(said: Any, field: Field, path: str) -> tuple[Any, list[Fault]]:
    """The value of one field, and what is wrong with it."""
    if said is None:
        return None, [Fault(path, f"{field.title} is empty.", _example(field, "Fill it in, or take it out"))]
    if field.form == "group":
        assert field.part is not None
        return parse(said, field.part, path)
    if field.form in ("list", "several"):
        return _items(said, field, path)
    if field.form == "number":
        return said, _number_faults(said, field, path)
    if field.form == "choice":
        return said, [] if said in field.choices else [_no_choice(said, field, path)]
    if field.kind is not None:
        return _quantity(said, field, field.kind, path)
    return said, _text_faults(said, field, path)


def _items(said: Any, field: Field, path: str) -> tuple[list[Any], list[Fault]]:
    if not isinstance(said, list):
        return [], [Fault(path, "A list is expected here.", _example(field, "Write each item after a dash"))]
    faults = []
    if not field.low <= len(said) <= field.high:
        amount = f"at least {field.low}" if len(said) < field.low else f"at most {field.high}"
        faults.append(Fault(path, f"{field.title}: {len(said)} are too {_many(said, field)}.", f"Give {amount}."))
    values = []
    for index, item in enumerate(said[: field.high]):
        here = f"{path}[{index}]"
        value: Any
        if field.part is not None:
            value, found = parse(item, field.part, here)
        elif field.kind is not None:
            value, found = _quantity(item, replace(field, low=0, high=units.LARGEST), field.kind, here)
        else:
            value, found = item, [] if item in field.choices else [_no_choice(item, field, here)]
            if item in values:
                found = [Fault(here, f'"{shown(item)}" is there twice.', "Take one of them out.")]
        values.append(value)
        faults += found
    return values, faults


def _verb(field: Field) -> str:
    return "are" if field.form in ("list", "several") else "is"


def _many(said: list[Any], field: Field) -> str:
    return "few" if len(said) < field.low else "many"


def _quantity(said: Any, field: Field, kind: units.Kind, path: str) -> tuple[int | None, list[Fault]]:
    if not isinstance(said, str):
        return None, [_no_text(said, field, path)]
    try:
        value = units.parse(said, kind)
    except UsageError as error:
        return None, [Fault(path, error.what, error.remedy)]
    if field.low <= value <= field.high:
        return value, []
    if not value:
        return value, [Fault(path, f"{field.title} is zero.", _example(field, "Give more than none"))]
    bound, than = (field.low, "less") if value < field.low else (field.high, "more")
    allowed = f'"{units.write(bound, kind)}"'
    what = f"{field.title} is {than} than {allowed}."
    return value, [Fault(path, what, f"Give {'at least' if than == 'less' else 'at most'} {allowed}.")]


def _number_faults(said: Any, field: Field, path: str) -> list[Fault]:
    if isinstance(said, bool) or not isinstance(said, int):
        return [Fault(path, f'"{shown(said)}" is not a whole number.', f"Give {field.low} to {field.high}.")]
    if not field.low <= said <= field.high:
        return [Fault(path, f"{field.title} is out of range: {shown(said)}.", f"Give {field.low} to {field.high}.")]
    return []


def _text_faults(said: Any, field: Field, path: str) -> list[Fault]:
    if not isinstance(said, str):
        return [_no_text(said, field, path)]
    if not said.strip():
        return [Fault(path, f"{field.title} is empty.", _example(field, "Fill it in, or take it out"))]
    if len(said) > field.high:
        return [Fault(path, f"{field.title} has {len(said)} characters.", f"At most {field.high} are kept.")]
    if not said.isprintable():
        return [Fault(path, f"{field.title} has a line break or an invisible character.", "Take it out.")]
    return []


def _no_text(said: Any, field: Field, path: str) -> Fault:
    if isinstance(said, dict | list):
        return Fault(path, "Text is expected here.", _example(field, "Write it on one line"))
    if field.kind is not None and field.kind.shown and not isinstance(said, bool):
        remedy = f'Write a number and its unit, like "{field.kind.example}".'
        return Fault(path, f'"{shown(said)}" is a number without a unit.', remedy)
    return Fault(path, f'"{shown(said)}" is not text to YAML.', _example(field, "Write it in quotes"))


def _no_choice(said: Any, field: Field, path: str) -> Fault:
    what = f'"{shown(said)}" is not known here.'
    return Fault(path, what, f"Valid here: {', '.join(choice or 'nothing' for choice in field.choices)}.")


def _known(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f'Is "{close[0]}" meant?' if close else f"Known fields: {', '.join(known)}."


def _example(field: Field, remedy: str) -> str:
    choices = f"Valid here: {', '.join(choice for choice in field.choices if choice)}." if field.choices else ""
    example = f'For example "{field.key}: {field.example}".' if field.example else ""
    return f"{remedy}. {choices or example}".strip()
