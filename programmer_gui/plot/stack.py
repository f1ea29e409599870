"""Charts one above the other over one time axis, live: follow, pause, zoom, cursors.  The part that pages use."""

from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.canvas import Canvas
from programmer_gui.plot.chart import Chart
from programmer_gui.plot.cursors import Cursors, measure
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.data import Mark, PlotData
from programmer_gui.plot.readings import ReadingModel, ReadingRow
from programmer_gui.plot.ticks import Clock, number, time_text
from programmer_gui.plot.timeview import TimeView
from programmer_gui.tokens import Tokens

#: Name, text, key, tool tip.
_ACTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("follow", "Follow", "End", "Keep the latest moment in view"),
    ("pause", "Pause picture", "Space", "Freeze the picture; recording goes on"),
    ("fit", "Fit", "Home", "Show everything"),
    ("cursors", "Cursors", "C", "Two cursors, with what lies between them"),
    ("copy", "Copy values", "Ctrl+C", "Copy the cursors' table"),
)


class ChartStack(QWidget):
    """A canvas of charts and the table of its cursors.  ``actions_by_name`` belong in a tool bar and the list of keys.

    ``keep`` bounds the samples held of each group of fields (rounded up to blocks of 65,536).
    ``view_changed``: following, pause, range or cursors changed.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, span_s: float = 60.0, keep: int | None = None) -> None:
        super().__init__(parent)
        self.data = PlotData(keep)
        self.view = TimeView(span_s)
        self.cursors = Cursors()
        self.canvas = Canvas(self.data, self.view, self.cursors)
        self.actions_by_name = {name: self._action(name, text, key, tip) for name, text, key, tip in _ACTIONS}
        self._readings = ReadingModel()
        self._heading = QLabel()
        self._table = self._make_table()
        self._measured: object = None
        self._shown: object = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._heading)
        layout.addWidget(self._table)
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
        least_span: float = 1e-3,
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
        shown = (self.data.revision, self.canvas.in_view)
        if shown != self._shown:
            self._shown = shown
            self.canvas.update()
            self._measure()

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

    def set_clock(self, clock: Clock | None) -> None:
        """Time of day on the axis; None for the time since its zero."""
        self.canvas.clock = clock
        self._changed()

    def set_theme(self, tokens: Tokens) -> None:
        """Changes the colours."""
        self.canvas.set_theme(tokens)

    def copy_values(self) -> None:
        """Puts the cursors' table on the clipboard, tab-separated."""
        if self.cursors.shown:
            QGuiApplication.clipboard().setText(self._readings.text(self._heading.text().replace("−", "-")))

    def _action(self, name: str, text: str, key: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"plot.{name}")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{tip} ({key})")
        self.addAction(action)
        switches = {"follow": self.follow, "pause": self.pause, "cursors": self.show_cursors}
        if name in switches:
            action.setCheckable(True)
            action.triggered.connect(switches[name])
        else:
            action.triggered.connect({"fit": self.fit, "copy": self.copy_values}[name])
        return action

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._readings)
        table.setAccessibleName("Curves at and between the cursors")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.setShowGrid(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self._heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._heading.setContentsMargins(12, 6, 12, 6)
        return table

    def _changed(self) -> None:
        self.actions_by_name["follow"].setChecked(self.view.following and not self.view.paused)
        self.actions_by_name["pause"].setChecked(self.view.paused)
        self.actions_by_name["cursors"].setChecked(self.cursors.shown)
        self.actions_by_name["copy"].setEnabled(self.cursors.shown)
        self._heading.setVisible(self.cursors.shown)
        self._table.setVisible(self.cursors.shown)
        self._measured = None
        self._measure()
        self.canvas.update()
        self.view_changed.emit()

    def _measure(self) -> None:
        """Fills the table, unless neither the cursors nor what lies between them has changed."""
        if not self.cursors.shown:
            return
        extent = self.data.extent
        key = (*self.cursors.at, min(self.cursors.interval[1], extent[1]) if extent else None)
        if key == self._measured:
            return
        self._measured = key
        rows = [
            ReadingRow(spec.title, chart.unit, spec.decimals, measure(self.data.track(spec.field), spec, self.cursors))
            for chart in self.canvas.charts
            for spec in chart.curves
        ]
        self._readings.set_rows(rows)
        a, b = (time_text(at, 0.01, self.canvas.clock) for at in self.cursors.at)
        self._heading.setText(f"A  {a}     B  {b}     B − A  {number(self.cursors.at[1] - self.cursors.at[0], 3)} s")
        header = self._table.horizontalHeader().sizeHint().height()
        self._table.setFixedHeight(header + 24 * min(len(rows), 6) + 4)
