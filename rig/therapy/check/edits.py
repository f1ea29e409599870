"""Edits of a document, as remedies at one click make them."""

from dataclasses import replace
from typing import Any

from rig.therapy import modes, units
from rig.therapy.fields import fields_of
from rig.therapy.files import MODES, Header
from rig.therapy.finding import Finding
from rig.therapy.modes import Mode

Edits = tuple[tuple[str, Any], ...]

#: Fields that stand for one another: of each pair a file has one.
EITHER: dict[type, dict[str, str]] = {
    modes.SimpleContinuous: {"dose": "flow"},
    modes.Titration: {"target": "percent"},
}
_HEADER = {field.key for field in fields_of(Header)}
_MODE_OF = {file.kind: (mode, file.struct) for mode, file in MODES.items()}


def rate(ng_day: int) -> str:
    """A dose a day as a file says it."""
    return units.write(ng_day, units.DOSE_RATE)


def shown(text: str) -> str:
    """What a file says, as people see it: µ for u."""
    return text.replace("ug", "µg").replace("uL", "µL")


def written(mode: Mode, field: str, text: str | int) -> Edits:
    """``text`` at ``field``, in the place of what stands for it."""
    other = EITHER.get(type(mode), {}).get(field)
    return (*([(other, None)] if other else []), (field, text))


def switched(mode: Mode, to: str, **values: str) -> Edits:
    """Makes a document of ``mode`` one of the mode called ``to``, with these of its fields ("-" written as "_")."""
    new = {key.replace("_", "-"): text for key, text in values.items()}
    old = [field.key for field in fields_of(_MODE_OF[type(mode)][1]) if field.key not in _HEADER]
    removed = [(key, None) for key in old if key not in new]
    return (*removed, ("mode", to), *new.items())


def placed(document: Any, finding: Finding) -> Finding:
    """``finding`` at the field that ``document`` has, its unit mistake in the units that are written there."""
    field = located(document, finding.field)
    if field == finding.field:
        return finding
    what = finding.what.replace("(mg for µg)", "(mL for µL)").replace("(µg for mg)", "(µL for mL)")
    return replace(finding, field=field, what=what)


def located(document: Any, field: str) -> str:
    """Where ``document`` says what a finding calls ``field``: in the place of a dose it may have a flow."""
    if isinstance(document, dict) and field not in document:
        for names in EITHER.values():
            if names.get(field) in document and field in names:
                return names[field]
    return field
