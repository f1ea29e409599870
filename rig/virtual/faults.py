"""Faults for a virtual rig, as data: what goes wrong when, for how long, by how much; and whether that can be."""

import difflib
from dataclasses import dataclass, replace

from firmware_link.errors import UsageError
from rig.virtual.fault_kinds import BY_NAME, KINDS, FaultKind

__all__ = ["BY_NAME", "KINDS", "Fault", "Refused", "check", "kind_of", "within"]

LONGEST_S = 10 * 365.25 * 86_400
SHORTEST_S = 0.001


@dataclass(frozen=True)
class Fault:
    """``what`` goes wrong from ``at_s`` (rig seconds, None for now), for ``duration_s`` (None: until it is ended).

    With ``ends`` it is the other way round: what goes on then is ended, if anything does.
    """

    what: str
    at_s: float | None = None
    duration_s: float | None = None
    amount: float | None = None
    ends: bool = False


class Refused(UsageError):
    """A fault that can't be; ``field`` is the one of ``Fault`` that says so."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}", remedy)


def check(fault: Fault, now_s: float) -> Fault:
    """The same with its amount filled in; raises Refused with the field and what it may be.

    What depends on the rig, or on other faults, is checked where it is scheduled.
    """
    kind = kind_of(fault.what)
    if fault.at_s is not None:
        _within_time("at_s", fault.at_s, now_s)
    if fault.ends:
        return _check_end(fault, kind)
    if fault.duration_s is not None:
        if not kind.lasts:
            raise Refused("duration_s", f'"{kind.name}" happens at once.', "Leave the duration out.")
        _within_time("duration_s", fault.duration_s, SHORTEST_S)
    if kind.amount is None:
        if fault.amount is not None:
            raise Refused("amount", f'"{kind.name}" has none.', "Leave the amount out.")
        return fault
    amount = kind.amount.default if fault.amount is None else fault.amount
    within("amount", amount, kind.amount.low, kind.amount.high, kind.amount.unit)
    if kind.amount.whole and amount != int(amount):
        allowed = range_of(kind.amount.low, kind.amount.high, kind.amount.unit)
        raise Refused("amount", f"{_number(amount)} is not a whole number.", f"Give a whole number, {allowed}.")
    return replace(fault, amount=amount)


def _check_end(fault: Fault, kind: FaultKind) -> Fault:
    if not kind.lasts and fault.at_s is None:
        raise Refused(
            "ends", f'"{kind.name}" happens at once and has no end.', "Say when the one to be called off would come."
        )
    for field, value in (("duration_s", fault.duration_s), ("amount", fault.amount)):
        if value is not None:
            raise Refused(field, "The end of a fault has none.", f"Leave the {field.removesuffix('_s')} out.")
    return fault


def kind_of(name: str) -> FaultKind:
    """The row of ``KINDS`` of this name; raises Refused with the nearest, or with all."""
    if name in BY_NAME:
        return BY_NAME[name]
    close = difflib.get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), BY_NAME, n=1)
    remedy = f'Is "{close[0]}" meant?' if close else f"Choose one of {', '.join(BY_NAME)}."
    raise Refused("what", f'There is no fault "{name[:40]}".', remedy)


def within(field: str, value: float, low: float, high: float, unit: str) -> None:
    """Raises Refused for a ``value`` that isn't from ``low`` to ``high``, with this range."""
    if not low <= value <= high:  # NaN isn't either
        said = f"{_number(value)} {unit}".rstrip()
        raise Refused(field, f"{said} is out of range.", f"Give {range_of(low, high, unit)}.")


def _within_time(field: str, value_s: float, low_s: float) -> None:
    if not low_s <= value_s <= LONGEST_S:  # NaN isn't either
        raise Refused(field, f"{_number(value_s)} s is out of range.", f"Give {_number(low_s)} s to 10 years.")


def range_of(low: float, high: float, unit: str) -> str:
    """ "1 to 100 %"."""
    return f"{_number(low)} to {_number(high)} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.10g}"
