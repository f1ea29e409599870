"""What the programs in a recording asked for: the plan, rebuilt from the evidence alone."""

import numpy as np
from numpy.typing import NDArray

from rig.recording.records import ProgramRecord, Run
from rig.session import Batch, Event, Status
from rig.tracker import Tracker

_ADOPTED = ("digest", "state", "anchor_us", "program_start_us")


def found_as(run: Run) -> Status | None:
    """The status that the pump was found with; None where the file doesn't hold enough of it."""
    found = run.found
    return None if found is None or any(name not in found for name in _ADOPTED) else Status(found, run.started_us)


def planned_nl(
    run: Run, programs: tuple[ProgramRecord, ...], events: tuple[Event, ...], landmarks: NDArray[np.void]
) -> int | None:
    """The volume planned over the recording; None where it doesn't say what the pump was doing when it began.

    ``landmarks`` are as ``tracked`` wants them.
    """
    tracker = tracked(run, programs, events, landmarks)
    return None if tracker is None else tracker.totals.planned_nl


def tracked(
    run: Run, programs: tuple[ProgramRecord, ...], events: tuple[Event, ...], landmarks: NDArray[np.void]
) -> Tracker | None:
    """What has followed the whole recording, with its plan; None where that doesn't say what the pump began with.

    ``landmarks`` are at least the first sample of each boot and the very last, in order, (n,) telemetry.SAMPLE_DTYPE.
    """
    known = {program.digest for program in programs}
    found = found_as(run)
    if found is None or not len(landmarks) or f"{found.fields['digest']:016x}" not in known | {"0" * 16}:
        return None
    tracker = Tracker()
    for program in programs:
        tracker.program(program.program(), int(program.digest, 16))  # an older format had another digest
    tracker.add(Batch(samples=landmarks[:-1], status=found))
    tracker.add(Batch(events=events))
    tracker.add(Batch(samples=landmarks[-1:]))
    return tracker
