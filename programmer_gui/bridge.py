"""From the engine's messages to the models: one timer drains the outbox."""

import logging
from functools import singledispatchmethod
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from firmware_link.errors import PumpError, RequestTimeout, UsageError
from programmer_gui import jobs, replayed
from programmer_gui import messages as m
from programmer_gui.archive import Edited, Seen
from programmer_gui.controls import Controls
from programmer_gui.models.bundle import Models
from programmer_gui.models.eventlog import LogEntry, entry_of
from programmer_gui.models.pump import Progress
from programmer_gui.outbox import Outbox
from programmer_gui.playing import path_of
from programmer_gui.replayed import is_lost
from rig.session import LinkState

log = logging.getLogger(__name__)

TICK_MS = 16
WAITS = "STOP is not sent: the link is down. It is sent as soon as the link is back."
SEE_LOG = "Recording goes on. The details are in the diagnostic log."
#: What only concerns those who listen -> the signal that they listen to.
PASSED_ON = {
    Seen: "archived",
    Edited: "archived",
    m.TakingBegan: "taking",
    m.TakingEnded: "taking",
    m.ScriptTold: "scripted",
    m.ScriptRefused: "scripted",
    m.CaseKept: "scripted",
    m.Progress: "procedure_moved",
    m.UpdateMoved: "update_moved",
    m.CutShort: "cut_short",
}


