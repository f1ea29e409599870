"""The check of a program before it is written: every value against its limits, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from firmware_link import vocabulary
from rig.therapy import units
from rig.therapy.limits import LimitSet, Range
from rig.therapy.program import Bolus, Program, volume_pl


@dataclass(frozen=True)
class Finding:
    """Something the check has to say about one field.

    "hard" forbids writing, "soft" asks for a confirmation with a reason, "note" only informs.
    """

    severity: str
    field: str
    what: str
    remedy: str


SHOWN: dict[str, Callable[[int], str]] = {
    units.DOSE_RATE.name: units.dose_rate_text,
    units.DOSE.name: units.dose_text,
    units.CONCENTRATION.name: units.concentration_text,
    units.FLOW.name: units.flow_text,
}
_TITLES = {
    "dose": "The dose",
    "flow": "The base flow",
    "concentration": "The concentration",
    "bolus.dose": "The bolus dose",
    "bolus.duration": "The flow of the bolus",
}


def check(program: Program, limits: LimitSet, settings: dict[str, int] | None = None) -> list[Finding]:
    """All findings, worst first.  ``settings`` are the pump's (vocabulary.SETTINGS by name), None while unknown."""
    known = settings if settings is not None else {row[1]: row[4] for row in vocabulary.SETTINGS}
    findings = [
        finding for field, value in _values(program) for finding in _against(field, value, limits.ranges[field])
    ]
    findings += _device(program, known)
    findings += _reservoir(program, known)
    order = ("hard", "soft", "note")
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _values(program: Program) -> Iterator[tuple[str, int]]:
    yield "concentration", program.concentration_ng_ml
    if program.dose_ng_day or not program.bolus:
        yield "dose", program.dose_ng_day
        yield "flow", program.flow_pl_day
    if program.bolus:
        yield "bolus.dose", program.bolus.dose_ng
        yield "bolus.duration", bolus_flow_pl_day(program.bolus, program.concentration_ng_ml)


def bolus_flow_pl_day(bolus: Bolus, concentration_ng_ml: int) -> int:
    """The flow while the bolus runs."""
    return volume_pl(bolus.dose_ng, concentration_ng_ml) * units.DAY_S * 1000 // max(1, bolus.duration_ms)


def _against(field: str, value: int, allowed: Range) -> Iterator[Finding]:
    severity = allowed.severity(value)
    if severity is None:
        return
    show = SHOWN[allowed.kind.name]
    low, high = (allowed.hard_low, allowed.hard_high) if severity == "hard" else (allowed.soft_low, allowed.soft_high)
    side = "below" if value < low else "above"
    what = f"{_TITLES[field]}, {show(value)}, is {side} the {severity} limit of {show(low if value < low else high)}."
    if field in ("dose", "bolus.dose") and value > high and allowed.soft_low <= value // 1000 <= allowed.soft_high:
        what += f" A thousandth of it, {show(value // 1000)}, would be usual: µg and mg mixed up?"
    if severity == "hard":
        remedy = f"Choose from {show(low)} to {show(high)}."
    else:
        remedy = "Change it, or confirm it with a reason."
    yield Finding(severity, field, what, remedy)


def _device(program: Program, settings: dict[str, int]) -> Iterator[Finding]:
    """What this pump's own hard limits forbid."""
    highest = settings["maximum_flow_pl_s"] * units.DAY_S
    if program.flow_pl_day > highest:
        what = f"This pump's own limit of the base flow is {units.flow_text(highest)}."
        yield Finding("hard", "flow", what, "Lower the dose or choose a higher concentration.")
    if program.bolus:
        highest = settings["maximum_bolus_flow_pl_s"] * units.DAY_S
        if bolus_flow_pl_day(program.bolus, program.concentration_ng_ml) > highest:
            what = f"This pump's own limit of the bolus flow is {units.flow_text(highest)}."
            yield Finding("hard", "bolus.duration", what, "Give the bolus more time.")


def _reservoir(program: Program, settings: dict[str, int]) -> Iterator[Finding]:
    labelled = settings["concentration_ng_ml"]
    if labelled != program.concentration_ng_ml:
        what = (
            f"The program is for {units.concentration_text(program.concentration_ng_ml)}, "
            f"the pump's reservoir is labelled {units.concentration_text(labelled)}."
        )
        yield Finding("note", "concentration", what, "Refill with the right concentration, or correct the program.")
