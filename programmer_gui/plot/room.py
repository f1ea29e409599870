"""How a stack of charts shares its height.  Free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

LANE = 22.0  # of the event signs, above the first chart
TIME_AXIS = 24
LEAST_PLOT = 18.0
_HEADERS = (26, 20)  # a chart's title and legend: where there is room, and where there isn't
_GAPS = (6, 2)  # between charts
_AMPLE = 44.0  # of plot for each chart: below that, headers and gaps give way


@dataclass(frozen=True)
class Room:
    """Pixels down: of each header, of the gap above each chart but the first, and of each plot."""

    header: int
    gap: int
    plots: tuple[float, ...]


def share(height: float, weights: Sequence[int]) -> Room:
    """``height`` px for charts of these ``weights``, none lower than LEAST_PLOT; all of it, or more where it is below
    ``least_height``."""
    room = [_free(height, len(weights), tight) for tight in (0, 1)]
    tight = int(room[0] < _AMPLE * len(weights))
    return Room(_HEADERS[tight], _GAPS[tight], tuple(_shares(room[tight], weights)))


def least_height(count: int) -> float:
    """In which ``count`` charts have LEAST_PLOT each."""
    return LEAST_PLOT * count - _free(0.0, count, 1)


def _free(height: float, count: int, tight: int) -> float:
    return height - LANE - TIME_AXIS - count * _HEADERS[tight] - max(count - 1, 0) * _GAPS[tight]


def _shares(free: float, weights: Sequence[int]) -> list[float]:
    """What is more than its weight's share, so that it is the least, the others give."""
    least: set[int] = set()
    while True:
        heavy = sum(weight for at, weight in enumerate(weights) if at not in least)
        left = free - LEAST_PLOT * len(least)
        low = {at for at, weight in enumerate(weights) if at not in least and left * weight < LEAST_PLOT * heavy}
        if not low:
            return [LEAST_PLOT if at in least else left * weight / heavy for at, weight in enumerate(weights)]
        least |= low
