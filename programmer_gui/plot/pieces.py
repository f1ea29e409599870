"""A curve's whole and its parts: an outline of all of it, and pieces in more detail, the finest of which is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programmer_gui.plot.track import Track

#: What pieces may take in memory, in bytes, beside the outline.
ROOM = 60_000_000


@dataclass(frozen=True)
class Layer:
    """Samples from ``begin`` to ``end`` seconds: all of them, or four of each stretch of ``every``."""

    begin: float
    end: float
    every: int
    track: Track

    def covers(self, begin: float, end: float) -> bool:
        """Whether it has all of that stretch of time."""
        return self.begin <= begin and end <= self.end


def finest(layers: Iterable[Layer], begin: float, end: float) -> Layer | None:
    """The one to show: that with the most detail among those that have all of that stretch of time."""
    able = [layer for layer in layers if layer.covers(begin, end)]
    return min(able, key=lambda layer: layer.every, default=None)


def kept(layers: Sequence[Layer], new: Layer) -> list[Layer]:
    """``layers`` with ``new``, without the oldest pieces that there is no room for; the outline, the first, stays."""
    outline, pieces, room = list(layers[:1]), list(layers[1:]), ROOM - new.track.nbytes
    pieces = [piece for piece in pieces if piece.every < new.every or not new.covers(piece.begin, piece.end)]
    while pieces and sum(piece.track.nbytes for piece in pieces) > room:
        pieces.pop(0)
    return [*outline, *pieces, new]
