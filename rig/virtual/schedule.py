"""Which faults begin and end when."""

import heapq
from dataclasses import dataclass

from rig.virtual.faults import BY_NAME, Fault

NEVER_US = 1 << 62


@dataclass(frozen=True, order=True)
class Change:
    """A fault begins (``begins``) or ends.  ``order`` keeps those of one moment as they were given."""

    at_us: int
    order: int
    begins: bool
    what: str
    amount: float
    ends_order: int = 0  # of the beginning that this ends; 0 for whichever is in force


class Schedule:
    """Changes to come, and which lasting faults are in force."""

    def __init__(self) -> None:
        self._coming: list[Change] = []
        self._orders = 0
        self._in_force: dict[str, int] = {}  # fault -> the order that began it

    @property
    def in_force(self) -> tuple[str, ...]:
        """The lasting faults that are on."""
        return tuple(self._in_force)

    def due_us(self) -> int:
        """When the next change comes, ``NEVER_US`` for none."""
        return self._coming[0].at_us if self._coming else NEVER_US

    def add(self, fault: Fault, at_us: int) -> None:
        """Begins a checked fault at ``at_us``, and ends it after its duration; or ends what is in force then."""
        if fault.ends:
            self._put(at_us, False, fault.what, 0.0, 0)
            return
        order = self._put(at_us, True, fault.what, fault.amount or 0.0, 0)
        if fault.duration_s is not None:
            self._put(at_us + round(fault.duration_s * 1e6), False, fault.what, 0.0, order)

    def _put(self, at_us: int, begins: bool, what: str, amount: float, ends_order: int) -> int:
        self._orders += 1
        heapq.heappush(self._coming, Change(at_us, self._orders, begins, what, amount, ends_order))
        return self._orders

    def take(self, now_us: int) -> Change | None:
        """The next change that is due and makes a difference, None for none."""
        while self.due_us() <= now_us:
            change = heapq.heappop(self._coming)
            if change.begins:
                if BY_NAME[change.what].lasts:
                    self._in_force[change.what] = change.order
                return change
            begun = self._in_force.get(change.what)
            if begun is not None and change.ends_order in (0, begun):
                del self._in_force[change.what]
                return change
        return None
