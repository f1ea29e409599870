"""The curves of judgements, drawn."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from programmer_gui.theme import Theme
from programmer_gui.views.accuracy_plots import NOTHING, SIDE_BY_SIDE_PX, AccuracyPlots
from programmer_gui.views.curve_plot import _told
from rig.measured import Curve

TRUMPET = Curve(
    "trumpet",
    "Trumpet, standard windows",
    "window, min",
    "error, %",
    (2.0, 5.0, 31.0),
    (("most", (9.0, 4.0, 1.0)), ("least", (-8.0, -3.0, 0.5)), ("overall", (0.7, 0.7, 0.7))),
)
BOLUSES = Curve("boluses", "3 boluses", "bolus", "error, %", (1.0, 2.0, 3.0), (("error", (1.0, -2.0, 0.5)),))


@pytest.fixture
def plots(qtbot: QtBot, theme: Theme) -> AccuracyPlots:
    made = AccuracyPlots(theme)
    qtbot.addWidget(made)
    made.resize(SIDE_BY_SIDE_PX + 200, 500)
    made.show()
    return made


def test_without_a_curve_it_says_what_draws_one(plots: AccuracyPlots) -> None:
    assert (plots.nothing.isVisible(), plots.nothing.text()) == (True, NOTHING)
    plots.show_curves((TRUMPET,))
    assert not plots.nothing.isVisible()
    plots.show_curves((Curve("start-up", "Nothing yet", "time, min", "flow, mL/h", (), ()),))
    assert plots.nothing.isVisible()


def test_plots_are_beside_each_other_where_there_is_room(plots: AccuracyPlots) -> None:
    plots.show_curves((TRUMPET, BOLUSES))
    first, second = plots.plots
    assert first.geometry().top() == second.geometry().top()
    plots.resize(SIDE_BY_SIDE_PX - 10, 500)
    assert first.geometry().bottom() < second.geometry().top()


def test_a_trumpet_is_over_the_logarithm_of_its_windows(plots: AccuracyPlots) -> None:
    plots.show_curves((TRUMPET, BOLUSES))
    trumpet, boluses = plots.plots
    assert (trumpet.logarithmic, boluses.logarithmic) == (True, False)
    assert [tick.text for tick in trumpet._x_ticks()] == ["2", "5", "31"]


def test_the_values_under_the_pointer_are_told(qtbot: QtBot, plots: AccuracyPlots) -> None:
    plots.show_curves((TRUMPET,))
    (plot,) = plots.plots
    qtbot.mouseMove(plot, QPoint(plot.width() - 20, 100))
    assert plot.read_out == "window 31 min   most 1   least 0.5   overall 0.7"
    plot.leaveEvent(None)
    assert plot.read_out == ""


def test_what_it_shows_is_described(plots: AccuracyPlots) -> None:
    plots.show_curves((BOLUSES,))
    (plot,) = plots.plots
    assert (plot.accessibleName(), plot.accessibleDescription()) == ("3 boluses", "error, % over bolus. error: −2 to 1")


def test_what_they_are_held_to_is_within_the_axes_and_in_the_legend(plots: AccuracyPlots) -> None:
    limit = tuple((window, 20.0) for window in (2.0, 5.0)), tuple((window, -20.0) for window in (2.0, 5.0))
    plots.show_curves((replace(TRUMPET, limits=(("limit", limit[0]), ("limit", limit[1]))), BOLUSES))
    first, _ = plots.plots
    least, most = first._y_range
    assert (least < -20, most > 20) == (True, True)
    for room_px, names in ((1000, ["most", "least", "overall", "limit"]), (150, ["most", "least"])):
        assert [line.name for line in _told(first.drawn, first.fontMetrics(), room_px)] == names


VALUES = st.one_of(st.floats(-1e12, 1e12), st.sampled_from([math.nan, math.inf, -math.inf, 1e300, 0.0]))
CURVES = st.builds(
    lambda kind, xs, ys, limits: Curve(
        kind,
        "<b>x" * 50,
        "",
        "%",
        tuple(xs),
        (("error", tuple(ys)), ("odd", tuple(ys[:1]))),
        (("limit", tuple(limits)),),
    ),
    st.sampled_from(["start-up", "trumpet", "boluses", "back-pressure", "occlusion"]),
    st.lists(VALUES, max_size=5),
    st.lists(VALUES, max_size=5),
    st.lists(st.tuples(VALUES, VALUES), max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(curve=CURVES)
def test_whatever_a_recording_says_is_drawn(theme: Theme, curve: Curve) -> None:
    made = AccuracyPlots(theme)
    made.resize(300, 220)
    made.show_curves((curve,))
    made.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    made.show()
    assert not made.grab().isNull()
    for plot in made.plots:
        assert plot.curve is not None
        for at in range(len(plot.curve.x)):
            plot._hover = at
            assert not plot.grab().isNull()
    made.close()
