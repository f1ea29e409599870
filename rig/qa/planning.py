"""What the programs of a case ask for between two moments, worked out when somebody wants to know."""

from dataclasses import replace

from rig.firmware.program import Program
from rig.qa.merging import merged
from rig.session import Batch
from rig.tracker import Tracker

_MANY = 1000  # batches that wait


class Planned:
    """Feeds on batches, and gives them to a ``Tracker`` many at a time."""

    def __init__(self, programs: tuple[tuple[Program, int | None], ...] = ()) -> None:
        self._tracker = Tracker()
        self._waiting: list[Batch] = []
        for program, digest in programs:
            self._tracker.program(program, digest)

    def add(self, batch: Batch) -> None:
        """Takes a batch."""
        if len(batch.samples) or batch.events or batch.status is not None:
            self._waiting.append(batch)
            if len(self._waiting) >= _MANY:
                self._feed()

    def program(self, program: Program) -> None:
        """Makes known a program that the pump holds, or is about to be given."""
        self._feed()
        self._tracker.program(program)

    def between_nl(self, start_us: int, end_us: int) -> float | None:
        """Between two moments of the axis of the case's ``Material``; None before the first sample."""
        self._feed()
        plan = self._tracker.plan
        return None if plan is None else (plan.planned_pl(end_us) - plan.planned_pl(start_us)) / 1000

    def _feed(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        # The plan of a pump that is found at work hangs on its first word, not on the latest.
        first = next((batch.status for batch in waiting if batch.status is not None), None)
        self._tracker.add(replace(merged(waiting), status=first))
