"""What can go wrong on a virtual rig, as data: one vocabulary for scripts, the window and tests."""

from dataclasses import dataclass

from firmware_link.errors import UsageError

_LONGEST_S = 10 * 365.25 * 86_400
_SHORTEST_S = 0.001


@dataclass(frozen=True)
class Amount:
    """What a fault's ``amount`` means, and its range, ends included."""

    title: str
    unit: str
    low: float
    high: float
    default: float


@dataclass(frozen=True)
class FaultKind:
    """One fault, for people and for checking.  One that ``lasts`` has a duration, or goes on until ended."""

    name: str
    title: str
    what: str  # what happens, in a sentence
    lasts: bool
    amount: Amount | None = None


KINDS = (
    FaultKind("stall", "Stalled rotor", "The rotor is held; the steps it is told to turn are lost.", True),
    FaultKind(
        "occlusion",
        "Blocked outlet",
        "The catheter lets less through, or nothing; pressure builds up behind it.",
        True,
        Amount("Blocked", "%", 1, 100, 100),
    ),
    FaultKind("empty_reservoir", "Empty reservoir", "The reservoir has nothing left; the rotor draws air.", False),
    FaultKind(
        "fill_reservoir",
        "Fill reservoir",
        "The reservoir then holds this much, whatever was in it.",
        False,
        Amount("Volume", "mL", 0.1, 40, 20),
    ),
    FaultKind(
        "free_flow",
        "Free flow",
        "Liquid runs through the tube by itself, whatever the rotor does.",
        True,
        Amount("Flow", "mL/h", 0.1, 60, 5),
    ),
    FaultKind("unplug", "Unplugged cable", "The link is gone; the pump goes on with what it does.", True),
    FaultKind(
        "low_battery",
        "Low battery",
        "The cell's charge is at once this much.",
        False,
        Amount("Charge left", "%", 0, 100, 5),
    ),
    FaultKind("new_battery", "New battery", "A full cell takes the old one's place.", False),
    FaultKind("power_cut", "Power cut", "Everything is off; then the pump boots.", True),
    FaultKind("press_button", "Press the button", "The on-demand button is pressed; the pump decides alone.", False),
    FaultKind("reset", "Reset", "The board boots again without losing power for long.", False),
)
BY_NAME = {kind.name: kind for kind in KINDS}


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
