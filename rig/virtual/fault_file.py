"""Fault files: what goes wrong on a virtual rig and when, as a list that people write.  See ``resources/faults``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.resources import resource
from rig.therapy import parsing, units
from rig.therapy.fields import quantity, several, text, words
from rig.therapy.schema import schema_of
from rig.virtual.fault_kinds import KINDS, Amount
from rig.virtual.faults import LONGEST_S, Fault, Refused, check, kind_of, range_of
from rig.virtual.schedule import Schedule

SCHEMA = 1
MOST_STEPS = 1000
_LONGEST_MS = round(LONGEST_S * 1000)
#: field of a Fault -> what a file calls it
_KEYS = {"what": "what", "at_s": "at", "amount": "how-much", "duration_s": "how-long"}


class StepPart(Struct, forbid_unknown_fields=True, rename="kebab"):
    """One fault."""

    at: Annotated[
        str, quantity("Time", "When it begins, since the rig was made.", units.DURATION, "2 h", low=0, high=_LONGEST_MS)
    ]
    what: Annotated[
        str,
        Meta(
            title="Fault",
            description="What goes wrong.",
            extra_json_schema={"enum": [kind.name for kind in KINDS], "examples": ["occlusion"]},
        ),
    ]
    how_much: Annotated[str | float, words("Amount", "With its unit; left out, what is usual.", "80 %")] | UnsetType = (
        UNSET
    )
    how_long: (
        Annotated[
            str,
            quantity("Duration", "Left out, it goes on for ever.", units.DURATION, "30 min", high=_LONGEST_MS),
        ]
        | UnsetType
    ) = UNSET


class FaultFile(Struct, forbid_unknown_fields=True):
    """A list of faults."""

    faults: Annotated[int, Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this kind of file.")]
    name: Annotated[str, text("Name", "What people call it.", "A night with an occlusion")]
    steps: Annotated[list[StepPart], several("Steps", "What goes wrong, in any order.", most=MOST_STEPS)]


@dataclass(frozen=True)
class FaultList:
    """What a fault file says: its name, and faults that can be, in its order."""

    name: str
    faults: tuple[Fault, ...]


def names() -> tuple[str, ...]:
    """The fault files that come with the program."""
    return tuple(sorted(path.stem for path in resource("faults").glob("*.yaml")))


def load(name_or_path: str) -> FaultList:
    """The fault file of this name, or at this path; raises UsageError with file, line and field of all that is wrong
    in it."""
    path = _path(name_or_path)
    return loads(yamlfile.read_text(path), str(path))


def _path(name_or_path: str) -> Path:
    if name_or_path in names():
        return resource(f"faults/{name_or_path}.yaml")
    path = Path(name_or_path).expanduser()
    if not path.suffix and not path.exists():
        known = f"Choose one of {', '.join(names())}, or name a file."
        raise UsageError(f'There is no fault file "{name_or_path[:80]}".', known)
    return path


def where(name_or_path: str, index: int, refused: Refused) -> yamlfile.FileFault:
    """What a rig refused of the fault of this index, with the line and the field of the file that says it."""
    path = _path(name_or_path)
    marks = yamlfile.Marks(yamlfile.parse(yamlfile.read_text(path), str(path)))
    field = f"steps[{index}].{_KEYS[refused.field]}"
    return yamlfile.FileFault(str(path), marks.line(field), field, refused.problem, refused.remedy)


def loads(said: str, name: str = "faults") -> FaultList:
    """The fault file whose text is ``said``, called ``name`` in errors, as ``load`` does."""
    tree = yamlfile.parse(said, name)
    found, faults = read(yamlfile.plain(tree, name))
    if found is not None:
        return found
    raise yamlfile.refusal(name, tree, faults)


def read(document: Any) -> tuple[FaultList | None, list[parsing.Fault]]:
    """What a plain document says, or all that is wrong with it; never raises."""
    if not isinstance(document, Mapping):
        return None, [parsing.Fault("", "It is empty or no list of faults.", _EXAMPLES)]
    if document.get("faults", SCHEMA) != SCHEMA or isinstance(document.get("faults"), bool | float):
        what = f'Schema "{parsing.shown(document["faults"])}" is not known.'
        return None, [parsing.Fault("faults", what, f"Write it as schema {SCHEMA}: see the examples.")]
    values, wrong = parsing.parse(_in_words(document), FaultFile)
    schedule = Schedule()
    faults = []
    for index, step in enumerate(values.get("steps") or ()):
        try:
            fault = _fault(step)
            if fault is not None:
                schedule.add(fault, round((fault.at_s or 0.0) * 1e6))
                faults.append(fault)
        except Refused as refused:
            path = f"steps[{index}].{_KEYS[refused.field]}"
            if not any(one.field == path for one in wrong):
                wrong.append(parsing.Fault(path, refused.problem, refused.remedy))
    return (None, wrong) if wrong else (FaultList(values["name"], tuple(faults)), [])


_EXAMPLES = "See the examples in resources/faults."


def _in_words(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same with amounts as text: a mere number needs no quotes."""
    steps = document.get("steps")
    if not isinstance(steps, list):
        return dict(document)
    return {**document, "steps": [_step_in_words(step) for step in steps]}


