"""What to connect to: ports, virtual rigs, what was used before, or any address."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from firmware_link.ports import PortInfo
from programmer_gui.theme import Theme
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import GAP, label
from rig.targets import pump_and_balance

VIRTUAL = (
    ("sim:?seed=7", "Virtual rig, in real time"),
    ("sim:?seed=7&speed=60", "Virtual rig, a minute of the pump each second"),
    ("upy:?seed=7", "Virtual rig whose firmware runs in a real MicroPython"),
)
ADDRESSES = "auto, a port, serial:NUMBER, socket://HOST:PORT, sim:?seed=7&speed=60 or upy:"
BALANCES = "mt-sics:PORT, sbi:PORT, PORT?baud=9600&parity=none; under a virtual rig mt-sics:sim or sbi:sim"
ROW_PX = 28
_TARGET = Qt.ItemDataRole.UserRole


class ConnectDialog(Panel):
    """Lists ports as they come and go; opens none until one is chosen."""

    chosen = Signal(str)

    def __init__(
        self, parent: QWidget, theme: Theme, list_ports: Callable[[], list[PortInfo]], recent: list[str]
    ) -> None:
        super().__init__(parent, "Connect", "Connect")
        self._theme, self._list_ports, self._recent = theme, list_ports, recent
        self._ports: list[PortInfo] | None = None
        self.targets = QListWidget()
        self.targets.setAccessibleName("Targets")
        self.targets.setMinimumHeight(264)
        self.targets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.targets.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.targets.itemSelectionChanged.connect(self._picked)
        self.targets.itemActivated.connect(lambda item: self._accept() if item.data(_TARGET) else None)
        self.body.addWidget(self.targets)
        self._add_fields(recent[0] if recent else "auto")
        self.setMinimumWidth(640)
        self.accepted_by_operator.connect(lambda: self.chosen.emit(self.target()))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh)
        self._timer.start(1000)
        self._refresh()
        self.address.setFocus()
        self.address.selectAll()

    def _add_fields(self, target: str) -> None:
        self.address, self.balance = QLineEdit(), QLineEdit()
        self.address.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.balance.setPlaceholderText("none")
        fields = (("Address", self.address, ADDRESSES), ("Laboratory balance", self.balance, BALANCES))
        for title, field, words in fields:
            field.setAccessibleName(title)
            field.setMaxLength(500)
            field.returnPressed.connect(self._accept)
            caption = label(title, "caption")
            caption.setBuddy(field)
            for item in (caption, field, label(words, "caption")):
                self.body.addWidget(item)
            self.body.addSpacing(GAP)
        self._show_target(target)

    def _refresh(self) -> None:
        ports = self._list_ports()
        if ports == self._ports:
            return
        self._ports = ports
        keep = self.address.text()
        self.targets.clear()
        self._heading("Serial ports")
        for port in sorted(ports, key=lambda port: not port.is_board):
            self._add(port.path, port.sentence(), "usb")
        if not ports:
            self._heading("    None here. Plug a pump in: it appears by itself.")
        self._heading("Virtual rigs")
        for target, words in VIRTUAL:
            self._add(target, f"{words}   {target}", "rig")
        others = [target for target in self._recent if target not in dict(VIRTUAL)]
        if others:
            self._heading("Used before")
            for target in others:
                self._add(target, target, "runs")
        self.address.setText(keep)

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, ROW_PX))
        self.targets.addItem(item)

    def _add(self, target: str, words: str, icon: str) -> None:
        item = QListWidgetItem(self._theme.icon(icon, "muted"), words)
        item.setData(_TARGET, target)
        item.setSizeHint(QSize(0, ROW_PX))
        self.targets.addItem(item)

    def _picked(self) -> None:
        items = self.targets.selectedItems()
        if items and items[0].data(_TARGET):
            self._show_target(items[0].data(_TARGET))

    def _show_target(self, target: str) -> None:
        """In its two parts."""
        pump, balance = pump_and_balance(target)
        self.address.setText(pump)
        self.balance.setText(balance or self.balance.text())  # one that was typed stays

    def target(self) -> str:
        """What was chosen, as one address."""
        pump, balance = self.address.text().strip(), self.balance.text().strip()
        return f"{pump} with {balance}" if balance else pump
