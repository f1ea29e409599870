"""The text of a script: edited, checked while it is written, with the help of the step that the cursor is in."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from programmer_gui.script_files import Entry, fault_text
from programmer_gui.theme import Theme
from programmer_gui.views.code_edit import CodeEdit
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, row, set_property
from rig.yamlfile import FileFault

CHECK_MS = 400
HELP_PX = 300
SHIPPED = "It comes with the program: saving makes a copy of your own."
CHECKING = "Checking …"
ROWS = 4  # of what is wrong, that are seen at once


class ScriptEditPart(QWidget):
    """Emits ``checked`` with the text once it stands still, and what is asked for."""

    changed = Signal(str)  # the text
    standing = Signal(str)  # the same, once nobody types
    save_asked = Signal()
    save_as_asked = Signal()
    revert_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entry: Entry | None = None
        self._faults: tuple[FileFault, ...] = ()
        self._shown_help = ""
        self._checking, self._helping = QTimer(self), QTimer(self)
        self.where = ElidedLabel(role="muted")
        self.state = label("", "muted")
        self.save = button("Save", tip="Ctrl+S")
        self.save_as = button("Save as …", "link", tip="Ctrl+Shift+S")
        self.revert = button("Undo all", "link", tip="Back to what the file says")
        self.save.clicked.connect(self.save_asked)
        self.save_as.clicked.connect(self.save_as_asked)
        self.revert.clicked.connect(self.revert_asked)
        self.code = CodeEdit(theme, self._words)
        self.code.setAccessibleName("Text of the script")
        self.code.textChanged.connect(self._changed)
        self.code.cursorPositionChanged.connect(lambda: self._helping.start())
        self.problems = QListWidget()
        self.problems.setAccessibleName("What is wrong")
        self.problems.setProperty("role", "problems")
        self.problems.setWordWrap(True)
        self.problems.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.problems.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.problems.itemActivated.connect(self._jump)
        self.problems.itemClicked.connect(self._jump)
        self.help = QTextBrowser()
        self.help.setAccessibleName("Help of the step under the cursor")
        self.help.setOpenLinks(False)
        self.help.setProperty("role", "help")
        for timer, ms, do in ((self._checking, CHECK_MS, self._stand), (self._helping, 60, self._show_help)):
            timer.setSingleShot(True)
            timer.setInterval(ms)
            timer.timeout.connect(do)
        theme.changed.connect(self._show_help)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(margin=0)
        head = row(self.where, self.state, self.revert, self.save_as, self.save)
        head.setStretch(0, 1)
        head.setContentsMargins(MARGIN, 12, MARGIN, 0)
        card.body.addLayout(head)
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(MARGIN, 0, 0, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(self.code, 1)
        column.addWidget(self.problems)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(text)
        split.addWidget(self.help)
        split.setStretchFactor(0, 1)
        split.setSizes([700, HELP_PX])
        card.body.addWidget(split, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    @property
    def text(self) -> str:
        """As it stands."""
        return self.code.toPlainText()

    def show_script(self, entry: Entry | None, text: str, edited: bool) -> None:
        """The script ``entry``: ``text`` where it isn't known yet."""
        other = entry is None or self._entry is None or entry.path != self._entry.path
        self._entry = entry
        self.setEnabled(entry is not None)
        if entry is None:
            return
        if other or not edited:
            self.code.blockSignals(True)
            if not edited and self.text != text:
                self.code.forget(str(entry.path))
            self.code.show_document(str(entry.path), lambda: text)
            self.code.blockSignals(False)
        self.show_edited(edited)
        if not edited:
            self.show_faults(entry.faults)
        elif other:
            self._checking.start()
        self._show_help()

    def show_edited(self, edited: bool) -> None:
        """Whether it has changes that aren't saved."""
        entry = self._entry
        if entry is None:
            return
        self.where.set_whole(SHIPPED if entry.shipped else f"{entry.path}{'  *' if edited else ''}")
        self.save.setText("Save a copy …" if entry.shipped else "Save")
        self.save.setEnabled(edited or entry.shipped)
        self.save_as.setVisible(not entry.shipped)
        self.revert.setVisible(edited)

    def show_faults(self, faults: Sequence[FileFault]) -> None:
        """What is wrong with the text as it stands."""
        self._faults = tuple(faults)
        own = str(self._entry.path) if self._entry is not None else ""
        self.problems.clear()
        for fault in self._faults:
            elsewhere = f"{Path(fault.path).name}: " if fault.path != own else ""
            item = QListWidgetItem(f"✕  {elsewhere}{fault_text(fault)}  {fault.remedy}")
            item.setToolTip(fault.sentence())
            self.problems.addItem(item)
        self.problems.setVisible(bool(self._faults))
        self.problems.setFixedHeight(min(ROWS, max(1, len(self._faults))) * 28 + 8)
        self.code.show_wrong(fault.line for fault in self._faults if fault.path == own and fault.line)
        many = len(self._faults)
        self.state.setText(f"✕ {many} problem{'s' * (many != 1)}" if many else "✓ No problems")
        set_property(self.state, "level", "high" if many else "good")

    def go_to(self, line: int) -> None:
        """To a line, from 1."""
        self.code.go_to(line)
        self._show_help()

    def _changed(self) -> None:
        self.state.setText(CHECKING)
        set_property(self.state, "level", "")
        self._checking.start()
        self._helping.start()
        self.changed.emit(self.text)

    def _stand(self) -> None:
        self.standing.emit(self.text)

    def _jump(self, item: QListWidgetItem) -> None:
        fault = self._faults[self.problems.row(item)]
        if fault.line and self._entry is not None and fault.path == str(self._entry.path):
            self.go_to(fault.line)

    def _words(self) -> list[str]:
        from programmer_gui.script_help import words_at

        cursor = self.code.textCursor()
        return words_at(self.text.split("\n"), cursor.blockNumber() + 1, cursor.positionInBlock())

    def _show_help(self) -> None:
        if not self.isVisible() or self._entry is None:
            return
        from programmer_gui.script_help import html

        tokens = self._theme.tokens
        shown = html(self.text.split("\n"), self.code.line, tokens.muted, tokens.accent)
        if shown != self._shown_help:
            self._shown_help = shown
            self.help.setHtml(shown)
