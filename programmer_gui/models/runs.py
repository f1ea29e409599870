"""The recordings of a folder as a table, which puts itself in order and leaves out what isn't asked for.

Thousands of rows: a proxy model that asks Python for every comparison takes ten times as long.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont

from programmer_gui.models.run_words import (
    COLUMNS,
    DEVICE,
    EVENTS,
    KINDS,
    NOTE,
    PROGRAM,
    SIZE,
    STARTED,
    STATE,
    VERDICT,
    RunRow,
    levels_sentence,
    state_level,
    verdict_sentence,
)
from programmer_gui.tokens import Tokens
from rig.recording.catalog import RECORDING, Card, Found

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1  # the RunRow
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALL = next(iter(KINDS))


class RunTable(QAbstractTableModel):
    """The runs that pass the filter, in the order asked for.  ``counted`` after every change of what there is."""

    counted = Signal()

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._slanted = QFont()
        self._slanted.setItalic(True)
        self._all: dict[str, RunRow] = {}
        self._shown: list[RunRow] = []
        self._recording: Path | None = None
        self._words: list[str] = []
        self._kind = ALL
        self._column, self._order = STARTED, Qt.SortOrder.DescendingOrder
        self.unread = 0  # how many of them nobody has looked into yet
        self.busy = False  # whether any of them is being recorded
        self.has_verdicts = False  # whether any of them was checked by a script

    # -- what there is -------------------------------------------------------------------------------------------

    @property
    def shown(self) -> list[RunRow]:
        """The rows, from the top."""
        return self._shown

    @property
    def count(self) -> int:
        """How many there are, those left out included."""
        return len(self._all)

    @property
    def recording(self) -> Path | None:
        """The one that this program records into, wherever it is."""
        return self._recording

    def show_found(self, folder: Path, found: Iterable[Found]) -> None:
        """What the folder holds now; what is known of a run stays until it is looked into again."""
        before, self._all = self._all, {}
        for one in found:
            row = before.get(one.name)
            if row is None or row.folder != folder:
                row = RunRow(folder, one)
            elif row.found != one:
                row.show(one, row.card)
            self._all[one.name] = row
        self._mark_recording()
        self._lay_out()
        self._count()

    def show_cards(self, cards: Mapping[str, Card]) -> None:
        """What some of them are found to be."""
        rows = [row for name in cards if (row := self._all.get(name)) is not None]
        for row in rows:
            row.show(row.found, cards[row.found.name])
        self._mark_recording()
        if self._kind != ALL or self._words or self._column not in (STARTED, SIZE):
            self._lay_out()  # who passes, and where to, may be another now
        elif rows:
            self._put_in_order()
        self._count()

    def set_recording(self, path: Path | None) -> None:
        """The one that this program records into, which can't be looked into."""
        self._recording = path
        self._mark_recording()
        self._lay_out()
        self._count()

    def _count(self) -> None:
        cards = [row.card for row in self._all.values() if row.card is not None]
        self.unread = len(self._all) - len(cards)
        self.busy = any(card.state == RECORDING for card in cards)
        self.has_verdicts = any(card.passed or card.failed or card.undecided for card in cards)
        self.counted.emit()

    def _mark_recording(self) -> None:
        row = self._all.get(self._recording.name) if self._recording else None
        if row is not None and self._recording is not None and row.folder == self._recording.parent:
            row.show(row.found, Card(RECORDING, "It is being recorded now.", "Finish the recording to open it."))

    # -- what is shown -------------------------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Shows runs that have all these words somewhere, in any case."""
        self._words = text.casefold().split()
        self._lay_out()
        self.counted.emit()

    def set_kind(self, kind: str) -> None:
        """Shows runs of one of KINDS."""
        self._kind = kind
        self._lay_out()
        self.counted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By one of COLUMNS; what isn't known comes last either way, and equals are by their start, newest first."""
        self._column, self._order = column, order
        self._lay_out()

    def _lay_out(self) -> None:
        """Rows go where they belong, and what points to them goes with them."""
        self.layoutAboutToBeChanged.emit()
        pointed = [(index, self._shown[index.row()].found.name, index.column()) for index in self.persistentIndexList()]
        self._shown = self._ordered()
        places = {row.found.name: at for at, row in enumerate(self._shown)} if pointed else {}
        self.changePersistentIndexList(
            [index for index, _, _ in pointed],
            [self.index(places[name], column) if name in places else QModelIndex() for _, name, column in pointed],
        )
        self.layoutChanged.emit()

    def _put_in_order(self) -> None:
        """Mostly they are: the names say when recordings began."""
        order, down = COLUMNS[self._column].order, self._order is Qt.SortOrder.DescendingOrder
        keys = [order(row) for row in self._shown]
        if all(a >= b if down else a <= b for a, b in pairwise(keys)):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(COLUMNS) - 1))
        else:
            self._lay_out()

    def _ordered(self) -> list[RunRow]:
        passes, words, order = KINDS[self._kind], self._words, COLUMNS[self._column].order
        rows = [row for row in self._all.values() if passes(row)]
        if words:
            rows = [row for row in rows if all(word in row.words() for word in words)]
        rows.sort(key=lambda row: row.order_us, reverse=True)
        keyed = [(order(row), row) for row in rows]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self._order is Qt.SortOrder.DescendingOrder)
        return [row for _, row in known] + [row for key, row in keyed if key is None]

    # -- as Qt asks ----------------------------------------------------------------------------------------------

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours of another theme."""
        self._tokens = tokens
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if COLUMNS[section].right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[column].text(row)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[column].right else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.FontRole and column == DEVICE and row.card is not None and row.card.virtual:
            return self._slanted
        return None

    def _colour(self, row: RunRow, column: int) -> QBrush | None:
        if row.card is None or (column == PROGRAM and row.card.started_us is None):
            return QBrush(QColor(self._tokens.muted)) if column != STARTED else None
        if column == STATE:
            level = state_level(row.card)
            return QBrush(QColor(getattr(self._tokens, level if level in ("good", "muted") else f"alarm_{level}")))
        if column == VERDICT and (row.card.failed or row.card.undecided):
            return QBrush(QColor(self._tokens.alarm_high if row.card.failed else self._tokens.alarm_medium))
        return QBrush(QColor(self._tokens.muted)) if column == NOTE else None

    @staticmethod
    def _tip(row: RunRow, column: int) -> str | None:
        if row.card is None:
            return None
        if column == STARTED:
            return row.found.name
        if column == DEVICE and row.card.device:
            return f"{'Virtual pump' if row.card.virtual else 'Pump'} {row.card.device}, {row.card.target}"
        if column == EVENTS:
            return f"Events by priority: {levels_sentence(row.card.levels)}"
        if column == VERDICT:
            return f"Checks of a script: {verdict_sentence(row.card)}"
        if column == STATE:
            return f"{row.card.what} {row.card.remedy}".strip() or None
        return COLUMNS[column].text(row) if column in (PROGRAM, NOTE) else None
