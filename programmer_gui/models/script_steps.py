"""The steps of a case as a table: what each does, what was measured, and what it is held to."""

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from programmer_gui.models.case_run import ASKED, RUNNING, WAITING, CaseRun, StepState
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.tokens import Tokens
from rig.measured import VERDICTS, Measurement
from rig.moments import days_text
from rig.qa.telling.verdict_words import WORDS, limits_text, value_text

Index = QModelIndex | QPersistentModelIndex
STEP_ROLE = Qt.ItemDataRole.UserRole + 1  # the StepState
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
#: Token of each state's colour.
ROLES = {
    WAITING: "muted",
    RUNNING: "accent",
    ASKED: "accent",
    "pass": "good",
    "skipped": "muted",
    "inconclusive": "alarm_medium",
    "fail": "alarm_high",
    "error": "broken",
}
#: What each state is called.
STATE_WORDS: dict[str, str] = {WAITING: "", RUNNING: "Running …", ASKED: "Asks you"} | {
    verdict: words.word for verdict, words in WORDS.items()
}


class Column(NamedTuple):
    """A column: its title, its width in px (0: what is left), and whether it is right-aligned."""

    title: str
    width: int
    right: bool = False


COLUMNS = (
    Column("No.", 52, True),
    Column("Verdict", 144),
    Column("Step", 0),
    Column("Measured", 160, True),
    Column("Limits", 156),
    Column("Took", 84, True),
)
NUMBER, VERDICT, TITLE, MEASURED, LIMITS, TOOK = range(len(COLUMNS))


def worst_of(measurements: tuple[Measurement, ...]) -> Measurement | None:
    """The one to show where there is room for one: of the worst verdict, the first."""
    return max(measurements, key=lambda one: VERDICTS.index(one.verdict), default=None)


def measured_text(row: StepState) -> str:
    """ "24.81 ± 0.12 µL", and how many more there are."""
    worst = worst_of(row.measurements)
    more = len(row.measurements) - 1
    return "" if worst is None else value_text(worst) + (f"  (+{more})" if more > 0 else "")


class StepTable(QAbstractTableModel):
    """The steps of the case that is shown; cleanup comes last."""

    def __init__(self, scripts: ScriptsModel, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._scripts = scripts
        self._shown: CaseRun | None = None
        self._narrow = False
        scripts.shown_changed.connect(self._show)
        scripts.step_changed.connect(self._repaint)

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours of another theme."""
        self._tokens = tokens
        self._repaint_all()

    def set_narrow(self, narrow: bool) -> None:
        """Where there is no room for the title of the marks' column."""
        self._narrow = narrow
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, VERDICT, VERDICT)

    def _show(self) -> None:
        shown = self._scripts.shown
        if shown is self._shown:
            self._repaint_all()
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def _repaint_all(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

    # -- as Qt asks ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() or self._shown is None else len(self._shown.steps)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return "" if self._narrow and section == VERDICT else COLUMNS[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if COLUMNS[section].right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._shown is None:
            return None
        row, column = self._shown.steps[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == STEP_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[column].right else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            detail = row.judged.detail if row.judged is not None else ""
            return "\n".join(filter(None, (row.step.title, detail)))
        return None

    def _colour(self, row: StepState, column: int) -> QBrush | None:
        name = {VERDICT: ROLES[row.state], NUMBER: "muted", LIMITS: "muted", TOOK: "muted"}.get(column, "")
        if column == MEASURED and row.bad:
            name = ROLES[row.state]
        elif column in (TITLE, MEASURED) and (row.state in (WAITING, "skipped") or row.judged is None):
            name = "" if row.state in (RUNNING, ASKED) and column == TITLE else "muted"
        return QBrush(QColor(getattr(self._tokens, name))) if name else None


def _text(row: StepState, column: int) -> str:
    if column == NUMBER:
        return row.step.number
    if column == VERDICT:
        return STATE_WORDS[row.state]
    if column == TITLE:
        return f"Cleanup: {row.step.title}" if row.cleanup else row.step.title
    if column == MEASURED:
        return measured_text(row)
    if column == LIMITS:
        worst = worst_of(row.measurements)
        return "" if worst is None else limits_text(worst)
    return "" if row.took_s is None else days_text(round(row.took_s))
