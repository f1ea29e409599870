"""The recorder: writes run files on a thread of its own, free of Qt, and gives back which events are durable.

``step`` does one turn; tests call it, ``Loop`` calls it from the thread.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from programmer_gui.messages import CutShort, RecordingState
from programmer_gui.script_messages import CaseKept
from rig.firmware.program import Program
from rig.measured import Mark
from rig.places import RUN_SUFFIX
from rig.programs.receipt import Receipt
from rig.recording.scripted import CaseRecord, StepRecord
from rig.session import Batch, DeviceInfo, SessionInfo

if TYPE_CHECKING:  # DuckDB takes a while to import: only when there is something to record
    from rig.programs.written import WrittenPrograms
    from rig.qa.expectations import ExpectGolden
    from rig.qa.told import Judged
    from rig.recording.writer import RunWriter

log = logging.getLogger(__name__)

WAIT_S = 0.25  # for more to record, before what there is is committed

QUEUE = 4096  # batches: minutes of a disk that doesn't answer
BEHIND = 1024  # batches: more of them wait than any disk makes wait at a pump's own pace


@dataclass(frozen=True)
class LookBack:
    """Tell which earlier recordings were cut short, except those of these names."""

    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Begin:
    """A new run file for this session."""

    info: SessionInfo
    clock: Clock
    at_us: int = 0  # session time, UTC


@dataclass(frozen=True)
class KeepNote:
    text: str
    host_us: int


@dataclass(frozen=True)
class KeepProgram:
    name: str
    source: str
    program: Program
    receipt: Receipt


@dataclass(frozen=True)
class KeepHeld:
    program: Program


@dataclass(frozen=True)
class Finish:
    """Fold the run file into one, and say why it ended."""

    why: str
    planned_nl: int | None


@dataclass(frozen=True)
class LayBeside:
    """Lay the recording, up to ``there``, beside a golden run, and hand over what that says."""

    body: "ExpectGolden"
    there: Mark
    answer: "Callable[[Judged], None]"


OfScripts = CaseRecord | StepRecord | LayBeside
Item = LookBack | Begin | Batch | DeviceInfo | KeepNote | KeepProgram | KeepHeld | OfScripts | Finish


class Recorder:
    """``put`` is for the engine's thread, ``step`` and ``close`` for the recorder's own."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        on_durable: Callable[[int], None],
        on_state: Callable[[RecordingState | CutShort | CaseKept], None],
        capacity: int = QUEUE,
        written: "WrittenPrograms | None" = None,
    ) -> None:
        self._folder = folder
        self._written = written
        self._clock = clock
        self._on_durable = on_durable
        self._on_state = on_state
        self._items: queue.Queue[Item] = queue.Queue(capacity)
        self._overflowed = False
        self._writer: RunWriter | None = None
        self._session_clock = clock
        self._told: tuple[int, int] = (0, 0)
        self._state = RecordingState()
        self._events = 0
        self._started_us = 0  # session time, UTC

    def put(self, item: Item) -> None:
        """Queues ``item``, and never waits: where the disk is minutes behind, the recording ends there and says so,
        and the pump keeps its events."""
        if isinstance(item, Begin):
            self._overflowed = False
        elif self._overflowed:
            return
        try:
            self._items.put_nowait(item)
        except queue.Full:
            self._overflowed = True

    @property
    def behind(self) -> bool:
        """Whether so much waits that a rig had better wait too."""
        return self._items.qsize() > BEHIND

    def step(self, timeout_s: float = 0.0) -> None:
        """Takes what waits, waiting up to ``timeout_s`` for something to, and commits what is due."""
        try:
            item: Item | None = self._items.get(timeout=timeout_s) if timeout_s else self._items.get_nowait()
        except queue.Empty:
            item = None
        try:
            while item is not None:
                self._take(item)
                item = self._items.get_nowait() if not self._items.empty() else None
            self._commit()
        except PumpError as error:
            self._fail(error)
        except Exception as error:  # the thread must survive, and say what happened
            log.exception("recording failed")
            self._fail(broken(f"Recording failed: {error}.", "See the diagnostic log; finish and start again."))

    def close(self) -> None:
        """Writes what waits, and finishes."""
        self.step()
        if self._writer is not None:
            self._take(Finish("closed", None))

    def _take(self, item: Item) -> None:
        match item:
            case Begin():
                self._begin(item)
            case LookBack():
                self._look_back(item)
            case KeepProgram():
                self._keep(item)
            case CaseRecord():
                self._keep_case(item)
            case LayBeside():
                self._lay_beside(item)
            case _ if self._writer is None:
                return
            case Batch():
                self._writer.add(item)
                self._events += len(item.events)
            case DeviceInfo():
                self._writer.identify(item)
            case KeepNote():
                self._writer.note(item.text, item.host_us)
            case StepRecord():
                self._writer.step(item)
            case KeepHeld():
                self._writer.held(item.program)
            case Finish():
                self._finish(item)

    def _keep(self, item: KeepProgram) -> None:
        if self._written is not None:
            self._written.keep(item.receipt.digest, item.source)
        if self._writer is not None:
            self._writer.program(item.name, item.source, item.program, item.receipt)

    def _keep_case(self, item: CaseRecord) -> None:
        writer, over = self._writer, item.phase == "end"
        if writer is not None:
            writer.case(item)
        path = writer.path if writer is not None else None
        self._on_state(CaseKept(item.digest, path, self._started_us, over))

    def _lay_beside(self, item: LayBeside) -> None:
        from rig.qa.running.golden import beside
        from rig.qa.told import Judged

        writer = self._writer
        if writer is None:
            item.answer(Judged("error", detail="There is no recording to lay beside the golden one."))
            return
        writer.commit()
        with writer.reader() as reader:
            item.answer(beside(reader, writer.path.name, item.body, item.there))

    def _look_back(self, item: LookBack) -> None:
        if any(self._folder.glob("*.run.duckdb.wal")):  # else without the import of DuckDB
            from rig.recording.unfinished import unfinished

            for path, found in unfinished(self._folder, item.known):
                self._on_state(CutShort(path, found.samples, found.events))

    def _begin(self, item: Begin) -> None:
        from rig.recording.writer import RunWriter

        self._writer = None
        self._events, self._told = 0, (0, 0)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = free_path(self._folder, item.info, self._clock.utc_us())
        self._started_us = item.at_us
        self._writer = RunWriter(path, clock=item.clock, session=item.info)
        self._tell(RecordingState(path, recording=True))

    def _finish(self, item: Finish) -> None:
        writer, self._writer = self._writer, None
        assert writer is not None
        writer.finish(item.why, item.planned_nl)
        self._acknowledge(writer)
        self._tell(RecordingState(writer.path, False, writer.durable_samples, self._events))

    def _commit(self) -> None:
        writer = self._writer
        if writer is None:
            return
        if self._overflowed and self._items.empty():
            self._finish(Finish("the disk was too slow", None))
            raise broken("The disk was too slow: the recording ended.", "Free the disk, then finish recording.")
        if writer.commit_if_due(self._clock.monotonic()):
            self._acknowledge(writer)
            self._tell(RecordingState(writer.path, True, writer.durable_samples, self._events))

    def _acknowledge(self, writer: "RunWriter") -> None:
        if writer.durable_event > self._told[0]:
            self._told = (writer.durable_event, 0)
            self._on_durable(writer.durable_event)

    def _fail(self, error: PumpError) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        path = writer.path if writer else self._state.path
        self._tell(RecordingState(path, False, self._state.samples, self._state.events, error))

    def _tell(self, state: RecordingState) -> None:
        self._state = state
        self._on_state(state)


def free_path(folder: Path, info: SessionInfo, utc_us: int) -> Path:
    """A name that says when and what, and isn't taken."""
    moment = datetime.fromtimestamp(utc_us / 1e6, UTC).strftime("%Y-%m-%d_%H%M%S")
    device = info.device.device_id[-6:] if info.device else "unknown"
    for count in range(1, 1000):
        name = f"{moment}_{device}" + (f"_{count}" if count > 1 else "")
        path = folder / f"{name}{RUN_SUFFIX}"
        if not path.exists():
            return path
    raise broken(f"{folder} has no free name for a recording.", "Clear the folder.")


def broken(what: str, remedy: str) -> PumpError:
    """A RecordingError."""
    from rig.recording.errors import RecordingError

    return RecordingError(what, remedy)
