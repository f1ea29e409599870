"""The table below the charts: every curve at both cursors and between them, to read and to copy."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from programmer_gui.plot.cursors import Reading
from programmer_gui.plot.ticks import number

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
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
