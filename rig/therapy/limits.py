"""Limit sets: what may be programmed, as data in ``resources/limits``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from rig import yamlfile
from rig.resources import resource
from rig.therapy import units
from rig.therapy.fields import quantity, several, text, words
from rig.therapy.parsing import Fault, Values, parse, shown

SCHEMA = 2


class Quantity(NamedTuple):
    """A limited quantity: what a limit set calls it, its kind, and what it bounds."""

    field: str  # of a program where there is one, else the key
    key: str  # in a limit file
    kind: units.Kind
    help: str


QUANTITIES = (
    Quantity("dose", "dose", units.DOSE_RATE, "Any dose a day."),
    Quantity("flow", "flow", units.FLOW, "Any flow but that of a bolus or a prime."),
    Quantity("concentration", "concentration", units.CONCENTRATION, "Of the drug."),
    Quantity("bolus.dose", "bolus-dose", units.DOSE, "Of any bolus."),
    Quantity("bolus.duration", "bolus-flow", units.FLOW, "While a bolus or a prime runs."),
    Quantity("interval", "interval", units.DURATION, "From one periodic bolus to the next."),
    Quantity("on-demand.max-per-day", "demand-per-day", units.COUNT, "On-demand boluses in 24 h."),
    Quantity("on-demand.lockout", "demand-lockout", units.DURATION, "From one on-demand bolus to the next."),
    Quantity("titration-step", "titration-step", units.PERCENT, "Rise in 24 h, of the dose before."),
    Quantity("step-down", "step-down", units.PERCENT, "Fall at once, of the dose before."),
    Quantity("screening-concentration", "screening-concentration", units.CONCENTRATION, "Of the screening boluses."),
    Quantity("trial-dose", "trial-dose", units.DOSE_RATE, "A day, in an infusion trial."),
    Quantity("refill", "refill", units.DURATION, "From a full reservoir to the low one."),
)


@dataclass(frozen=True)
class Range:
    """Allowed values in base units, both ends included."""

    soft_low: int
    soft_high: int
    hard_low: int
    hard_high: int
    kind: units.Kind

    def severity(self, value: int) -> str | None:
        """ "hard", "soft", or None for a value within both."""
        if not self.hard_low <= value <= self.hard_high:
            return "hard"
        if not self.soft_low <= value <= self.soft_high:
            return "soft"
        return None


@dataclass(frozen=True)
class LimitSet:
    """Ranges by the field of QUANTITIES."""

    name: str
    ranges: dict[str, Range]

    @property
    def titration_step_bp(self) -> int:
        """The largest step that needs no reason."""
        return self.ranges["titration-step"].soft_high


def _range_part(kind: units.Kind) -> Any:
    """A range of ``kind``; both ends belong to it."""
    end = Annotated[str, quantity("Limit", "One end.", kind, low=0)]
    fields = [
        (key, Annotated[list[end], several(key.capitalize(), help_, least=2, most=2, attribute=key)])
        for key, help_ in (
            ("soft", "From and to; beyond asks for a reason."),
            ("hard", "From and to; beyond is refused."),
        )
    ]
    name = "".join(word.capitalize() for word in kind.name.split()) + "Range"
    return msgspec.defstruct(
        name, fields, namespace={"__doc__": f"A range of: {kind.name}."}, forbid_unknown_fields=True
    )


_PARTS = {kind: _range_part(kind) for kind in dict.fromkeys(limited.kind for limited in QUANTITIES)}

LimitFile: Any = msgspec.defstruct(
    "LimitFile",
    [
        ("limit_set", Annotated[int, msgspec.Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this file.")]),
        ("name", Annotated[str, text("Name", "What people call it.", "Bench")]),
        *(
            (
                limited.key.replace("-", "_"),
                Annotated[_PARTS[limited.kind], words(limited.key.replace("-", " ").capitalize(), limited.help)],
            )
            for limited in QUANTITIES
        ),
    ],
    namespace={"__doc__": "What may be programmed."},
    forbid_unknown_fields=True,
    rename="kebab",
)


@cache
def standard(key: str) -> LimitSet:
    """The limit set "bench", "spinal" or "cerebral" of ``resources/limits``; raises FileNotFoundError for no such."""
    return load(resource(f"limits/{key}.yaml"))


def load(path: Path) -> LimitSet:
    """The limit set in a YAML file; raises yamlfile.FileFault with file, line and field."""
    document, marks = yamlfile.load_marked(path, dict[str, Any])
    values, faults = parse(document, LimitFile)
    if document.get("limit-set", SCHEMA) != SCHEMA:
        remedy = f"Write it as schema {SCHEMA}: see the limit sets beside this program."
        faults = [Fault("limit-set", f"Schema {shown(document['limit-set'])} is not known.", remedy)]
    for fault in faults or _contradictions(values):
        raise yamlfile.FileFault(str(path), marks.line(fault.field), fault.field, fault.what, fault.remedy)
    ranges = {}
    for limited in QUANTITIES:
        (soft_low, soft_high), (hard_low, hard_high) = _ends(values, limited)
        ranges[limited.field] = Range(soft_low, soft_high, hard_low, hard_high, limited.kind)
    return LimitSet(values["name"], ranges)


def _ends(values: Values, limited: Quantity) -> tuple[list[int], list[int]]:
    written = values[limited.key.replace("-", "_")]
    return written["soft"], written["hard"]


def _contradictions(values: Values) -> list[Fault]:
    faults = []
    for limited in QUANTITIES:
        (soft_low, soft_high), (hard_low, hard_high) = _ends(values, limited)
        if not hard_low <= soft_low <= soft_high <= hard_high:
            what = "The soft range must lie within the hard one, low before high."
            faults.append(Fault(limited.key, what, "Correct the range."))
    return faults
