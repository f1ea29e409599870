"""The pump's log as a report needs it: counted whole, kept in part, however long it is."""

from collections import Counter
from dataclasses import dataclass, field

from firmware_link.vocabulary import LOW
from rig.recording.reader import RunReader
from rig.session import Event
from rig.therapy.plan import MOVING

MOST_SHOWN = 250
_MOST_TURNS = 100_000
_BLOCK = 20_000
#: After these the flow is another, or nobody knows what it was.
TURNS = MOVING | {"boot", "minimum_rate", "motor_stall", "refilled", "tube_replaced"}


def is_alarm(event: Event) -> bool:
    """Whether somebody should know."""
    return event.priority >= LOW


@dataclass
class Log:
    """Of one run."""

    total: int = 0
    counts: Counter[tuple[int, str]] = field(default_factory=Counter)  # by priority and kind
    first: list[Event] = field(default_factory=list)  # of all
    alarms: list[Event] = field(default_factory=list)  # the first
    turns: list[Event] = field(default_factory=list)  # TURNS

    @classmethod
    def of(cls, reader: RunReader) -> "Log":
        """Read block by block."""
        log = cls()
        while block := reader.events(log.total, _BLOCK):
            log.total += len(block)
            log.counts.update((event.priority, event.kind) for event in block)
            _keep(log.first, block, MOST_SHOWN)
            _keep(log.alarms, tuple(filter(is_alarm, block)), MOST_SHOWN)
            _keep(log.turns, tuple(event for event in block if event.kind in TURNS), _MOST_TURNS)
        return log

    @property
    def alarm_count(self) -> int:
        """How many somebody should know of."""
        return sum(count for (priority, _), count in self.counts.items() if priority >= LOW)


def _keep(kept: list[Event], more: tuple[Event, ...], most: int) -> None:
    kept.extend(more[: most - len(kept)])
