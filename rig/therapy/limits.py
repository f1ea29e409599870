"""Limit sets: what may be programmed, as data in ``resources/limits``."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.therapy import units

SCHEMA = 1

#: The limited quantities: field of a program, key in a limit file, kind.
QUANTITIES = (
    ("dose", "dose", units.DOSE_RATE),
    ("flow", "flow", units.FLOW),
    ("concentration", "concentration", units.CONCENTRATION),
    ("bolus.dose", "bolus-dose", units.DOSE),
    ("bolus.duration", "bolus-flow", units.FLOW),
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
    """Ranges by the program's field they belong to."""

    name: str
    ranges: dict[str, Range]


class _RangeFile(msgspec.Struct, forbid_unknown_fields=True):
    soft: tuple[str, str]
    hard: tuple[str, str]


class _LimitFile(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    limit_set: int
    name: str
    flow: _RangeFile
    dose: _RangeFile
    concentration: _RangeFile
    bolus_dose: _RangeFile
    bolus_flow: _RangeFile


def load(path: Path) -> LimitSet:
    """The limit set in a YAML file; raises yamlfile.FileFault with file, line and field."""
    file, marks = yamlfile.load_marked(path, _LimitFile)
    if file.limit_set != SCHEMA:
        problem = f"schema {file.limit_set} is not known."
        raise yamlfile.FileFault(
            str(path), marks.line("limit-set"), "limit-set", problem, f"Write it as schema {SCHEMA}."
        )
    ranges = {}
    for field, key, kind in QUANTITIES:
        written = getattr(file, key.replace("-", "_"))
        try:
            soft_low, soft_high, hard_low, hard_high = (
                units.parse(text, kind) for text in (*written.soft, *written.hard)
            )
        except UsageError as error:
            raise yamlfile.FileFault(str(path), marks.line(key), key, error.what, error.remedy) from error
        if not hard_low <= soft_low <= soft_high <= hard_high:
            problem = "the soft range must lie within the hard one, low before high."
            raise yamlfile.FileFault(str(path), marks.line(key), key, problem, "Correct the range.")
        ranges[field] = Range(soft_low, soft_high, hard_low, hard_high, kind)
    return LimitSet(file.name, ranges)
