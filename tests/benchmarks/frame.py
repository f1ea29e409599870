"""Time of one live frame of four curves, 1400 px wide, beside pyqtgraph's peak mode on the same samples.

Both show everything they have, with grid and legend: a few samples arrive, the view moves on, the value axis follows,
the window is painted.
Sizes by argument: ``frame 1e4 1e6``.
"""

import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication

from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.stack import ChartStack
from programmer_gui.tokens import LIGHT
from tests.benchmarks import table

SIZE_PX = (1400, 900)
COLORS = ("delivered", "flow", "pressure", "battery")
INTERVAL_S = 0.1
ARRIVING = 10  # samples a frame
FRAMES, FRAMES_A_TURN = 40, 8
REACH = {1_000_000: "<= 10 ms, >= 10x", 10_000_000: "<= 10 ms, >= 40x", 50_000_000: "<= 10 ms, >= 200x"}


def samples(count: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) times and (4, n) values: noise on slow waves, one above the other; enough for all frames."""
    x = np.arange(count + (FRAMES + 1) * ARRIVING) * INTERVAL_S
    y = np.random.default_rng(7).standard_normal(len(x)) + 4 * np.sin(x * (12 * np.pi / x[-1]))
    return x, y + 10 * np.arange(len(COLORS))[:, np.newaxis]


def ours(x: np.ndarray, y: np.ndarray, count: int) -> Callable[[int], None]:
    """Returns what does the nth frame."""
    stack = ChartStack()
    stack.set_theme(LIGHT)
    stack.add_chart("Four", "", [CurveSpec(color, color, color) for color in COLORS])
    stack.append(x[:count], dict(zip(COLORS, y[:, :count], strict=True)))
    stack.resize(*SIZE_PX)
    stack.show()

    def paint(frame: int) -> None:
        known = count + frame * ARRIVING
        new = slice(known - ARRIVING, known)
        stack.append(x[new], dict(zip(COLORS, y[:, new], strict=True)))
        stack.view.show(x[known - count], x[known - 1])
        stack.refresh()
        stack.canvas.viewport().repaint()

    return paint


def theirs(x: np.ndarray, y: np.ndarray, count: int) -> Callable[[int], None]:
    """The same with pyqtgraph as it is meant for this: peak mode, clipped to the view."""
    widget = pyqtgraph.GraphicsLayoutWidget()
    plot = widget.addPlot(row=0, col=0)
    plot.setAutoVisible(y=True)
    plot.showGrid(x=True, y=True)
    plot.addLegend()
    curves = [plot.plot(x[:count], values[:count], pen=pen, name=pen) for pen, values in zip("bgrm", y, strict=True)]
    for curve in curves:
        curve.setDownsampling(auto=True, method="peak")
        curve.setClipToView(True)
    widget.resize(*SIZE_PX)
    widget.show()

    def paint(frame: int) -> None:
        known = count + frame * ARRIVING
        for curve, values in zip(curves, y, strict=True):
            curve.setData(x[:known], values[:known])
        plot.setXRange(x[known - count], x[known - 1], padding=0)
        widget.scene().prepareForPaint()
        widget.viewport().repaint()

    return paint


def milliseconds(paints: list[Callable[[int], None]]) -> list[float]:
    """Medians, taken in turns, a few frames each, so that a busy machine is busy for all."""
    QApplication.processEvents()
    times: list[list[float]] = [[] for _ in paints]
    began = perf_counter()
    for first in range(1, FRAMES + 1, FRAMES_A_TURN):
        for paint, taken in zip(paints, times, strict=True):
            for frame in range(first, first + FRAMES_A_TURN):
                before = perf_counter()
                paint(frame)
                taken.append((perf_counter() - before) * 1e3)
        if perf_counter() - began > 4:
            break
    return [float(np.median(taken)) for taken in times]


def main(sizes: list[int]) -> None:
    """Prints a row for each size."""
    application = QApplication.instance() or QApplication([])
    table.head()
    for count in sizes:
        x, y = samples(count)
        mine, peer = milliseconds([ours(x, y, count), theirs(x, y, count)])
        table.row(f"frame, 4 curves of {count:.0e} samples", mine, peer, "ms", REACH.get(count, "<= 10 ms"))
        for widget in application.topLevelWidgets():
            widget.close()
            widget.deleteLater()
        application.sendPostedEvents()


if __name__ == "__main__":
    main([int(float(size)) for size in sys.argv[1:]] or [10_000, 1_000_000, 10_000_000])
