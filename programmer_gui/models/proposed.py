"""The steps of a recorded session, each with what could be expected behind it, as a table to accept and edit."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont

from firmware_link.errors import UsageError
from programmer_gui.tokens import Tokens
from rig.qa.expectations import ExpectEvent, ExpectField
from rig.qa.files import measures
from rig.qa.taking.proposal import Proposal
from rig.qa.taking.recorder import Draft
from rig.qa.telling.verdict_words import value_text
from rig.qa.words import body_text
from rig.therapy import units

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("What is done, and what to expect of it", "Measured", "At least", "At most", "Remark")
WHAT, MEASURED, LEAST, MOST, REMARK = range(len(COLUMNS))
_MINUS = "\u2212"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Proposed(QAbstractTableModel):
    """A row is a step (its place in the draft) or a proposal behind it."""

    changed = Signal()
    refused = Signal(str)  # what was written is no limit, and why

    def __init__(self, draft: Draft, proposals: tuple[Proposal, ...], tokens: Tokens, parent: QObject) -> None:
        super().__init__(parent)
        self._draft, self._tokens = draft, tokens
        self.proposals = list(proposals)
        self._rows: list[tuple[int, int | None]] = []  # (step, proposal)
        for step in range(len(draft.steps)):
            self._rows.append((step, None))
            self._rows += [(step, at) for at, one in enumerate(proposals) if one.after == step]
        self._bold = QFont()
        self._bold.setBold(True)

    @property
    def kept(self) -> int:
        """How many are accepted."""
        return sum(one.keep for one in self.proposals)

    @property
    def has_remarks(self) -> bool:
        """Whether there is anything to remark."""
        return any(one.doubt for one in self.proposals)

    def at(self, row: int) -> Proposal | None:
        """The proposal in a row; None of a step."""
        which = self._rows[row][1]
        return None if which is None else self.proposals[which]

    def take(self, proposals: tuple[Proposal, ...]) -> None:
        """Others in their places."""
        self.proposals = list(proposals)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, REMARK))
        self.changed.emit()

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
        return _align(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        proposal = self.at(index.row())
        if proposal is not None and index.column() == WHAT:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        if proposal is not None and index.column() in (LEAST, MOST) and proposal.limits is not None:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        proposal, section = self.at(index.row()), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), section).replace("-", _MINUS, section in (LEAST, MOST))
            case Qt.ItemDataRole.EditRole:
                return self._text(index.row(), section)
            case Qt.ItemDataRole.CheckStateRole if section == WHAT and proposal is not None:
                return Qt.CheckState.Checked if proposal.keep else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.TextAlignmentRole:
                return _align(section)
            case Qt.ItemDataRole.FontRole:
                return self._bold if proposal is None and section == WHAT else None
            case Qt.ItemDataRole.ForegroundRole:
                muted = proposal is not None and not proposal.keep
                return QBrush(QColor(self._tokens.muted if muted else self._tokens.text))
            case Qt.ItemDataRole.BackgroundRole:
                return QBrush(QColor(self._tokens.raised)) if proposal is None else None
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(index.row(), section).strip() or None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        which = self._rows[index.row()][1]
        if which is None:
            return False
        proposal = self.proposals[which]
        if role == Qt.ItemDataRole.CheckStateRole:
            keep = Qt.CheckState(value) == Qt.CheckState.Checked
            self.proposals[which] = proposal.accepted(keep)
        elif role == Qt.ItemDataRole.EditRole:
            try:
                self.proposals[which] = _edited(proposal, index.column(), str(value))
            except UsageError as error:
                self.refused.emit(error.sentence())
                return False
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), REMARK))
        self.changed.emit()
        return True

    def _text(self, row: int, section: int) -> str:
        step, which = self._rows[row]
        if which is None:
            drafted = self._draft.steps[step]
            refused = f", which is refused: {drafted.refused.replace('_', ' ')}" if drafted.refused else ""
            return f"{step + 1}.  {body_text(drafted.body)}{refused}" if section == WHAT else ""
        return _SAY[section](self.proposals[which])


def _align(section: int) -> Qt.AlignmentFlag:
    return _RIGHT if section in (MEASURED, LEAST, MOST) else _LEFT


def _limit(proposal: Proposal, which: str) -> str:
    limits = proposal.limits
    value = getattr(limits, which) if limits is not None else None
    if limits is None or value is None:
        return "" if limits is not None else "–"
    if isinstance(proposal.body, ExpectEvent):
        return units.write(round(value * 1000), units.DURATION)
    return measures.text(value, limits.unit)


def _measured(proposal: Proposal) -> str:
    if isinstance(proposal.body, ExpectField) and proposal.body.word and not proposal.doubt:
        return proposal.body.word.replace("-", " ")
    return value_text(proposal.measured[0]) if proposal.measured else "–"


_SAY: dict[int, Callable[[Proposal], str]] = {
    WHAT: lambda one: body_text(one.body),
    MEASURED: _measured,
    LEAST: lambda one: _limit(one, "low"),
    MOST: lambda one: _limit(one, "high"),
    REMARK: lambda one: one.doubt,
}


def _edited(proposal: Proposal, section: int, text: str) -> Proposal:
    """With the limit that ``text`` says, "" for none; raises UsageError."""
    limits = proposal.limits
    assert limits is not None
    unit = limits.unit
    said = text.strip().replace(_MINUS, "-")
    mere = said.removeprefix("+").removeprefix("-").replace(".", "", 1)
    value = None if not said else measures.parse(f"{said} {unit}" if mere.isdigit() else said, unit)
    return proposal.edited(value, limits.high) if section == LEAST else proposal.edited(limits.low, value)
