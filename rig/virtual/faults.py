"""Faults for a virtual rig, as data: what goes wrong when, for how long, by how much; and whether that can be."""

from dataclasses import dataclass

from firmware_link.errors import UsageError
from rig.virtual.fault_kinds import BY_NAME, KINDS, FaultKind

__all__ = ["BY_NAME", "KINDS", "Fault", "check", "kind_of"]

_LONGEST_S = 10 * 365.25 * 86_400
_SHORTEST_S = 0.001


@dataclass(frozen=True)
class Fault:
    """``what`` goes wrong from ``at_s`` (rig seconds, None for now), for ``duration_s`` (None: until it is ended).

    With ``ends`` it is the other way round: what goes on is ended, if it does.
    """

    what: str
    at_s: float | None = None
    duration_s: float | None = None
    amount: float | None = None
    ends: bool = False


def check(fault: Fault, now_s: float) -> Fault:
    """The same with its amount filled in; raises UsageError naming the field and what it may be."""
    kind = kind_of(fault.what)
    if fault.at_s is not None:
        _within("at_s", fault.at_s, now_s, _LONGEST_S, "s, of the rig's time")
    if fault.ends:
        return _check_end(fault, kind)
    if fault.duration_s is not None:
        if not kind.lasts:
            raise UsageError(f'duration_s: "{kind.name}" happens at once.', "Leave the duration out.")
        _within("duration_s", fault.duration_s, _SHORTEST_S, _LONGEST_S, "s")
    if kind.amount is None:
        if fault.amount is not None:
            raise UsageError(f'amount: "{kind.name}" has none.', "Leave the amount out.")
        return fault
    amount = kind.amount.default if fault.amount is None else fault.amount
    _within("amount", amount, kind.amount.low, kind.amount.high, kind.amount.unit)
    return Fault(fault.what, fault.at_s, fault.duration_s, amount)


def _check_end(fault: Fault, kind: FaultKind) -> Fault:
    if not kind.lasts:
        raise UsageError(f'ends: "{kind.name}" happens at once and has no end.', "Leave it out.")
    for field, value in (("duration_s", fault.duration_s), ("amount", fault.amount)):
        if value is not None:
            raise UsageError(f"{field}: the end of a fault has none.", f"Leave the {field.removesuffix('_s')} out.")
    return fault


def kind_of(name: str) -> FaultKind:
    """The row of ``KINDS`` of this name; raises UsageError with all names."""
    if name not in BY_NAME:
        raise UsageError(f'what: there is no fault "{name}".', f"Choose one of {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def _within(field: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:  # NaN isn't either
        raise UsageError(f"{field}: {value:g} {unit} is out of range.", f"Give {low:g} to {high:g} {unit}.")
