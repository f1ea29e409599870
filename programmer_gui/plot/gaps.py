"""Lost time on the time axis, however often it was lost."""

from collections.abc import Iterator

import numpy as np

from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.timeview import Window

Span = tuple[float, float]


class Gaps:
    """Stretches of time in the order they were added, or as ``show`` gives them."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._sorted: Floats | None = np.empty((0, 2))
        self._ends: Floats = np.empty(0)  # the latest end of those before, and it

    def __len__(self) -> int:
        return len(self._in_order())

    def __iter__(self) -> Iterator[Span]:
        return ((float(begin), float(end)) for begin, end in self._in_order())

    def add(self, begin: float, end: float) -> None:
        """One more, at any time."""
        self._spans.append((begin, end))
        self._sorted = None

    def show(self, spans: Floats) -> None:
        """Those of ``spans`` (n, 2), and no others."""
        self._spans = []
        self._sort(spans)

    def seen(self, window: Window, until: float) -> list[Span]:
        """Those in ``window`` that begin before ``until``, cut off there; what meets within a pixel is one."""
        spans = self._in_order()
        first = int(np.searchsorted(self._ends, window.begin, "left"))
        spans = spans[first : np.searchsorted(spans[:, 0], min(window.end, until), "left")]
        spans = spans[spans[:, 1] >= window.begin]
        if not len(spans):
            return []
        begins, ends = spans[:, 0], np.maximum.accumulate(np.minimum(spans[:, 1], min(window.end, until)))
        apart = np.flatnonzero(begins[1:] > ends[:-1] + window.per_px)
        heads, tails = np.concatenate(([0], apart + 1)), np.append(apart, len(spans) - 1)
        return list(zip(begins[heads].tolist(), ends[tails].tolist(), strict=True))

    def _in_order(self) -> Floats:
        if self._sorted is None:
            self._sort(np.array(self._spans))
        assert self._sorted is not None
        return self._sorted

    def _sort(self, spans: Floats) -> None:
        self._sorted = spans[np.argsort(spans[:, 0], kind="stable")]
        self._ends = np.maximum.accumulate(self._sorted[:, 1])
