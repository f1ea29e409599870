"""Reads and edits whole run files on a thread of its own, free of Qt, so that the window never waits for a disk.

``step`` does one turn; tests call it, ``Loop`` calls it from the thread.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from firmware_link.errors import PumpError

if TYPE_CHECKING:  # DuckDB takes a while to import: only when there is something to read
    from programmer_gui.models.eventlog import LogEntry
    from rig.recording.records import Note
    from rig.replay.landmarks import Landmarks

log = logging.getLogger(__name__)

WAIT_S = 0.25


@dataclass(frozen=True)
class Look:
    """Read the landmarks of a recording."""

    path: Path


@dataclass(frozen=True)
class Annotate:
    """Add a note, or a marker, to a recording that nothing here holds open."""

    path: Path
    text: str
    at_us: int
    author: str
    marker: bool = False


@dataclass(frozen=True)
class Erase:
    """Take a note out again."""

    path: Path
    note: "Note"


@dataclass(frozen=True)
class Seen:
    """What was read; or why it couldn't be."""

    path: Path
    landmarks: "Landmarks | None" = None
    happened: "tuple[LogEntry, ...]" = ()  # as in the log, without notes
    error: PumpError | None = None


@dataclass(frozen=True)
class Edited:
    """An edit is done, and the notes are these; or why it isn't."""

    job: Annotate | Erase
    notes: "tuple[Note, ...]" = ()
    error: PumpError | None = None


Job = Look | Annotate | Erase
Answer = Seen | Edited


class Archive:
    """``put`` is for all threads, the rest for the one that steps; ``tell`` is given the answers."""

    def __init__(self, tell: Callable[[Answer], None], clock: Clock) -> None:
        self._tell, self._clock = tell, clock
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def put(self, job: Job) -> None:
        """Asks for it."""
        self._jobs.put(job)

    def step(self, timeout_s: float = 0.0) -> None:
        """One job, waiting up to ``timeout_s`` for it."""
        try:
            job = self._jobs.get(timeout=timeout_s) if timeout_s else self._jobs.get_nowait()
        except queue.Empty:
            return
        self._tell(self._look(job) if isinstance(job, Look) else self._edit(job))

    def _look(self, job: Look) -> Seen:
        from programmer_gui import replayed
        from rig.replay import landmarks

        try:
            found = landmarks.read(job.path)
            return Seen(job.path, found, replayed.happened(found))
        except PumpError as error:
            return Seen(job.path, error=error)

    def _edit(self, job: Annotate | Erase) -> Edited:
        from rig.recording import annotate
        from rig.replay import landmarks

        try:
            if isinstance(job, Annotate):
                annotate.add(job.path, job.text, job.at_us, job.author, self._clock.utc_us(), marker=job.marker)
            else:
                annotate.remove(job.path, job.note)
            return Edited(job, landmarks.notes(job.path))
        except PumpError as error:
            return Edited(job, error=error)
