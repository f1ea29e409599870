"""What the programs of a case ask for between two moments."""

from dataclasses import replace

from rig.firmware.program import Program
from rig.session import Batch, Status
from rig.tracker import Tracker


class Planned:
    """Feeds on what the case's ``Material`` does."""

    def __init__(self, programs: tuple[tuple[Program, int | None], ...] = ()) -> None:
        self._tracker = Tracker()
        for program, digest in programs:
            self._tracker.program(program, digest)

    def add(self, batch: Batch, first: Status | None) -> None:
        """Takes a batch; ``first`` is its first status, on which the plan of a pump hangs that is found at work."""
        if len(batch.samples) or batch.events or first is not None:
            self._tracker.add(replace(batch, status=first))

    def program(self, program: Program) -> None:
        """Makes known a program that the pump holds, or is about to be given."""
        self._tracker.program(program)

    def between_nl(self, start_us: int, end_us: int) -> float | None:
        """Between two moments of the axis of the case's ``Material``; None before the first sample."""
        plan = self._tracker.plan
        return None if plan is None else (plan.planned_pl(end_us) - plan.planned_pl(start_us)) / 1000
