"""What is on the screen, to the pixel; and that painting leaves nothing behind."""

import gc
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from firmware_link.errors import UsageError
from programmer_gui.plot.pictures import export
from programmer_gui.plot.stack import ChartStack
from programmer_gui.plot.ticks import Clock
from programmer_gui.tokens import DARK, LIGHT, Tokens
from tests.programmer_gui.plot.hands import count_color, feed, lane_of, picture, plot_of, x_of


def test_a_spike_of_one_sample_among_a_million_can_be_seen(stack: ChartStack) -> None:
    pressure = np.full(1_000_000, 10.0)
    pressure[654_321] = 60.0
    stack.append(np.arange(1_000_000) * 0.1, {"pressure": pressure})
    stack.refresh(100_000.0)
    stack.fit()
    image = picture(stack)
    left, right, top, bottom = plot_of(stack, 1)
    at = x_of(stack, 65_432.1)
    tall = [
        x for x in range(left, right) if count_color(image, LIGHT.pressure, x, x + 1, top, bottom) > (bottom - top) / 2
    ]
    assert len(tall) == 1
    assert abs(tall[0] - at) <= 1


def test_lost_time_is_hatched_and_no_curve_crosses_it(stack: ChartStack) -> None:
    x = np.arange(0, 30, 0.1)
    stack.append(x[x < 10], {"pressure": np.full(100, 10.0)})
    stack.add_gap(10.0, 20.0, "pressure")
    stack.append(x[x >= 20], {"pressure": np.full(100, 10.0)})
    stack.refresh(30.0)
    image = picture(stack)
    _, _, top, bottom = plot_of(stack, 1)
    inside = (x_of(stack, 10.5), x_of(stack, 19.5), top, bottom)
    assert count_color(image, LIGHT.pressure, *inside) == 0
    assert count_color(image, LIGHT.border_strong, *inside) > 100
    assert count_color(image, LIGHT.raised, *inside) > 100
    assert count_color(image, LIGHT.border_strong, x_of(stack, 21), x_of(stack, 29), top, bottom - 1) == 0


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_band_lies_below_the_grid_and_the_curves(stack: ChartStack, tokens: Tokens) -> None:
    feed(stack)
    stack.set_theme(tokens)
    image = picture(stack)
    area = plot_of(stack, 0)
    for color in (tokens.band, tokens.grid, tokens.delivered):
        assert count_color(image, color, *area) > 50
    assert image.pixelColor(2, 2) == QColor(tokens.surface)


def test_curves_of_charts_start_at_one_left_edge_with_room_for_their_numbers(stack: ChartStack) -> None:
    feed(stack)
    stack.append([600.0], {"volume": [1e7], "pressure": [1.0]})
    stack.refresh(600.0)
    image = picture(stack)
    assert len({plot_of(stack, chart)[0] for chart in range(2)}) == 1
    assert count_color(image, LIGHT.surface, 0, 3, 30) == 3 * (image.height() - 30)  # nothing touches the edge


def test_the_picture_is_painted_only_when_it_would_differ(stack: ChartStack) -> None:
    feed(stack)
    QApplication.processEvents()
    before = stack.canvas.painted
    for step in range(20):
        stack.refresh(599.9 + step * 1e-4)  # a fraction of a pixel each
        QApplication.processEvents()
    assert stack.canvas.painted - before <= 1
    before = stack.canvas.painted
    stack.refresh(605.0)
    QApplication.processEvents()
    assert stack.canvas.painted - before == 1


def test_one_tick_paints_once(stack: ChartStack) -> None:
    feed(stack)
    QApplication.processEvents()
    before = stack.canvas.painted
    stack.append([600.0], {"volume": [120.0], "pressure": [12.0]})
    stack.add_mark(600.0, 1, "Link lost")
    stack.refresh(600.0)
    QApplication.processEvents()
    assert stack.canvas.painted - before == 1


def test_an_event_has_its_colour_a_line_and_a_tool_tip(stack: ChartStack, qtbot: QtBot) -> None:
    feed(stack)
    stack.add_mark(570.0, 3, "Occlusion", "78 kPa")
    stack.add_mark(570.1, 0, "Clock set")
    stack.refresh(599.9)
    image = picture(stack)
    lane, x = lane_of(stack), x_of(stack, 570.0)
    assert count_color(image, LIGHT.alarm_high, x - 6, x + 6, 0, int(lane.bottom())) > 20
    _, _, top, bottom = plot_of(stack, 1)
    assert count_color(image, LIGHT.alarm_high, x - 1, x + 2, top, bottom) > (bottom - top) / 4
    at = QPoint(x, int(lane.bottom()) - 8)
    qtbot.mouseMove(stack.canvas.viewport(), at)
    QApplication.sendEvent(stack.canvas.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, stack.canvas.mapToGlobal(at)))
    assert QToolTip.text().startswith("0:09:30  Occlusion\n78 kPa")
    qtbot.mouseMove(stack.canvas.viewport(), QPoint(x + 60, at.y()))
    assert stack.canvas.time_box.toolTip() == ""


