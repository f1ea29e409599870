"""Recording a pump unattended: connect, optionally write and start a program, keep all of it, stop in good order."""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from firmware_link import vocabulary
from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import (
    DeviceFault,
    PeerError,
    PortLost,
    PumpError,
    RequestTimeout,
    SafetyStop,
    UsageError,
)
from rig import meeting
from rig.balance.ready import await_balance
from rig.interrupt import Interrupt
from rig.places import programs_folder, runs_folder
from rig.programs import programming, screened, shift, writing
from rig.programs.checked import Checked, against, checked
from rig.programs.receipt import Order as Decided
from rig.programs.update import COMMIT, STAGES, Update
from rig.programs.writing import Writing
from rig.programs.written import WrittenPrograms
from rig.recording.errors import RecordingError
from rig.recording.summary import Summary
from rig.recording.writer import RunWriter
from rig.session import Batch, Command, LinkState, Reply, Session, execute
from rig.targets import open_session
from rig.therapy import units
from rig.therapy.program import Program
from rig.tracker import Tracker
from rig.zones import offset_at

LOST_S = 120.0  # how long a lost pump is waited for
STOP_S = 10.0  # for the last word to a pump, where nothing is recorded any more
_POLL_S = 1.0  # longer than data are gathered, so that they are read a fixed time after the pump sent them
Result = TypeVar("Result")
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class Order:
    """What to record; ``duration_us`` is pump time, None until interrupted."""

    target: str
    output: Path
    program: Path | None = None
    duration_us: int | None = None
    confirm: str = ""
    keep_running: bool = False
    balance: str = ""  # a laboratory balance's address


@dataclass(frozen=True)
class Recorded:
    """How it ended; ``error`` where something cut it short or stopped the pump."""

    summary: Summary
    error: PumpError | None


def parse_duration(text: str) -> int | None:
    """Microseconds of "10min", more than none; None for "forever".  Raises UsageError."""
    if text == "forever":
        return None
    duration_us = units.parse(text, units.DURATION) * 1000
    if not duration_us:
        raise UsageError("A recording of no time holds nothing.", 'For example "10min", or "forever" until Ctrl-C.')
    return duration_us


def record(order: Order, progress: Progress) -> Recorded:
    """Carries out ``order``; ``progress`` is told pump microseconds done, how many in all, and what goes on.

    Raises PumpError for what stands in the way before anything is recorded; afterwards the run file is finished
    whatever happens, and the error is in the result.
    """
    program = None if order.program is None else checked(order.program, order.confirm)
    if program is not None and order.program is not None and screened.is_one(program.program):
        screened.check_writable(order.program)
        if not order.keep_running:
            screened.check_duration(program.program, order.duration_us)
    session = open_session(order.target, balance=order.balance)
    try:
        return record_session(session, program, order, progress)
    finally:
        session.close()


def record_session(session: Session, program: Checked | None, order: Order, progress: Progress) -> Recorded:
    """``record`` of a session that somebody else opened and will close; ``program`` is checked against its pump."""
    progress(0, None, "connecting")
    batches = meeting.connect(session)
    await_balance(session, batches.append)
    if program is not None:
        program = against(program, order.confirm, meeting.context_of(session, batches.append))
    with RunWriter(order.output, session.clock, session.info) as writer, Interrupt() as interrupt:
        run = _Run(order, session, writer, progress, interrupt)
        for batch in batches:
            run.take(batch)
        return run.carry_out(program)


