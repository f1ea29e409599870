"""Where the parts of a stack of charts lie: rectangles in logical pixels, snapped to device pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

LANE = 22.0  # of the event marks, above the first chart
HEADER = 26.0  # a chart's title and legend
TIME_AXIS = 24.0  # below the last chart
RIGHT = 14.0
GAP = 6.0  # between charts
LEAST_PLOT = 24.0


@dataclass(frozen=True)
class ChartPlace:
    """One chart: the line of its title, the strip of its axis, and where its curves are."""

    header: QRectF
    axis: QRectF
    plot: QRectF


@dataclass(frozen=True)
class Places:
    """All charts from top to bottom, with the event lane above and the time axis below them."""

    lane: QRectF
    charts: tuple[ChartPlace, ...]
    time_axis: QRectF
    ratio: float  # device pixels a logical pixel

    @property
    def columns(self) -> int:
        """The width of the plots in device pixels."""
        return max(1, round(self.lane.width() * self.ratio))


def arrange(width: float, height: float, ratio: float, left: float, weights: Sequence[int]) -> Places:
    """Shares ``width`` by ``height`` among charts by ``weights``, all with an axis strip ``left`` wide."""
    left, right = _snap(left, ratio), _snap(max(width - RIGHT, left + 1), ratio)
    free = height - LANE - TIME_AXIS - len(weights) * HEADER - max(len(weights) - 1, 0) * GAP
    top, charts = LANE, []
    for weight in weights:
        plot_top = _snap(top + HEADER, ratio)
        bottom = _snap(plot_top + max(free * weight / sum(weights), LEAST_PLOT), ratio)
        charts.append(
            ChartPlace(
                QRectF(left, top, right - left, HEADER),
                QRectF(0, plot_top, left, bottom - plot_top),
                QRectF(left, plot_top, right - left, bottom - plot_top),
            )
        )
        top = bottom + GAP
    bottom = charts[-1].plot.bottom() if charts else LANE
    return Places(
        QRectF(left, 0, right - left, LANE), tuple(charts), QRectF(left, bottom, right - left, TIME_AXIS), ratio
    )


def _snap(value: float, ratio: float) -> float:
    return round(value * ratio) / ratio
