"""Pixels of columns: each in its place, whole, and none twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from programmer_gui.plot.lines import draw_columns, draw_lines

WIDTH, HEIGHT = 120, 100
INK = QColor("#ff0000")


def drawn(at: np.ndarray, top: np.ndarray, bottom: np.ndarray, least: int) -> np.ndarray:
    """(height, width) which pixels are red."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    draw_columns(painter, INK, at, top, bottom, least)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(HEIGHT, WIDTH)
    return pixels == INK.rgb()


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 60, 300]), st.integers(1, 3), st.booleans())
def test_every_column_is_filled_from_its_top_to_its_bottom(seed: int, tall: int, least: int, with_holes: bool) -> None:
    rng = np.random.default_rng(seed)
    at = np.arange(WIDTH) if not with_holes else np.sort(rng.choice(WIDTH, 70, replace=False))
    top = rng.integers(-20, HEIGHT, len(at)).astype(float)
    bottom = top + rng.integers(0, tall, len(at))
    expected = np.zeros((HEIGHT, WIDTH), bool)
    for x, first, last in zip(at, top, bottom, strict=True):
        missing = max(least - (last - first), 0)
        begin = int(np.rint(first - missing / 2))
        expected[max(begin, 0) : max(begin + least, int(np.rint(last + missing / 2)), 0), x] = True
    np.testing.assert_array_equal(drawn(at, top, bottom, least), expected)


def test_values_far_outside_do_not_wrap_around() -> None:
    one = np.array([1e12])
    assert drawn(np.array([5]), -one, one, 1)[:, 5].all()
    assert not drawn(np.array([5]), one, 2 * one, 1).any()


def test_lines_are_drawn_where_they_are_told() -> None:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setPen(INK)
    draw_lines(painter, np.array([[10.5, 20.5, 30.5, 20.5], [50.5, 1e9, 50.5, -1e9]]))
    draw_lines(painter, np.empty((0, 4)))
    painter.end()
    assert all(image.pixelColor(x, 20) == INK for x in range(11, 30))
    assert all(image.pixelColor(50, y) == INK for y in range(HEIGHT))
    assert image.pixelColor(40, 20) == QColor("#ffffff")
