"""Which stretches of a recording can be exported: what the charts show of it, and what is selected in the log."""

import math
from pathlib import Path

from firmware_link.errors import PumpError
from programmer_gui.models.exporting import CURSORS, EVERYTHING, SELECTED, VISIBLE, Stretch
from programmer_gui.plot.stack import ChartStack
from programmer_gui.views.main_window import MainWindow
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader

BETWEEN, CHOSEN = "Between the cursors", "The selected log entries"
AFTER_S = 1e-3  # by which a stretch up to the last sample ends after it: the end isn't in it
MARGIN_S = 1.0  # an entry arrives a little after it happened


def stretches(window: MainWindow, run: Path) -> tuple[Stretch, ...]:
    """Of ``run``, which the charts show: all of it, what is visible, between the cursors, between log entries."""
    charts = window.bench.charts
    clock = charts.canvas.clock if charts is not None else None
    if charts is None or clock is None:
        return (Stretch(EVERYTHING, "Everything"),)
    try:
        zero_s, end_s = _extent(window, run, clock.utc_at_zero_s)
    except PumpError:  # it is said when it is exported
        return (Stretch(EVERYTHING, "Everything"),)
    whole = Stretch(EVERYTHING, "Everything", extent_s=(0.0, end_s))
    return (whole, *_in_charts(charts, clock.utc_at_zero_s - zero_s, end_s), _in_log(window, zero_s))


def _extent(window: MainWindow, run: Path, shown_zero_s: float) -> tuple[float, float]:
    """UTC of the recording's axis second 0, and the axis second of its last sample."""
    landmarks = window.models.player.landmarks
    if landmarks is not None:
        return shown_zero_s, float(landmarks.knots_s[-1]) if len(landmarks.knots_s) else 0.0
    with RunReader(run) as reader:
        axis = RunAxis(reader)
        return axis.zero_us / 1e6, axis.seconds_of(axis.rows - 1) if axis.rows else 0.0


def _in_charts(charts: ChartStack, shift_s: float, end_s: float) -> tuple[Stretch, Stretch]:
    """The charts' second 0 is the recording's second ``shift_s``: a session may have begun before its recording."""
    shift_s = round(shift_s, 6)

    def within(begin_s: float, stop_s: float) -> tuple[float, float]:
        return max(0.0, begin_s + shift_s), max(0.0, min(stop_s + shift_s, end_s + AFTER_S))

    view, cursors = charts.canvas.in_view, charts.cursors
    visible = Stretch(VISIBLE, "What is visible", within(view.begin, view.end))
    if not cursors.shown:
        return visible, Stretch(CURSORS, BETWEEN, why_not="No cursors are shown (Ctrl+D shows them).")
    return visible, Stretch(CURSORS, BETWEEN, within(*cursors.interval))


def _in_log(window: MainWindow, zero_s: float) -> Stretch:
    """From the first to the last entry that is selected, and a little more."""
    panel, log = window.bench.panel, window.models.log
    rows = panel.table.selectionModel().selectedRows()
    entries = [log.entry(panel.filter.mapToSource(index).row()) for index in rows]
    landmarks = window.models.player.landmarks
    if landmarks is not None:  # when they arrived, since the pump's calendar may be wrong
        at_s = [landmarks.seconds_at(entry.at_us) - entry.delay_ms / 1e3 for entry in entries]
    else:
        at_s = [entry.utc_us / 1e6 - zero_s for entry in entries if entry.utc_us]
    if len(at_s) < 2:
        return Stretch(SELECTED, CHOSEN, why_not="Select two entries of the log, or more.")
    begin_s = max(0.0, math.floor(min(at_s)) - MARGIN_S)
    return Stretch(SELECTED, CHOSEN, (begin_s, max(begin_s, math.ceil(max(at_s))) + MARGIN_S))
