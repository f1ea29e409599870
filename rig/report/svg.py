"""Charts as SVG that browsers and Qt draw alike: attributes only, no style sheets, no scripts, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rig.report import ticks

Floats = NDArray[np.float64]

WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 26, 34
FONT = 'font-family="Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"'
INK, MUTED, GRID, LOST = "#171c24", "#566070", "#e6e9ee", "#e3e3e8"


class Line(NamedTuple):
    """A curve over the time axis; NaN breaks it."""

    title: str
    x: Floats
    y: Floats
    colour: str
    dashes: str = ""  # as SVG's stroke-dasharray
    width: float = 1.4
    dots: bool = False


class Mark(NamedTuple):
    """An event at a moment of the axis."""

    x: float
    colour: str
    symbol: str


@dataclass(frozen=True)
class Chart:
    """One chart.  ``low`` and ``high`` bound a shaded band around the lines; ``lost`` are spans of x without data."""

    y_title: str
    lines: Sequence[Line]
    x_span: tuple[float, float]
    x_ticks: tuple[Sequence[float], Sequence[str], str]  # marks, labels, title
    height: int = 220
    lost: Sequence[tuple[float, float]] = ()
    marks: Sequence[Mark] = ()
    band: tuple[Floats, Floats, Floats, str, str] | None = None  # x, low, high, colour, title
    levels: Sequence[tuple[float, str]] = ()  # horizontal lines at y, with their words
    y_least: tuple[float, float] | None = None  # which is shown in any case

    def svg(self) -> str:
        """The whole ``<svg>`` element."""
        plot = _Plot(self, *self._limits())
        parts = [*plot.frame(), *plot.content(), *plot.legend()]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" '
            f'width="{WIDTH}" height="{self.height}" role="img">{"".join(parts)}</svg>'
        )

    def _limits(self) -> tuple[float, float]:
        seen = [line.y for line in self.lines] + ([self.band[1], self.band[2]] if self.band else [])
        seen += [np.array([level for level, _ in self.levels]), np.array(self.y_least or ())]
        all_y = np.concatenate([*seen, np.empty(0)])
        all_y = all_y[np.isfinite(all_y)]
        if not len(all_y):
            return 0.0, 1.0
        low, high = float(all_y.min()), float(all_y.max())
        pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        return (low if low == 0 else low - pad), high + pad


class _Plot:
    """A chart on its way to SVG."""

    def __init__(self, chart: Chart, low: float, high: float) -> None:
        self.chart, self.low, self.high = chart, low, high
        self.bottom = chart.height - BOTTOM

    def x(self, x: float) -> float:
        first, last = self.chart.x_span
        return LEFT + (x - first) / ((last - first) or 1.0) * (WIDTH - LEFT - RIGHT)

    def y(self, y: float) -> float:
        return self.bottom - (y - self.low) / (self.high - self.low) * (self.bottom - TOP)

    def frame(self) -> Iterable[str]:
        """Axes, grid and titles; the time that was lost behind them."""
        first, last = self.chart.x_span
        for begin, end in self.chart.lost:
            left, right = self.x(max(begin, first)), self.x(min(end, last))
            yield _rect(left, TOP, max(right - left, 0.8), self.bottom - TOP, LOST)
        marks = ticks.values(self.low, self.high)
        for mark, words in zip(marks, ticks.labels(marks), strict=True):
            yield _line(LEFT, self.y(mark), WIDTH - RIGHT, self.y(mark), GRID)
            yield _text(LEFT - 6, self.y(mark) + 3.2, words, "end")
        x_marks, x_labels, x_title = self.chart.x_ticks
        for mark, words in zip(x_marks, x_labels, strict=True):
            yield _line(self.x(mark), self.bottom, self.x(mark), self.bottom + 4, MUTED)
            yield _text(self.x(mark), self.bottom + 15, words, "middle")
        yield _line(LEFT, self.bottom, WIDTH - RIGHT, self.bottom, MUTED)
        yield _text(LEFT + (WIDTH - LEFT - RIGHT) / 2, self.chart.height - 4, x_title, "middle")
        yield _text(LEFT - 6, TOP - 12, self.chart.y_title, "end" if len(self.chart.y_title) < 9 else "middle", INK)

    def content(self) -> Iterable[str]:
        """The band, the lines, the events."""
        chart = self.chart
        if chart.band is not None:
            x, low, high, colour, _ = chart.band
            yield from self._band(x, low, high, colour)
        for level, words in chart.levels:
            yield _line(LEFT, self.y(level), WIDTH - RIGHT, self.y(level), MUTED, "4 3")
            yield _text(WIDTH - RIGHT - 3, self.y(level) - 3, words, "end")
        for line in chart.lines:
            for xs, ys in _runs(line.x, line.y):
                points = [(self.x(float(x)), self.y(float(y))) for x, y in zip(xs, ys, strict=True)]
                yield _polyline(points, line)
                if line.dots or len(points) == 1:
                    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{line.colour}"/>' for x, y in points)
        for mark in chart.marks:
            yield _line(self.x(mark.x), TOP, self.x(mark.x), self.bottom, mark.colour, "2 3")
            yield _text(self.x(mark.x), TOP - 2, mark.symbol, "middle", mark.colour, 8)

    def _band(self, x: Floats, low: Floats, high: Floats, colour: str) -> Iterable[str]:
        for xs, pairs in _runs(x, np.column_stack([low, high])):
            edge = [(a, b[0]) for a, b in zip(xs, pairs, strict=True)]
            edge += [(a, b[1]) for a, b in zip(xs[::-1], pairs[::-1], strict=True)]
            points = " ".join(f"{self.x(float(a)):.1f},{self.y(float(b)):.1f}" for a, b in edge)
            yield f'<polygon points="{points}" fill="{colour}" stroke="none"/>'

    def legend(self) -> Iterable[str]:
        """What is what, at the upper right."""
        told = [(line.title, line.colour, line.dashes, False) for line in self.chart.lines if line.title]
        if self.chart.band is not None:
            told.append((self.chart.band[4], self.chart.band[3], "", True))
        if self.chart.lost:
            told.append(("lost time", LOST, "", True))
        at = float(WIDTH - RIGHT)
        for title, colour, dashes, area in reversed(told):
            at -= 6.0 * len(title) + 4
            yield _text(at, TOP - 12, title, "start", INK)
            at -= 26
            yield (
                _rect(at, TOP - 20, 20, 9, colour)
                if area
                else _line(at, TOP - 15.5, at + 20, TOP - 15.5, colour, dashes, 1.8)
            )
            at -= 10


def _runs(x: Floats, y: Floats) -> Iterable[tuple[Floats, Floats]]:
    """The pieces without NaN."""
    good = np.isfinite(y) if y.ndim == 1 else np.isfinite(y).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(int)))
    return [(x[a:b], y[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _polyline(points: Sequence[tuple[float, float]], line: Line) -> str:
    dashes = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="{line.width}" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "", width: float = 1.0) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = MUTED, size: float = 10) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} {FONT} font-size="{size}" fill="{colour}">{escape(words)}</text>'
