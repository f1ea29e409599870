"""The table of differences: headings across, the columns as wide as their words, the least needed left out first."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from programmer_gui.models.compared_runs import (
    ALLOWED,
    AT,
    COLUMNS,
    DIFFERENCE,
    GOLDEN,
    MARK,
    MARKS,
    NEW,
    WHAT,
    ComparedRuns,
)
from programmer_gui.views.widgets import plain_rows

ROW_PX, PAD_PX = 26, 24
LEAST_PX, MOST_PX = 112, 260  # of a value; a program's name may be long
GIVE_WAY = ((960, AT), (640, ALLOWED))  # below this width (px) these columns are left out


class ComparedTable(QTableView):
    """Shows ``ComparedRuns``."""

    def __init__(self, model: ComparedRuns) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName("Differences between the recordings")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_rows(self, ROW_PX)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        model.modelReset.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.clearSpans()
        for at in self._model.heading_rows():
            self.setSpan(at, 0, 1, len(COLUMNS))
        room = self.viewport().width()
        for least, section in GIVE_WAY:
            self.setColumnHidden(section, room < least)
        widths = {section: self._needs(section) for section in range(len(COLUMNS)) if not self.isColumnHidden(section)}
        widths[MARK] = max(self._px(words) for words, _ in MARKS.values()) + PAD_PX
        _shrink(widths, sum(widths.values()) - room)
        widths[WHAT] += max(0, room - sum(widths.values()))
        for section, width in widths.items():
            self.setColumnWidth(section, width)

    def _needs(self, section: int) -> int:
        """What the widest text of a column takes, within bounds."""
        model = self._model
        texts = ["", COLUMNS[section]]
        texts += (
            str(model.index(at, section).data() or "") for at, row in enumerate(model.rows) if not isinstance(row, str)
        )
        return min(max(map(self._px, texts)) + PAD_PX, MOST_PX)

    def _px(self, text: str) -> int:
        strong = QFont(self.font())
        strong.setBold(True)
        return QFontMetrics(strong).horizontalAdvance(text)


def _shrink(widths: dict[int, int], by: int) -> None:
    """Takes ``by`` px from the widest columns, values before names, down to what still says something."""
    for able in ((GOLDEN, NEW, DIFFERENCE), (WHAT,)):
        while by > 0 and widths[widest := max(able, key=lambda section: widths[section])] > LEAST_PX:
            step = min(by, 8)
            widths[widest] -= step
            by -= step
