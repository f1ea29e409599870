"""What the operator can do, turned into intents.  Knows the models, not the views."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from firmware_link.clock import Clock
from programmer_gui import care, jobs
from programmer_gui.messages import AddNote, Connect, Desk, Disconnect, FinishRecording, Inject, Intent, Procedure, Run
from programmer_gui.models.bundle import Models
from rig.firmware.program import Program as DeviceProgram
from rig.programs.receipt import Order
from rig.programs.update import RUNNING, STOPPED, Update
from rig.programs.writing import Writing
from rig.programs.written import WrittenPrograms
from rig.therapy.modes import Bolus
from rig.therapy.program import Program
from rig.therapy.program_file import dumps
from rig.zones import offset_at

if TYPE_CHECKING:
    from rig.virtual.faults import Fault


class Controls:
    """``send`` hands an intent to the engine, ``stop`` is the engine's STOP, ``clock`` gives the session's."""

    def __init__(
        self,
        send: Callable[[Intent], None],
        stop: Callable[[], None],
        models: Models,
        written: WrittenPrograms,
        clock: Callable[[], Clock],
    ) -> None:
        self.send, self._stop = send, stop
        self._link, self._pump, self._program, self._written = models.link, models.pump, models.program, written
        self._update = models.update
        self._clock = clock
        self._writing: Writing | None = None  # the latest
        #: Asked before a session is let go of: what that is called, and what does it.
        self.guard: Callable[[str, Callable[[], None]], None] = lambda _, go: go()
        self.note_recorded: Callable[[str], None] = lambda _: None  # keeps a note in the recording that is shown
        self.refused: Callable[[], None] = lambda: None  # says that a recording can't be stopped
        self.may_start: Callable[[], bool] = lambda: True  # asked before the pump is started as it is

    def connect(self, target: str) -> None:
        """Opens ``target`` and lets go of any other."""
        self.guard("Connect", lambda: self.send(Connect(target)))

    def disconnect(self) -> None:
        """Lets go of the pump, which goes on."""
        self.guard("Disconnect", lambda: self.send(Disconnect()))

    def stop(self) -> None:
        """STOP."""
        if self._link.recorded:
            self.refused()
            return
        self._pump.set_stop_note("medium", "STOP …")
        self._stop()

    def start(self) -> None:
        """Starts the pump with the program that it holds."""
        if self.may_start():
            self.send(Run(jobs.START, jobs.start))

    def write(self, order: Order | None = None) -> bool:
        """Writes the program being edited as ``order`` says, started where that doesn't say otherwise; returns False,
        and does nothing, where the check forbids it, a soft limit isn't confirmed, or another is being written."""
        order = order or Order()
        model, device = self._program, self._link.device
        evaluated = model.evaluated
        program = evaluated.program
        reasons = {(one.field, one.what) for one in order.confirmed if one.reason.strip()}
        soft = {(one.field, one.what) for one in evaluated.findings if one.severity == "soft"}
        if program is None or device is None or not evaluated.writable or soft - reasons or self._update.busy:
            return False
        source = dumps(model.document, model.text)
        writing = Writing(program, source, order, device, offset_at(program.time_zone), self.known())
        self._writing = writing
        self._update.ask()
        self.send(Run(jobs.WRITE, lambda desk: jobs.write_program(desk, writing)))
        return True

    def known(self) -> Program | None:
        """What the pump holds, as this computer once wrote it; None where it didn't."""
        held, under_way = self._program.held, self._update.program
        if held is None:
            return None
        if self._writing is not None and under_way is not None and held.digest() == under_way.digest():
            return self._writing.program
        return self._written.program(held.digest())

    def known_text(self) -> str:
        """The same as the text of its file; "" where this computer doesn't know."""
        held = self._program.held
        return self._written.text(held.digest()) if held is not None else ""

    def utc_s(self) -> int:
        """By the session's clock, else this computer's."""
        return self._clock().utc_us() // 1_000_000

    def where_are_we(self, update: Update) -> None:
        """Asks what has become of an update that broke off."""
        self.send(Run(jobs.WHERE, lambda desk: jobs.where_are_we(desk, update)))

    def prove(self, update: Update, compiled: DeviceProgram) -> None:
        """Finishes an update that broke off after its commit."""
        writing = self._writing
        self.send(Run(jobs.PROVE, lambda desk: jobs.prove(desk, update, compiled, writing)))

    def reprogram(self, compiled: DeviceProgram) -> None:
        """Puts the program that the pump holds in force again, for another offset from UTC."""
        ensure = RUNNING if self._pump.running else STOPPED
        self._writing = None
        self.send(Run(jobs.SHIFT, lambda desk: jobs.reprogram(desk, compiled, ensure)))

    def read_program(self) -> None:
        """Asks the pump what it holds."""
        self.send(Run(jobs.READ, jobs.read_program))

    def bolus(self, bolus: Bolus, reason: str = "") -> None:
        """Gives a bolus at the concentration that the pump is labelled with."""
        concentration = self._pump.concentration_ng_ml
        self.send(Run(care.BOLUS, lambda desk: care.give_bolus(desk, bolus, concentration, reason)))

    def refill(self, order: care.RefillOrder) -> None:
        """Records a refill."""
        self.send(Run(care.REFILL, lambda desk: care.refill(desk, order)))

    def clear_alarms(self) -> None:
        """Clears what is in force."""
        bits = self._pump.alarm_bits
        self.send(Run(care.CLEAR, lambda desk: care.clear_alarms(desk, bits)))

    def run(self, name: str, make: Callable[[Desk], Procedure]) -> None:
        """Runs the procedure ``make`` under ``name``."""
        self.send(Run(name, make))

    def change_setting(self, name: str, value: int) -> None:
        """Changes a setting of the pump."""
        self.send(Run(jobs.SETTING, lambda desk: jobs.change_setting(desk, name, value)))

    def inject(self, fault: "Fault", after_s: float = 0.0) -> None:
        """Makes the virtual rig fail, ``after_s`` of its time."""
        self.send(Inject(fault, after_s))

    def note(self, text: str) -> None:
        """Keeps words with the data."""
        if text.strip() and self._link.recorded:
            self.note_recorded(text.strip())
        elif text.strip():
            self.send(AddNote(text.strip()))

    def finish_recording(self) -> None:
        """Folds the recording, and begins another while connected."""
        self.send(FinishRecording())
