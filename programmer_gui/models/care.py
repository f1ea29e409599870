"""What a pump needs somebody for: alarms that stand, how long it is stopped, on-demand boluses, tones, tube."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from programmer_gui import words
from rig.therapy import units

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.firmware.program import Program
    from rig.session import Batch, Event

US = 1_000_000
_SAID = ("demands_day", "demand_wait_s", "silence_left_s", "tones", "tube_permille", "self_test")


@dataclass(frozen=True)
class Standing:
    """An alarm in force.  ``occurred_us`` is UTC, None where it began before anybody listened."""

    alarm: words.ActiveAlarm
    occurred_us: int | None = None
    delay_ms: int = 0  # until it was noticed


@dataclass(frozen=True)
class Said:
    """The latest word of the pump on itself; see the wire's "status"."""

    utc_us: int  # by the pump's clock, this computer's where that is unset
    t_us: int
    demands_day: int
    demand_wait_s: int
    silence_left_s: int
    tones: int
    tube_permille: int  # of the tube's life that is used
    self_test: int  # bits of vocabulary.SELF_TESTS that failed last


@dataclass(frozen=True)
class Demand:
    """What a press of the button gives, by the program that the pump holds."""

    volume_pl: int
    duration_ms: int
    lockout_s: int
    per_day: int


class CareModel(QObject):
    """Fed with every batch; ``changed`` follows each status, ``alarms_changed`` each change of what stands."""

    changed = Signal()
    alarms_changed = Signal(list)  # of Standing, most urgent first

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings: dict[str, int] = {}
        self.demand: Demand | None = None
        self._own_reminder_min = 0
        self.reset()

    def reset(self) -> None:
        """Nothing is known: no pump, or another one."""
        self.said: Said | None = None
        self.stopped_us: int | None = None  # UTC of the latest stop; None where it isn't known
        self.standing: list[Standing] = []
        self._bits = 0
        self._began: dict[str, tuple[int, int]] = {}  # alarm -> UTC us, ms until it was noticed
        self._state = ""
        self.alarms_changed.emit([])
        self.changed.emit()

    def identify(self, settings: dict[str, int]) -> None:
        """The pump's settings."""
        self.settings = settings
        self.changed.emit()

    def set_held(self, held: "Program | None") -> None:
        """The program that the pump holds."""
        self.demand = Demand(*held.demand) if held is not None and held.demand else None
        self._own_reminder_min = held.reminder_min if held is not None else 0
        self.changed.emit()

    def take(self, batch: "Batch") -> None:
        """What the link brought."""
        for event in batch.events:
            self._note(event)
        if batch.status is not None:
            fields = batch.status.fields
            utc_us = fields["utc_s"] * US if fields["clock_set"] else batch.status.host_us
            self.said = Said(utc_us, fields["t_us"], *(fields[name] for name in _SAID))
            self.changed.emit()

    def show(self, state: str, alarm_bits: int) -> None:
        """What it does, and which alarms stand."""
        self._state = state
        self._bits = alarm_bits
        self._stand()

    @property
    def reminder_min(self) -> int:
        """How often it reminds while it is stopped; 0 for never."""
        return self._own_reminder_min or self.settings.get("reminder_min", 0)

    def stopped_s(self) -> int | None:
        """For how long it has been stopped; None where that isn't known, or it isn't."""
        if self._state != "stopped" or self.stopped_us is None or self.said is None:
            return None
        return max(0, (self.said.utc_us - self.stopped_us) // US)

    def until_reminder_s(self) -> int | None:
        """Seconds until it reminds for the first time; None for never, for past, and where it isn't known."""
        return self._until(self.reminder_min * 60)

    def until_alarm_s(self) -> int | None:
        """Seconds until being stopped is a critical alarm."""
        return self._until(self.settings.get("stopped_alarm_h", 0) * 3600)

    def _until(self, after_s: int) -> int | None:
        stopped_s = self.stopped_s()
        return None if not after_s or stopped_s is None or stopped_s >= after_s else after_s - stopped_s

    def _note(self, event: "Event") -> None:
        at_us = event.utc_s * US or event.host_us
        if event.kind == "stopped":
            self.stopped_us = at_us
        elif event.kind in words.ALARMS:
            self._began[event.kind] = (at_us, (event.detected_us - event.occurred_us) // 1000)
            self._stand()
        elif event.kind.endswith("_over"):
            self._began.pop(event.kind.removesuffix("_over"), None)

    def _stand(self) -> None:
        standing = [
            Standing(alarm, *self._began.get(alarm.name, (None, 0))) for alarm in words.active_alarms(self._bits)
        ]
        if standing != self.standing:
            self.standing = standing
            self.alarms_changed.emit(standing)


def short(seconds: int) -> str:
    """A time that runs: to the minute from a minute up, to the second below."""
    return units.duration_text(seconds // 60 * 60_000 if seconds >= 60 else max(0, seconds) * 1000)
