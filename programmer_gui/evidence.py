"""What one session leaves behind: its plan, its totals, and what its recording is given.  Free of Qt."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from firmware_link.clock import Clock
from programmer_gui import recorder as r
from programmer_gui.messages import Received, UpdateMoved
from programmer_gui.outbox import NOTHING
from programmer_gui.playing import thinned
from rig.firmware.program import Program
from rig.measured import Mark
from rig.programs.receipt import Receipt
from rig.programs.update import Update
from rig.session import Batch, DeviceInfo, LinkCounters, Playback, Session
from rig.tracker import Totals, Tracker
from rig.virtual.faults import Fault

if TYPE_CHECKING:
    from rig.qa.taking.taken import Taken
    from rig.qa.told import Keep

EARLY = 1000  # batches kept until a pump has said who it is
YOUNG = 100  # batches that a recording has at most when a script may still begin in it


class RecorderPort(Protocol):
    """Where the evidence goes; ``put`` never waits."""

    def put(self, item: r.Item) -> None: ...

    @property
    def behind(self) -> bool:
        """Whether so much waits for the disk that a rig had better wait too."""


class Unrecorded:
    """In the place of a recorder, while a recording is played."""

    behind = False

    def put(self, item: r.Item) -> None:
        """Nothing is kept."""


UNRECORDED = Unrecorded()


class Evidence:
    """Made for each session; also the ``messages.Desk`` of its procedures."""

    def __init__(self, session: Session, recorder: RecorderPort, put: Callable[[UpdateMoved], None]) -> None:
        self._session = session
        self._put = put
        self._recorder = UNRECORDED if session.info.can_seek else recorder
        self._playback: Playback | None = None  # as it was told last, with these counters
        self._counters = LinkCounters()
        self._tracker = Tracker()
        self._early: list[Batch] = []
        self._young: list[Batch] | None = None  # all that the recording holds, while that is little
        self._device: DeviceInfo | None = None
        self._held: Program | None = None
        self._planned_before_nl: int | None = None  # at the recording's first sample
        self.taken: Taken | None = None  # what is taken down for a script

    @property
    def clock(self) -> Clock:
        """The session's own."""
        return self._session.clock

    @property
    def totals(self) -> Totals:
        """Since the session's first sample."""
        return self._tracker.totals

    @property
    def recording(self) -> bool:
        """Whether a pump has said who it is."""
        return self._device is not None

    def identify(self) -> bool:
        """Recording begins when a pump has answered, with all that came before; its identity is kept when it changes.
        Returns whether there was something new."""
        device = self._session.info.device
        if device is None or device == self._device:
            return False
        if self._device is None:
            self._device = device
            self.begin()
        else:
            self._device = device
            self._recorder.put(device)
        return True

    def begin(self) -> None:
        """A recording of its own from now on."""
        self._planned_before_nl = None
        self._recorder.put(r.Begin(self._session.info, self.clock, self.clock.utc_us()))
        if self._held is not None:
            self._recorder.put(r.KeepHeld(self._held))
        for batch in self._early:
            self._recorder.put(batch)
        self._young, self._early = self._early, []

    def begin_case(self) -> Mark:
        """A test script is about to begin: in a recording of its own, unless the one that there is has just begun.
        Returns what the recording holds already."""
        from rig.qa.running.keeping import Tally

        if self._young is None:
            self.renew("a test script began")
        tally = Tally()
        for batch in self._young or ():
            tally.add(batch)
        return tally.mark(self.clock.utc_us())

    @property
    def behind(self) -> bool:
        """Whether the recorder has fallen behind."""
        return self._recorder.behind

    def add(self, batch: Batch) -> Received | None:
        """Keeps a batch and places it beside the plan; what there is to say of it."""
        playback = self._session.playback
        if is_empty(batch) and playback == self._playback:
            return None
        self._playback = playback
        if playback is not None:
            if not is_empty(batch):
                self._counters = batch.counters
            batch = replace(thinned(batch), counters=self._counters)
            return Received(batch, NOTHING, playback.totals, self._session.standing(), playback)
        if self.recording:
            self._recorder.put(batch)
            self._grow(batch)
        elif len(self._early) < EARLY:
            self._early.append(batch)
        if self.taken is not None:
            self.taken.add(batch)
        delivered = self._tracker.add(batch)
        if self._planned_before_nl is None and len(delivered.planned_nl):
            self._planned_before_nl = round(float(delivered.planned_nl[0]))
        return Received(batch, delivered, self.totals, self._session.standing())

    def renew(self, why: str) -> None:
        """Ends the recording, where there is one, and begins another."""
        if self.recording:
            self.finish(why)
            self.begin()

    def _grow(self, batch: Batch) -> None:
        if self._young is not None:
            self._young.append(batch)
            if len(self._young) > YOUNG:
                self._young = None

    def finish(self, why: str) -> None:
        """Ends the recording, where there is one."""
        if self.recording:
            before = self._planned_before_nl
            planned_nl = None if before is None else self.totals.planned_nl - before
            self._recorder.put(r.Finish(why, planned_nl))

    def know(self, program: Program) -> None:
        """A program that the pump is about to hold."""
        self._tracker.program(program)

    def holds(self, program: Program) -> None:
        """The program that the pump was found to hold."""
        self._held = program
        self._tracker.program(program)
        self._recorder.put(r.KeepHeld(program))

    def keep(self, name: str, source: str, program: Program, receipt: Receipt) -> None:
        """Puts a written program into the recording."""
        self._recorder.put(r.KeepProgram(name, source, program, receipt))
        if self.taken is not None:
            self.taken.write(self.clock.utc_us(), source, receipt)

    def keep_program(self, kept: "Keep") -> None:
        """Puts a program that a script found on the pump, or wrote to it, into the recording."""
        if kept.receipt is None:
            self.holds(kept.program)
        else:
            self.know(kept.program)
            self._held = kept.program
            self.keep(kept.name, kept.source, kept.program, kept.receipt)

    def keep_record(self, record: r.OfScripts) -> None:
        """Puts what became of a test script, or of a step of it, into the recording."""
        self._recorder.put(record)

    def tell(self, update: Update, program: Program) -> None:
        """How far an update has come."""
        self._put(UpdateMoved(update, program))

    def on_the_rig(self, what: str, amount: float | None = None) -> None:
        """Does to a virtual rig what the operator did by hand; nothing on a real one."""
        if self._session.info.virtual:
            self._session.inject(Fault(what, amount=amount))

    def note(self, text: str) -> None:
        """Puts words into the recording."""
        host_us = self.clock.utc_us()
        self._recorder.put(r.KeepNote(text, host_us))
        if self.taken is not None:
            self.taken.notes.append((host_us, text))


def is_empty(batch: Batch) -> bool:
    """True where there is nothing to record and nothing to show."""
    told = (batch.events, batch.replies, batch.links, batch.gaps, batch.frames, batch.traces, batch.strikes)
    state = (batch.status, batch.moment)
    return not len(batch.samples) and not len(batch.truth) and not any(told) and state == (None, None)
