"""What the pump has beside what the program being edited would give it, with the changed lines marked."""

import re
from itertools import groupby
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import plain_rows, take_items
from rig.programs.comparison import Row

HEADERS = ("", "The pump has", "This program", "")
MARKS = {"changed": "◆ changes", "same": "same", "unknown": "? not known"}
ROW_PX, GROUP_PX, PAD_PX = 26, 34, 20
TITLE_SHARE = 0.3  # of the width, at most
TITLE, PUMP, DRAFT, MARK = range(4)


def breakable(text: str) -> str:
    """``text`` with places where a long word may go on in the next line: after hyphens, in the middle of a digest."""
    return re.sub(r"\b([0-9a-f]{8})([0-9a-f]{8})\b", "\\1\u200b\\2", text).replace("-", "-\u200b")


class CompareTable(QTableWidget):
    """A still table; what is said in a row is told apart by a word, a symbol and its weight, never by colour alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(0, len(HEADERS))
        self._theme = theme
        self._rows: list[Row] = []
        self._only_changes = False
        self.setHorizontalHeaderLabels(HEADERS)
        self.setAccessibleName("Comparison of the pump's program with this one")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_rows(self, ROW_PX)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(72)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setWordWrap(True)
        theme.changed.connect(self._fill)

    @property
    def rows(self) -> list[Row]:
        """What is compared, hidden rows included."""
        return self._rows

    def show_rows(self, rows: list[Row]) -> None:
        """Replaces what is shown."""
        if rows != self._rows:
            self._rows = rows
            self._fill()

    def show_only_changes(self, only: bool) -> None:
        """Leaves out what is the same."""
        self._only_changes = only
        self._fill()

    def _fill(self, *_: object) -> None:
        shown = [row for row in self._rows if not self._only_changes or row.mark != "same"]
        groups = [(group, list(rows)) for group, rows in groupby(shown, lambda row: row.group)]
        self.clearSpans()
        take_items(self)
        self.setRowCount(len(shown) + len(groups))
        at = 0
        for group, rows in groups:
            self._put_group(at, group, sum(row.changed for row in rows))
            for row in rows:
                at += 1
                self._put_row(at, row)
            at += 1

        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Room for each column, and rows as high as their words: a value is always shown whole."""
        metrics, room = QFontMetrics(self._strong()), self.viewport().width()
        mark = max(metrics.horizontalAdvance(text) for text in MARKS.values()) + PAD_PX
        titles = [metrics.horizontalAdvance(row.title) + PAD_PX for row in self._rows]
        title = min(max(titles, default=0), round(room * TITLE_SHARE))
        value = max(72, (room - title - mark) // 2)
        for section, width in enumerate((title, value, room - title - mark - value, mark)):
            self.setColumnWidth(section, width)
        for at in range(self.rowCount()):
            if self.columnSpan(at, TITLE) == 1:
                self.setRowHeight(at, max(ROW_PX, self._words_px(metrics, at)))

    def _words_px(self, metrics: QFontMetrics, at: int) -> int:
        heights = []
        for section in (TITLE, PUMP, DRAFT):
            width = self.columnWidth(section) - PAD_PX
            text = cast(QTableWidgetItem, self.item(at, section)).text()
            if metrics.horizontalAdvance(text) > width:
                wrapped = metrics.boundingRect(0, 0, width, 1000, Qt.TextFlag.TextWordWrap, text)
                heights.append(wrapped.height() + PAD_PX // 2)
        return max(heights, default=0)

    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _put_group(self, at: int, group: str, changed: int) -> None:
        title = f"{group}   ◆ {changed}" if changed else group
        item = self._item(title, bold=True, colour=self._theme.tokens.text)
        item.setBackground(QColor(self._theme.tokens.raised))
        self.setItem(at, TITLE, item)
        for section in (PUMP, DRAFT, MARK):
            self.setItem(at, section, QTableWidgetItem())
        self.setSpan(at, TITLE, 1, len(HEADERS))
        self.setRowHeight(at, GROUP_PX)

    def _put_row(self, at: int, row: Row) -> None:
        tokens = self._theme.tokens
        for section, text in enumerate((row.title, row.pump, row.draft, MARKS[row.mark])):
            strong = row.changed and section in (DRAFT, MARK)
            colour = tokens.text if row.changed or section in (PUMP, DRAFT) else tokens.muted
            if row.changed and section == MARK:
                colour = tokens.accent
            item = self._item(text, strong, colour)
            item.setToolTip(f"{row.title}: {text}" if section in (PUMP, DRAFT) else "")
            if row.changed:
                item.setBackground(QColor(tokens.accent_soft))
            self.setItem(at, section, item)

    def _item(self, text: str, bold: bool, colour: str) -> QTableWidgetItem:
        item = QTableWidgetItem(breakable(text))
        item.setFont(self._strong() if bold else self.font())
        item.setForeground(QColor(colour))
        return item
