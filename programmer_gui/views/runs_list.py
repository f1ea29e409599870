"""The table of recordings with its folder, search and filter; in its place, what is to be said where it is empty."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from firmware_link.errors import PumpError
from programmer_gui.models.run_words import KINDS
from programmer_gui.models.runs import ALL, RunTable
from programmer_gui.theme import Theme
from programmer_gui.views.runs_table import RunsTable
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, label, menu_button, row
from rig.places import RUN_SUFFIX

EVERY = "Every session is recorded from the moment a pump answers, and will be listed here."
NONE_YET = ("There are no recordings here yet", f"{EVERY} A recording made elsewhere can be dropped on the window.")
GONE = "This folder doesn't exist"
NOT_YET, NO_MORE = "It is made with the first recording.", "It was moved or deleted, or its disk isn't connected."
NO_MATCH = ("No recording passes the filter", "Search for fewer words, or show all kinds of recordings.")
CLEAR, CHOOSE = "Clear the filter", "Choose another folder …"


class RunsList(Card):
    """Its signals are what was asked for in its menus."""

    folder_asked = Signal()  # to be shown by the system
    choose_asked = Signal()  # another folder, by a dialog
    folder_chosen = Signal(Path)
    open_asked = Signal()  # a file, by a dialog
    recent_asked = Signal(Path)

    def __init__(self, runs: RunTable, theme: Theme, usual: Path) -> None:
        super().__init__(margin=0)
        self._runs, self._usual, self._folder = runs, usual, usual
        self._error: PumpError | None = None
        self._exists, self._listed = True, False
        self.table = RunsTable(runs, theme)
        self.folder = menu_button(theme, "folder", "Folder  ▾")
        self.open = menu_button(theme, "runs", "Open  ▾")
        self.where = ElidedLabel(role="muted")
        self.count = label("", "caption")
        self.text = QLineEdit()
        self.text.setPlaceholderText("Search  (Ctrl+F)")
        self.text.setAccessibleName("Search the recordings")
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(120)
        self.text.setMaximumWidth(280)
        self.text.textChanged.connect(runs.set_text)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of recordings shown")
        self.kind.addItems(list(KINDS))
        self.kind.currentTextChanged.connect(runs.set_kind)
        self._lay_out()
        self.show_folder(usual, usual)
        self.show_opened(())
        runs.counted.connect(self._show_state)

    def _lay_out(self) -> None:
        head = row(self.folder, self.where, self.open)
        head.setStretch(1, 1)
        head.setContentsMargins(MARGIN, GAP, MARGIN, 0)
        search = row(self.text, self.kind, None, self.count)
        search.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self.empty_title, self.empty_words = label("", "title"), label("", "muted", wrap=True)
        self.remedy = button("")
        self.remedy.clicked.connect(self._help)
        self.empty = QWidget()
        words = QVBoxLayout(self.empty)
        words.setSpacing(GAP)
        words.addStretch(2)
        for part in (self.empty_title, self.empty_words):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            part.setFixedWidth(480)
            words.addLayout(row(None, part, None))
        words.addLayout(row(None, self.remedy, None))
        words.addStretch(3)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.body.addLayout(head)
        self.body.addLayout(search)
        self.body.addWidget(self.stack, 1)

    # -- what is listed ------------------------------------------------------------------------------------------

    def show_folder(self, folder: Path, usual: Path) -> None:
        """Which folder is listed; ``usual`` is where this program records."""
        self._folder, self._usual = folder, usual
        self._listed, self._exists, self._error = False, True, None
        self.where.set_whole(short(folder))
        self.where.setAccessibleName(f"Folder {folder}")
        menu = self.folder.menu()
        menu.clear()
        menu.addAction(CHOOSE, self.choose_asked.emit)
        menu.addAction("Show it in the file manager", self.folder_asked.emit)
        back = menu.addAction("Back to the usual folder", lambda: self.folder_chosen.emit(usual))
        back.setEnabled(folder != usual)
        self._show_state()

    def show_listed(self, exists: bool, error: PumpError | None) -> None:
        """That the folder was listed, or why it can't be."""
        self._listed, self._exists, self._error = True, exists, error
        self._show_state()

    def show_opened(self, opened: Sequence[Path]) -> None:
        """Recordings opened last, newest first."""
        menu = self.open.menu()
        menu.clear()
        menu.addAction("Open a recording …\tCtrl+Shift+O", self.open_asked.emit)
        if opened:
            menu.addSection("Opened last")
        for path in opened:
            name = path.name.removesuffix(RUN_SUFFIX).replace("&", "&&")
            menu.addAction(f"{name}\t{short(path.parent)}", partial(self.recent_asked.emit, path))

    def focus_search(self) -> None:
        """Puts the cursor into the search."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    # -- what is said --------------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        runs, shown = self._runs, len(self._runs.shown)
        self.count.setText(count_text(shown, runs.count, runs.unread))
        self.stack.setCurrentIndex(0 if shown or not self._listed else 1)
        if self._error is not None:
            self._say(self._error.what, self._error.remedy, CHOOSE)
        elif runs.count:
            self._say(*NO_MATCH, CLEAR)
        else:
            gone = (GONE, NOT_YET if self._folder == self._usual else NO_MORE)
            self._say(*(NONE_YET if self._exists else gone), CHOOSE)

    def _say(self, title: str, words: str, remedy: str) -> None:
        self.empty_title.setText(title)
        self.empty_words.setText(words)
        self.remedy.setText(remedy)

    def _help(self) -> None:
        if self.remedy.text() == CHOOSE:
            self.choose_asked.emit()
        else:
            self.text.clear()
            self.kind.setCurrentText(ALL)


def count_text(shown: int, count: int, unread: int) -> str:
    """ "12 of 5,000 recordings, 340 still to be looked into" """
    if not count:
        return ""
    said = f"{count:,} recording{'s' * (count != 1)}" if shown == count else f"{shown:,} of {count:,} recordings"
    return f"{said}, {unread:,} still to be looked into" if unread else said


def short(folder: Path) -> str:
    """As people write it: the home folder is "~"."""
    home = Path.home()
    return str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
