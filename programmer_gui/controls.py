"""What the operator can do, turned into intents.  Knows the models, not the views."""

from collections.abc import Callable
from typing import Any

from programmer_gui import care, jobs
from programmer_gui.messages import AddNote, Connect, Desk, Disconnect, FinishRecording, Inject, Intent, Procedure, Run
from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from rig.therapy.modes import Bolus


class Controls:
    """``send`` hands an intent to the engine, ``stop`` is the engine's STOP."""

    def __init__(
        self,
        send: Callable[[Intent], None],
        stop: Callable[[], None],
        link: LinkModel,
        pump: PumpModel,
        program: ProgramModel,
    ) -> None:
        self._send, self._stop = send, stop
        self._link, self._pump, self._program = link, pump, program

    def connect(self, target: str) -> None:
        """Opens ``target`` and lets go of any other."""
        self._send(Connect(target))

    def disconnect(self) -> None:
        """Lets go of the pump, which goes on."""
        self._send(Disconnect())

    def stop(self) -> None:
        """STOP."""
        self._pump.set_stop_note("medium", "STOP …")
        self._stop()

    def start(self) -> None:
        """Starts the pump with the program that it holds."""
        self._send(Run(jobs.START, jobs.start))

    def write(self, reason: str = "") -> bool:
        """Writes the draft; returns False, and does nothing, where the check forbids it or a reason is missing."""
        evaluated = self._program.evaluated
        program = evaluated.program
        if program is None or not evaluated.writable or (evaluated.needs_reason and not reason):
            return False
        self._send(Run(jobs.WRITE, lambda desk: jobs.write_program(desk, program, reason)))
        return True

    def read_program(self) -> None:
        """Asks the pump what it holds."""
        self._send(Run(jobs.READ, jobs.read_program))

    def bolus(self, bolus: Bolus, reason: str = "") -> None:
        """Gives a bolus at the concentration that the pump is labelled with."""
        concentration = self._pump.concentration_ng_ml
        self._send(Run(care.BOLUS, lambda desk: care.give_bolus(desk, bolus, concentration, reason)))

    def refill(self, order: care.RefillOrder) -> None:
        """Records a refill."""
        self._send(Run(care.REFILL, lambda desk: care.refill(desk, order)))

    def clear_alarms(self) -> None:
        """Clears what is in force."""
        bits = self._pump.alarm_bits
        self._send(Run(care.CLEAR, lambda desk: care.clear_alarms(desk, bits)))

    def run(self, name: str, make: Callable[[Desk], Procedure]) -> None:
        """Runs the procedure ``make`` under ``name``."""
        self._send(Run(name, make))

    def change_setting(self, name: str, value: int) -> None:
        """Changes a setting of the pump."""
        self._send(Run(jobs.SETTING, lambda desk: jobs.change_setting(desk, name, value)))

    def inject(self, fault: Any) -> None:
        """Makes the virtual rig fail."""
        self._send(Inject(fault))

    def note(self, text: str) -> None:
        """Keeps words with the data."""
        if text.strip():
            self._send(AddNote(text.strip()))

    def finish_recording(self) -> None:
        """Folds the recording, and begins another while connected."""
        self._send(FinishRecording())
