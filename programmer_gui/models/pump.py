"""What the pump does now, as far as it has said."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from firmware_link import vocabulary, wire
from programmer_gui import words
from programmer_gui.models.care import CareModel, short
from rig.therapy import units

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.clockfit import ClockState
    from rig.session import Batch, DeviceInfo


@dataclass(frozen=True)
class Readings:
    """The latest sample, raw; None where the pump has no such sensor."""

    commanded_nl: int
    measured_nl: int | None
    flow_pl_s: int
    pressure_pa: int
    reservoir_nl: int
    battery_mv: int
    charge_permille: int
    temperature_cc: int


@dataclass(frozen=True)
class Progress:
    """What came out since the program began, and what was to come out by now."""

    delivered_nl: int | None  # by the balance; None without one
    commanded_nl: int
    planned_nl: int

    @property
    def deviation_permille(self) -> int | None:
        """Delivered (or commanded, without a balance) against plan; None before anything was planned."""
        if self.planned_nl <= 0:
            return None
        delivered = self.commanded_nl if self.delivered_nl is None else self.delivered_nl
        return round(1000 * (delivered - self.planned_nl) / self.planned_nl)


class PumpModel(QObject):
    """State, alarms and readings of the pump, each with its own signal."""

    state_changed = Signal(str)  # one of vocabulary.STATES, "" while unknown
    activity_changed = Signal(str)
    alarms_changed = Signal(list)  # of words.ActiveAlarm, most urgent first
    readings_changed = Signal(object)  # Readings
    progress_changed = Signal(object)  # Progress, or None
    program_changed = Signal(object)  # digest (int) of the active program, 0 for none
    clock_changed = Signal(object)  # rig.clockfit.ClockState, or None
    stop_changed = Signal(str, str)  # level of words.LEVELS or "", what about STOP

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.concentration_ng_ml = 0
        self.stop_note = ("", "")
        self.care = CareModel(self)
        self.reset()

    def reset(self) -> None:
        """Nothing is known: no pump, or another one."""
        self.state = ""
        self.activity = ""
        self.alarm_bits = 0
        self.readings: Readings | None = None
        self.progress: Progress | None = None
        self.digest: int | None = None
        self.bolus_left_ms = 0
        self.clock_set = True
        self.clock: ClockState | None = None
        self.care.reset()
        self.state_changed.emit("")
        self.activity_changed.emit("")
        self.alarms_changed.emit([])
        self.readings_changed.emit(None)
        self.progress_changed.emit(None)
        self.clock_changed.emit(None)
        if not self.stop_unresolved:
            self.set_stop_note("", "")

    @property
    def running(self) -> bool:
        """Whether it delivers, or would."""
        return self.state not in ("", "stopped")

    @property
    def stop_unresolved(self) -> bool:
        """Whether a STOP did not go out or was not confirmed, and the pump has not been seen stopped since."""
        return self.stop_note[0] == "high"

    def identify(self, device: "DeviceInfo") -> None:
        """Settings that words depend on."""
        self.concentration_ng_ml = device.settings.get("concentration_ng_ml", 0)
        self.care.identify(device.settings)

    def take(self, batch: "Batch") -> None:
        """What the link brought."""
        self.care.take(batch)
        if batch.status is not None:
            self._take_status(batch.status.fields)
        if len(batch.samples):
            row = batch.samples[-1]
            measured = int(row["measured_nl"])
            self.readings = Readings(
                int(row["commanded_nl"]),
                None if measured == wire.MISSING else measured,
                *(int(row[name]) for name in ("flow_pl_s", "pressure_pa", "reservoir_nl")),
                *(int(row[name]) for name in ("battery_mv", "charge_permille", "temperature_cc")),
            )
            self.clock_set = bool(row["flags"] & 1)
            self._set_state(vocabulary.state_name(int(row["state"])), int(row["alarms"]))
            self.readings_changed.emit(self.readings)
        if batch.status is not None or len(batch.samples):
            self._set_activity()

    def set_progress(self, progress: Progress | None) -> None:
        """Delivered against plan."""
        if progress != self.progress:
            self.progress = progress
            self.progress_changed.emit(progress)

    def set_clock(self, clock: "ClockState | None") -> None:
        """How its clock goes beside this computer's."""
        if clock != self.clock:
            self.clock = clock
            self.clock_changed.emit(clock)

    def set_stop_note(self, level: str, text: str) -> None:
        """How the latest STOP fared; "" for nothing to say."""
        if (level, text) != self.stop_note:
            self.stop_note = (level, text)
            self.stop_changed.emit(level, text)

    def _take_status(self, fields: dict[str, int]) -> None:
        self.bolus_left_ms = fields["bolus_left_ms"]
        self.clock_set = bool(fields["clock_set"])
        self._set_state(vocabulary.state_name(fields["state"]), fields["alarms"])
        if fields["digest"] != self.digest:
            self.digest = fields["digest"]
            self.program_changed.emit(self.digest)

    def _set_state(self, state: str, alarm_bits: int) -> None:
        self.care.show(state, alarm_bits)
        if state != self.state:
            if state != "stopped" and not self.stop_unresolved:
                self.set_stop_note("", "")  # what was said of the latest STOP is over
            self.state = state
            self.state_changed.emit(state)
        if state == "stopped" and self.stop_unresolved:
            self.set_stop_note("", "")
        if alarm_bits != self.alarm_bits:
            self.alarm_bits = alarm_bits
            self.alarms_changed.emit(words.active_alarms(alarm_bits))

    def _set_activity(self) -> None:
        text = self._activity()
        if text != self.activity:
            self.activity = text
            self.activity_changed.emit(text)

    def _activity(self) -> str:
        """What it does now, in one line."""
        if self.state == "stopped":
            return self._standstill() if self.digest != 0 else "Holds no program"
        flow_pl_day = (self.readings.flow_pl_s if self.readings else 0) * units.DAY_S
        rate = units.flow_text(significant(flow_pl_day))
        if self.state == "minimum_rate":
            return f"{rate}, keeps the path open"
        if self.concentration_ng_ml:
            from rig.therapy import program

            dose = units.dose_rate_text(significant(program.dose_ng(flow_pl_day, self.concentration_ng_ml)))
            return f"{rate}  ({dose})"
        return rate

    def _standstill(self) -> str:
        """For how long it has been stopped, and what comes of it."""
        stopped_s = self.care.stopped_s()
        if stopped_s is None:
            return "Delivers nothing"
        nexts = ((self.care.until_reminder_s(), "reminds"), (self.care.until_alarm_s(), "alarms"))
        coming = [f"{what} in {short(after_s)}" for after_s, what in nexts if after_s is not None]
        return ", ".join([f"Delivers nothing for {short(stopped_s)}", *coming[:1]])


def significant(value: int, digits: int = 4) -> int:
    """``value`` rounded to so many significant digits, for showing: rates are sent in whole picolitres a second."""
    excess = len(str(abs(value))) - digits
    return value if excess <= 0 else round(value, -excess)
