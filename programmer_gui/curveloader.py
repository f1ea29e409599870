"""Reads a recording's curves on a thread of its own: the outline first, then what is looked at.  Free of Qt.

The newest wish wins; what was wished before is dropped as soon as it isn't any more.
"""

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

#: Up to so many samples a recording is shown whole, sample by sample.
WHOLE_ROWS = 1_000_000
_FEW = 2  # stretches a pixel below which a finer picture is worth reading
_MIDDLE = 64  # samples a stretch of the picture between the outline and single samples
_LEAST_ROWS = 131_072  # read at once, so that moving about finds them there
_MOST_ROWS = 524_288


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


Loaded = Opened | Layer | Health | Happenings | Failed


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
        self._begun = self._held = self._released = self._closing = self._stale = False
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
        """Ends, and lets go of the file."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._release()

    # -- on the thread -----------------------------------------------------------------------------------------------

    def step(self) -> bool:
        """Reads one thing; returns whether there was one to read."""
        with self._changed:
            wish, self._wish = self._wish, None
            stale, self._stale = self._stale, False
        if self._begun and wish is None and not stale:
            return False
        try:
            self._read(wish, stale)
        except PumpError as error:
            self._loaded.append(Failed(error))
        except (ArithmeticError, IndexError, ValueError) as error:  # numbers that no pump says
            what = f"{self._path.name} can't be drawn: it was altered, or is damaged."
            self._loaded.append(Failed(RunFileError(what, "Use the original file.")))
            del error
        return True

    def _read(self, wish: Wish | None, stale: bool) -> None:
        if not self._begun:
            self._begun = True
            self._curves = curves = RunCurves(self._path)
            self._loaded.append(Opened(layer_of(curves.overview()), curves.happenings(), curves.zero_us / 1e6))
            self._loaded.append(Health(*curves.health()))
            if 0 < curves.rows <= WHOLE_ROWS:
                self._load(0, curves.rows, 1)
        elif stale and self._curves is not None:
            self._loaded.append(self._curves.happenings())
        if wish is not None and self._curves is not None:
            self._fulfil(wish, self._curves)

    def _fulfil(self, wish: Wish, curves: RunCurves) -> None:
        if curves.rows <= WHOLE_ROWS:
            return
        first, stop = curves.rows_between(wish.begin_s, wish.end_s)
        exact = stop - first <= min(_MIDDLE * _FEW * wish.width, _MOST_ROWS)
        around = max(stop - first, (_LEAST_ROWS - (stop - first)) // 2) if exact else (stop - first) // 4
        around = min(around, (_MOST_ROWS - (stop - first)) // 2) if exact else around
        first, stop = curves.whole_stretches(first - around, stop + around)
        self._load(first, stop, 1 if exact else _MIDDLE)

    def _load(self, first: int, stop: int, every: int) -> None:
        assert self._curves is not None
        piece = self._curves.piece(first, stop, every, self._still_wanted)
        if piece is not None:
            self._loaded.append(layer_of(piece))

    def _still_wanted(self) -> bool:
        return self._wish is None and not self._held and not self._closing

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

    def _idle(self) -> bool:
        if self._closing:
            return False
        return self._released if self._held else self._begun and self._wish is None and not self._stale

    def _release(self) -> None:
        if self._curves is not None:
            self._curves.let_go()
        with self._changed:
            self._released = True
            self._changed.notify_all()
