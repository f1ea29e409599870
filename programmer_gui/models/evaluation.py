"""What the document being edited means: a program, and what there is to say about it.  Free of Qt."""

from dataclasses import dataclass, field, replace
from typing import Literal

from programmer_gui.models.derived import derived
from programmer_gui.models.document import Document
from rig.therapy import check, reading
from rig.therapy.finding import Context, Finding, Fix
from rig.therapy.forecast import Forecast
from rig.therapy.parsing import Fault
from rig.therapy.profiles import Profiles
from rig.therapy.program import Program
from rig.zones import offset_at

Level = Literal["bad", "hard", "soft", "note"]
LEVELS: tuple[Level, ...] = ("bad", "hard", "soft", "note")  # worst first


@dataclass(frozen=True)
class Remark:
    """Something to say beside a field: "bad" can't be read; "hard", "soft" and "note" are the check's."""

    level: Level
    field: str  # a path; "" for the program as a whole
    what: str
    remedy: str
    fix: Fix | None = None

    @property
    def sentence(self) -> str:
        """All in one."""
        return f"{self.what} {self.remedy}".strip()


@dataclass(frozen=True)
class Evaluated:
    """What a document means: a program where all of it could be read, and what there is to say."""

    program: Program | None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    derived: dict[str, str] = field(default_factory=dict)  # path -> the same in other units
    forecast: Forecast | None = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Faults and findings, worst first."""
        bad = [Remark("bad", one.field, one.what, one.remedy, _out(one)) for one in self.faults]
        found = [Remark(one.severity, one.field, one.what, one.remedy, one.fix) for one in self.findings]
        return tuple(sorted(bad + found, key=lambda remark: LEVELS.index(remark.level)))

    @property
    def writable(self) -> bool:
        """Whether nothing forbids writing it."""
        return self.program is not None and not self.faults and all(one.severity != "hard" for one in self.findings)

    @property
    def needs_reason(self) -> bool:
        """Whether a soft limit asks for a confirmation."""
        return any(one.severity == "soft" for one in self.findings)


def _out(fault: Fault) -> Fix | None:
    """What has no field in the form can only be taken out."""
    return Fix("Take it out", ((fault.field, None),)) if fault.what.startswith("Unknown field") else None


def evaluate(document: Document, profiles: Profiles, context: Context) -> Evaluated:
    """Reads and checks ``document``."""
    read = reading.read(document, profiles)
    findings: tuple[Finding, ...] = ()
    if read.program is not None:
        here = at_home(read.program, context)
        findings = tuple(check.check(read.program, profiles.limits[read.program.limits], here))
    return Evaluated(read.program, read.faults, findings, derived(document))


def at_home(program: Program, context: Context) -> Context:
    """``context`` with the times of day of the zone that ``program`` names."""
    return replace(context, offset_at=offset_at(program.time_zone)) if program.time_zone else context
