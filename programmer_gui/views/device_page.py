"""The Device page: identity, what the pump needs somebody for, its clock and settings; and a virtual rig behind it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from programmer_gui.models.bundle import Models
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.balance_card import BalanceCard
from programmer_gui.views.care_cards import (
    UNKNOWN,
    AlarmCard,
    BatteryCard,
    DeliveryCard,
    DemandCard,
    ReservoirCard,
    TubeCard,
)
from programmer_gui.views.clock_card import ClockCard
from programmer_gui.views.rig_panel import RigPanel
from programmer_gui.views.settings_table import SettingsTable
from programmer_gui.views.widgets import GAP, MARGIN, Card, label, row, rule, segment
from rig.session import SessionInfo

IDENTITY = ("Device id", "Firmware", "Protocol", "Capabilities", "Started up", "Connected through")
HELP = "Choose a setting to see what it is for. A double click on its value, or F2, changes it."
NARROW = 1120  # px: the settings go below the cards
PARTS = (("Pump", "What the pump is, says and needs"), ("Rig", "What truly happens, and what can be made to go wrong"))
PUMP, RIG = range(2)


class DevicePage(QWidget):
    """Shows the models; its buttons are the window's actions."""

    def __init__(self, models: Models, actions: Actions, theme: Theme) -> None:
        super().__init__()
        link, pump = models.link, models.pump
        self.identity: dict[str, QLabel] = {}
        self.settings = SettingsTable(link)
        self.rig = RigPanel(models.rig, link, theme)
        self.delivery = DeliveryCard(pump, models.occlusion)
        self.clock = ClockCard(pump)
        self.demand = DemandCard(pump, actions["demand"])
        self.alarm = AlarmCard(pump.care, actions["silence"], actions["self_test"])
        self.reservoir = ReservoirCard(pump, actions["refill"])
        self.battery = BatteryCard(pump, actions["battery"])
        self.tube = TubeCard(pump.care, actions["tube"])
        self.balance = BalanceCard(link.balance)
        self._settings_card = Card("Settings of the pump")
        self._settings_card.body.addWidget(self.settings, 1)
        self.help = label(HELP, "caption", wrap=True)
        self.help.setMinimumHeight(32)
        self._settings_card.body.addWidget(self.help)
        self.settings.explained.connect(lambda text: self.help.setText(text or HELP))
        self._grid = QGridLayout()
        self._narrow: bool | None = None
        self._lay_out()
        link.identity_changed.connect(self._show_identity)
        self._show_identity(link.info)

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setLayout(self._grid)
        self._grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._grid.setSpacing(MARGIN)
        pairs = (
            (self._identity_card(), self.delivery),
            (self.demand, self.alarm),
            (self.reservoir, self.battery),
            (self.tube, self.clock),
        )
        for at, pair in enumerate(pairs):
            for column, card in enumerate(pair):
                self._grid.addWidget(card, 1 + at, column)
        self._grid.addWidget(self.balance, 0, 0, 1, 2)
        self._grid.setRowStretch(1 + len(pairs), 1)
        self._fit()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self.parts = QStackedWidget()
        self.parts.addWidget(scroll)
        self.parts.addWidget(self.rig)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head())
        layout.addWidget(self.parts, 1)

    def _head(self) -> QWidget:
        """Of a virtual rig only: its pump, and the rig behind it."""
        self._switch = QButtonGroup(self)
        line = row(gap=0)
        for part, (title, tip) in enumerate(PARTS):
            made = segment(title, "first" if part == 0 else "last", f"{title}: {tip}")
            made.setToolTip(tip)
            self._switch.addButton(made, part)
            line.addWidget(made)
        line.addStretch(1)
        line.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._switch.idClicked.connect(self.show_part)
        self.head = QWidget()
        layout = QVBoxLayout(self.head)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(rule())
        self.show_part(PUMP)
        return self.head

    def show_part(self, part: int) -> None:
        """PUMP or RIG."""
        self.parts.setCurrentIndex(part)
        self._switch.button(part).setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.settings.setMinimumHeight(self.settings.whole_height() if narrow else 240)
        self._grid.removeWidget(self._settings_card)
        if narrow:
            self._grid.addWidget(self._settings_card, 6, 0, 1, 2)
        else:
            self._grid.addWidget(self._settings_card, 0, 2, 6, 1)
        for column, stretch in ((0, 3), (1, 3), (2, 0 if narrow else 4)):
            self._grid.setColumnStretch(column, stretch)

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

    def _show_identity(self, info: SessionInfo | None) -> None:
        device = info.device if info else None
        virtual = bool(info and info.virtual)
        self.head.setVisible(virtual)
        if not virtual:
            self.show_part(PUMP)
        self.demand.set_virtual(virtual)
        for part in (self.delivery, self.settings):
            part.set_recorded(bool(info and info.can_seek))
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
