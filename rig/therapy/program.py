"""Dose programs as people set them, and the files that hold them.

Values are whole base units (ng, ng/day, ng/mL, pl, ms); ``units`` reads and shows them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.therapy import units

SCHEMA = 1
After = Literal["resume", "stop"]


@dataclass(frozen=True)
class Bolus:
    """One dose given at once over ``duration_ms``; then the base goes on, or the pump stops."""

    dose_ng: int
    duration_ms: int
    after: After = "resume"


@dataclass(frozen=True)
class Program:
    """Simple continuous infusion at ``dose_ng_day``, optionally begun by a bolus.

    A dose of 0 is a bolus without a base, which must then say ``after="stop"``.
    """

    name: str
    drug: str
    concentration_ng_ml: int
    dose_ng_day: int
    bolus: Bolus | None = None

    @property
    def flow_pl_day(self) -> int:
        """Base flow = dose / concentration, rounded to a picolitre a day."""
        return volume_pl(self.dose_ng_day, self.concentration_ng_ml)


def volume_pl(dose_ng: int, concentration_ng_ml: int) -> int:
    """The volume that carries ``dose_ng``, to the nearest picolitre; 0 at no concentration, where there is none."""
    if concentration_ng_ml <= 0:
        return 0
    return (2 * dose_ng * 1_000_000_000 + concentration_ng_ml) // (2 * concentration_ng_ml)


def dose_ng(volume_pl_: int, concentration_ng_ml: int) -> int:
    """The dose in ``volume_pl_``, to the nearest nanogram: ``volume_pl`` the other way round."""
    return (2 * volume_pl_ * concentration_ng_ml + 1_000_000_000) // 2_000_000_000


class _BolusFile(msgspec.Struct, forbid_unknown_fields=True):
    dose: str
    duration: str
    after: After


class _ContinuousFile(msgspec.Struct, forbid_unknown_fields=True, tag_field="mode", tag="simple continuous"):
    """Everything a file of this mode may say; exactly one of ``dose`` and ``flow``."""

    pump_program: int = msgspec.field(name="pump-program")
    name: str
    drug: str
    concentration: str
    dose: str | None = None
    flow: str | None = None
    bolus: _BolusFile | None = None


class _SingleBolusFile(msgspec.Struct, forbid_unknown_fields=True, tag_field="mode", tag="single bolus"):
    pump_program: int = msgspec.field(name="pump-program")
    name: str
    drug: str
    concentration: str
    bolus: _BolusFile


def load(path: Path) -> Program:
    """The program in a YAML file; raises yamlfile.FileFault with file, line, field and what would be valid."""
    return _Reader(str(path), *yamlfile.load_marked(path, _ContinuousFile | _SingleBolusFile)).program()


def loads(text: str, name: str = "program") -> Program:
    """The program in ``text``, called ``name`` in errors, as ``load`` does."""
    return _Reader(name, *yamlfile.loads_marked(text, _ContinuousFile | _SingleBolusFile, name)).program()


@dataclass(frozen=True)
class _Reader:
    """Turns a file's words into base units, and knows where each stood."""

    name: str
    file: _ContinuousFile | _SingleBolusFile
    marks: yamlfile.Marks

    def program(self) -> Program:
        file = self.file
        if file.pump_program != SCHEMA:
            newer = file.pump_program > SCHEMA
            remedy = "Update this program." if newer else f"Write it as schema {SCHEMA}."
            raise self.fault("pump-program", f"schema {file.pump_program} is not known", remedy)
        concentration = self.quantity("concentration", file.concentration, units.CONCENTRATION)
        if not concentration:
            raise self.fault("concentration", "is zero", 'For example "500 ug/mL".')
        bolus = self.bolus(file.bolus) if file.bolus else None
        if isinstance(file, _SingleBolusFile):
            if file.bolus.after != "stop":
                raise self.fault(
                    "bolus.after", "there is no base to resume", 'Write "stop", or use mode "simple continuous".'
                )
            return Program(file.name, file.drug, concentration, 0, bolus)
        return Program(file.name, file.drug, concentration, self.dose(file, concentration), bolus)

    def dose(self, file: _ContinuousFile, concentration_ng_ml: int) -> int:
        if (file.dose is None) == (file.flow is None):
            raise self.fault(
                "dose", "give either a dose or a flow", 'For example "dose: 100 ug/day" or "flow: 0.2 mL/day".'
            )
        if file.dose is not None:
            return self.quantity("dose", file.dose, units.DOSE_RATE)
        return dose_ng(self.quantity("flow", file.flow or "", units.FLOW), concentration_ng_ml)

    def bolus(self, file: _BolusFile) -> Bolus:
        dose = self.quantity("bolus.dose", file.dose, units.DOSE)
        duration = self.quantity("bolus.duration", file.duration, units.DURATION)
        for field, value in (("bolus.dose", dose), ("bolus.duration", duration)):
            if not value:
                raise self.fault(field, "is zero", "Leave the bolus out if there is none.")
        return Bolus(dose, duration, file.after)

    def quantity(self, field: str, text: str, kind: units.Kind) -> int:
        try:
            return units.parse(text, kind)
        except UsageError as error:
            raise self.fault(field, error.what.rstrip("."), error.remedy) from error

    def fault(self, field: str, problem: str, remedy: str) -> yamlfile.FileFault:
        return yamlfile.FileFault(self.name, self.marks.line(field), field, f"{problem}.", remedy)
