"""Charts one above the other over one time axis, live: follow, pause, zoom, cursors.  The part that pages use."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from firmware_link.errors import PumpError
from programmer_gui.plot.actions import GESTURES, make_actions
from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.canvas import Canvas
from programmer_gui.plot.chart import Chart
from programmer_gui.plot.cursors import Cursors
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.data import Mark, PlotData
from programmer_gui.plot.pictures import export
from programmer_gui.plot.readings import ReadingTable
from programmer_gui.plot.ticks import Clock
from programmer_gui.plot.timeview import TimeView
from programmer_gui.tokens import Tokens


class ChartStack(QWidget):
    """A canvas of charts and the table of its cursors.  ``actions_by_name`` belong in a tool bar and the list of keys.

    ``keep`` bounds the samples held of each group of fields (rounded up to blocks of 65,536).
    ``view_changed``: following, pause, range or cursors changed.
    """

    view_changed = Signal()
    failed = Signal(object)  # PumpError

    def __init__(self, parent: QWidget | None = None, *, span_s: float = 60.0, keep: int | None = None) -> None:
        super().__init__(parent)
        self.data = PlotData(keep)
        self.view = TimeView(span_s)
        self.cursors = Cursors()
        self.canvas = Canvas(self.data, self.view, self.cursors)
        self.actions_by_name = make_actions(
            self,
            {
                "follow": self.follow,
                "pause": self.pause,
                "fit": self.fit,
                "shorter": lambda: self.zoom(0.5),
                "longer": lambda: self.zoom(2.0),
                "cursors": self.show_cursors,
                "copy": self.copy_values,
                "export": self._export,
            },
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._readings = ReadingTable()
        self._shown: object = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._readings)
        self.setFocusProxy(self.canvas)
        self.canvas.handled.connect(self._changed)
        self._changed()

    def add_chart(
        self,
        title: str,
        unit: str,
        curves: Sequence[CurveSpec],
        *,
        band: BandSpec | None = None,
        least_span: float = 1.0,
        include: tuple[float, ...] = (),
        weight: int = 1,
    ) -> Chart:
        """Adds a chart below the others.

        ``least_span`` (in ``unit``) keeps noise from being blown up, ``include`` values are always in view, ``weight``
        is the share of the height.
        """
        chart = Chart(
            title, unit, curves, data=self.data, band=band, least_span=least_span, include=include, weight=weight
        )
        self.canvas.add_chart(chart)
        return chart

    def append(self, x: ArrayLike, columns: Mapping[str, ArrayLike]) -> None:
        """Adds samples that came together: ``x`` (m,) seconds, not decreasing; (m,) values by field, NaN for none.

        Fields that come together the first time always do.  Raises ValueError where times go back or lengths differ.
        """
        self.data.append(x, columns)

    def add_gap(self, begin: float, end: float, breaks: str | None = None) -> None:
        """Lost time, hatched.  Ends the curves that come with field ``breaks``; call it before what follows the gap."""
        self.data.add_gap(begin, end, breaks)

    def add_mark(self, x: float, priority: int, title: str, detail: str = "") -> None:
        """An event, ``priority`` 0 (information) to 3 (high)."""
        self.data.add_mark(Mark(x, priority, title, detail))

    def clear(self) -> None:
        """Forgets all samples, gaps and events; charts stay."""
        self.data.clear()
        self.follow(True)

    def refresh(self, now: float | None = None) -> None:
        """Once a tick: time is ``now`` (else that of the latest sample).  Paints only if the picture would differ."""
        extent = self.data.extent
        latest = extent[1] if extent and now is None else now
        if latest is not None and not self.view.paused:
            self.view.advance(extent[0] if extent else latest, latest)
        shown = (self.data.revision, self.canvas.in_view, self.canvas.playhead)
        if shown != self._shown:
            self._shown = shown
            self.canvas.refresh()
            self._read()

    def follow(self, following: bool = True) -> None:
        """Keeps the latest moment in view, or stays where it is."""
        if following and self.view.paused:
            self.data.pause(False)
        self.view.follow(following)
        self._changed()

    def pause(self, paused: bool = True) -> None:
        """Freezes the picture, not the data."""
        if paused != self.view.paused:
            self.data.pause(paused)
            self.view.pause(paused)
        self._changed()

    def fit(self) -> None:
        """Shows everything there is, all ranges following the data."""
        for chart in self.canvas.charts:
            chart.range.auto()
        self.view.fit()
        self._changed()

    def show_cursors(self, shown: bool = True) -> None:
        """Shows or hides both cursors and their table."""
        if shown:
            self.cursors.show(self.canvas.in_view)
        else:
            self.cursors.hide()
        self._changed()

    def show_span(self, span_s: float) -> None:
        """Shows ``span_s`` seconds, up to the latest moment where that is followed."""
        self.view.set_span(span_s)
        self._changed()

    def zoom(self, factor: float) -> None:
        """Shows ``factor`` times as long a stretch, about what is looked at: the newest, a cursor, or the middle."""
        window = self.canvas.in_view
        active = self.cursors.at[self.cursors.active]
        in_view = self.cursors.shown and window.begin <= active <= window.end
        if self.view.following:
            self.view.set_span(self.view.span_s * factor)
        else:
            self.view.zoom(factor, active if in_view else window.begin + window.span / 2)
        self._changed()

    def key_list(self) -> list[tuple[str, str]]:
        """(what, keys) of everything that hands can do here."""
        return [(action.text(), action.shortcut().toString()) for action in self.actions_by_name.values()] + [*GESTURES]

    def set_clock(self, clock: Clock | None) -> None:
        """Time of day on the axis; None for the time since its zero."""
        self.canvas.set_clock(clock)
        self._changed()

    def set_theme(self, tokens: Tokens) -> None:
        """Changes the colours."""
        self.canvas.set_theme(tokens)

    def copy_values(self) -> None:
        """Puts the cursors' table on the clipboard, tab-separated."""
        if self.cursors.shown:
            QGuiApplication.clipboard().setText(self._readings.text())

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export picture", "charts.png", "Picture (*.png);;Drawing (*.svg)")
        try:
            if path:
                export(self.canvas, Path(path))
        except PumpError as error:
            self.failed.emit(error)

    def _changed(self) -> None:
        self.actions_by_name["follow"].setChecked(self.view.following and not self.view.paused)
        self.actions_by_name["pause"].setChecked(self.view.paused)
        self.actions_by_name["cursors"].setChecked(self.cursors.shown)
        self.actions_by_name["copy"].setEnabled(self.cursors.shown)
        self._readings.setVisible(self.cursors.shown)
        self._read()
        self.canvas.refresh()
        self.view_changed.emit()

    def _read(self) -> None:
        if self.cursors.shown:
            self._readings.read(self.canvas.charts, self.data, self.cursors, self.canvas.clock)
