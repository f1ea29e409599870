"""One channel of two recordings over each other, and how far the new one is from the golden one."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.stack import ChartStack
from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens
from rig.compare.channels import SINCE_START
from rig.compare.findings import Against, Curve, Differing, Floats
from rig.words import event_title

#: how an event differs -> its urgency among the marks, and what its tool tip says
_MARKS = {"missing": (3, "missing"), "extra": (3, "not in the golden run"), "moved": (2, "moved"), "value": (2, "")}
_LEAST_SPAN = {"µL": 1.0, "mL": 0.01, "mL/day": 0.01, "kPa": 1.0, "V": 0.1, "%": 2.0, "°C": 1.0}


class CompareCharts(QWidget):
    """``stack`` shows the channel; it is made anew for another, since each has its own unit.

    ``replaced`` after that: whoever holds actions of the old stack takes those of the new one.
    """

    replaced = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.stack: ChartStack | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        theme.changed.connect(self._recolour)

    def show_channel(self, against: Against | None, field: str) -> None:
        """Draws ``field`` of a comparison, over the same stretch as before where there was one."""
        old, self.stack = self.stack, None
        view = None if old is None else (old.view.end - old.view.span_s, old.view.end)
        if old is not None:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        curve = next((one for one in against.curves if one.field == field), None) if against else None
        if against is not None and curve is not None:
            self.stack = _made(against, curve)
            self.stack.set_theme(self._theme.tokens)
            self._layout.addWidget(self.stack)
            self.stack.refresh()
            self.stack.fit()
            if view is not None:
                self.stack.view.show(*view)
            self.stack.refresh()
        self.replaced.emit()

    def _recolour(self, tokens: Tokens) -> None:
        if self.stack is not None:
            self.stack.set_theme(tokens)

    def forget_view(self) -> None:
        """The next channel is shown whole: it is of other recordings."""
        if self.stack is not None:
            self.show_channel(None, "")

    def show_moment(self, at_s: float) -> None:
        """Puts a moment, aligned seconds, into the middle, and closer where all is in view."""
        stack = self.stack
        if stack is None or stack.data.extent is None:
            return
        begin_s, end_s = stack.data.extent
        span_s = min(stack.view.span_s, max((end_s - begin_s) / 10, 1.0))
        stack.view.show(at_s - span_s / 2, at_s + span_s / 2)
        stack.refresh()
        stack.canvas.refresh()


def _made(against: Against, curve: Curve) -> ChartStack:
    stack = ChartStack(span_s=max(against.end_s - against.start_s, 1.0))
    since = " since the start" if curve.field in SINCE_START else ""
    least = _LEAST_SPAN.get(curve.unit, 1.0)
    both = [CurveSpec("new", "New run", "delivered"), CurveSpec("golden", "Golden run", "pressure", "dash")]
    stack.add_chart(f"{curve.title}{since}", curve.unit, both, least_span=least, weight=3)
    band = BandSpec("low", "high", "Allowed")
    apart = [CurveSpec("deviation", "New from golden", "flow", decimals=3)]
    stack.add_chart("Deviation", curve.unit, apart, band=band, include=(0.0,), least_span=least / 10, weight=2)
    for name in ("follow", "pause"):  # nothing comes that could be followed
        stack.actions_by_name[name].setEnabled(False)
        stack.actions_by_name[name].setVisible(False)
    _feed(stack, against, curve)
    for one in against.differing:
        priority, words = _MARKS[one.how]
        stack.add_mark(one.at_s, priority, event_title(one.kind), _detail(one, words))
    return stack


def _detail(one: Differing, words: str) -> str:
    if one.how == "moved":
        return f"{abs(one.moved_s):.3g} s {'late' if one.moved_s > 0 else 'early'}"
    return one.detail or words


def _feed(stack: ChartStack, against: Against, curve: Curve) -> None:
    """Each column as its lowest and its highest value; a curve ends at lost time."""
    at_s = against.at_columns(len(curve.deviation))
    width_s = (against.end_s - against.start_s) / len(at_s)
    columns = {
        "golden": (curve.golden_low, curve.golden_high),
        "new": (curve.new_low, curve.new_high),
        "deviation": (curve.deviation, curve.deviation),
        "low": (-curve.allowed, -curve.allowed),
        "high": (curve.allowed, curve.allowed),
    }
    done, floor_s = 0, -np.inf
    for begin_s, end_s in against.lost_s:
        here = int(np.searchsorted(at_s, begin_s, "right"))
        _append(stack, at_s, columns, (width_s, floor_s), slice(done, here))
        stack.add_gap(begin_s, end_s, "new")
        done, floor_s = here, begin_s
    _append(stack, at_s, columns, (width_s, floor_s), slice(done, None))


def _append(
    stack: ChartStack,
    at_s: Floats,
    columns: dict[str, tuple[Floats, Floats]],
    bounds_s: tuple[float, float],
    part: slice,
) -> None:
    """A column is two points, in whichever order makes the shorter way from the one before; ``bounds_s`` are its
    width, and before when none may lie: a gap may be shorter than a column."""
    known = np.isfinite(columns["golden"][0][part]) | np.isfinite(columns["new"][0][part])
    if known.any():
        middle = at_s[part][known]
        width_s, floor_s = bounds_s
        x = np.column_stack((middle - width_s / 4, middle + width_s / 4)).ravel()
        stack.append(
            np.maximum(x, floor_s),
            {name: _pairs(low[part][known], high[part][known]) for name, (low, high) in columns.items()},
        )


def _pairs(low: Floats, high: Floats) -> Floats:
    middle = (low + high) / 2
    rising = np.diff(middle, prepend=middle[:1]) >= 0
    return np.column_stack((np.where(rising, low, high), np.where(rising, high, low))).ravel()
