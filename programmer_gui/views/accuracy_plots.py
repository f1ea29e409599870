"""What judgements of accuracy are shown by: start-up, trumpet, boluses, back-pressure, side by side."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.curve_plot import CurvePlot
from programmer_gui.views.widgets import GAP, label
from rig.measured import Curve

NOTHING = "No curves. Steps that expect accuracy, boluses or back-pressure draw them."
SIDE_BY_SIDE_PX = 620  # from this width on


class AccuracyPlots(QWidget):
    """Renders curves; ``nothing`` is what it says without any."""

    def __init__(self, theme: Theme, nothing: str = NOTHING) -> None:
        super().__init__()
        self._theme = theme
        self._made: list[CurvePlot] = []  # kept for the next curves
        self._count = 0
        self.nothing: QLabel = label(nothing, "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self._scroll, 1)
        self.show_curves(())

    @property
    def plots(self) -> list[CurvePlot]:
        """Those that are shown, in order."""
        return self._made[: self._count]

    def show_curves(self, curves: tuple[Curve, ...]) -> None:
        """Those that have a point; a plot that is there already only changes."""
        shown = [curve for curve in curves if curve.x]
        for _ in range(len(shown) - len(self._made)):
            self._made.append(CurvePlot(self._theme))
        for plot, curve in zip(self._made, shown, strict=False):
            plot.show_curve(curve)
        count, self._count = self._count, len(shown)
        self.nothing.setVisible(not shown)
        self._scroll.setVisible(bool(shown))
        if count != len(shown):
            self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= SIDE_BY_SIDE_PX and self._count > 1 else 1
        for plot in self._made:
            self._grid.removeWidget(plot)
            plot.hide()
        for at, plot in enumerate(self.plots):
            last_alone = at == self._count - 1 and self._count % columns
            self._grid.addWidget(plot, at // columns, at % columns, 1, columns if last_alone else 1)
            plot.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
