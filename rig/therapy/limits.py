"""Limit sets: what may be programmed, as data in ``resources/limits``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.resources import resource
from rig.therapy import units

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


class RangePart(msgspec.Struct, forbid_unknown_fields=True):
    """Both ends belong to the range: beyond soft asks for a reason, beyond hard is refused."""

    soft: Annotated[tuple[str, str], msgspec.Meta(title="Soft", description="From and to; beyond asks for a reason.")]
    hard: Annotated[tuple[str, str], msgspec.Meta(title="Hard", description="From and to; beyond is refused.")]


def _key(quantity: Quantity) -> tuple[str, Any]:
    meta = msgspec.Meta(title=quantity.key.replace("-", " ").capitalize(), description=quantity.help)
    return quantity.key.replace("-", "_"), Annotated[RangePart, meta]


LimitFile: Any = msgspec.defstruct(
    "LimitFile",
    [
        ("limit_set", Annotated[int, msgspec.Meta(title="Schema", ge=SCHEMA, le=SCHEMA)]),
        ("name", Annotated[str, msgspec.Meta(title="Name", description="What people call it.", min_length=1)]),
        *(_key(quantity) for quantity in QUANTITIES),
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
    if document.get("limit-set", SCHEMA) != SCHEMA:
        problem = f"schema {str(document['limit-set'])[:20]} is not known."
        remedy = f"Write it as schema {SCHEMA}: see the limit sets beside this program."
        raise yamlfile.FileFault(str(path), marks.line("limit-set"), "limit-set", problem, remedy)
    file, marks = yamlfile.load_marked(path, LimitFile)
    ranges = {}
    for quantity in QUANTITIES:
        written = getattr(file, quantity.key.replace("-", "_"))
        try:
            ranges[quantity.field] = _range(written, quantity.kind)
        except UsageError as error:
            line = marks.line(quantity.key)
            raise yamlfile.FileFault(str(path), line, quantity.key, error.what, error.remedy) from error
    return LimitSet(file.name, ranges)


def _range(written: RangePart, kind: units.Kind) -> Range:
    soft_low, soft_high, hard_low, hard_high = (units.parse(text, kind) for text in (*written.soft, *written.hard))
    if not hard_low <= soft_low <= soft_high <= hard_high:
        raise UsageError("the soft range must lie within the hard one, low before high.", "Correct the range.")
    return Range(soft_low, soft_high, hard_low, hard_high, kind)
