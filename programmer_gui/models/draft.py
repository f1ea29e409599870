"""The program being edited: what the operator wrote, what it means, and what the check says.  Free of Qt."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields

from firmware_link.errors import UsageError
from rig.therapy import check, units
from rig.therapy.limits import LimitSet
from rig.therapy.program import Bolus, Program, volume_pl

MODES = {"continuous": "Simple continuous", "bolus": "Single bolus, then stop"}


@dataclass(frozen=True)
class Draft:
    """The form, word by word."""

    name: str = "Untitled program"
    mode: str = "continuous"  # of MODES
    drug: str = "water"
    concentration: str = "500 µg/mL"
    dose: str = "100 µg/day"
    with_bolus: bool = False
    bolus_dose: str = "20 µg"
    bolus_duration: str = "10 min"
    bolus_after: str = "resume"


FIELD_TITLES = {
    "name": "Name",
    "mode": "Mode",
    "drug": "Drug",
    "concentration": "Concentration",
    "dose": "Dose a day",
    "with_bolus": "Begin with a bolus",
    "bolus_dose": "Bolus dose",
    "bolus_duration": "Bolus duration",
    "bolus_after": "After the bolus",
}
DRAFT_FIELDS = tuple(row.name for row in fields(Draft))
#: fields of findings (rig.therapy.check) -> fields of the form
_FORM_FIELDS = {"flow": "dose", "bolus.dose": "bolus_dose", "bolus.duration": "bolus_duration"}


@dataclass(frozen=True)
class Remark:
    """Something to say beside a field: "bad" can't be read, "hard", "soft" or "note" as of the check."""

    severity: str
    field: str  # of the form
    what: str
    remedy: str


@dataclass(frozen=True)
class Evaluated:
    """What a draft means: a program where everything could be read, and what there is to say about it."""

    program: Program | None
    remarks: tuple[Remark, ...] = ()
    derived: dict[str, str] = field(default_factory=dict)  # form field -> the same in other units

    @property
    def writable(self) -> bool:
        """Whether nothing forbids writing it."""
        return self.program is not None and not any(r.severity in ("bad", "hard") for r in self.remarks)

    @property
    def needs_reason(self) -> bool:
        """Whether a soft limit asks for a confirmation."""
        return any(remark.severity == "soft" for remark in self.remarks)


def evaluate(draft: Draft, limits: LimitSet, settings: dict[str, int] | None) -> Evaluated:
    """Reads and checks ``draft``; ``settings`` are the pump's, None before it is known."""
    remarks: list[Remark] = []

    def read(name: str, kind: units.Kind) -> int | None:
        try:
            value = units.parse(getattr(draft, name), kind)
        except UsageError as error:
            remarks.append(Remark("bad", name, error.what, error.remedy))
            return None
        if value == 0 and name != "dose":
            remarks.append(Remark("bad", name, f"{FIELD_TITLES[name]} is zero.", f'For example "{kind.example}".'))
            return None
        return value

    program = _program(draft, read)
    if program is None:
        return Evaluated(None, tuple(remarks))
    for finding in check.check(program, limits, settings):
        form_field = _FORM_FIELDS.get(finding.field, finding.field)
        remarks.append(Remark(finding.severity, form_field, finding.what, finding.remedy))
    return Evaluated(program, tuple(remarks), _derived(program))


def _program(draft: Draft, read: Callable[[str, units.Kind], int | None]) -> Program | None:
    concentration = read("concentration", units.CONCENTRATION)
    single = draft.mode == "bolus"
    dose = 0 if single else read("dose", units.DOSE_RATE)
    bolus = None
    if single or draft.with_bolus:
        bolus_dose, duration = read("bolus_dose", units.DOSE), read("bolus_duration", units.DURATION)
        if bolus_dose is None or duration is None:
            return None
        bolus = Bolus(bolus_dose, duration, "stop" if single or draft.bolus_after == "stop" else "resume")
    if concentration is None or dose is None:
        return None
    return Program(draft.name, draft.drug, concentration, dose, bolus)


def _derived(program: Program) -> dict[str, str]:
    """Dose, rate and volume side by side."""
    rate = units.flow_text(program.flow_pl_day)
    derived = {"dose": f"= {rate}, {units.volume_text(program.flow_pl_day / 24_000)} an hour"}
    bolus = program.bolus
    if bolus:
        volume = volume_pl(bolus.dose_ng, program.concentration_ng_ml)
        derived["bolus_dose"] = f"= {units.volume_text(volume / 1000)}"
        flow = check.bolus_flow_pl_day(bolus, program.concentration_ng_ml)
        derived["bolus_duration"] = f"= {units.flow_text(flow)} while it runs"
    return derived
