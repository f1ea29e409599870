"""Where a link stands, and what went over it: the part of a session that can be shown before anything is opened."""

from dataclasses import dataclass
from enum import Enum


class LinkState(Enum):
    """Where the link stands."""

    CONNECTING = "connecting"
    ONLINE = "online"
    LOST = "lost"  # trying to find the same pump again
    CLOSED = "closed"


@dataclass(frozen=True)
class LinkCounters:
    """Totals since the session opened."""

    bytes_in: int = 0
    bytes_out: int = 0
    bytes_unsent: int = 0  # now: meant for the pump, but the port doesn't take them
    frames_in: int = 0
    frames_bad: int = 0
    bytes_dropped: int = 0
    resends: int = 0
    reconnects: int = 0
    round_trip_us: int = 0  # the latest command's
