"""The event log as a table, and its filter."""

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QColor

from programmer_gui import words
from programmer_gui.tokens import Tokens
from rig.moments import date_text
from rig.therapy import units

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.session import Event

COLUMNS = ("No.", "Occurred (UTC)", "Detected", "Priority", "Event", "Details")
NUMBER, OCCURRED, DETECTED, PRIORITY, TITLE, DETAILS = range(len(COLUMNS))
LEVEL_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LogEntry(NamedTuple):
    """One line of the log, ready to show."""

    number: int
    utc_us: int  # 0: not known
    delay_ms: int  # from occurrence to detection
    level: str  # of words.LEVELS
    kind: str
    title: str
    details: str
    at_us: int = 0  # of a recording: the position from which on it is there


def entry_of(event: "Event") -> LogEntry:
    """``event`` in words.  Its moment is the pump's where its clock was set, else when it reached this host."""
    utc_us = event.utc_s * 1_000_000 or event.host_us
    details = words.event_detail(event)
    if event.repeats:
        details = f"{details}  ×{event.repeats + 1}".strip()
    return LogEntry(
        event.number,
        utc_us,
        (event.detected_us - event.occurred_us) // 1000,
        words.LEVELS[event.priority],
        event.kind,
        words.event_title(event.kind),
        details,
    )


class EventLogModel(QAbstractTableModel):
    """All entries of this session, oldest first.  Of a recording also those that are still to come: muted."""

    now_moved = Signal(int)  # how many entries are there at the moment

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[LogEntry] = []
        self._seen: set[tuple[int, str]] = set()
        self._tokens = tokens
        self._now: int | None = None  # how many entries are there by now; None: all
        self._at_us: list[int] = []

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """What is in the log."""
        return tuple(self._entries)

    def entry(self, row: int) -> LogEntry:
        """The entry in ``row``."""
        return self._entries[row]

    def set_tokens(self, tokens: Tokens) -> None:
        """Colours of another theme."""
        self._tokens = tokens
        if self._entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, len(COLUMNS) - 1))

    def add(self, entries: list[LogEntry]) -> None:
        """Appends those that aren't in it: after a reconnect the pump tells again what wasn't acknowledged."""
        fresh = []
        for entry in entries:
            key = (entry.number, entry.kind)
            if entry.number and key in self._seen:
                continue
            self._seen.add(key)
            fresh.append(entry)
        if fresh:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._entries += fresh
            self.endInsertRows()

    def clear(self) -> None:
        """For another pump."""
        self._reset([])

    def show_recorded(self, entries: list[LogEntry], at_us: int) -> None:
        """Those of a whole recording, in the order of their positions, seen from the position ``at_us``."""
        self._reset(entries)
        self.set_now(at_us)

    def set_now(self, at_us: int) -> None:
        """Of a recording: what comes after this position is muted."""
        before, now = self._now, bisect_right(self._at_us, at_us)
        if now != before:
            self._now = now
            first, after = sorted((before or 0, now))
            if after > first:
                self.dataChanged.emit(self.index(first, 0), self.index(after - 1, len(COLUMNS) - 1))
            self.now_moved.emit(now)

    def _reset(self, entries: list[LogEntry]) -> None:
        self.beginResetModel()
        self._entries = list(entries)
        self._at_us = [entry.at_us for entry in entries]
        self._now = 0 if entries else None
        self._seen.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if section in (NUMBER, DETECTED) else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry, column = self._entries[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(entry, column)
        if role == LEVEL_ROLE:
            return entry.level
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in (NUMBER, DETECTED) else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole and self._now is not None and index.row() >= self._now:
            return self._brush("info")
        if role == Qt.ItemDataRole.ForegroundRole and (column == PRIORITY or entry.level == "high"):
            return self._brush(entry.level) if column in (PRIORITY, TITLE) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry, column)
        return None

    @staticmethod
    def _tip(entry: LogEntry, column: int) -> str | None:
        if column == DETECTED and entry.utc_us:
            return f"Detected at {date_text(entry.utc_us + entry.delay_ms * 1000)} UTC"
        return entry.details or None if column == DETAILS else None

    def _brush(self, level: str) -> QBrush:
        colour = self._tokens.muted if level == "info" else getattr(self._tokens, f"alarm_{level}")
        return QBrush(QColor(colour))


def cell_text(entry: LogEntry, column: int) -> str:
    """What a cell of the log says."""
    if column == NUMBER:
        return str(entry.number) if entry.number else "–"
    if column == OCCURRED:
        return date_text(entry.utc_us) if entry.utc_us else "clock unset"
    if column == DETECTED:
        return f"+{delay_text(entry.delay_ms)}" if entry.delay_ms else "at once"
    if column == PRIORITY:
        return f"{words.LEVEL_SYMBOLS[entry.level]}  {words.LEVEL_WORDS[entry.level]}"
    return entry.title if column == TITLE else entry.details


def delay_text(delay_ms: int) -> str:
    """ "4.2 s", from a minute up "1 min 57 s" """
    return f"{delay_ms / 1000:.1f} s" if delay_ms < 60_000 else units.duration_text(delay_ms // 1000 * 1000)


class EventFilter(QSortFilterProxyModel):
    """Those entries that are at least so urgent and contain the text; notes pass every priority."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setDynamicSortFilter(False)  # entries only change their colour: thousands aren't looked at for that
        self._least = 0
        self._text = ""

    def set_level(self, level: str) -> None:
        """Shows entries of this one of words.LEVELS and above."""
        self._least = words.LEVELS.index(level)
        self._refilter()

    def set_text(self, text: str) -> None:
        """Shows entries with this in their title or details, in any case."""
        self._text = text.strip().casefold()
        self._refilter()

    def _refilter(self) -> None:
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if not self._least and not self._text:
            return True
        model = self.sourceModel()
        assert isinstance(model, EventLogModel)
        entry = model.entry(source_row)
        if entry.kind != "host_note" and words.LEVELS.index(entry.level) < self._least:
            return False
        return not self._text or self._text in f"{entry.title} {entry.details}".casefold()
