"""The Device page: identity, settings, reservoir, battery, faults on a virtual rig."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from programmer_gui import words
from programmer_gui.models.link import LinkModel
from programmer_gui.models.pump import PumpModel, Readings
from programmer_gui.views.actions import Actions
from programmer_gui.views.cell import volume_text
from programmer_gui.views.fault_panel import FaultPanel
from programmer_gui.views.settings_table import SettingsTable
from programmer_gui.views.widgets import GAP, MARGIN, Card, button, label, row
from rig.session import SessionInfo

UNKNOWN = "–"
IDENTITY = ("Device id", "Firmware", "Protocol", "Capabilities", "Started up", "Connected through")


class DevicePage(QWidget):
    """Shows the models; its buttons are the window's actions."""

    def __init__(self, link: LinkModel, pump: PumpModel, actions: Actions) -> None:
        super().__init__()
        self._link, self._pump = link, pump
        self.identity: dict[str, QLabel] = {}
        self.settings = SettingsTable(link)
        self.faults = FaultPanel()
        self.reservoir = label(UNKNOWN, "value")
        self.reservoir_note = label("", "caption", wrap=True)
        self.battery = label(UNKNOWN, "value")
        self.battery_note = label("", "caption", wrap=True)
        self._lay_out(actions)
        link.identity_changed.connect(self._show_identity)
        pump.readings_changed.connect(self._show_readings)
        self._show_identity(link.info)

    def _lay_out(self, actions: Actions) -> None:
        settings = Card("Settings of the pump")
        settings.body.addWidget(self.settings, 1)
        reservoir = self._action_card("Reservoir", self.reservoir, self.reservoir_note, "Refill …", "refill", actions)
        battery = self._action_card(
            "Battery", self.battery, self.battery_note, "Battery replaced …", "battery", actions
        )
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setSpacing(MARGIN)
        grid.addWidget(self._identity_card(), 0, 0, 1, 2)
        grid.addWidget(reservoir, 1, 0)
        grid.addWidget(battery, 1, 1)
        grid.addWidget(self.faults, 2, 0, 1, 2)
        grid.addWidget(settings, 0, 2, 3, 1)
        for column, stretch in ((0, 1), (1, 1), (2, 2)):
            grid.setColumnStretch(column, stretch)
        grid.setRowStretch(2, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _identity_card(self) -> Card:
        card = Card("Identity")
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(GAP)
        for at, title in enumerate(IDENTITY):
            value = label(UNKNOWN, wrap=True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            value.setAccessibleName(title)
            grid.addWidget(label(title, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, at, 1)
            self.identity[title] = value
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        card.body.addStretch(1)
        return card

    def _action_card(
        self, title: str, value: QLabel, note: QLabel, words_on_it: str, action: str, actions: Actions
    ) -> Card:
        card = Card(title)
        card.body.addWidget(value)
        card.body.addWidget(note)
        act = button(words_on_it, name=actions[action].text())
        act.clicked.connect(actions[action].trigger)
        act.setEnabled(actions[action].isEnabled())
        actions[action].enabledChanged.connect(act.setEnabled)
        card.body.addStretch(1)
        card.body.addLayout(row(act, None))
        return card

    def _show_identity(self, info: SessionInfo | None) -> None:
        device = info.device if info else None
        self.faults.setVisible(bool(info and info.virtual))
        texts = dict.fromkeys(IDENTITY, UNKNOWN)
        if info is not None:
            texts["Connected through"] = info.port or info.target
        if device is not None:
            texts |= {
                "Device id": device.device_id,
                "Firmware": device.firmware_version,
                "Protocol": f"{device.protocol}, table {device.table_crc:08x}",
                "Capabilities": ", ".join(sorted(device.capabilities)).replace("_", " ") or "none",
                "Started up": "once" if device.boot_count == 1 else f"{device.boot_count} times",
            }
        for title, text in texts.items():
            self.identity[title].setText(text)

    def _show_readings(self, readings: Readings | None) -> None:
        if readings is None:
            for value in (self.reservoir, self.battery):
                value.setText(UNKNOWN)
            for note in (self.reservoir_note, self.battery_note):
                note.setText("")
            return
        names = {alarm.name: alarm for alarm in words.active_alarms(self._pump.alarm_bits)}
        self.reservoir.setText(volume_text(readings.reservoir_nl))
        low = names.get("empty_reservoir") or names.get("low_reservoir")
        self.reservoir_note.setText(f"{low.title}. {low.remedy}" if low else "by what the pump delivered")
        self.battery.setText(f"{readings.charge_permille / 10:.0f} %  ·  {readings.battery_mv / 1000:.2f} V")
        end = names.get("battery_eos") or names.get("battery_eri")
        self.battery_note.setText(f"{end.title}. {end.remedy}" if end else "by its charge counter")
