"""Reads a recording's curves on a thread of its own: the outline first, then what is looked at.  Free of Qt.

The newest wish wins; what was wished before is dropped as soon as it isn't any more.
"""

import atexit
import logging
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import PumpError
from programmer_gui.plot.arrays import Floats
from programmer_gui.plot.pieces import Layer
from programmer_gui.plot.track import Track
from rig.recording.curves import Piece, RunCurves
from rig.recording.errors import RunFileError
from rig.recording.happenings import Happenings

log = logging.getLogger(__name__)

#: Up to so many samples a recording is shown whole, sample by sample.
WHOLE_ROWS = 262_144
_FEW = 2  # stretches a pixel below which a finer picture is worth reading
_MIDDLE = 64  # samples a stretch of the picture between the outline and single samples
_LEAST_ROWS = 131_072  # read at once, so that moving about finds them there
_MOST_ROWS = 262_144


@dataclass(frozen=True)
class Opened:
    """The recording is open: its outline, and what happened."""

    layer: Layer
    happenings: Happenings
    utc_at_zero_s: float


@dataclass(frozen=True)
class Failed:
    """It can't be read, or not all of it."""

    error: PumpError


@dataclass(frozen=True)
class Health:
    """How the link did, by linkhealth.NAMES."""

    t_s: Floats
    columns: dict[str, Floats]


@dataclass(frozen=True)
class Near:
    """All samples about single moments."""

    layers: tuple[Layer, ...]


Loaded = Opened | Layer | Near | Health | Happenings | Failed


@dataclass(frozen=True)
class Wish:
    """To see ``begin_s`` to ``end_s`` on ``width`` pixels."""

    begin_s: float
    end_s: float
    width: int


def layer_of(piece: Piece) -> Layer:
    """``piece``, ready to be drawn."""
    track = Track(tuple(piece.columns))
    track.append(piece.t_s, piece.columns)
    return Layer(piece.begin_s, piece.end_s, piece.every, track)


class CurveLoader:
    """``take`` gives what has been read.  ``step`` does one turn; ``start`` does them on a thread, until ``close``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._curves: RunCurves | None = None
        self._loaded: deque[Loaded] = deque()
        self._changed = threading.Condition()
        self._wish: Wish | None = None
        self._near: tuple[float, ...] = ()
        self._begun = self._whole = self._stale = False
        self._held = self._released = self._closing = False
        self._thread = threading.Thread(target=self._run, name="curves", daemon=True)

    # -- from the window ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def take(self) -> list[Loaded]:
        """What has been read since, in order."""
        return [self._loaded.popleft() for _ in range(len(self._loaded))]

    def want(self, wish: Wish) -> None:
        """Reads this next, and nothing that was wished before."""
        with self._changed:
            self._wish = wish
            self._changed.notify_all()

    def want_near(self, moments_s: tuple[float, ...]) -> None:
        """Reads all samples about these moments, before anything else."""
        with self._changed:
            self._near = moments_s
            self._changed.notify_all()

    def hold(self) -> None:
        """Lets go of the file; returns once that is so."""
        with self._changed:
            self._held = True
            self._changed.notify_all()
            if self._thread.is_alive():
                self._changed.wait_for(lambda: self._released or not self._thread.is_alive())
            else:
                self._release()

    def go_on(self) -> None:
        """Reads again, the notes anew."""
        with self._changed:
            self._held, self._released, self._stale = False, False, True
            self._changed.notify_all()

    def close(self) -> None:
        """Ends, and lets go of the file once what is being read has been; ``wait`` returns then."""
        atexit.register(self.wait)  # a thread within the database must not outlive the program
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if not self._thread.is_alive():
            atexit.unregister(self.wait)
            self._release()

    @property
    def ended(self) -> bool:
        """Whether nothing is read any more."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """After ``close``: until the file is let go of."""
        if self._thread.is_alive():
            self._thread.join()

    # -- on the thread -----------------------------------------------------------------------------------------------

    def step(self) -> bool:
        """Reads one thing; returns whether there was one to read."""
        try:
            return self._read()
        except PumpError as error:
            self._loaded.append(Failed(error))
        except Exception:  # a thread must never die silently; and a file may hold numbers that no pump says
            log.exception("%s can't be drawn", self._path)
            what = f"{self._path.name} can't be drawn: it was altered, or is damaged."
            self._loaded.append(Failed(RunFileError(what, "Use the original file.")))
        return True

    def _read(self) -> bool:
        if not self._begun:
            self._begun = True
            self._curves = self._opened()
            return True
        with self._changed:
            near, self._near = self._near, ()
            wish = None
            if not near:
                wish, self._wish = self._wish, None
                stale, self._stale = self._stale, False
        if self._curves is None:
            return False
        if near:
            self._loaded.append(Near(tuple(self._about(self._curves, at_s) for at_s in near)))
            return True
        if stale:
            self._loaded.append(self._curves.happenings())
        if self._whole:
            self._whole = False
            self._whole = not self._load(self._curves, 0, self._curves.rows, 1)
            return True
        if wish is not None and not self._fulfil(wish, self._curves):
            with self._changed:
                self._wish = self._wish or wish  # it was put off, not dropped
        return stale or wish is not None

    def _opened(self) -> RunCurves:
        curves = RunCurves(self._path)
        self._loaded.append(Opened(layer_of(curves.overview()), curves.happenings(), curves.zero_us / 1e6))
        self._whole = 0 < curves.rows <= WHOLE_ROWS
        self._loaded.append(Health(*curves.health()))
        return curves

    @staticmethod
    def _about(curves: RunCurves, at_s: float) -> Layer:
        first, stop = curves.rows_between(at_s, at_s)
        piece = curves.piece(first, stop, 1)
        assert piece is not None  # always wanted
        return layer_of(piece)

    def _fulfil(self, wish: Wish, curves: RunCurves) -> bool:
        """Whether it was read to the end."""
        if curves.rows <= WHOLE_ROWS:
            return True
        first, stop = curves.rows_between(wish.begin_s, wish.end_s)
        exact = stop - first <= min(_MIDDLE * _FEW * wish.width, _MOST_ROWS)
        around = max(stop - first, (_LEAST_ROWS - (stop - first)) // 2) if exact else (stop - first) // 4
        around = min(around, (_MOST_ROWS - (stop - first)) // 2) if exact else around
        first, stop = curves.whole_stretches(first - around, stop + around)
        return self._load(curves, first, stop, 1 if exact else _MIDDLE)

    def _load(self, curves: RunCurves, first: int, stop: int, every: int) -> bool:
        piece = curves.piece(first, stop, every, self._still_wanted)
        if piece is not None:
            self._loaded.append(layer_of(piece))
        return piece is not None

    def _still_wanted(self) -> bool:
        return self._wish is None and not self._near and not self._held and not self._closing

    def _run(self) -> None:
        while not self._closing:
            if self._held:
                self._release()
            elif self.step():
                continue
            with self._changed:
                if not self._idle():
                    continue
                self._changed.wait()
        self._release()
        atexit.unregister(self.wait)

    def _idle(self) -> bool:
        if self._closing:
            return False
        if self._held:
            return self._released
        return self._begun and not (self._wish or self._near or self._stale or self._whole)

    def _release(self) -> None:
        if self._curves is not None:
            self._curves.let_go()
        with self._changed:
            self._released = True
            self._changed.notify_all()
