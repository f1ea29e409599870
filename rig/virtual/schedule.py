"""Which faults begin and end when, and which can't be at once."""

from dataclasses import dataclass, replace

from rig.therapy import units
from rig.virtual.fault_kinds import BY_NAME, FaultKind
from rig.virtual.faults import Fault, Refused

NEVER_US = 1 << 62


@dataclass(frozen=True)
class Change:
    """A fault begins (``begins``) or ends, at ``at_us`` of the rig's time; ``amount`` is 0 where it has none or ends.

    ``number`` is the fault's own, from 1, in the order in which they were given.
    """

    at_us: int
    begins: bool
    what: str
    amount: float
    number: int


@dataclass(frozen=True)
class Scheduled:
    """A fault that is to come, or in force (``begun``).  ``end_us`` is ``NEVER_US`` where it goes on until it is ended,
    ``begin_us`` where it happens at once."""

    number: int
    what: str
    amount: float | None
    begin_us: int
    end_us: int
    begun: bool = False

    @property
    def kind(self) -> FaultKind:
        return BY_NAME[self.what]

    @property
    def due_us(self) -> int:
        """When it next changes."""
        return self.end_us if self.begun else self.begin_us

    def said(self) -> str:
        """ "stall", from 1 min to 90 s."""
        begin, end = _moment(self.begin_us), _moment(self.end_us)
        if not self.kind.lasts:
            return f'"{self.what}", at {begin}'
        until = "until it is ended" if self.end_us == NEVER_US else f"to {end}"
        return f'"{self.what}", in force {until}' if self.begun else f'"{self.what}", from {begin} {until}'


class Schedule:
    """The faults in force and those to come.  ``faults`` may be read from any thread; one thread does the rest."""

    def __init__(self) -> None:
        self.faults: tuple[Scheduled, ...] = ()  #: by when they next change
        self._number = 0
        self._due_us = NEVER_US

    @property
    def in_force(self) -> tuple[str, ...]:
        """The lasting faults that are on, in the order in which they began."""
        begun = sorted((one for one in self.faults if one.begun), key=lambda one: (one.begin_us, one.number))
        return tuple(one.what for one in begun)

    def due_us(self) -> int:
        """When the next change comes, ``NEVER_US`` for none."""
        return self._due_us

    def add(self, fault: Fault, at_us: int) -> None:
        """Begins a checked fault at ``at_us``, and ends it after its duration; or ends what was to go on then.

        Raises Refused where the fault is in force then already, or another one is that contradicts it.
        """
        if fault.ends:
            self._end(fault.what, at_us)
            return
        end_us = at_us
        if BY_NAME[fault.what].lasts:
            end_us = NEVER_US if fault.duration_s is None else at_us + round(fault.duration_s * 1e6)
        one = Scheduled(self._number + 1, fault.what, fault.amount, at_us, end_us)
        for other in self.faults:
            _check_both(one, other)
        self._number += 1
        self._set((*self.faults, one))

    def _end(self, what: str, at_us: int) -> None:
        """What of this name is on at ``at_us`` ends then, or never begins where it would only begin then."""
        kept = []
        for one in self.faults:
            if one.what == what and not one.begun and one.begin_us == at_us:
                continue
            if one.what == what and one.begin_us <= at_us < one.end_us:
                one = replace(one, end_us=at_us)
            kept.append(one)
        self._set(tuple(kept))

    def take(self, now_us: int) -> Change | None:
        """The next change that is due, None for none.  Of those at one moment, what ends comes first."""
        if self._due_us > now_us:
            return None
        one, rest = self.faults[0], self.faults[1:]
        begins = not one.begun
        self._set((*rest, replace(one, begun=True)) if begins and one.kind.lasts else rest)
        return Change(one.due_us, begins, one.what, (one.amount or 0.0) if begins else 0.0, one.number)

    def _set(self, faults: tuple[Scheduled, ...]) -> None:
        self.faults = tuple(sorted(faults, key=lambda one: (one.due_us, not one.begun, one.number)))
        self._due_us = self.faults[0].due_us if self.faults else NEVER_US


def _check_both(new: Scheduled, other: Scheduled) -> None:
    """Raises Refused where both can't be."""
    if new.what == other.what:
        if new.begin_us == other.begin_us or _overlap(new, other):
            raise Refused("what", f"It is given twice: there is {other.said()}.", _remedy(new, other))
        return
    shared = [place for place in new.kind.places if place in other.kind.places]
    if shared and _overlap(new, other):
        raise Refused(
            "what",
            f'"{new.what}" can\'t be together with {other.said()}: both concern the {shared[0]}.',
            _remedy(new, other),
        )


def _overlap(one: Scheduled, other: Scheduled) -> bool:
    return one.begin_us < other.end_us and other.begin_us < one.end_us


def _remedy(new: Scheduled, other: Scheduled) -> str:
    if other.begun and other.begin_us <= new.begin_us:
        later = "" if other.end_us == NEVER_US else f", or begin at {_moment(other.end_us)}"
        return f"End it first{later}."
    if not new.kind.lasts:
        return "Leave one of them out."
    if new.begin_us < other.begin_us:
        return f"Let it end by {_moment(other.begin_us)}."
    later = "Give that one an end" if other.end_us == NEVER_US else f"Begin at {_moment(other.end_us)}"
    return f"{later}, or leave one of them out."


def _moment(us: int) -> str:
    """As a fault file would say it; what was given by hand, at any microsecond, to a tenth of a second."""
    return units.write(us // 1000, units.DURATION) if us % 1000 == 0 else f"{us * 1e-6:.1f} s"
