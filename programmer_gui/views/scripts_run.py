"""A case while it runs and after it: its verdict, what it asks, its steps, and one of them in full."""

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from programmer_gui.models.case_run import StepState
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.theme import Theme
from programmer_gui.views.scripts_band import VerdictBand
from programmer_gui.views.scripts_details import StepDetails
from programmer_gui.views.scripts_prompt import OperatorPrompt
from programmer_gui.views.scripts_steps import StepsTable
from programmer_gui.views.widgets import Card

ROOM_PX = 520  # for a question, some steps, and one in full


class ScriptRunPart(QWidget):
    """Emits what is asked for."""

    moment_asked = Signal(object)  # StepState of the case that is shown
    source_asked = Signal(object)  # likewise
    curves_asked = Signal()

    def __init__(self, scripts: ScriptsModel, theme: Theme) -> None:
        super().__init__()
        self._scripts = scripts
        self.band = VerdictBand(scripts, theme)
        self.prompt = OperatorPrompt(theme)
        self.table = StepsTable(scripts, theme)
        self.details = StepDetails(theme)
        self._steps = Card(margin=0)
        self._steps.body.addWidget(self.table)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        for part, stretch in ((self._steps, 5), (self.details, 3)):
            self._split.addWidget(part)
            self._split.setStretchFactor(self._split.count() - 1, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.band)
        layout.addWidget(self.prompt)
        layout.addWidget(self._split, 1)
        scripts.asked.connect(self.prompt.show_ask)
        scripts.asked.connect(lambda _: self._make_room())
        scripts.shown_changed.connect(lambda: self._show(self.table.step))
        self.table.chosen.connect(self._show)
        self.table.opened.connect(self._open)
        self.table.menu_asked.connect(self._show_menu)
        self.details.moment_asked.connect(self.moment_asked)
        self.details.source_asked.connect(self.source_asked)
        self.details.curves_asked.connect(self.curves_asked)
        self.band.moment_asked.connect(self._show_bad)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a low window the details give way to a question."""
        self.details.setVisible(self.prompt.ask is None or self.height() >= ROOM_PX)

    def _show(self, step: StepState | None) -> None:
        self.details.show_step(self._scripts.shown, step)

    def _show_bad(self) -> None:
        run = self._scripts.shown
        if run is not None and run.first_bad is not None:
            self.moment_asked.emit(run.first_bad)

    def _open(self, step: StepState) -> None:
        if step.began_us is not None:
            self.moment_asked.emit(step)
        else:
            self.source_asked.emit(step)

    def _show_menu(self, at: QPoint, step: StepState) -> None:
        run = self._scripts.shown
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        moment = menu.addAction("Show this moment", partial(self.moment_asked.emit, step))
        moment.setEnabled(run is not None and run.run is not None and step.began_us is not None and not run.running)
        menu.addAction("Show it in the script", partial(self.source_asked.emit, step))
        menu.popup(at)
