"""How the cases of a script ended before, on this computer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from programmer_gui.models.script_steps import ROLES
from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens
from programmer_gui.views.widgets import MARGIN, Card, button, label, plain_rows, row
from rig.moments import date_text
from rig.qa.telling.history import Entry
from rig.qa.telling.verdict_words import WORDS

Index = QModelIndex | QPersistentModelIndex
PAST_ROLE = Qt.ItemDataRole.UserRole + 1  # the history's Entry
NONE_YET = "It was never run on this computer."
ROW_PX = 28
NARROW_PX = 800  # below, there is no room for what it was run on: the tool tip has it


class Column(NamedTuple):
    """A column: its title, and its width in px (0: what is left)."""

    title: str
    width: int


COLUMNS = (
    Column("When (UTC)", 160),
    Column("Verdict", 128),
    Column("Case", 176),
    Column("Run on", 184),
    Column("Why", 0),
    Column("Moment", 104),
)
WHEN, VERDICT, CASE, ON, WHY, MOMENT = range(len(COLUMNS))


class PastTable(QAbstractTableModel):
    """The latest first."""

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._rows: tuple[Entry, ...] = ()

    def show_past(self, entries: Sequence[Entry]) -> None:
        """What is kept of a script."""
        self.beginResetModel()
        self._rows = tuple(entries)
        self.endResetModel()

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours of another theme."""
        self._tokens = tokens
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == PAST_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            words = WORDS[row.verdict]
            why = f"Step {row.step}: {row.detail}" if row.step else row.detail or row.why
            said = (date_text(row.when_us), f"{words.symbol}  {words.word}", row.case or "–", row.target, why)
            return (*said, row.moment.split(".")[0])[column]
        if role == Qt.ItemDataRole.ForegroundRole and column == VERDICT:
            return QBrush(QColor(getattr(self._tokens, ROLES[row.verdict])))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.target, row.step, row.detail, row.run)))
        return None


class ScriptHistoryPart(QWidget):
    """Emits ``moment_asked`` with an ``Entry`` whose recording is wanted."""

    moment_asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.past = PastTable(theme.tokens, self)
        theme.changed.connect(self.past.set_tokens)
        self.table = QTableView()
        self.table.setModel(self.past)
        self.table.setAccessibleName("How the script ended before")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        plain_rows(self.table, ROW_PX)
        self.table.setAlternatingRowColors(True)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, column in enumerate(COLUMNS):
            if column.width:
                self.table.setColumnWidth(at, column.width)
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._judge())
        self.moment = button("Show this moment", tip="Opens the recording of this run (Enter)")
        self.moment.clicked.connect(lambda: self._open(self.table.currentIndex()))
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card("How it ended before", margin=0)
        card.header.setContentsMargins(MARGIN, 12, MARGIN, 0)
        card.header.addWidget(self.moment)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        empty = label(NONE_YET, "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(empty)
        card.body.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(card))
        self._judge()

    def show_past(self, entries: Sequence[Entry]) -> None:
        """What is kept of the script that is looked at."""
        self.past.show_past(entries)
        self.stack.setCurrentIndex(0 if entries else 1)
        self.table.setColumnHidden(CASE, not any(entry.case for entry in entries))
        if entries:
            self.table.selectRow(0)
        self._judge()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.setColumnHidden(ON, self.width() < NARROW_PX)

    def _judge(self) -> None:
        index = self.table.currentIndex()
        entry: Entry | None = index.data(PAST_ROLE) if index.isValid() else None
        self.moment.setEnabled(entry is not None and bool(entry.run) and Path(entry.run).exists())

    def _open(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(PAST_ROLE) if index.isValid() else None
        if entry is not None and entry.run:
            self.moment_asked.emit(entry)
