"""Many line segments in one call to the painter, from a numpy array, without a Python object a segment."""

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter

#: Qt's raster engine counts in 16.16 and 26.6 fixed point; coordinates beyond this would wrap.
_FARTHEST_PX = 30_000.0


def draw_lines(painter: QPainter, segments: NDArray[np.float64]) -> None:
    """Draws ``segments`` (n, 4): x1, y1, x2, y2, with the painter's pen.  NaN must not be among them."""
    if len(segments) == 0:
        return
    rows = np.ascontiguousarray(np.clip(segments, -_FARTHEST_PX, _FARTHEST_PX))
    # A QLineF is four doubles: the array is what the painter's C++ side would have been given.
    first = shiboken6.wrapInstance(rows.ctypes.data, QLineF)
    painter.drawLines(first, len(rows))  # type: ignore[call-overload]  # the stubs don't know (pointer, count)
