"""What happened in a recording, as the charts mark it: events, notes and lost time, however many there are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rig.recording.access import Tables
from rig.recording.records import Note
from rig.session import Event

Seconds = Callable[[int, int], float | None]

EVENT_DTYPE = np.dtype(
    [("number", "i8"), ("kind", "O")]
    + [
        (name, "i8")
        for name in ("priority", "boot", "occurred_us", "detected_us", "utc_s", "value", "repeats", "host_us")
    ]
)
_BLOCK_ROWS = 65_536
_PRIORITY_MAX = 3


@dataclass(frozen=True)
class Happenings:
    """Events (n,) EVENT_DTYPE at ``t_s`` (n,) in order of time, notes, and gaps (k, 2) by their beginnings."""

    t_s: NDArray[np.float64]
    events: NDArray[np.void]
    notes: tuple[tuple[float, Note], ...]  # each with its axis second
    gaps: NDArray[np.float64]

    def event(self, at: int) -> Event:
        """The event ``at`` that place."""
        return Event(*self.events[at].item())


def placed_events(
    tables: Tables, epochs_us: dict[int, int], zero_us: int
) -> tuple[NDArray[np.float64], NDArray[np.void]]:
    """The events of known boots with their axis seconds, in order of time, and of the file where that is the same."""
    total, placed = tables.count("events"), 0
    events, t_s = np.empty(total, EVENT_DTYPE), np.empty(total)  # once: there may be millions
    kinds: dict[str, str] = {}  # each is kept once
    for first in range(0, total, _BLOCK_ROWS):
        block = tables.array("events", EVENT_DTYPE, first, first + _BLOCK_ROWS)
        boots, which = np.unique(block["boot"], return_inverse=True)
        known = np.array([int(boot) in epochs_us for boot in boots], bool)[which]
        shift_us = np.array([epochs_us.get(int(boot), 0) - zero_us for boot in boots], float)[which]
        block["kind"] = [kinds.setdefault(kind, kind) for kind in block["kind"]]
        block["priority"] = np.clip(block["priority"], 0, _PRIORITY_MAX)
        here = slice(placed, placed + int(np.count_nonzero(known)))
        events[here] = block[known]
        t_s[here] = (block["occurred_us"][known] + shift_us[known]) / 1e6
        placed = here.stop
    events, t_s = events[:placed], t_s[:placed]
    if bool(np.all(t_s[1:] >= t_s[:-1])):
        return t_s, events
    order = np.argsort(t_s, kind="stable")
    return t_s[order], events[order]
