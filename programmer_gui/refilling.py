"""A refill that the pump may have recorded although its answer was lost: its log tells.  Free of Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from programmer_gui.care import Refilled, RefillOrder, recorded
from programmer_gui.models.eventlog import LogEntry

US = 1_000_000


@dataclass(frozen=True)
class Attempt:
    """What was sent, how much was expected in the reservoir, and the latest entry of the log by then."""

    order: RefillOrder
    expected_nl: int
    after: int

    def found(self, entries: Iterable[LogEntry]) -> Refilled | None:
        """What is kept of it where the log has it; None where it has not, or not yet."""
        for entry in entries:
            if entry.kind == "refilled" and entry.number > self.after:
                return recorded(self.order, self.expected_nl, entry.utc_us // US)
        return None


def latest(entries: Iterable[LogEntry]) -> int:
    """Number of the latest entry that is the pump's own; 0 for none."""
    return max((entry.number for entry in entries), default=0)
