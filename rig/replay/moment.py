"""What is known at one moment of a recording, as a session would have told it by then."""

from dataclasses import dataclass

from rig.recording.records import ProgramRecord
from rig.session import Batch, DeviceInfo
from rig.tracker import Totals
from rig.truth import Strike


@dataclass(frozen=True)
class Cursor:
    """How many rows of each table are there; those before them are, too."""

    samples: int = 0
    events: int = 0
    gaps: int = 0
    links: int = 0
    frames: int = 0
    health: int = 0
    truth: int = 0
    strikes: int = 0
    weighings: int = 0


@dataclass(frozen=True)
class Moment:
    """All that is known at ``at_us``: what a window or a check needs that knew nothing before.  Its size doesn't hang
    on how long the run is.

    ``batch`` has the first sample of the run, the first of the pump's present boot and the latest, with the truth of
    each and the latest truth; the latest event of each kind, in order, of up to KINDS kinds; the latest status,
    weighing, state of the link and counters; and the strikes of those faults that are in force.
    """

    at_us: int  # UTC, host time
    at_s: float  # seconds of the run's axis
    there: Cursor
    batch: Batch
    totals: Totals
    program: ProgramRecord | None  # that the pump holds, by its own word
    device: DeviceInfo | None
    previous_event_us: int | None  # where the last event before this moment is there
    next_event_us: int | None  # and the first after it

    @property
    def standing(self) -> tuple[Strike, ...]:
        """The faults of a virtual rig that are in force."""
        return self.batch.strikes


#: Kinds of events that a ``Moment`` tells of, and of faults; a file of ours has fewer.
KINDS = 256