def test_a_clock_changes_the_axis(stack: ChartStack) -> None:
    feed(stack)
    before = picture(stack)
    stack.set_clock(Clock(1_700_049_600.0))
    assert picture(stack) != before


def test_an_exported_picture_is_what_is_seen(stack: ChartStack, tmp_path: Path) -> None:
    feed(stack)
    export(stack.canvas, tmp_path / "charts.png")
    exported = QImage(str(tmp_path / "charts.png"))
    assert exported.size() == picture(stack).size()
    for color in (LIGHT.delivered, LIGHT.band, LIGHT.grid):
        assert count_color(exported, color, *plot_of(stack, 0)) > 50
    export(stack.canvas, tmp_path / "charts.svg")
    drawing = (tmp_path / "charts.svg").read_text()
    assert LIGHT.delivered in drawing
    assert "Volume" in drawing


@pytest.mark.parametrize("name", ["charts.png", "charts.svg"])
def test_a_picture_is_light_whatever_the_window_is(stack: ChartStack, tmp_path: Path, name: str) -> None:
    feed(stack)
    export(stack.canvas, tmp_path / f"light-{name}")
    stack.set_theme(DARK)
    before = picture(stack)
    export(stack.canvas, tmp_path / f"dark-{name}")
    assert (tmp_path / f"dark-{name}").read_bytes() == (tmp_path / f"light-{name}").read_bytes()
    assert picture(stack) == before


@pytest.mark.parametrize("name", ["charts.pdf", "charts", "missing/charts.png", "missing/charts.svg"])
def test_a_picture_that_cannot_be_made_is_refused_and_leaves_nothing(
    stack: ChartStack, tmp_path: Path, name: str
) -> None:
    feed(stack)
    with pytest.raises(UsageError):
        export(stack.canvas, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_clear_forgets_samples_gaps_and_events(stack: ChartStack) -> None:
    empty = picture(stack)
    feed(stack)
    stack.add_gap(570.0, 580.0)
    stack.add_mark(575.0, 2, "Low reservoir")
    stack.refresh(599.9)
    assert picture(stack) != empty
    stack.clear()
    stack.refresh()
    assert count_color(picture(stack), LIGHT.delivered, *plot_of(stack, 0)) == 0
    stack.append([0.0], {"volume": [1.0]})  # other fields may come together now


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_columns_are_device_pixels_at_every_scale(
    stack: ChartStack, ratio: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack.canvas, "devicePixelRatioF", lambda: ratio)
    stack.resize(901, 603)
    assert stack.canvas.in_view.width == pytest.approx(lane_of(stack).width() * ratio)
    for chart in stack.canvas.charts:
        area = chart.box.geometry()
        for edge in (area.left(), area.top(), area.bottom()):
            assert edge * ratio == pytest.approx(round(edge * ratio))


@pytest.mark.parametrize("size", [(320, 160), (500, 900), (3_000, 120)])
def test_odd_sizes_are_drawn_without_complaint(stack: ChartStack, size: tuple[int, int]) -> None:
    feed(stack)
    stack.show_cursors()
    stack.resize(*size)
    assert not picture(stack).isNull()


def test_two_thousand_frames_leave_nothing_behind(stack: ChartStack) -> None:
    stack.resize(400, 300)
    feed(stack, 2_000)
    stack.add_mark(100.0, 2, "Low reservoir")
    stack.show_cursors()

    def frames(first: int, count: int) -> None:
        for frame in range(first, first + count):
            stack.refresh(200.0 + frame)
            stack.canvas.viewport().repaint()

    frames(0, 200)
    gc.collect()
    objects, nones = len(gc.get_objects()), sys.getrefcount(None)
    frames(200, 2_000)
    gc.collect()
    assert len(gc.get_objects()) - objects < 100
    assert abs(sys.getrefcount(None) - nones) < 500  # a binding that drops one a frame would end the interpreter
    assert stack.canvas.painted >= 2_200
