"""What the editor's check and forecast are told about the connected pump, only as finely as they need it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel, Readings
from rig.therapy.finding import Context
from rig.zones import offset_at

RESERVOIR_NL = 100_000  # steps in which what flows is told: typing isn't checked anew with each sample
CHARGE_PERMILLE = 10
TUBE_PERMILLE = 10
NOW_S = 900
WAITING_S = 60  # where the program waits for its time


class PumpContext(QObject):
    """Joins link and pump to the program being edited.  ``now_utc_s`` is the session's clock, else this
    computer's."""

    def __init__(self, link: LinkModel, pump: PumpModel, program: ProgramModel, now_utc_s: Callable[[], int]) -> None:
        super().__init__(program)
        self._link, self._program, self._now_utc_s = link, program, now_utc_s
        link.identity_changed.connect(self._identified)
        pump.readings_changed.connect(self._read)
        self._care = pump.care
        pump.care.changed.connect(self._worn)
        self._identified()

    def refresh(self) -> None:
        """Time has passed."""
        self._program.set_context(replace(self._program.context, now_utc_s=self._now()))

    def _identified(self, *_: object) -> None:
        device = self._link.device
        known = Context(now_utc_s=self._now(), offset_at=offset_at())
        if device is not None:
            settings = dict(device.settings)
            known = replace(
                known,
                settings=settings,
                device_id=device.device_id,
                held_concentration_ng_ml=settings.get("concentration_ng_ml"),
            )
        before = self._program.context
        if device is not None and before.device_id == device.device_id:
            known = replace(
                known, held=before.held, reservoir_nl=before.reservoir_nl, charge_permille=before.charge_permille
            )
            known = replace(known, tube_permille=before.tube_permille)
        self._program.set_context(known)

    def _read(self, readings: Readings | None) -> None:
        if readings is None:
            return
        reservoir_nl = readings.reservoir_nl // RESERVOIR_NL * RESERVOIR_NL
        charge = readings.charge_permille // CHARGE_PERMILLE * CHARGE_PERMILLE
        known = self._program.context
        self._program.set_context(
            replace(known, reservoir_nl=reservoir_nl, charge_permille=charge, now_utc_s=self._now())
        )

    def _worn(self) -> None:
        said = self._care.said
        if said is not None:
            used = said.tube_permille // TUBE_PERMILLE * TUBE_PERMILLE
            self._program.set_context(replace(self._program.context, tube_permille=used))

    def _now(self) -> int:
        fine_s = WAITING_S if self._program.document.get("mode") == "screening" else NOW_S
        return self._now_utc_s() // fine_s * fine_s
