"""The event log: table, filter, notes."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QLabel, QLineEdit, QTableView

from programmer_gui.models.eventlog import DETAILS, DETECTED, TITLE, EventFilter, EventLogModel
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, Card, button, label, plain_rows

EMPTY = "Nothing has happened yet. What the pump logs, and your notes, will be listed here."
WIDTHS = (56, 168, 112, 104, 264)


class LogPanel(Card):
    """Shows the log, newest at the bottom; stays where the operator scrolled to."""

    note_asked = Signal()
    moment_chosen = Signal(object)  # eventlog.LogEntry
    removal_asked = Signal(object)  # of this entry

    def __init__(self, log: EventLogModel, theme: Theme) -> None:
        super().__init__("Event log", margin=0)
        self._log = log
        self.filter = EventFilter(self)
        self.filter.setSourceModel(log)
        self.text = QLineEdit()
        self.text.setPlaceholderText("Filter  (Ctrl+F)")
        self.text.setAccessibleName("Filter the log by text")
        self.text.setClearButtonEnabled(True)
        self.text.setMaximumWidth(240)
        self.text.textChanged.connect(self.filter.set_text)
        self.level = QComboBox()
        self.level.setAccessibleName("Least priority shown")
        for name, title in (("info", "All priorities"), ("low", "Low and above"), ("medium", "Medium and above")):
            self.level.addItem(title, name)
        self.level.addItem("High only", "high")
        self.level.currentIndexChanged.connect(lambda: self.filter.set_level(self.level.currentData()))
        self.count = label("", "caption")
        self.note = button("Add a note …", tip="Keep words with the data, at this moment (Ctrl+M)")
        self.note.clicked.connect(self.note_asked)
        self.table = self._table()
        self.empty = self._empty_words()
        self.header.setContentsMargins(MARGIN, GAP, MARGIN, 0)
        for item in (self.count, self.text, self.level, self.note):
            self.header.addWidget(item)
        self.body.addWidget(self.table, 1)
        self._now = 0
        self._late = QTimer(self)  # once a new recording's lines are laid out
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._show_now)
        for signal in (log.rowsInserted, log.modelReset, self.filter.rowsInserted, self.filter.rowsRemoved):
            signal.connect(self._show_count)
        log.now_moved.connect(self._keep_now)
        self._show_count()

    def focus_filter(self) -> None:
        """Puts the cursor into the filter."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.filter)
        table.setAccessibleName("Event log")
        table.setToolTip("Double-click, or Enter, shows the moment in the charts")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        plain_rows(table, 26)
        table.setAlternatingRowColors(True)
        header = table.horizontalHeader()
        header.setSectionResizeMode(DETAILS, QHeaderView.ResizeMode.Stretch)
        for i, width in enumerate(WIDTHS):
            table.setColumnWidth(i, width)
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Interactive)
        table.activated.connect(
            lambda index: self.moment_chosen.emit(self._log.entry(self.filter.mapToSource(index).row()))
        )
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_removal)
        bar = table.verticalScrollBar()
        bar.rangeChanged.connect(lambda: self._keep_newest())
        bar.valueChanged.connect(lambda value: setattr(self, "_at_end", value >= bar.maximum() - 1))
        self._at_end = True
        return table

    def _ask_removal(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.removal_asked.emit(self._log.entry(self.filter.mapToSource(index).row()))

    def _keep_newest(self) -> None:
        if self._at_end:
            QTimer.singleShot(0, self.table, self.table.scrollToBottom)

    def _keep_now(self, now: int) -> None:
        """Of a recording: the entry that was there last stays in view."""
        self._at_end = False
        self._now = now
        if not self._late.isActive():
            self._late.start()

    def _show_now(self) -> None:
        now = self._now
        index = self.filter.mapFromSource(self._log.index(max(0, now - 1), 0))
        if index.isValid():
            self.table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _empty_words(self) -> QLabel:
        empty = label(EMPTY, "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setParent(self.table.viewport())
        return empty

    def _show_count(self, *_: object) -> None:
        shown, all_of_them = self.filter.rowCount(), self._log.rowCount()
        self.count.setText(f"{shown} of {all_of_them}" if shown != all_of_them else f"{shown} entries")
        self.empty.setText("No entry passes the filter." if all_of_them else EMPTY)
        self.empty.setVisible(not shown)
        self.empty.setGeometry(self.table.viewport().rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, lambda: self.empty.setGeometry(self.table.viewport().rect()))
        self.table.setColumnHidden(DETECTED, self.width() < 840)