class Bridge(QObject):
    """``tick`` hands on all that waits; views that want it raw listen to the signals."""

    received = Signal(object)  # messages.Received
    session_began = Signal()
    problem = Signal(str, object)  # what about, PumpError
    solved = Signal(str)  # what about
    procedure_moved = Signal(object)  # messages.Progress
    update_moved = Signal(object)  # messages.UpdateMoved
    procedure_ended = Signal(object)  # messages.ProcedureEnded
    said = Signal(str)
    injected = Signal(object, object)  # rig.virtual.faults.Fault; the PumpError of a rig that refuses it, or None
    cut_short = Signal(object)  # messages.CutShort
    noted = Signal(str, object)  # text, UTC microseconds
    archived = Signal(object)  # programmer_gui.archive.Answer
    taking = Signal(object)  # messages.TakingBegan or TakingEnded
    let_go = Signal()
    scripted = Signal(object)  # script_messages.AboutScripts
    ticked = Signal()

    def __init__(self, outbox: Outbox, models: Models, controls: Controls) -> None:
        super().__init__()
        self._outbox, self._models, self._controls = outbox, models, controls
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._unread = False  # what the pump holds was asked for in vain
        self._lost = False  # the link, by the log
        models.pump.program_changed.connect(self._program_changed)

    def start(self) -> None:
        """From now on, by the clock."""
        self._timer.start(TICK_MS)

    def stop(self) -> None:
        """No more."""
        self._timer.stop()

    def tick(self) -> None:
        """One turn."""
        for message in self._outbox.drain():
            try:
                self._take(message)
            except Exception as error:  # what follows must still be shown
                log.exception("a %s could not be shown", type(message).__name__)
                self.problem.emit("fault", PumpError(f"Something could not be shown: {error}.", SEE_LOG))
        self.ticked.emit()

    def _program_changed(self, digest: int) -> None:
        """The pump holds something else than before: ask what; a recording knows by itself."""
        if self._models.link.recorded:
            return
        if self._models.scripts.running is not None:  # nothing comes between its commands
            self._unread = True
        elif digest:
            self._controls.read_program()
        else:
            self._models.program.set_held(None)

    @singledispatchmethod
    def _take(self, message: Any) -> None:
        if type(message) not in PASSED_ON:
            raise TypeError(f"no such message: {message!r}")
        getattr(self, PASSED_ON[type(message)]).emit(message)

    @_take.register
    def _(self, message: m.Connecting) -> None:
        self._unread = self._lost = False
        self._models.pump.reset()
        self._models.rig.reset()
        self._models.log.clear()
        self._models.program.set_held(None)
        self._models.link.connecting(message.target)
        self.session_began.emit()

    @_take.register
    def _(self, message: m.Opened) -> None:
        self._models.link.opened(message.info)
        if message.info.can_seek:
            self._models.player.open(path_of(message.info.target))

    @_take.register
    def _(self, message: m.Identified) -> None:
        device = message.info.device
        assert device is not None
        self._models.link.identified(message.info)
        self._models.pump.identify(device)
        self.solved.emit("connect")

    @_take.register
    def _(self, message: m.ConnectFailed) -> None:
        self._models.link.fail(message.target, message.error)
        self.problem.emit("connect", message.error)

    @_take.register
    def _(self, message: m.Closed) -> None:
        self._models.player.close()
        self._models.link.closed()
        self._models.pump.reset()
        self._models.rig.reset()

    @_take.register
    def _(self, message: m.Received) -> None:
        batch, models = message.batch, self._models
        if message.playback is not None:
            replayed.show(models, message)
            return
        for change in batch.links:
            was_lost, self._lost = self._lost, is_lost(self._lost, change.state)
            models.link.change(change)
            if self._lost and not was_lost:
                self._log(replayed.link_lost(change.host_us, change.error.sentence() if change.error else ""))
            elif was_lost and not self._lost:
                self._log(replayed.link_back(change.host_us))
        models.pump.take(batch)
        online = models.link.state is LinkState.ONLINE
        models.rig.take(batch, message.standing, online, message.totals.commanded_nl)
        models.pump.set_clock(message.totals.clock)
        idle = models.scripts.running is None and models.link.can_control
        if self._unread and batch.status is not None and idle:
            self._unread = False
            self._controls.read_program()
        models.link.count(batch.counters)
        models.log.add([entry_of(event) for event in batch.events])
        totals = message.totals
        if totals.samples:
            models.pump.set_progress(Progress(totals.measured_nl, totals.commanded_nl, totals.planned_nl))
        self.received.emit(message)

    @_take.register
    def _(self, message: m.LetItGo) -> None:
        self.let_go.emit()

    @_take.register
    def _(self, message: m.PictureSkipped) -> None:
        self.said.emit(f"The picture left out {message.samples} samples; the recording has them.")

    @_take.register
    def _(self, message: m.CommandEnded) -> None:
        if message.reply.error is not None:
            self.problem.emit("command", message.reply.error)

    @_take.register
    def _(self, message: m.ProcedureEnded) -> None:
        if message.name == jobs.READ and message.error is None:
            self._models.program.set_held(message.result)
        elif message.name == jobs.READ:
            self._unread = isinstance(message.error, UsageError | RequestTimeout)  # by a STOP, or a link that dropped
        self.procedure_ended.emit(message)

    @_take.register
    def _(self, message: m.StopSent) -> None:
        if self._models.link.state is LinkState.ONLINE:
            self._models.pump.set_stop_note("medium", f"sent in {message.latency_us / 1000:.1f} ms")
        else:
            self._models.pump.set_stop_note("high", "NOT SENT")
            self.problem.emit("stop", PumpError(WAITS, "It may still be running: take its power away."))

    @_take.register
    def _(self, message: m.StopConfirmed) -> None:
        self._models.pump.set_stop_note("", "confirmed")

    @_take.register
    def _(self, message: m.StopNotSent) -> None:
        self._models.pump.set_stop_note("high", "NOT CONFIRMED" if "confirm" in message.why else "NOT SENT")
        self.problem.emit("stop", PumpError(message.why))

    @_take.register
    def _(self, message: m.NoteAdded) -> None:
        self._log(LogEntry(0, message.host_us, 0, "info", "host_note", "Note", message.text))
        self.noted.emit(message.text, message.host_us)

    @_take.register
    def _(self, message: m.Injected) -> None:
        self._models.rig.show_standing(message.standing)
        self.injected.emit(message.fault, message.error)

    @_take.register
    def _(self, message: m.RecordingState) -> None:
        self._models.run.set_state(message)

    @_take.register
    def _(self, message: m.EngineFault) -> None:
        self.problem.emit("fault", PumpError(message.what, SEE_LOG))

    def _log(self, entry: LogEntry) -> None:
        self._models.log.add([entry])
