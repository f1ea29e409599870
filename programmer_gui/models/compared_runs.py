"""What a comparison of recordings found, as a table with a heading for each group."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from programmer_gui.tokens import Tokens
from rig.compare.amounts import moment_text
from rig.compare.findings import GROUPS, Against, Finding, Verdict

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("", "What", "Golden run", "New run", "Difference", "Allowed", "At")
MARK, WHAT, GOLDEN, NEW, DIFFERENCE, ALLOWED, AT = range(len(COLUMNS))
#: verdict -> symbol and word, level of the colour
MARKS: dict[Verdict, tuple[str, str]] = {
    "same": ("= same", "muted"),
    "within": ("≈ within", "good"),
    "beyond": ("✗ differs", "alarm_high"),
    "not judged": ("· shown", "muted"),
}
_NUMBERS = (GOLDEN, NEW, DIFFERENCE, ALLOWED, AT)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ComparedRuns(QAbstractTableModel):
    """The findings about one run.  A row is a finding, or a string: the heading of those below it."""

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._against: Against | None = None
        self._only_differing = False
        self._rows: list[Finding | str] = []
        self._bold = QFont()
        self._bold.setBold(True)

    @property
    def rows(self) -> list[Finding | str]:
        """What is shown, from the top."""
        return self._rows

    def show_against(self, against: Against | None) -> None:
        """Another run, or none."""
        self._against = against
        self._fill()

    def show_only_differing(self, only: bool) -> None:
        """Leaves out what is the same and what is within tolerance."""
        self._only_differing = only
        self._fill()

    def set_tokens(self, tokens: Tokens) -> None:
        """Other colours."""
        self._tokens = tokens
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def heading_rows(self) -> list[int]:
        """Which rows are headings."""
        return [at for at, row in enumerate(self._rows) if isinstance(row, str)]

    def finding(self, at: int) -> Finding | None:
        """The finding of a row; None of a heading."""
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        return row if isinstance(row, Finding) else None

    def row_of(self, group: str, name: str) -> int:
        """The row of a finding, -1 where it isn't shown."""
        found = (
            at
            for at, row in enumerate(self._rows)
            if isinstance(row, Finding) and (row.group, row.name) == (group, name)
        )
        return next(found, -1)

    def _fill(self) -> None:
        self.beginResetModel()
        self._rows = []
        findings = self._against.findings if self._against else ()
        for group in GROUPS:
            inside = [one for one in findings if one.group == group]
            shown = [one for one in inside if one.verdict in ("beyond", "not judged") or not self._only_differing]
            if shown:
                many = sum(one.failed for one in inside)
                self._rows.append(f"{group}   ✗ {many}" if many else group)
                self._rows += shown
        self.endResetModel()

    # -- for Qt --------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, section = self._rows[index.row()], index.column()
        if isinstance(row, str):
            return self._of_heading(row, section, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, section)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if section in _NUMBERS else _LEFT
            case Qt.ItemDataRole.ToolTipRole:
                return row.what or None
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(getattr(self._tokens, _colour(row, section))))
            case Qt.ItemDataRole.FontRole:
                return self._bold if row.failed and section in (MARK, WHAT, DIFFERENCE) else None
            case Qt.ItemDataRole.BackgroundRole:
                return QBrush(QColor(self._tokens.alarm_high_soft)) if row.failed else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}: {_text(row, section)}" if section != WHAT else row.title
        return None

    def _of_heading(self, title: str, section: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title if section == 0 else None
            case Qt.ItemDataRole.FontRole:
                return self._bold
            case Qt.ItemDataRole.BackgroundRole:
                return QBrush(QColor(self._tokens.raised))
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(self._tokens.text))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings can't be chosen."""
        heading = isinstance(self._rows[index.row()], str)
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled if heading else chosen


def _text(row: Finding, section: int) -> str:
    at = "" if row.at_s is None else moment_text(row.at_s)
    return (MARKS[row.verdict][0], row.title, row.golden, row.new, row.difference, row.allowed, at)[section]


def _colour(row: Finding, section: int) -> str:
    if section == MARK or (row.failed and section == DIFFERENCE):
        return MARKS[row.verdict][1]
    return "muted" if section in (ALLOWED, AT) or (row.verdict == "same" and section == DIFFERENCE) else "text"
