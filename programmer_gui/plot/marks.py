"""Events on the time axis, a million of them if need be: one sign stands for those that would cover each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from programmer_gui.plot.arrays import Floats, Growing
from programmer_gui.plot.timeview import Window

Told = tuple[str, str]  # title and details

_CELL_PX = 8  # signs nearer to each other than this are one
_PRIORITIES = 4


@dataclass(frozen=True, order=True)
class Mark:
    """An event on the time axis: ``priority`` 0 (information) to 3 (high), and what its tool tip says."""

    x: float
    priority: int
    title: str = field(compare=False)
    detail: str = field(default="", compare=False)


class Marks:
    """Marks in order of time; those of a recording say what they are only when they are shown."""

    def __init__(self) -> None:
        self._told: list[Told] = []
        self._tell: Callable[[int], Told] = self._told.__getitem__
        self._x = Growing()
        self._priority = Growing()

    def __len__(self) -> int:
        return len(self._x)

    def __iter__(self) -> Iterator[Mark]:
        return map(self._mark, range(len(self)))

    def add(self, mark: Mark) -> None:
        """One more, at any time.  Not where ``show`` was called."""
        after = int(np.searchsorted(self._x.values, mark.x, "right"))
        if after == len(self):
            self._x.append(np.array([mark.x]))
            self._priority.append(np.array([float(mark.priority)]))
        else:
            self._x = _filled(np.insert(self._x.values, after, mark.x))
            self._priority = _filled(np.insert(self._priority.values, after, mark.priority))
        self._told.insert(after, (mark.title, mark.detail))

    def show(self, x: Floats, priority: NDArray[np.int64], tell: Callable[[int], Told]) -> None:
        """Those at ``x`` (n,), in order, and no others; ``tell`` says what the i-th is."""
        self._x, self._priority, self._tell = _filled(x), _filled(priority.astype(float)), tell

    def seen(self, window: Window, end: float, ratio: float = 1.0) -> list[Mark]:
        """Those from the beginning of ``window`` to ``end``, in order; of neighbours of one priority, in cells of
        pixels times ``ratio`` that move with the axis, the first, which says how many there are."""
        first, last = np.searchsorted(self._x.values, (window.begin, np.nextafter(end, np.inf)))
        cells = np.floor(self._x.values[first:last] / (window.per_px * _CELL_PX * ratio))
        priorities = self._priority.values[first:last]
        found: list[Mark] = []
        for priority in range(_PRIORITIES):
            at = np.flatnonzero(priorities == priority)
            if len(at):
                leads = np.concatenate(([0], np.flatnonzero(np.diff(cells[at])) + 1))
                counts = np.diff(np.append(leads, len(at)))
                pairs = zip((at[leads] + first).tolist(), counts.tolist(), strict=True)
                found += [self._mark(index, count) for index, count in pairs]
        return sorted(found)

    def _mark(self, index: int, count: int = 1) -> Mark:
        title, detail = self._tell(index)
        if count > 1:
            detail = f"{detail}\nand {count - 1} more here".strip()
        return Mark(float(self._x.values[index]), int(self._priority.values[index]), title, detail)


def _filled(values: Floats) -> Growing:
    growing = Growing()
    growing.append(values)
    return growing
