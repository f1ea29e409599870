"""The Scripts page: the library, and of one script its run, its text and its history."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from programmer_gui.models.case_run import StepState
from programmer_gui.models.link import LinkModel
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.theme import Theme
from programmer_gui.views.scripts_curves import ScriptCurvesPart
from programmer_gui.views.scripts_edit import ScriptEditPart
from programmer_gui.views.scripts_head import CURVES, EDIT, RUN, ScriptHead
from programmer_gui.views.scripts_history import ScriptHistoryPart
from programmer_gui.views.scripts_library import ScriptsLibrary
from programmer_gui.views.scripts_run import ScriptRunPart
from programmer_gui.views.widgets import GAP, MARGIN, Card, label, row

NARROW_PX = 1200
LIBRARY_PX = {False: 320, True: 256}  # narrow or not
LOW_PX = 600  # below, there is no room for what is said of the script
CHOOSE = "Choose a script"
WORDS = (
    "A test script does with the pump what somebody would do at the bench, measures, and says what it found.",
    "Each runs on the pump that is connected, or on a fresh virtual rig, where hours take seconds.",
)
OWN_KEYS = (
    QKeySequence.StandardKey.Save,
    QKeySequence.StandardKey.SaveAs,
    QKeySequence.StandardKey.Find,
)


class ScriptsPage(QWidget):
    """Renders a ``ScriptsModel``; what is asked for is carried out by ``programmer_gui.scripting``."""

    shown = Signal()

    def __init__(self, scripts: ScriptsModel, link: LinkModel, theme: Theme) -> None:
        super().__init__()
        self._scripts, self._theme = scripts, theme
        self.library = ScriptsLibrary(scripts, theme)
        self.head = ScriptHead(scripts, link, theme)
        self.run = ScriptRunPart(scripts, theme)
        self.edit = ScriptEditPart(theme)
        self.history = ScriptHistoryPart(theme)
        self.parts = QStackedWidget()
        self.curves = ScriptCurvesPart(scripts, theme)
        for part in (self.run, self.curves, self.edit, self.history):
            self.parts.addWidget(part)
        self.stack = QStackedWidget()
        whole = QWidget()
        inner = QVBoxLayout(whole)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GAP)
        inner.addWidget(self.head)
        inner.addWidget(self.parts, 1)
        self.stack.addWidget(self._empty())
        self.stack.addWidget(whole)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(self.library)
        layout.addWidget(self.stack, 1)
        self.head.part_asked.connect(self.show_part)
        self.run.source_asked.connect(self._show_source)
        self.run.curves_asked.connect(partial(self.show_part, CURVES))
        scripts.selected.connect(self._show)
        scripts.began.connect(partial(self.show_part, RUN))
        theme.changed.connect(self._paint)
        self._paint()
        self._show()

    def show_part(self, part: int) -> None:
        """RUN, CURVES, EDIT or HISTORY."""
        self.parts.setCurrentIndex(part)
        self.head.show_part(part)

    def _empty(self) -> QWidget:
        self.picture = QLabel()
        card = Card(margin=32)
        card.setMaximumWidth(560)
        card.body.addWidget(self.picture)
        card.body.addSpacing(GAP)
        card.body.addWidget(label(CHOOSE, "title"))
        for sentence in WORDS:
            card.body.addWidget(label(sentence, wrap=True))
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.addStretch(2)
        layout.addLayout(row(None, card, None))
        layout.addStretch(3)
        return made

    def _paint(self) -> None:
        self.picture.setPixmap(self._theme.icon("scripts", "muted").pixmap(32, 32))

    def _show(self) -> None:
        entry = self._scripts.entry
        self.stack.setCurrentIndex(0 if entry is None else 1)
        if entry is not None and not entry.cases:  # it can't be run: what is wrong is to be seen
            self.show_part(EDIT)

    def _show_source(self, step: StepState) -> None:
        entry = self._scripts.entry
        self.show_part(EDIT)
        if entry is not None and step.step.line and step.step.file in ("", str(entry.path)):
            self.edit.go_to(step.step.line)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.run.prompt.ask is None:
            self.library.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.library.setFixedWidth(LIBRARY_PX[self.width() < NARROW_PX])
        self.head.facts.setVisible(self.height() >= LOW_PX)

    # -- keys ----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """While the keys go to this page, saving and finding are about scripts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.library.focus_search()
        elif event.matches(QKeySequence.StandardKey.Save):
            self.edit.save_asked.emit()
        elif event.matches(QKeySequence.StandardKey.SaveAs):
            self.edit.save_as_asked.emit()
        else:
            super().keyPressEvent(event)


def _is_own(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in OWN_KEYS)
