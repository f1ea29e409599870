"""The device bar: always there, says in words what is connected and what it does, and holds STOP."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from programmer_gui import words
from programmer_gui.models.care import short
from programmer_gui.models.link import LinkModel
from programmer_gui.models.pump import Progress, PumpModel, Readings
from programmer_gui.playing import named, path_of
from programmer_gui.theme import Theme
from programmer_gui.views.bar_buttons import StopButton, TargetButton
from programmer_gui.views.cell import DASH, Cell, volume_text
from programmer_gui.views.widgets import GAP, MARGIN, ElidedLabel, Lamp, label, rule, set_property
from rig.linkstate import LinkCounters, LinkState
from rig.therapy import units

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.session import SessionInfo

STOP_KEY = "F12"
NARROW = 1200  # px


class DeviceBar(QFrame):
    """Emits ``stop_asked`` and ``target_asked``; shows the models and nothing else."""

    stop_asked = Signal()
    target_asked = Signal()

    def __init__(self, link: LinkModel, pump: PumpModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("deviceBar")
        self._link, self._pump, self._theme = link, pump, theme
        self.target = TargetButton(theme)
        self.target.clicked.connect(self.target_asked)
        self.lamp = Lamp(theme)
        self.state = ElidedLabel("", "title")
        self.activity = ElidedLabel("", "caption")
        self.besides = ElidedLabel("", "caption")  # what it does, where an alarm has the line above
        self.delivered = Cell("Delivered", 124)
        self.reservoir = Cell("Reservoir", 92, theme)
        self.battery = Cell("Battery", 80, theme)
        self.health = Cell("Link", 104)
        self.stop = StopButton()
        self.stop.pressed.connect(self.stop_asked)  # on the way down: not a moment later
        self.stop_note = label("", "caption")
        self.stop_note.hide()
        self.stop_note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lay_out()
        self._connect()
        self._show_state()
        self._show_identity(link.info)

    def _lay_out(self) -> None:
        state = QVBoxLayout()
        state.setSpacing(2)
        state.addStretch(1)
        state.addWidget(self.state)
        state.addWidget(self.activity)
        state.addWidget(self.besides)
        state.addStretch(1)
        stop = QVBoxLayout()
        stop.setSpacing(2)
        stop.addStretch(1)
        stop.addWidget(self.stop)
        stop.addWidget(self.stop_note)
        stop.addStretch(1)
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        layout.addWidget(self.target)
        layout.addWidget(rule(vertical=True))
        layout.addWidget(self.lamp)
        layout.addLayout(state, 5)
        for cell, stretch in ((self.delivered, 3), (self.reservoir, 2), (self.battery, 2), (self.health, 2)):
            layout.addWidget(rule(vertical=True))
            layout.addWidget(cell, stretch)
        layout.addSpacing(4)
        layout.addLayout(stop)
        self.setFixedHeight(88)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Closer together where the window is narrow: the state must be readable."""
        narrow = self.width() < NARROW
        self._row.setSpacing(GAP if narrow else 12)
        self.target.setFixedSize(160 if narrow else 208, 56)
        set_property(self.stop, "narrow", "true" if narrow else "false")
        self.health.setMinimumWidth(76 if narrow else 104)

    def _connect(self) -> None:
        self._link.state_changed.connect(self._show_state)
        self._link.identity_changed.connect(self._show_identity)
        self._link.counters_changed.connect(self._show_counters)
        self._pump.state_changed.connect(self._show_state)
        self._pump.alarms_changed.connect(self._show_state)
        self._pump.activity_changed.connect(self._show_state)
        self._pump.care.changed.connect(self._show_state)
        self._pump.readings_changed.connect(self._show_readings)
        self._pump.progress_changed.connect(self._show_progress)
        self._pump.stop_changed.connect(self._show_stop)

    def _show_identity(self, info: "SessionInfo | None") -> None:
        self.stop.set_recorded(self._link.recorded)
        if info is None:
            last = f"last: {named(self._link.target)}" if self._link.target else "no pump"
            self.target.show_target("Connect …", last, "link")
        elif info.can_seek:
            self.target.show_target("Recording", path_of(info.target).name, "runs")
        else:
            device = info.device
            name = f"Pump {device.device_id[-6:].upper()}" if device else "Looking for a pump"
            self.target.show_target(name, info.target, "rig" if info.virtual else "usb")

    def _show_state(self, *_: object) -> None:
        link, pump = self._link, self._pump
        state = words.STATES.get(pump.state, words.NOT_KNOWN if link.device else words.NO_PUMP)
        title, symbol, level, line = state.title, state.symbol, state.level, pump.activity
        alarms = words.active_alarms(pump.alarm_bits)
        line_level = besides = ""
        if alarms:
            line_level = alarms[0].level
            mark = words.LEVEL_SYMBOLS[line_level]
            stopped_s = pump.care.stopped_s()
            besides = f"Stopped for {short(stopped_s)}" if stopped_s is not None else line if pump.running else ""
            others = f" and {len(alarms) - 1} more" if len(alarms) > 1 else ""
            line = f"{mark} {alarms[0].title}{others}"
            if line_level == "high":
                symbol, level = "alarm", "high"
        if link.state is LinkState.CLOSED:
            title, symbol, level, line = words.NO_PUMP.title, "none", "muted", "Connect to one, or to a virtual rig."
            line_level = besides = ""
        elif link.state is not LinkState.ONLINE:
            line = (f"Was {state.title.lower()}.  " if pump.state else "") + words.LINKS[link.state]
            symbol, level, line_level, besides = "none", "medium", "", ""
            title = "Not known" if pump.state else "Connecting"
        self.state.set_whole(title)
        self.activity.set_whole(line)
        self.besides.set_whole(besides)
        self.besides.setVisible(bool(besides))
        set_property(self.state, "level", level if level in words.LEVELS else "")
        set_property(self.activity, "level", line_level)
        self.lamp.show_state(symbol, level, f"State: {title}. {line} {besides}".strip())
        self._show_counters(link.counters)

    def _show_readings(self, readings: Readings | None) -> None:
        if readings is None:
            for cell in (self.reservoir, self.battery):
                cell.show_value(DASH)
                cell.show_fraction(0.0)
            return
        device = self._link.device
        capacity = device.settings.get("reservoir_nl", 0) if device else 0
        names = {alarm.name: alarm.level for alarm in words.active_alarms(self._pump.alarm_bits)}
        level = names.get("empty_reservoir") or names.get("low_reservoir") or ""
        below = f"of {units.volume_text(capacity)}" if capacity else ""
        self.reservoir.show_value(volume_text(readings.reservoir_nl), below, level)
        level_battery = names.get("battery_eos") or names.get("battery_eri") or ""
        charge = readings.charge_permille / 10
        self.battery.show_value(f"{charge:.0f} %", f"{readings.battery_mv / 1000:.2f} V", level_battery)
        self.reservoir.show_fraction(readings.reservoir_nl / capacity if capacity else 0.0, level)
        self.battery.show_fraction(readings.charge_permille / 1000, level_battery)

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is None:
            self.delivered.show_value(DASH, "no program has begun")
            return
        delivered = progress.commanded_nl if progress.delivered_nl is None else progress.delivered_nl
        deviation = progress.deviation_permille
        plan = f"plan {volume_text(progress.planned_nl)}"
        below = plan if deviation is None else f"{plan}, {deviation / 10:+.1f} %".replace("-", "−")
        self.delivered.show_value(volume_text(delivered), below)

    def _show_counters(self, counters: LinkCounters) -> None:
        state = self._link.state
        if state is LinkState.CLOSED:
            self.health.show_value(DASH, "not connected")
        elif state is not LinkState.ONLINE:
            self.health.show_value("Lost" if state is LinkState.LOST else "…", words.LINKS[state], "medium")
        else:
            bad = counters.frames_bad
            trip_ms = counters.round_trip_us / 1000
            trip = f"{trip_ms / 1000:.1f} s" if trip_ms >= 1000 else f"{trip_ms:.1f} ms" if trip_ms else "Online"
            self.health.show_value(trip, f"{bad} bad frames", "medium" if bad else "")

    def _show_stop(self, level: str, text: str) -> None:
        self.stop_note.setText(text)
        self.stop_note.setVisible(bool(text))
        set_property(self.stop_note, "level", level)
        self.stop_note.setAccessibleName(text)
