"""The library of scripts: search, tags, each with its last verdict; and what is to be said where it is empty."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from programmer_gui.models.script_list import EDITED_ROLE, ENTRY_ROLE, EVERY_TAG, VERDICT_ROLE, ScriptList
from programmer_gui.models.script_steps import ROLES
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.script_files import Entry
from programmer_gui.theme import Theme
from programmer_gui.views.verdict_mark import draw_mark
from programmer_gui.views.widgets import GAP, MARGIN, Card, button, label, menu_button, row
from rig.therapy import units

ENTRY_PX, HEADING_PX, PAD_PX, MARK_PX = 50, 32, 12, 16
NONE_YET = "There are no scripts here"
MAKE_ONE = "New makes one, or drop a file on the window whose name ends in .qa.yaml."
NO_MATCH = "No script passes the filter"
FEWER = "Search for fewer words, or show all tags."


class EntryDelegate(QStyledItemDelegate):
    """Name and last verdict, below them what it shows."""

    def __init__(self, theme: Theme, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ENTRY_PX if index.data(ENTRY_ROLE) is not None else HEADING_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry, tokens = index.data(ENTRY_ROLE), self._theme.tokens
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        words, own.text = own.text, ""
        own.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        painter.save()
        area = option.rect.adjusted(PAD_PX, 0, -PAD_PX, 0)
        if entry is None:
            self._write(painter, area.adjusted(0, 8, 0, 0), words, tokens.muted, 11, bold=True)
        else:
            verdict = index.data(VERDICT_ROLE)
            if verdict:
                place = QRectF(area.right() - MARK_PX, area.top() + 8, MARK_PX, MARK_PX)
                draw_mark(painter, verdict, place, QColor(getattr(tokens, ROLES[verdict])), QColor(tokens.surface))
            title = f"{words} *" if index.data(EDITED_ROLE) else words
            top = QRect(area.left(), area.top() + 6, area.width() - (MARK_PX + GAP) * bool(verdict), 20)
            self._write(painter, top, title, tokens.text, 13, bold=bool(option.state & QStyle.StateFlag.State_Selected))
            wrong = bool(entry.faults)
            below = QRect(area.left(), area.top() + 26, area.width(), 18)
            self._write(painter, below, told(entry), tokens.alarm_high if wrong else tokens.muted, 11)
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, area: QRect, words: str, colour: str, px: int, bold: bool = False) -> None:
        font = QFont(painter.font())
        font.setPixelSize(px)
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def told(entry: Entry) -> str:
    """The second line: how long it takes and what it is listed under; or what is wrong with it."""
    if entry.faults:
        return f"Can't be run: {entry.about}"
    total_ms = sum(case.duration_ms for case in entry.cases)
    many = f", {len(entry.cases)} cases" if len(entry.cases) > 1 else ""
    tags = f"  ·  {', '.join(entry.tags)}" if entry.tags else ""
    return f"{units.duration_text(total_ms)}{many}{tags}"


class ScriptsLibrary(Card):
    """Its signals are what was asked for."""

    new_asked = Signal(object)  # the Entry to begin with; None for an empty one
    open_asked = Signal()
    folder_asked = Signal()
    removal_asked = Signal(Path)

    def __init__(self, scripts: ScriptsModel, theme: Theme) -> None:
        super().__init__(margin=0)
        self._scripts = scripts
        self.model = ScriptList(scripts, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(theme, self.list))
        self.list.setAccessibleName("Test scripts")
        self.list.setUniformItemSizes(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._choose)
        theme.changed.connect(self._repaint)
        self.text = QLineEdit()
        self.text.setPlaceholderText("Search  (Ctrl+F)")
        self.text.setAccessibleName("Search the scripts")
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(self.model.set_text)
        self.tag = QComboBox()
        self.tag.setAccessibleName("Tag of the scripts shown")
        self.tag.currentTextChanged.connect(lambda tag: self.model.set_tag(tag or EVERY_TAG))
        self.new = menu_button(theme, "note", "New  ▾")
        self.open = menu_button(theme, "folder", "Open  ▾")
        menu = self.open.menu()
        menu.addAction("Open a test script …", self.open_asked.emit)
        menu.addAction("Show your folder in the file manager", self.folder_asked.emit)
        self._lay_out()
        self.model.counted.connect(self._show)
        scripts.library_changed.connect(self._show_tags)
        scripts.selected.connect(self._show_selected)
        self._show_tags()
        self._show()

    def _lay_out(self) -> None:
        head = row(self.new, self.open, None)
        head.setContentsMargins(PAD_PX, GAP + 4, PAD_PX, 0)
        search = row(self.text, self.tag)
        search.setStretch(0, 3)
        search.setStretch(1, 2)
        search.setContentsMargins(PAD_PX, 0, PAD_PX, 0)
        self.empty_title, self.empty_words = label("", "heading", wrap=True), label("", "muted", wrap=True)
        self.clear = button("Clear the filter")
        self.clear.clicked.connect(self._clear)
        empty = QWidget()
        words = QVBoxLayout(empty)
        words.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        for part in (self.empty_title, self.empty_words):
            words.addWidget(part)
        words.addLayout(row(self.clear, None))
        words.addStretch(1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(empty)
        self.body.addLayout(head)
        self.body.addLayout(search)
        self.body.addWidget(self.stack, 1)

    def focus_search(self) -> None:
        """For a key."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def _repaint(self) -> None:
        self.list.viewport().update()

    def _clear(self) -> None:
        self.text.clear()
        self.tag.setCurrentIndex(0)

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE) if index.isValid() else None
        if entry is not None:
            self._scripts.select(entry.path)

    def _show_selected(self) -> None:
        entry = self._scripts.entry
        at = -1 if entry is None else self.model.row_of(entry.path)
        if at >= 0 and self.list.currentIndex().row() != at:
            self.list.setCurrentIndex(self.model.index(at))

    def _show_tags(self) -> None:
        chosen = self.tag.currentText()
        self.tag.blockSignals(True)
        self.tag.clear()
        self.tag.addItems([EVERY_TAG, *self.model.tags])
        self.tag.setCurrentText(chosen if chosen in self.model.tags else EVERY_TAG)
        self.tag.blockSignals(False)
        self.model.set_tag(self.tag.currentText())
        menu = self.new.menu()
        menu.clear()
        menu.addAction("Empty script", lambda: self.new_asked.emit(None))
        menu.addSection("Beginning with")
        for entry in self._scripts.entries:
            if entry.cases:
                menu.addAction(entry.name.replace("&", "&&"), partial(self.new_asked.emit, entry))

    def _show(self) -> None:
        some = self.model.count > 0
        self.stack.setCurrentIndex(0 if some or not self._scripts.listed else 1)
        any_at_all = bool(self._scripts.entries)
        self.empty_title.setText(NO_MATCH if any_at_all else NONE_YET)
        self.empty_words.setText(FEWER if any_at_all else MAKE_ONE)
        self.clear.setVisible(any_at_all)
        self._show_selected()