@dataclass
class _Run:
    """A recording under way."""

    order: Order
    session: Session
    writer: RunWriter
    progress: Progress
    interrupt: Interrupt
    clock: Clock = field(default_factory=SystemClock)  # how long a lost pump is waited for is real time
    tracker: Tracker = field(default_factory=Tracker)
    lost_since: float | None = None
    stopped_by: str = ""
    written: WrittenPrograms = field(default_factory=lambda: WrittenPrograms(programs_folder(runs_folder())))
    known: Program | None = None  # what the pump has, as this computer once wrote it
    bolus: tuple[int, int] | None = None  # a screening's: its volume in pl, and commanded_nl before it
    unfiled: PumpError | None = None  # why a screening's bolus isn't in its file

    def take(self, batch: Batch) -> None:
        """Everything that comes in goes through here: to the file first, then to the totals."""
        self.writer.add(batch)
        if batch.events:  # at once, so that when the pump hears of it doesn't hang on how fast this computer is
            self.writer.commit()
        self.writer.commit_if_due(self.clock.monotonic())
        if self.writer.durable_event:
            self.session.acknowledge(self.writer.durable_event)
        self.tracker.add(batch)
        for event in batch.events:
            self._watch(event.kind, event.value)
        for link in batch.links:
            self.lost_since = self.clock.monotonic() if link.state is LinkState.LOST else None
            if link.state is LinkState.CLOSED:
                raise link.error or PortLost("The link was closed.", "Connect again.")
        if self.lost_since is not None and self.clock.monotonic() - self.lost_since > LOST_S:
            raise PortLost(f"The pump did not come back within {LOST_S:.0f} s.", "Check cable and power.")
        self.progress(self.tracker.totals.duration_us, self.order.duration_us, "lost" if self.lost_since else "")
        self.interrupt.check()

    def carry_out(self, program: Checked | None) -> Recorded:
        """Does what was ordered and ends the recording.  Raises RecordingError where the file can't be written."""
        try:
            return self._carried_out(program)
        except RecordingError:
            if program is not None and not self.order.keep_running:
                self._stop_unrecorded()
            raise

    def _carried_out(self, program: Checked | None) -> Recorded:
        ended = "duration"
        error: PumpError | None = None
        try:
            self._adopt()
            if program is not None:
                self._begin(program)
            self._until_done()
            if self.stopped_by:
                error = SafetyStop(
                    f"The pump was stopped by its alarm: {self.stopped_by.replace('_', ' ')}.",
                    "Look at the events in the run file.",
                )
        except KeyboardInterrupt:
            ended = "interrupted"
        except RecordingError:
            raise
        except PumpError as caught:
            ended, error = type(caught).__name__, caught
        if program is not None and not self.order.keep_running:
            self._leave_stopped()
        self._settle()
        if self.bolus is not None and self.order.program is not None and self.lost_since is None:
            given_nl = self.tracker.totals.commanded_nl - self.bolus[1]
            cut = None if self.order.keep_running else screened.cut_off(self.order.program, self.bolus[0], given_nl)
            if cut is not None:
                self.writer.note(cut.sentence())
                self.unfiled = self.unfiled or cut
        return Recorded(self.writer.finish(ended, self.tracker.totals.planned_nl), error or self.unfiled)

    def _execute(self, procedure: Generator[Command, Reply, Result]) -> Result:
        return execute(self.session, procedure, self.take, _POLL_S)

    def _adopt(self) -> None:
        """The plan of a pump that is already at work needs its program."""
        held = self._execute(programming.read(vocabulary.ACTIVE))
        if held is not None:
            self.tracker.program(held)
            self.writer.held(held)
            self.known = self.written.program(held.digest())
            moved = shift.moved(
                held, offset_at(self.known.time_zone if self.known else ""), self.session.clock.utc_us() // 1_000_000
            )
            if moved is not None:
                self.writer.note(moved.sentence)

    def _begin(self, checked: Checked) -> None:
        """Writes and starts what is ``checked``, and proves that the pump runs with it; what is recorded before is the
        pump as it was found.  Raises as ``programming.update``, and SafetyStop where it can't be proven to run."""
        device = self.session.info.device
        assert device is not None
        program = checked.program
        decided = Decided(confirmed=checked.confirmed)
        order = Writing(program, checked.text, decided, device, offset_at(program.time_zone), self.known)
        compiled = order.compiled(self.session.clock.utc_us() // 1_000_000)
        self.tracker.program(compiled)
        self.progress(0, self.order.duration_us, "writing the program")
        told: list[Update] = []
        bolus = compiled.prelude_pl, self.tracker.totals.commanded_nl
        try:
            receipt = self._execute(writing.write(order, compiled, self.session.clock, told.append))
        except (KeyboardInterrupt, PumpError) as error:
            if isinstance(error, PeerError | DeviceFault):
                self._say_where(told[-1], error)
            if told and STAGES.index(told[-1].stage) > STAGES.index(COMMIT):
                self._note_given(program, bolus)  # it may have begun
            raise
        self.writer.program(program.name, checked.text, compiled, receipt)
        self.written.keep(receipt.digest, checked.text)
        for note in writing.notes(decided):
            self.writer.note(note)
        self._note_given(program, bolus)

    def _note_given(self, program: Program, bolus: tuple[int, int]) -> None:
        """A screening's bolus goes into its file at once, so that the next one waits for the verdict on it."""
        path = self.order.program
        if path is None or not screened.is_one(program):
            return
        self.bolus = bolus
        try:
            said = screened.note_given(path, self.session.clock.utc_us() // 1_000_000)
        except UsageError as error:
            remedy = f"{error.remedy} Write down when it was given: the next must wait for the verdict on it."
            self.unfiled = UsageError(f"The test bolus was begun, but {path} doesn't say so: {error.what}", remedy)
            said = self.unfiled.sentence()
        self.writer.note(said)

    def _say_where(self, update: Update, error: PumpError) -> None:
        """The state after an update that broke off goes to the file, and into the words of the error."""
        with suppress(DeviceFault, PeerError):
            standing = self._execute(programming.where_are_we(update))
            self.writer.note(f"{error.what} {standing.what}")

    def _until_done(self) -> None:
        wanted = self.order.duration_us
        while wanted is None or self.tracker.totals.duration_us < wanted:
            self.take(self.session.poll(_POLL_S))

    def _leave_stopped(self) -> None:
        """Stops what this recording started; a pump that is gone keeps delivering, as it must, and the file says so."""
        if self.lost_since is not None:
            self.writer.note("The pump could not be stopped at the end: the link was lost, and it goes on.")
            return
        try:
            self._execute(_stop())
        except RecordingError:
            raise
        except PumpError as error:
            self.writer.note(f"The pump could not be stopped at the end: {error.sentence()}")

    def _stop_unrecorded(self) -> None:
        """Stops what this recording started, although nothing can be kept any more; the first error is what counts."""
        give_up = self.clock.monotonic() + STOP_S

        def in_time(batch: Batch) -> None:
            if self.clock.monotonic() > give_up:
                raise RequestTimeout("The pump could not be stopped.", "Stop it by hand.")

        with suppress(PumpError):
            execute(self.session, _stop(), in_time, _POLL_S)

    def _settle(self) -> None:
        """The last events go to the disk, and the pump learns that they are there."""
        self.writer.commit()
        if self.lost_since is None:
            with suppress(PumpError):  # it keeps what it wasn't told to forget
                self.session.acknowledge(self.writer.durable_event)
                self._execute(_status())

    def _watch(self, kind: str, value: int) -> None:
        if kind == "stopped" and vocabulary.STOP_REASONS[value] == "alarm":
            self.stopped_by = self.stopped_by or "alarm"
        elif kind in vocabulary.ALARM_BITS and vocabulary.ALARMS[vocabulary.ALARM_BITS[kind]][3] == vocabulary.TO_STOP:
            self.stopped_by = kind


def _status() -> Generator[Command, Reply, None]:
    yield Command("get_status")


def _stop() -> Generator[Command, Reply, None]:
    yield Command("stop", {"reason": vocabulary.STOP_REASONS.index("script")})
