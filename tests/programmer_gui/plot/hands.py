"""What tests of the charts do and look at: hands, and pixels."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from programmer_gui.plot.room import LANE
from programmer_gui.plot.stack import ChartStack

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def feed(stack: ChartStack, count: int = 6_000, interval_s: float = 0.1) -> None:
    """A pump that runs for ten minutes."""
    x = np.arange(count) * interval_s
    stack.append(x, {"volume": x * 0.2, "pressure": 12 + np.sin(x)})
    stack.append([0.0, x[-1]], {"plan": [0.0, x[-1] * 0.2], "low": [0.0, x[-1] * 0.17], "high": [0.0, x[-1] * 0.23]})
    stack.refresh(float(x[-1]))


def picture(stack: ChartStack) -> QImage:
    return stack.canvas.grab().toImage()


def count_color(image: QImage, color: str, left: int, right: int, top: int = 0, bottom: int | None = None) -> int:
    wanted = QColor(color).rgb()
    bottom = image.height() if bottom is None else bottom
    return sum(image.pixel(x, y) == wanted for x in range(left, right) for y in range(top, bottom))


def plot_of(stack: ChartStack, chart: int) -> tuple[int, int, int, int]:
    area = stack.canvas.charts[chart].box.geometry()
    return int(area.left()), int(area.right()), int(area.top()), int(area.bottom())


def axis_of(stack: ChartStack, chart: int) -> QPointF:
    return stack.canvas.charts[chart].axis.geometry().center()


def lane_of(stack: ChartStack) -> QRectF:
    area = stack.canvas.time_box.geometry()
    return QRectF(area.left(), 0, area.width(), LANE)


def x_of(stack: ChartStack, at: float) -> int:
    window, lane = stack.canvas.in_view, lane_of(stack)
    return round(lane.left() + (at - window.begin) / window.span * lane.width())


def wheel(stack: ChartStack, x: float, y: float, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    at, turn = QPointF(x, y), QPoint(0, 120 * notches)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(stack.canvas.viewport(), QWheelEvent(at, at, QPoint(), turn, none, modifiers, phase, False))


def drag(qtbot: QtBot, stack: ChartStack, begin: tuple[int, int], end: tuple[int, int]) -> None:
    qtbot.mousePress(stack.canvas.viewport(), LEFT, pos=QPoint(*begin))
    qtbot.mouseMove(stack.canvas.viewport(), QPoint(*end))
    qtbot.mouseRelease(stack.canvas.viewport(), LEFT, pos=QPoint(*end))


def double_click(qtbot: QtBot, stack: ChartStack, x: int, y: int) -> None:
    for click in (qtbot.mousePress, qtbot.mouseRelease, qtbot.mouseDClick, qtbot.mouseRelease):
        click(stack.canvas.viewport(), LEFT, pos=QPoint(x, y))
