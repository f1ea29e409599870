"""The table of a recorded session's steps: accept, edit or leave out what is to be expected behind each."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from programmer_gui.models.proposed import LEAST, MEASURED, MOST, REMARK, WHAT, Proposed
from programmer_gui.views.widgets import plain_rows

ROW_PX = 28
VALUE_PX = 92
MEASURED_PX = 116
REMARK_SHARE = 0.24
NARROW_PX = 860  # below this the remarks are in tool tips only


class TakingTable(QTableView):
    """Shows ``Proposed``."""

    def __init__(self, model: Proposed) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setAccessibleName("Steps of the session, and what to expect of them")
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain_rows(self, ROW_PX)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for at in range(model.rowCount()):
            if model.at(at) is None:
                self.setSpan(at, 0, 1, model.columnCount())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        remark = 0 if room < NARROW_PX or not self._model.has_remarks else round(room * REMARK_SHARE)
        self.setColumnHidden(REMARK, not remark)
        widths = {MEASURED: MEASURED_PX, LEAST: VALUE_PX, MOST: VALUE_PX, REMARK: remark}
        for section, width in widths.items():
            self.setColumnWidth(section, width)
        self.setColumnWidth(WHAT, max(160, room - sum(widths.values())))
