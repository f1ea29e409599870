"""A live window with 1e6 samples of history: how much of a core 60 frames a second take.

Samples arrive at 100 Hz in blocks of 100 ms, over 60 s shown and, harder, over everything shown.  The peer is
pyqtgraph's peak mode given the same blocks.
"""

import sys
from collections.abc import Callable
from time import process_time

import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication

from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.stack import ChartStack
from programmer_gui.tokens import LIGHT
from tests.benchmarks import table

HISTORY = 1_000_000
RATE_HZ, FRAMES_A_SECOND, BLOCK_FRAMES = 100, 60, 6
SIZE_PX = (1400, 900)
COLORS = ("delivered", "flow", "pressure", "battery")


def values(index: np.ndarray) -> np.ndarray:
    """(n,) what the nth samples are."""
    return np.sin(index / 900.0) + 0.1 * np.sin(index * 1.7)


def ours(span_s: float) -> Callable[[int], None]:
    """Returns what does the nth frame: data, refresh, paint."""
    stack = ChartStack(span_s=span_s, keep=2 * HISTORY)
    stack.set_theme(LIGHT)
    for color in COLORS:
        stack.add_chart(color, "", [CurveSpec(color, color, color)])
    index = np.arange(HISTORY)
    stack.append(index / RATE_HZ, dict.fromkeys(COLORS, values(index)))
    stack.resize(*SIZE_PX)
    stack.show()

    def tick(frame: int) -> None:
        if frame % BLOCK_FRAMES == 0:
            block = _block(frame)
            stack.append(block / RATE_HZ, dict.fromkeys(COLORS, values(block)))
        stack.refresh(HISTORY / RATE_HZ + frame / FRAMES_A_SECOND)
        QApplication.processEvents()

    return tick


def theirs(span_s: float) -> Callable[[int], None]:
    """The same with pyqtgraph, whose curves take whole arrays."""
    widget = pyqtgraph.GraphicsLayoutWidget()
    plots = [widget.addPlot(row=row, col=0) for row in range(len(COLORS))]
    index = np.arange(2 * HISTORY)
    x, y = index / RATE_HZ, values(index)
    curves = [plot.plot(x[:HISTORY], y[:HISTORY], pen="b") for plot in plots]
    for plot, curve in zip(plots, curves, strict=True):
        curve.setDownsampling(auto=True, method="peak")
        curve.setClipToView(True)
        plot.setYRange(-1.2, 1.2)
    widget.resize(*SIZE_PX)
    widget.show()

    def tick(frame: int) -> None:
        end = HISTORY / RATE_HZ + frame / FRAMES_A_SECOND
        if frame % BLOCK_FRAMES == 0:
            known = int(_block(frame)[-1]) + 1
            for curve in curves:
                curve.setData(x[:known], y[:known])
        for plot in plots:
            plot.setXRange(end - span_s, end, padding=0)
        widget.scene().prepareForPaint()
        QApplication.processEvents()

    return tick


def share(tick: Callable[[int], None], frames: int) -> float:
    """Per cent of a core that 60 ticks a second take."""
    for frame in range(BLOCK_FRAMES):
        tick(frame)
    before = process_time()
    for frame in range(BLOCK_FRAMES, BLOCK_FRAMES + frames):
        tick(frame)
    return (process_time() - before) * FRAMES_A_SECOND / frames * 100


def main(seconds: float) -> None:
    """Prints a row for each stretch of time shown."""
    application = QApplication.instance() or QApplication([])
    frames = int(seconds * FRAMES_A_SECOND)
    table.head()
    for name, span_s in (("60 s shown", 60.0), ("10 s shown", 10.0), ("all shown", HISTORY / RATE_HZ)):
        mine, peer = share(ours(span_s), frames), share(theirs(span_s), frames // 4)
        table.row(f"live at 60 fps, 1e6 samples, {name}", mine, peer, "% of a core", "<= 50 %")
        for widget in application.topLevelWidgets():
            widget.close()
            widget.deleteLater()
        application.sendPostedEvents()


def _block(frame: int) -> np.ndarray:
    count = RATE_HZ * BLOCK_FRAMES // FRAMES_A_SECOND
    return HISTORY + np.arange(count) + frame // BLOCK_FRAMES * count


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