def _step_in_words(step: Any) -> Any:
    much = step.get("how-much") if isinstance(step, Mapping) else None
    if isinstance(much, bool) or not isinstance(much, int | float):
        return step
    return {**step, "how-much": f"{much:.12g}"}


def _fault(step: parsing.Values) -> Fault | None:
    """The fault that a step says, None where what is missing in it has been told already; raises Refused."""
    if "what" not in step:
        return None
    kind = kind_of(step["what"])
    amount = None
    if "how_much" in step:
        if kind.amount is None:
            raise Refused("amount", f'"{kind.name}" has none.', "Leave it out.")
        amount = amount_of(step["how_much"], kind.amount)
    duration_ms = step.get("how_long_ms")
    fault = Fault(kind.name, step.get("at_ms", 0) / 1000, duration_ms and duration_ms / 1000, amount)
    return check(fault, 0.0) if "at_ms" in step else None


#: unit of an amount -> (the kind of quantity whose other units are good too, its base units in one)
_QUANTITIES = {
    "mL": (units.VOLUME, 1e9),
    "mL/h": (units.FLOW, 24e9),
    "µg/mL": (units.CONCENTRATION, 1e3),
    "s": (units.DURATION, 1e3),
    "ms": (units.DURATION, 1.0),
}
#: unit -> other ways to write it
_SPELLINGS = {"°C": ("degC", "C"), "times": ("x",), "bytes": ("byte",), "": ("compressions", "copies", "copy")}
_WRITTEN = re.compile(r"\s*([-+]?)([0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})\s*([^0-9\s].{0,20}?)?\s*")


def amount_of(said: str, amount: Amount) -> float:
    """ "80 %" as a number of ``amount.unit``; raises Refused for what isn't one, or in another unit."""
    example = f"{amount.default:.10g} {amount.unit}".strip()
    remedy = f'Give {range_of(amount.low, amount.high, amount.unit)}, for example "{example}".'
    match = _WRITTEN.fullmatch(said)
    if match is None:
        raise Refused("amount", f'"{said[:40]}" is not an amount.', remedy)
    sign, number, unit = match[1], match[2], match[3] or ""
    value = None
    if unit in (amount.unit, *_SPELLINGS.get(amount.unit, ())):
        value = float(number)
    elif not unit:
        raise Refused("amount", f'"{said[:40]}" is a number without a unit.', remedy)
    elif amount.unit in _QUANTITIES:
        kind, size = _QUANTITIES[amount.unit]
        try:
            value = units.parse(f"{number} {unit}", kind) / size
        except UsageError:
            value = None
    if value is None:
        accepted = f"Give it in {amount.unit}" if amount.unit else "Give a mere number"
        raise Refused("amount", f'"{unit}" is not a unit of this amount.', f'{accepted}, like "{example}".')
    return -value if sign == "-" else value


def schema() -> dict[str, Any]:
    """The JSON schema of fault files."""
    return schema_of("faults", "Faults of a virtual rig", [FaultFile], ())
