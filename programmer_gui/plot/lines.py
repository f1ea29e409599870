"""Many lines or columns in one call to the painter, from numpy arrays, without a Python object for each."""

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from programmer_gui.plot.arrays import Floats, Indices

#: Qt's raster engine counts in 16.16 and 26.6 fixed point; coordinates beyond this would wrap.
_FARTHEST_PX = 30_000.0
#: So many columns side by side are filled as one, as far as they all reach, where that is worth a rectangle more.
_SIDE_BY_SIDE = 16
_WORTH_PX = 12


def draw_lines(painter: QPainter, lines: Floats) -> None:
    """Draws ``lines`` (n, 4): x1, y1, x2, y2, with the painter's pen.  NaN must not be among them."""
    if len(lines):
        rows = np.ascontiguousarray(np.clip(lines, -_FARTHEST_PX, _FARTHEST_PX))
        # A QLineF is four doubles: the array is what the painter's C++ side would have been given.
        first = shiboken6.wrapInstance(rows.ctypes.data, QLineF)
        painter.drawLines(first, len(rows))  # type: ignore[call-overload]  # the stubs don't know (pointer, count)


def draw_columns(painter: QPainter, color: QColor, at: Indices, top: Floats, bottom: Floats, least: int) -> None:
    """Fills, in each column ``at`` (n,) of pixels, those from ``top`` to ``bottom`` (n,), at least ``least`` of them.

    Whole pixels, so that nothing shimmers; and a fill of rectangles costs a third of upright lines.
    """
    if len(at) == 0:
        return
    missing = np.maximum(least - (bottom - top), 0) / 2
    rows = np.empty((len(at), 4), np.int32)
    rows[:, 0] = rows[:, 2] = at
    rows[:, 1] = np.rint(np.clip(top - missing, -_FARTHEST_PX, _FARTHEST_PX))
    rows[:, 3] = np.maximum(np.rint(np.clip(bottom + missing, -_FARTHEST_PX, _FARTHEST_PX)), rows[:, 1] + least) - 1
    rows = _with_cores(rows)
    _fill(painter, QBrush(color), rows)


def draw_spans(painter: QPainter, brush: QBrush, spans: Floats, height: int) -> None:
    """Fills, from the top to ``height``, what lies between left and right of ``spans`` (n, 2), a pixel at least."""
    if len(spans) == 0:
        return
    rows = np.zeros((len(spans), 4), np.int32)
    rows[:, 0] = np.rint(spans[:, 0])
    rows[:, 2] = np.maximum(np.rint(spans[:, 1]), rows[:, 0] + 1) - 1
    rows[:, 3] = height - 1
    _fill(painter, brush, rows)


def _fill(painter: QPainter, brush: QBrush, rows: NDArray[np.int32]) -> None:
    """Fills ``rows`` (n, 4), each four 32-bit integers as a QRect: left, top, right, bottom, the last two inclusive."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    first = shiboken6.wrapInstance(rows.ctypes.data, QRect)
    painter.drawRects(first, len(rows))  # type: ignore[call-overload]  # the stubs don't know (pointer, count)


def _with_cores(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """The same pixels as ``rows`` (n, 4), upright rectangles one pixel wide, in rectangles that fill faster.

    Memory lies along the other direction: what neighbours share is better filled across than down.
    """
    count = len(rows) // _SIDE_BY_SIDE * _SIDE_BY_SIDE
    blocks = rows[:count].reshape(-1, _SIDE_BY_SIDE, 4)
    top, bottom = blocks[:, :, 1].max(axis=1), blocks[:, :, 3].min(axis=1)
    solid = (bottom - top > _WORTH_PX) & (blocks[:, -1, 0] - blocks[:, 0, 0] == _SIDE_BY_SIDE - 1)
    if not solid.any():
        return rows
    top, bottom, chosen = top[solid], bottom[solid], blocks[solid]
    cores = np.column_stack((chosen[:, 0, 0], top, chosen[:, -1, 2], bottom))
    above, below = chosen.copy(), chosen
    above[:, :, 3] = top[:, np.newaxis] - 1
    below[:, :, 1] = bottom[:, np.newaxis] + 1
    ragged = np.concatenate((above.reshape(-1, 4), below.reshape(-1, 4)))
    ragged = ragged[ragged[:, 3] >= ragged[:, 1]]
    return np.concatenate((blocks[~solid].reshape(-1, 4), rows[count:], cores, ragged))
