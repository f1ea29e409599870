"""The lines of a curve, as they are drawn: what has a place, and in which style.  Free of widgets."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from rig.measured import Curve

Floats = NDArray[np.float64]

FARTHEST = 1e15  # what is beyond it, or not a number, isn't drawn
#: a line's name -> (token, dashed); any other takes its turn in ``_OTHERS``
STYLES = {
    "set rate": ("plan", True),
    "overall": ("plan", True),
    "mean": ("plan", True),
    "limit": ("plan", True),
    "pressure": ("pressure", False),
    "most": ("pressure", False),
    "least": ("delivered", False),
    "flow": ("flow", False),
    "error": ("delivered", False),
}
LIMIT = "alarm_high"  # of what lines are held to
SOLID, DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
OF_LIMITS = (DASHED, Qt.PenStyle.DotLine)  # in turn: several aren't told apart by colour
_OTHERS = ("delivered", "pressure", "flow", "battery")


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line as it is drawn; both (n,), finite."""

    name: str
    token: str
    style: Qt.PenStyle
    x: Floats
    y: Floats

    @property
    def dashed(self) -> bool:
        """Whether it is no measurement, but what measurements are held to, or come to on the whole."""
        return self.style is not SOLID


def sound(curve: Curve) -> Curve:
    """Without the points that have no place."""
    kept = [at for at, x in enumerate(curve.x) if abs(x) <= FARTHEST]
    if len(kept) == len(curve.x):
        return curve
    lines = tuple((name, tuple(values[at] for at in kept if at < len(values))) for name, values in curve.lines)
    return replace(curve, x=tuple(curve.x[at] for at in kept), lines=lines)


def drawn(curve: Curve, number: int, name: str, values: tuple[float, ...]) -> Drawn:
    """The line ``name`` of ``curve``, the ``number``-th of it."""
    token, dashed = STYLES.get(name, (_OTHERS[number % len(_OTHERS)], False))
    count = min(len(curve.x), len(values))
    x, y = np.array(curve.x[:count], np.float64), np.array(values[:count], np.float64)
    known = np.abs(y) <= FARTHEST
    return Drawn(name, token, DASHED if dashed else SOLID, x[known], y[known])


def limit(name: str, number: int, points: tuple[tuple[float, float], ...], logarithmic: bool) -> Drawn:
    """What lines are held to, the ``number``-th of its kind; on a logarithmic axis only what has a place there."""
    places = np.array(points, np.float64).reshape(-1, 2)
    x, y = places[(np.abs(places) <= FARTHEST).all(axis=1) & ((places[:, 0] > 0) | (not logarithmic))].T
    return Drawn(name, LIMIT, OF_LIMITS[number % len(OF_LIMITS)], x, y)
