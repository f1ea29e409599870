"""What hands and keys do to the real widget."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from programmer_gui.plot.stack import ChartStack
from tests.programmer_gui.plot.hands import axis_of, double_click, drag, feed, lane_of, picture, wheel, x_of


def test_follow_goes_off_with_a_drag_and_on_with_its_key(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    begin = stack.canvas.in_view.begin
    drag(qtbot, stack, (400, 200), (500, 200))
    window = stack.canvas.in_view
    assert window.begin == pytest.approx(begin - 100 * window.span / lane_of(stack).width(), abs=2 * window.per_px)
    assert not stack.actions_by_name["follow"].isChecked()
    stack.refresh(700.0)
    assert stack.canvas.in_view.begin == window.begin
    stack.canvas.setFocus()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_End)
    assert stack.actions_by_name["follow"].isChecked()
    assert stack.canvas.in_view.end > 700.0


def test_the_wheel_zooms_about_the_pointer_and_pans_with_shift(stack: ChartStack) -> None:
    feed(stack)
    lane = lane_of(stack)
    at = stack.canvas.in_view.begin + stack.canvas.in_view.span / 4
    x = lane.left() + lane.width() / 4
    wheel(stack, x, 200, 3)
    window = stack.canvas.in_view
    assert window.span == pytest.approx(60 * 0.8**3)
    assert abs(x_of(stack, at) - x) <= 2
    assert not stack.view.following
    wheel(stack, x, 200, -1, Qt.KeyboardModifier.ShiftModifier)
    assert stack.canvas.in_view.begin == pytest.approx(window.begin + 0.1 * window.span, abs=2 * window.per_px)


def test_the_wheel_and_a_drag_on_an_axis_change_that_axis_until_a_double_click(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    first, second = (chart.range for chart in stack.canvas.charts)
    picture(stack)
    before, other = (second.low, second.high), (first.low, first.high)
    place = axis_of(stack, 1)
    wheel(stack, place.x(), place.y(), 1)
    assert second.high - second.low == pytest.approx(0.8 * (before[1] - before[0]))
    zoomed = second.low
    drag(qtbot, stack, (10, int(place.y())), (10, int(place.y()) + 20))
    assert second.low > zoomed
    assert (first.low, first.high) == other
    double_click(qtbot, stack, 10, int(place.y()))
    picture(stack)
    assert (second.low, second.high) == before


def test_pause_freezes_the_picture_while_data_goes_on(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.canvas.setFocus()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Space)
    assert stack.actions_by_name["pause"].isChecked()
    frozen = picture(stack)
    stack.append([601.0, 602.0], {"volume": [500.0, 500.0], "pressure": [90.0, 90.0]})
    stack.append([0.0, 602.0], {"late": [1.0, 1.0]})
    stack.add_mark(600.5, 3, "Occlusion")
    stack.add_gap(600.2, 600.8)
    stack.refresh(602.0)
    assert picture(stack) == frozen
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Space)
    stack.refresh(602.0)
    assert picture(stack) != frozen
    assert stack.canvas.in_view.end > 602.0
    assert stack.canvas.charts[1].range.high >= 90.0


def test_home_shows_everything(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.canvas.setFocus()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Home)
    assert stack.canvas.in_view.begin < 0.0
    assert stack.canvas.in_view.end > 599.9


@pytest.mark.parametrize(
    ("key", "moved"),
    [(Qt.Key.Key_Left, -6.0), (Qt.Key.Key_Right, 6.0), (Qt.Key.Key_PageUp, -30.0), (Qt.Key.Key_PageDown, 30.0)],
)
def test_arrows_and_pages_pan(stack: ChartStack, qtbot: QtBot, key: Qt.Key, moved: float) -> None:
    feed(stack)
    begin = stack.canvas.in_view.begin
    qtbot.keyClick(stack.canvas, key)
    assert stack.canvas.in_view.begin - begin == pytest.approx(moved, abs=0.2)
    assert not stack.view.following


def test_plus_and_minus_change_the_stretch_and_still_follow(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Plus)
    assert stack.view.span_s == 30.0
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Minus)
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Minus)
    assert stack.view.span_s == 120.0
    assert stack.view.following


def test_cursors_by_mouse(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.show_cursors()
    stack.cursors.at[:] = [550.0, 580.0]
    stack.canvas.handled.emit()
    drag(qtbot, stack, (x_of(stack, 550.0) + 2, 200), (x_of(stack, 560.0) + 2, 300))
    assert stack.cursors.at[0] == pytest.approx(560.0, abs=0.4)
    assert stack.cursors.at[1] == 580.0
    assert stack.view.following  # taking a cursor moves no time
    double_click(qtbot, stack, x_of(stack, 570.0), 200)
    assert stack.cursors.at[0] == pytest.approx(570.0, abs=0.1)


def test_cursors_by_key_and_the_values_copied(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.canvas.setFocus()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_C)
    assert stack.cursors.shown
    per_px = stack.canvas.in_view.per_px
    at = list(stack.cursors.at)
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(stack.canvas, Qt.Key.Key_B)
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert stack.cursors.at == pytest.approx([at[0] + per_px, at[1] - 10 * per_px])
    stack.cursors.move(0, 550.0)
    stack.cursors.move(1, 560.0)
    stack.canvas.handled.emit()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split() == ["A", "0:09:10.00", "B", "0:09:20.00", "B", "-", "A", "10.000", "s"]
    assert lines[1].split("\t") == ["Curve", "Unit", "A", "B", "B - A", "Minimum", "Mean", "Maximum"]
    assert lines[2].split("\t") == ["Delivered", "µL", "110.00", "112.00", "2.00", "110.00", "111.00", "112.00"]
    table = stack.findChild(QTableView)
    assert table.isVisible()
    qtbot.keyClick(stack.canvas, Qt.Key.Key_C)
    assert not table.isVisible()


def test_the_table_follows_data_that_arrives_between_the_cursors(stack: ChartStack) -> None:
    feed(stack)
    stack.show_cursors()
    stack.cursors.move(0, 590.0)
    stack.cursors.move(1, 610.0)
    stack.canvas.handled.emit()
    highest = stack.findChild(QTableView).model().index(2, 7)
    assert highest.data() == "13.0"
    stack.append([601.0], {"volume": [120.0], "pressure": [55.0]})
    stack.refresh(601.0)
    assert highest.data() == "55.0"


def test_zoom_keys_go_about_the_active_cursor_where_nothing_is_followed(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.follow(False)
    stack.show_cursors()
    stack.cursors.move(1, stack.canvas.in_view.begin + 6.0)
    before = x_of(stack, stack.cursors.at[1])
    qtbot.keyClick(stack.canvas, Qt.Key.Key_Plus)
    assert stack.view.span_s == 30.0
    assert abs(x_of(stack, stack.cursors.at[1]) - before) <= 2


def test_every_key_is_listed_once(stack: ChartStack) -> None:
    listed = [keys for _, keys in stack.key_list()]
    assert {"Space", "Home", "End", "C", "Ctrl+C", "+", "-", "Left, Right"} <= set(listed)
    assert len(listed) == len(set(listed))
