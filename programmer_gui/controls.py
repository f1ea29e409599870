"""What the operator can do, turned into intents.  Knows the models, not the views."""

from collections.abc import Callable
from typing import Any

from programmer_gui import jobs
from programmer_gui.messages import AddNote, Connect, Disconnect, FinishRecording, Inject, Intent, Run
from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from rig.therapy.program import Bolus


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
        self._send(Run(jobs.BOLUS, lambda desk: jobs.give_bolus(desk, bolus, concentration, reason)))

    def refill(self, withdrawn_nl: int, filled_nl: int, concentration_ng_ml: int) -> None:
        """Records a refill."""
        self._send(Run(jobs.REFILL, lambda desk: jobs.refill(desk, withdrawn_nl, filled_nl, concentration_ng_ml)))

    def battery_replaced(self) -> None:
        """Records a new battery."""
        self._send(Run(jobs.BATTERY, jobs.battery_replaced))

    def clear_alarms(self) -> None:
        """Clears what is in force."""
        bits = self._pump.alarm_bits
        self._send(Run(jobs.CLEAR, lambda desk: jobs.clear_alarms(desk, bits)))

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
