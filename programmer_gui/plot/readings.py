"""The table below the charts: every curve at both cursors and between them, to read and to copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from programmer_gui.plot.chart import Chart
from programmer_gui.plot.cursors import Cursors, Reading, measure
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.ticks import Clock, number, time_text

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW_PX = 24
_MOST_ROWS = 4  # before it scrolls
HEADERS = ("Curve", "Unit", "A", "B", "B − A", "Minimum", "Mean", "Maximum")


@dataclass(frozen=True)
class ReadingRow:
    """One curve's reading."""

    title: str
    unit: str
    decimals: int
    reading: Reading

    @property
    def cells(self) -> tuple[str, ...]:
        """As shown and copied, in the order of HEADERS."""
        one = self.reading
        values = (one.at_a, one.at_b, one.difference, one.lowest, one.mean, one.highest)
        return (self.title, self.unit, *(number(value, self.decimals) for value in values))


class ReadingModel(QAbstractTableModel):
    """Rows of readings."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ReadingRow, ...] = ()

    def set_rows(self, rows: Sequence[ReadingRow]) -> None:
        """Shows ``rows``; a selection stays where their number does."""
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()
            return
        self._rows = tuple(rows)
        self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(HEADERS) - 1))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(HEADERS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADERS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def text(self, heading: str) -> str:
        """Everything, tab-separated below ``heading``, as spreadsheets take it."""
        rows = [HEADERS, *(row.cells for row in self._rows)]
        plain = ("\t".join(cells).replace("−", "-").replace("\u2009", "") for cells in rows)
        return "\n".join((heading, *plain)) + "\n"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column < 2 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


class ReadingTable(QWidget):
    """Where the cursors are, how far apart, and every curve's reading."""

    def __init__(self) -> None:
        super().__init__()
        self._model = ReadingModel()
        self._heading = QLabel()
        self._heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._heading.setContentsMargins(12, 6, 12, 6)
        self._table = self._make_table()
        self._measured: object = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._heading)
        layout.addWidget(self._table)

    def read(self, charts: Sequence[Chart], data: PlotData, cursors: Cursors, clock: Clock | None) -> None:
        """Measures, unless neither the cursors nor what lies between them has changed."""
        extent = data.extent
        until = min(cursors.interval[1], extent[1]) if extent else None
        key = (*cursors.at, clock, len(charts), until, data.layers, data.near)
        if key == self._measured:
            return
        self._measured = key
        rows = [
            ReadingRow(spec.title, chart.unit, spec.decimals, measure(data, spec, cursors))
            for chart in charts
            for spec in chart.curves
        ]
        self._model.set_rows(rows)
        a, b = (time_text(at, 0.01, clock) for at in cursors.at)
        self._heading.setText(f"A  {a}     B  {b}     B − A  {number(cursors.at[1] - cursors.at[0], 3)} s")
        header = self._table.horizontalHeader().sizeHint().height()
        table = header + _ROW_PX * min(len(rows), _MOST_ROWS) + 4
        self._table.setMinimumHeight(header + _ROW_PX + 4)
        self._table.setMaximumHeight(table)
        self.setMaximumHeight(self._heading.sizeHint().height() + table)

    def text(self) -> str:
        """Everything, tab-separated."""
        return self._model.text(self._heading.text().replace("−", "-"))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._model)
        table.setAccessibleName("Curves at and between the cursors")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.setShowGrid(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        return table
