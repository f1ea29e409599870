"""What of a recording is there at a position, and how far to go on at once."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rig.recording.access import Tables
from rig.recording.axis import RunAxis
from rig.recording.records import Run
from rig.replay.moment import Cursor
from rig.replay.shelf import MOST_US, Shelf

#: At most so many rows of a table come in one batch.
ROWS_MAX = 65_536
EVENTS_MAX = 4096
_HEARD_US = 1_000_000  # by which the host's calendar may be behind that of a rig
_EARLY_US = 86_400_000_000  # what seems to have come earlier than so long before the recording: a clock that was wrong


class Shelves:
    """All tables of a run in the order in which they are there: at the same position samples come first, then events,
    gaps, links and status."""

    def __init__(self, tables: Tables, axis: RunAxis, gap_rows: NDArray[np.int64], run: Run) -> None:
        self._axis, self._gap_rows = axis, gap_rows
        self.events = Shelf(tables, "events")
        self.truth = Shelf(tables, "truth", "true_us", _HEARD_US)
        self._own = {
            "events": self.events,
            "links": Shelf(tables, "links"),
            "frames": Shelf(tables, "frames"),
            "health": Shelf(tables, "health"),
            "truth": self.truth,
            "strikes": Shelf(tables, "strikes"),
            "weighings": Shelf(tables, "weighings"),
        }
        self._boot_rows = np.array([boot.first_row for boot in axis.boots], np.int64)
        # A rig's truth is taken to come early; a recording doesn't begin with it.
        firsts = [shelf.arrival_us(0) for shelf in self._own.values() if shelf.rows and shelf is not self.truth]
        firsts += [axis.arrival_us(0)] if axis.rows else []
        early_us = max(run.started_us - _EARLY_US, -MOST_US)
        self.start_us: int = min([run.started_us, *(first for first in firsts if first >= early_us)])
        lasts = [shelf.end_us for shelf in self._own.values()]
        lasts += [axis.arrival_us(axis.rows - 1)] if axis.rows else []
        self.end_us: int = max([self.start_us, *lasts])

    def there(self, at_us: int) -> Cursor:
        """What is there at ``at_us``."""
        samples = self._axis.rows_at(at_us)
        counts = {name: shelf.count_at(at_us) for name, shelf in self._own.items()}
        return Cursor(samples=samples, gaps=self._gaps(samples), **counts)

    def due_us(self, there: Cursor) -> int | None:
        """When something is there that isn't in ``there``; None when all is."""
        nexts = [
            shelf.arrival_us(getattr(there, name))
            for name, shelf in self._own.items()
            if getattr(there, name) < shelf.rows
        ]
        if there.samples < self._axis.rows:
            nexts.append(self._axis.arrival_us(there.samples))
        if there.gaps < self._gaps(there.samples):  # of a run without samples
            nexts.append(self.start_us)
        return min(nexts, default=None)

    def advance(self, there: Cursor, until_us: int) -> tuple[Cursor, int]:
        """How far to go at once, to ``until_us`` at most, and the position up to which all is there then.

        Never over the first sample of a boot and what came before it at once, so that what is made of a run doesn't
        hang on how it is cut.  Where more comes at one moment than goes into a batch, that comes in several.
        """
        limits = self._limits(there)
        reached = self.there(until_us)
        if all(getattr(reached, name) <= limit for name, limit in limits.items()):
            return reached, until_us
        due_us = self.due_us(there)
        assert due_us is not None
        within_us = min(until_us, *(self._arrival_us(name, limit) - 1 for name, limit in limits.items()))
        if within_us >= due_us:
            return self.there(within_us), within_us
        reached = self.there(due_us)
        samples = min(reached.samples, limits.get("samples", ROWS_MAX))
        if samples < reached.samples:
            return replace(there, samples=samples, gaps=self._gaps(samples)), due_us - 1
        events = min(reached.events, there.events + EVENTS_MAX)
        part = replace(there, samples=samples, gaps=self._gaps(samples), events=events)
        return (part, due_us - 1) if events < reached.events else (reached, due_us)

    def _limits(self, there: Cursor) -> dict[str, int]:
        """Table -> the row that isn't reached at once, where there is one."""
        next_boot = int(np.searchsorted(self._boot_rows, there.samples, "right"))
        samples = there.samples + ROWS_MAX
        if next_boot < len(self._boot_rows):
            samples = min(samples, int(self._boot_rows[next_boot]))
        limits = {"samples": samples, "truth": there.truth + ROWS_MAX, "weighings": there.weighings + ROWS_MAX}
        limits |= {name: getattr(there, name) + EVENTS_MAX for name in ("events", "links", "strikes")}
        rows = {"samples": self._axis.rows} | {name: shelf.rows for name, shelf in self._own.items()}
        return {name: limit for name, limit in limits.items() if limit < rows[name]}

    def _arrival_us(self, name: str, row: int) -> int:
        return self._axis.arrival_us(row) if name == "samples" else self._own[name].arrival_us(row)

    def _gaps(self, samples: int) -> int:
        if not self._axis.rows:
            return len(self._gap_rows)
        return int(np.searchsorted(self._gap_rows, samples, "left"))
