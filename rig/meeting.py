"""Meeting a pump: waiting until it answers, and asking it what a check of a program wants to know."""

from collections.abc import Callable
from dataclasses import replace

from firmware_link.clock import SystemClock
from firmware_link.errors import PortLost, RequestTimeout, UsageError
from rig.places import programs_folder, runs_folder
from rig.programs import programming
from rig.programs.programming import Procedure
from rig.programs.written import WrittenPrograms
from rig.session import Batch, Command, LinkState, Session, execute
from rig.therapy.finding import Context
from rig.therapy.program import Program
from rig.zones import offset_at

CONNECT_S = 20.0  # an interpreter has to start, a board to boot
_POLL_S = 0.25


def connect(session: Session) -> list[Batch]:
    """Waits for a pump; returns what it said on the way.  Raises PumpError where none answers, or none can."""
    if session.info.can_seek:
        raise UsageError(f"{session.info.port} is a recording: there is no pump.", "Connect to a pump instead.")
    clock = SystemClock()
    give_up = clock.monotonic() + CONNECT_S
    batches = []
    while session.info.device is None:
        batch = session.poll(_POLL_S)
        batches.append(batch)
        for link in batch.links:
            if link.state is LinkState.CLOSED:
                raise link.error or PortLost("The link was closed.", "Connect again.")
        if clock.monotonic() > give_up:
            raise RequestTimeout(f"{session.info.port} did not answer in {CONNECT_S:.0f} s.", "Check cable and power.")
    return batches


def context_of(
    session: Session,
    on_batch: Callable[[Batch], None] = lambda batch: None,
    written: WrittenPrograms | None = None,
) -> Context:
    """What the connected pump holds and has left, and what this computer knows of it.

    The concentration in its path is that of the program in force, where this computer wrote that; else the label's.
    It isn't known where the pump holds no program.
    """
    assert session.info.device is not None
    asked = execute(session, _ask(session.info.device.device_id), on_batch, _POLL_S)
    held_ng_ml = None
    if asked.held is not None:
        known = (written or WrittenPrograms(programs_folder(runs_folder()))).program(asked.held.digest())
        held_ng_ml = known.concentration_ng_ml if known else asked.settings.get("concentration_ng_ml") or None
    return replace(asked, held_concentration_ng_ml=held_ng_ml, now_utc_s=session.clock.utc_us() // 1_000_000)


def _ask(device_id: str) -> Procedure[Context]:
    found = yield from programming.interrogate()
    status = (yield Command("get_status")).values
    return Context(
        settings=found.settings,
        device_id=device_id,
        held=found.program,
        reservoir_nl=found.reservoir_nl,
        charge_permille=status["charge_permille"],
        tube_permille=status["tube_permille"],
    )


def at_home(program: Program, context: Context) -> Context:
    """``context`` with the times of day of the zone that ``program`` names."""
    return replace(context, offset_at=offset_at(program.time_zone))
