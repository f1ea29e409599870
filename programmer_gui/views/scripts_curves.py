"""The curves that a case is judged by: as they grow, and as they ended."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.theme import Theme
from programmer_gui.views.accuracy_plots import AccuracyPlots
from programmer_gui.views.widgets import Card


class ScriptCurvesPart(QWidget):
    """Those of the case that is shown; followed while somebody sees them."""

    def __init__(self, scripts: ScriptsModel, theme: Theme) -> None:
        super().__init__()
        self._scripts = scripts
        self.plots = AccuracyPlots(theme)
        card = Card()
        card.body.addWidget(self.plots, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        scripts.shown_changed.connect(self._show)
        scripts.step_changed.connect(lambda _: self._show())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if self.isVisible():
            run = self._scripts.shown
            steps = run.steps if run is not None else []
            self.plots.show_curves(tuple(curve for step in steps for curve in step.curves))
