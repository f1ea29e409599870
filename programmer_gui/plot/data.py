"""What a stack of charts shows: tracks of samples, gaps in them, and events."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from programmer_gui.plot.gaps import Gaps
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.marks import Mark as Mark
from programmer_gui.plot.marks import Marks
from programmer_gui.plot.pieces import Layer, finest
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track


class PlotData:
    """Columns by field name, gaps and marks.  ``revision`` counts every change."""

    def __init__(self, keep: int | None = None) -> None:
        self._keep = keep
        self._tracks: dict[str, Track] = {}
        self.gaps = Gaps()
        self.marks = Marks()
        self.layers: tuple[Layer, ...] = ()  # of a recording: its outline, then pieces of it
        self.near: tuple[Layer, ...] = ()  # all samples about single moments, to read values there
        self.revision = 0
        self._paused = False

    def append(self, x: ArrayLike, columns: Mapping[str, ArrayLike]) -> None:
        """Adds samples: ``x`` (m,) seconds, not decreasing, and (m,) values by field; NaN is "no value".

        Fields that come together the first time always do.  Raises ValueError as ``Track.append`` does.
        """
        names = tuple(columns)
        track = self._tracks.get(names[0])
        if track is None:
            track = Track(names, self._keep)
            track.limit = 0 if self._paused else None
        track.append(
            np.atleast_1d(np.asarray(x, dtype=np.float64)),
            {name: np.atleast_1d(np.asarray(values, dtype=np.float64)) for name, values in columns.items()},
        )
        self._tracks.update(dict.fromkeys(names, track))
        self.revision += 1

    def add_gap(self, begin: float, end: float, breaks: str | None = None) -> None:
        """Lost time.  Ends the curves that come with field ``breaks``: call this before appending what follows."""
        self.gaps.add(begin, end)
        track = self._tracks.get(breaks or "")
        if track is not None and len(track):
            at = np.array([max(begin, track.last_x)])
            track.append(at, dict.fromkeys(track.names, np.array([np.nan])))
        self.revision += 1

    def add_mark(self, mark: Mark) -> None:
        """An event, at any time."""
        self.marks.add(mark)
        self.revision += 1

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Shows a recording: the whole of it in outline first, then pieces in more detail."""
        self.layers = tuple(layers)
        if layers:
            self._tracks.update(dict.fromkeys(layers[0].track.names, layers[0].track))
        self.revision += 1

    def clear(self) -> None:
        """Forgets everything."""
        self._tracks.clear()
        self.layers = self.near = ()
        self.gaps, self.marks = Gaps(), Marks()
        self.revision += 1

    def track(self, field_name: str) -> Track | None:
        """Where ``field_name`` is, once it has arrived."""
        return self._tracks.get(field_name)

    def layer_at(self, field_name: str, begin: float, end: float) -> Layer | None:
        """What is best to read ``field_name`` from in that stretch of time; None where nothing is."""
        layers = [layer for layer in (*self.layers, *self.near) if field_name in layer.track.names]
        track = self._tracks.get(field_name)
        if not layers:
            return None if track is None or not len(track.x) else Layer(-np.inf, np.inf, 1, track)
        return finest(layers, begin, end)

    def lookups(self, window: Window) -> dict[int, Lookup]:
        """By ``id`` of the track, where the samples of each column of ``window`` lie."""
        layer = finest(self.layers, window.begin, window.end)
        if layer is not None:
            self._tracks.update(dict.fromkeys(layer.track.names, layer.track))
        edges = window.begin + window.per_px * np.arange(window.width + 1, dtype=np.float64)
        return {id(track): track.lookup(edges) for track in self._each()}

    def pause(self, paused: bool) -> None:
        """What arrives from now on isn't shown, until it goes on."""
        self._paused = paused
        for track in self._each():
            track.limit = len(track) if paused else None
        self.revision += 1

    @property
    def extent(self) -> tuple[float, float] | None:
        """The earliest and the latest time shown; None while there is nothing."""
        tracks = [self.layers[0].track] if self.layers else self._each()
        shown = [track.x for track in tracks if len(track.x)]
        return (float(min(x[0] for x in shown)), float(max(x[-1] for x in shown))) if shown else None

    @property
    def nbytes(self) -> int:
        """Memory held by samples, in bytes."""
        return sum(track.nbytes for track in self._each())

    def _each(self) -> list[Track]:
        return list({id(track): track for track in self._tracks.values()}.values())
