"""A recording in the charts: its outline at once, and whatever is looked at in more detail as soon as it is read."""

from collections.abc import Callable
from functools import singledispatchmethod
from pathlib import Path

import numpy as np

from firmware_link.errors import PumpError
from programmer_gui.curveloader import CurveLoader, Failed, Health, Near, Opened, Wish
from programmer_gui.models.eventlog import entry_of
from programmer_gui.plot.marks import Told
from programmer_gui.plot.pieces import Layer, finest, kept
from programmer_gui.plot.stack import ChartStack
from programmer_gui.plot.ticks import Clock
from programmer_gui.plot.timeview import Window
from rig.recording.happenings import Happenings

_FEW = 2  # stretches a pixel below which more detail would show
_ROWS_A_STRETCH = 4  # of an outline
_AHEAD = 0.25  # of the view, at either side, which is read before it is looked at
_NEAR_MAX = 8
_ONLY_LIVE = ("follow", "pause")  # actions


class Recorded:
    """Shows the run file ``path`` in ``stack``; ``failed`` is told what can't be read.  ``refresh`` once a tick."""

    def __init__(self, stack: ChartStack, path: Path, failed: Callable[[PumpError], None]) -> None:
        self.path = path
        self.utc_at_zero_s: float | None = None
        self._stack, self._failed = stack, failed
        self._loader = CurveLoader(path)
        self._seen: Window | None = None
        self._asked: Wish | None = None
        self._near: tuple[float, ...] = ()
        for name in _ONLY_LIVE:
            stack.actions_by_name[name].setEnabled(False)
        self._loader.start()

    def hold(self) -> None:
        """Lets go of the file; returns once that is so."""
        self._loader.hold()

    def go_on(self) -> None:
        """Reads again."""
        self._loader.go_on()

    @property
    def ended(self) -> bool:
        """Whether the file is let go of, after ``close``."""
        return self._loader.ended

    def wait(self) -> None:
        """Until it is."""
        self._loader.wait()

    def close(self) -> None:
        """Ends, without waiting for what is being read; what is shown stays."""
        self._loader.close()
        for name in _ONLY_LIVE:
            self._stack.actions_by_name[name].setEnabled(True)

    def refresh(self) -> None:
        """Shows what has been read, and asks for what is looked at."""
        for loaded in self._loader.take():
            self._show(loaded)
        window = self._stack.canvas.in_view
        if window == self._seen:  # it has been painted: reading doesn't slow that down
            self._ask(window)
        self._seen = window

    @singledispatchmethod
    def _show(self, loaded: object) -> None:
        raise TypeError(f"nothing to show: {loaded!r}")

    @_show.register
    def _(self, opened: Opened) -> None:
        self.utc_at_zero_s = opened.utc_at_zero_s
        self._stack.data.show_layers([opened.layer])
        self._stack.set_clock(Clock(opened.utc_at_zero_s))
        self._show(opened.happenings)
        self._stack.refresh()
        self._stack.fit()

    @_show.register
    def _(self, layer: Layer) -> None:
        self._stack.data.show_layers(kept(self._stack.data.layers, layer))

    @_show.register
    def _(self, near: Near) -> None:
        data = self._stack.data
        data.near = (*data.near, *near.layers)[-_NEAR_MAX:]
        data.revision += 1

    @_show.register
    def _(self, health: Health) -> None:
        if len(health.t_s):
            self._stack.append(health.t_s, health.columns)

    @_show.register
    def _(self, happenings: Happenings) -> None:
        marks, gaps = self._stack.data.marks, self._stack.data.gaps
        notes_s = np.array([at_s for at_s, _ in happenings.notes])
        x = np.concatenate((happenings.t_s, notes_s))
        order = np.argsort(x, kind="stable")
        priorities = np.concatenate((happenings.events["priority"], np.zeros(len(notes_s), np.int64)))
        events = len(happenings.events)

        def tell(index: int) -> Told:
            at = int(order[index])
            if at >= events:
                note = happenings.notes[at - events][1]
                return "Marker" if note.marker else "Note", note.text
            entry = entry_of(happenings.event(at))
            return entry.title, entry.details

        marks.show(x[order], priorities[order], tell)
        gaps.show(happenings.gaps)
        self._stack.data.revision += 1

    @_show.register
    def _(self, failed: Failed) -> None:
        self._failed(failed.error)

    def _known(self, at: float) -> bool:
        """Whether the values there can be read exactly."""
        data = self._stack.data
        layer = finest((*data.layers, *data.near), at, at)
        return layer is None or layer.every == 1

    def _ask(self, window: Window) -> None:
        """For more detail, where more would be seen."""
        data = self._stack.data
        points = [*(self._stack.cursors.at if self._stack.cursors.shown else ()), self._stack.canvas.playhead]
        near = tuple(at for at in points if at is not None and not self._known(at))
        if near != self._near:
            self._near = near
            self._loader.want_near(near)
        shown = finest(data.layers, window.begin, window.end)
        if shown is None:
            return
        edges = np.array([window.begin, window.end])
        stretches = shown.track.lookup(edges).samples / _ROWS_A_STRETCH
        enough = shown.every == 1 or stretches >= _FEW * window.width
        around = _AHEAD * window.span
        wide = window.begin - around, window.end + around
        if enough and shown.covers(*wide):
            return
        wish = Wish(window.begin, window.end, window.width)
        if wish != self._asked:
            self._asked = wish
            self._loader.want(wish)
