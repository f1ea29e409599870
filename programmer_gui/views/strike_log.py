"""What began and ended on a virtual rig, and when."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QSizePolicy, QTableWidget, QTableWidgetItem

from programmer_gui.models.rig import RigModel
from programmer_gui.views.fault_standing import titled
from programmer_gui.views.truth_card import EDGE
from programmer_gui.views.widgets import MARGIN, Card, label, row, take_items
from rig.moments import date_text
from rig.virtual.fault_kinds import BY_NAME

if TYPE_CHECKING:
    from rig.truth import Strike

HEADERS = ("When (UTC)", "", "Fault")
ROWS_MAX = 500
ROW_PX = 26
EMPTY = "No fault has struck yet."


class StrikeLog(Card):
    """Newest first."""

    def __init__(self, rig: RigModel) -> None:
        super().__init__("What struck when", margin=0)
        self._rig = rig
        self.header.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        self.table = QTableWidget(0, len(HEADERS))
        self.table.setAccessibleName("What struck when")
        self.table.setHorizontalHeaderLabels(HEADERS)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setHighlightSections(False)
        for section in (0, 1):
            self.table.horizontalHeader().setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.table.setMinimumHeight(ROW_PX * 4)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # as high as there is room
        self.empty: QLabel = label(EMPTY, "muted")
        self.empty.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        self.body.addWidget(self.empty)
        line = row(EDGE, self.table, EDGE, gap=0)
        self.body.addLayout(line, 1)
        rig.struck.connect(self._add)
        rig.was_reset.connect(self._clear)
        self._clear()

    def lines(self) -> list[tuple[str, ...]]:
        """What it says, newest first."""
        return list(self._lines)

    def _clear(self) -> None:
        self._lines: list[tuple[str, ...]] = []
        take_items(self.table)
        self.table.setRowCount(0)
        self._show_empty()

    def _add(self, strike: "Strike") -> None:
        lasts = BY_NAME[strike.what].lasts
        does = "ends" if not strike.begins else "begins" if lasts else "happens"
        line = (date_text(strike.host_us), does, titled(strike.what, strike.amount))
        self._lines = [line, *self._lines][:ROWS_MAX]
        self.table.insertRow(0)
        for section, text in enumerate(line):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            self.table.setItem(0, section, item)
        take_items(self.table, ROWS_MAX)
        self.table.setRowCount(min(ROWS_MAX, self.table.rowCount()))
        self._show_empty()

    def _show_empty(self) -> None:
        some = self.table.rowCount() > 0
        self.table.setVisible(some)
        self.empty.setVisible(not some)
