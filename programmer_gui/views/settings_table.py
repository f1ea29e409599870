"""The pump's settings, each with its unit and range; a double click changes one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from firmware_link import vocabulary
from programmer_gui import words
from programmer_gui.models.link import LinkModel
from programmer_gui.views.actions import RECORDED
from programmer_gui.views.widgets import take_items
from rig.session import SessionInfo

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALLOWED = 3
NARROW = 520  # px: what is allowed is then in the tool tips only
EDITED = QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
HEADERS = ("Setting", "Value", "Unit", "Allowed")


class SettingsTable(QTableWidget):
    """Emits ``changed`` with a setting's name and its new raw value, within its range."""

    changed = Signal(str, object)
    refused = Signal(str)  # why a value that was typed can't be
    explained = Signal(str)  # what the setting is for that the operator looks at

    def __init__(self, link: LinkModel) -> None:
        super().__init__(len(vocabulary.SETTINGS), len(HEADERS))
        self._settings: dict[str, int] = {}
        self.setHorizontalHeaderLabels(HEADERS)
        self.setAccessibleName("Settings of the pump")
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.set_recorded(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section in (1, 3):
            item = QTableWidgetItem(HEADERS[section])
            item.setTextAlignment(RIGHT)
            self.setHorizontalHeaderItem(section, item)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        for section in (1, 2, 3):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(self._typed)
        self.currentCellChanged.connect(lambda row, *_: self.explained.emit(explanation(row)))
        link.identity_changed.connect(self._show)
        self._show(link.info)

    def set_recorded(self, recorded: bool) -> None:
        """A recording takes no orders."""
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers if recorded else EDITED)
        self.setToolTip(RECORDED if recorded else "")

    def _show(self, info: SessionInfo | None) -> None:
        self._settings = dict(info.device.settings) if info and info.device else {}
        self.blockSignals(True)
        take_items(self)
        for at, (_, name, low, high, _) in enumerate(vocabulary.SETTINGS):
            known = words.SETTINGS[name]
            value = self._settings.get(name)
            shown = "–" if value is None else words.plain(value * known.scale)
            allowed = f"{words.plain(low * known.scale)} to {words.plain(high * known.scale)}"
            for section, text in enumerate((known.title, shown, known.unit, allowed)):
                item = QTableWidgetItem(text)
                editable = section == 1 and value is not None
                if not editable:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                if section in (1, 3):
                    item.setTextAlignment(RIGHT)
                item.setToolTip(f"{explanation(at)} Double-click its value, or F2, to change it.")
                self.setItem(at, section, item)
        self.blockSignals(False)

    def whole_height(self) -> int:
        """In which every row can be seen."""
        return self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(ALLOWED, self.width() < NARROW)

    def _typed(self, item: QTableWidgetItem) -> None:
        _, name, low, high, _ = vocabulary.SETTINGS[item.row()]
        known = words.SETTINGS[name]
        try:
            raw = round(float(item.text().replace(",", ".").replace("\u202f", "")) / known.scale)
        except (ValueError, OverflowError):
            raw = low - 1
        if not low <= raw <= high:
            allowed = f"{words.plain(low * known.scale)} to {words.plain(high * known.scale)} {known.unit}".rstrip()
            self.refused.emit(f"{known.title} can't be {item.text()}. Give {allowed}.")
        elif raw != self._settings.get(name):
            self.changed.emit(name, raw)
        self.blockSignals(True)
        item.setText(words.plain(self._settings.get(name, 0) * known.scale))  # until the pump says that it changed
        self.blockSignals(False)


def explanation(row: int) -> str:
    """What the setting in this row is for, and what it may be."""
    if not 0 <= row < len(vocabulary.SETTINGS):
        return ""
    _, name, low, high, _ = vocabulary.SETTINGS[row]
    known = words.SETTINGS[name]
    allowed = f"{words.plain(low * known.scale)} to {words.plain(high * known.scale)} {known.unit}".rstrip()
    return f"{known.title}: {allowed}. {known.help}"
