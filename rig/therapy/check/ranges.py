"""Soft and hard ranges of the limit set, and the unit mistake by a factor of 1000 that explains much that is beyond."""

from collections.abc import Callable
from dataclasses import replace

from rig.therapy import units
from rig.therapy.check.case import Case
from rig.therapy.check.edits import shown, written
from rig.therapy.check.quantities import Quantity, quantities
from rig.therapy.finding import Finding, Fix
from rig.therapy.limits import Range
from rig.therapy.modes import Mode, Taper

SHOWN: dict[str, Callable[[int], str]] = {
    units.DOSE_RATE.name: units.dose_rate_text,
    units.DOSE.name: units.dose_text,
    units.CONCENTRATION.name: units.concentration_text,
    units.FLOW.name: units.flow_text,
    units.DURATION.name: units.duration_text,
    units.COUNT.name: str,
}
REASON = "Change it, or confirm it with a reason."
_MIXABLE = (units.DOSE_RATE, units.DOSE, units.CONCENTRATION, units.FLOW)  # whose units differ by 1000
_MISTAKE = "It is probably a unit mistake by the factor of 1000"
_UNIT = "Correct the unit."
_RANKS = {"hard": 0, "soft": 1}


def beyond_limits(case: Case) -> list[Finding]:
    """Every quantity against its range: one finding a field and side, the worse of a dose and its flow."""
    found: dict[tuple[str, bool], Finding] = {}
    mistaken = False  # the concentration: flows follow from it
    for quantity in quantities(case.program):
        allowed = _allowed(case, quantity.limit)
        severity = allowed.severity(quantity.value)
        if quantity.upper and quantity.value <= allowed.soft_high:
            continue
        if severity is None or (mistaken and quantity.mixed):
            continue
        mistaken = mistaken or (quantity.field == "concentration" and severity == "hard")
        key = (quantity.field, quantity.value > allowed.soft_high)
        finding, before = _finding(case.program.mode, quantity, allowed, severity), found.get(key)
        if before is None:
            found[key] = finding
        elif _MISTAKE in before.what:
            found[key] = _worse_by_mistake(before, finding)
        else:
            worse = finding if _RANKS[severity] < _RANKS[before.severity] else before
            found[key] = replace(worse, fix=_further(before.fix, finding.fix, quantity.kind, above=key[1]))
    return list(found.values())


def _worse_by_mistake(mistake: Finding, other: Finding) -> Finding:
    """The worse of two findings of one field, with the unit mistake that explains both."""
    if _RANKS[other.severity] >= _RANKS[mistake.severity]:
        return mistake
    what = other.what + mistake.what[mistake.what.index(_MISTAKE) - 1 :]
    return replace(other, what=what, remedy=f"{_UNIT} {other.remedy}", fix=mistake.fix)


def _allowed(case: Case, limit: str) -> Range:
    """The range of the limit set; of a flow no wider than what the pump's profile can do."""
    allowed, pump = case.limits.ranges[limit], case.program.pump
    if limit != "flow":
        return allowed
    return replace(
        allowed,
        soft_low=max(allowed.soft_low, pump.flow_low_pl_day),
        soft_high=min(allowed.soft_high, pump.flow_high_pl_day),
        hard_low=max(allowed.hard_low, pump.minimum_pl_day),
        hard_high=min(allowed.hard_high, pump.flow_high_pl_day),
    )


def _finding(mode: Mode, quantity: Quantity, allowed: Range, severity: str) -> Finding:
    show = SHOWN[allowed.kind.name]
    value = quantity.value
    low, high = (allowed.hard_low, allowed.hard_high) if severity == "hard" else (allowed.soft_low, allowed.soft_high)
    above = value > high
    bound = high if above else low
    side = "above" if above else "below"
    said = show(value)
    if said == show(bound):  # too close for the usual digits
        said = shown(units.write(value, allowed.kind))
    what = f"{quantity.title}, {said}, is {side} the {severity} limit of {show(bound)}."
    remedy = f"Choose from {show(low)} to {show(high)}." if severity == "hard" else REASON
    if low == high:
        remedy = remedy.replace(f"from {show(low)} to {show(high)}", show(low))
    usual = allowed.soft_high if above else allowed.soft_low
    fix = _fix(mode, quantity, usual, f"{'Lower' if above else 'Raise'} to")
    meant = None if quantity.mixed else _meant(value, allowed)
    if meant is not None:
        large, small = ("mL", "µL") if allowed.kind == units.FLOW else ("mg", "µg")
        mixed, share = (
            (f"{large} for {small}", "thousandth of") if above else (f"{small} for {large}", "thousand times")
        )
        what += f" {_MISTAKE} ({mixed}): a {share} it, {show(meant)}, is usual."
        remedy = f"{_UNIT} {remedy}"
        fix = _fix(mode, quantity, meant, "Read it as") or fix
    return Finding("hard" if severity == "hard" else "soft", quantity.field, what, remedy, fix)


def _meant(value: int, allowed: Range) -> int | None:
    """What a factor of 1000 makes of a value beyond its range, where that would be usual."""
    if allowed.kind not in _MIXABLE:
        return None
    usual = [meant for meant in (value // 1000, value * 1000) if allowed.soft_low <= meant <= allowed.soft_high]
    return usual[0] if usual else None


def _fix(mode: Mode, quantity: Quantity, value: int, verb: str) -> Fix | None:
    """Writes what makes the quantity ``value``, or as near to it as its range lets."""
    text = quantity.text_for(value, upwards=value > quantity.value)
    if text is None or (isinstance(mode, Taper) and not _falls(mode, quantity.field, units.parse(text, quantity.kind))):
        return None
    title = f"{'Take' if quantity.inverse else verb} {shown(text)}"
    said = units.parse(text, units.COUNT) if quantity.kind == units.COUNT else text  # files say a bare number
    return Fix(title, written(mode, quantity.field, said))


def _further(one: Fix | None, other: Fix | None, kind: units.Kind, above: bool) -> Fix | None:
    """Of two fixes of one field the one that settles both; None where one of them can't be made."""
    if one is None or other is None:
        return None
    values = [units.parse(fix.edits[-1][1], kind) for fix in (one, other)]
    return one if (values[0] <= values[1]) == above else other


def _falls(mode: Taper, field: str, value: int) -> bool:
    """Whether ``mode`` still leads down with ``value`` at ``field``."""
    dose = value if field == "dose" else mode.dose_ng_day
    return dose > (value if field == "target" else mode.target_ng_day)
