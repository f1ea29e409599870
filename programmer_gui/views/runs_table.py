"""The table of recordings: keys, menu, and events drawn by priority one below the other."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from programmer_gui.models.run_words import COLUMNS, DEVICE, EVENTS, NOTE, SIZE, STARTED, VERDICT, RunRow
from programmer_gui.models.runs import ROW_ROLE, RunTable
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import plain_rows
from programmer_gui.words import LEVEL_SYMBOLS, LEVELS

ROW_PX = 28
PAD_PX = 11  # where the text of a cell begins
SLOT_PX = 34  # of one priority
BROAD_PX = 50  # of what is for information, mostly the most
ALARMS_PX = PAD_PX + 3 * SLOT_PX  # of the column of events, without those
NARROW_PX = 800
#: Below this width (px) these columns are left out, the least needed first; the details have them all.
GIVE_WAY = ((880, NOTE), (860, VERDICT), (NARROW_PX, SIZE), (700, DEVICE))
VERDICTS_PX = 120  # more is needed for a note where there are verdicts


class EventsDelegate(QStyledItemDelegate):
    """Each priority in a place of its own, so that a column of runs can be compared."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        if row is None or row.card is None or not any(row.card.levels):
            super().paint(painter, option, index)
            return
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        own.text = ""
        own.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        painter.save()
        left = option.rect.left() + PAD_PX
        for at in (3, 2, 1, 0):
            width = BROAD_PX if at == 0 else SLOT_PX
            if left + width > option.rect.right() + 1:
                break
            if row.card.levels[at]:
                self._draw(painter, QRect(left, option.rect.top(), width, option.rect.height()), at, row)
            left += width
        painter.restore()

    def _draw(self, painter: QPainter, area: QRect, at: int, row: RunRow) -> None:
        level, tokens = LEVELS[at], self._theme.tokens
        painter.setPen(QColor(tokens.muted if level == "info" else getattr(tokens, f"alarm_{level}")))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, align, LEVEL_SYMBOLS[level])
        if level != "info":
            painter.setPen(QColor(tokens.text))
        painter.drawText(area.adjusted(13, 0, 0, 0), align, few(row.card.levels[at] if row.card else 0))


def few(count: int) -> str:
    """At most three figures: "999", "12k", "3M"."""
    for unit in ("", "k", "M"):
        if count < 1000:
            return f"{count}{unit}"
        count //= 1000
    return "many"


class RunsTable(QTableView):
    """Shows a ``RunTable``.  Its signals are about what is selected."""

    opened = Signal(object)  # RunRow
    delete_asked = Signal()
    menu_asked = Signal(QPoint)  # on the screen
    chosen = Signal()

    def __init__(self, runs: RunTable, theme: Theme) -> None:
        super().__init__()
        self.runs = runs
        self._narrow = False
        self.setModel(runs)
        self.setAccessibleName("Recordings")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        plain_rows(self, ROW_PX)
        self.setAlternatingRowColors(True)
        self.setItemDelegateForColumn(EVENTS, EventsDelegate(theme, self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        for at, column in enumerate(COLUMNS):
            if column.width:
                self.setColumnWidth(at, column.width)
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setSortIndicator(STARTED, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_asked.emit(self.viewport().mapToGlobal(at)))
        self.activated.connect(lambda index: self.opened.emit(index.data(ROW_ROLE)))
        runs.counted.connect(self.fit)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def selected(self) -> list[RunRow]:
        """The runs that are selected, from the top."""
        ranges = self.selectionModel().selection()  # whole rows; asked for one by one, thousands take long
        each = (ranges.at(index) for index in range(ranges.size()))
        rows = {row for one in each for row in range(one.top(), one.bottom() + 1)}
        return [self.runs.shown[row] for row in sorted(rows) if row < len(self.runs.shown)]

    def select(self, name: str) -> bool:
        """Selects the run of this name alone and shows it; returns whether it is in the table."""
        for at, row in enumerate(self.runs.shown):
            if row.found.name == name:
                self.select_at(at)
                return True
        return False

    def select_at(self, row: int) -> None:
        """Selects this row alone, whatever keys are held, and shows it."""
        index, flags = self.runs.index(row, STARTED), QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def in_sight(self) -> list[RunRow]:
        """The runs that can be seen now."""
        first = max(0, self.rowAt(0))
        return self.runs.shown[first : first + self.viewport().height() // ROW_PX + 1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Leaves out columns that there is no room for, and that of verdicts while no run has one."""
        verdicts = self.runs.has_verdicts
        for least, column in GIVE_WAY:
            needed = least + VERDICTS_PX * (verdicts and column == NOTE)
            self.setColumnHidden(column, self.width() < needed or (column == VERDICT and not verdicts))
        narrow = self.width() < NARROW_PX
        if narrow != self._narrow:
            self._narrow = narrow
            self.setColumnWidth(EVENTS, ALARMS_PX if narrow else COLUMNS[EVENTS].width)
