"""Playing a recording: what the engine is asked for, and how it does it.  Free of Qt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to play
    from rig.session import Batch, Session

SCHEME = "replay:"
FRAME_S = 1 / 30  # how long at most the position stands while it is played
TRUTH_NEAR = 4096  # rows of truth at either end of a batch, among which those of its first and last sample are


@dataclass(frozen=True)
class Seek:
    """Of a recording: go to this position, UTC microseconds of host time."""

    at_us: int


@dataclass(frozen=True)
class Play:
    """Of a recording: go on at this speed, recorded seconds a second; ``math.inf`` for as fast as it goes."""

    speed: float
    begin: bool = True  # where it stands still, at its end from the start; else only what is played goes on


@dataclass(frozen=True)
class Halt:
    """Of a recording: stand still."""


@dataclass(frozen=True)
class LetGo:
    """Of a recording: close its file for a while, since it is about to be edited."""


@dataclass(frozen=True)
class TakeUp:
    """Of a recording that was let go of: open it again, at this position."""

    target: str
    at_us: int


@dataclass(frozen=True)
class LetItGo:
    """The recording's file is closed here: it can be edited."""


def address(path: Path) -> str:
    """The target that is the run file ``path``."""
    return f"{SCHEME}{path}"


def path_of(target: str) -> Path:
    """The run file that ``target``, which was opened, names."""
    from rig.targets import parse_replay

    named = parse_replay(target)
    assert named is not None
    return named.file


def named(target: str) -> str:
    """``target`` for people: of a recording only its name."""
    return path_of(target).name if target.startswith(SCHEME) else target


def begin(session: "Session") -> None:
    """A recording stands still at its end when it is opened: how it ended is seen at once."""
    if session.playback is not None:
        session.pause()
        session.seek(session.playback.end_us)


class Lender:
    """Does what a recording is asked for; one that was let go of is closed until its file has been edited."""

    def __init__(self, open_session: "Callable[[str], Session]", put: Callable[[LetItGo], None]) -> None:
        self._open_session, self._put = open_session, put
        self._lent: Session | None = None

    def serve(self, session: "Session | None", intent: Seek | Play | Halt | LetGo) -> "Session | None":
        """Returns the session that there is now; raises UsageError where it is no recording's.  Of one that was closed
        meanwhile, nobody wants anything any more."""
        if session is None:
            return None
        if isinstance(intent, Seek):
            session.seek(intent.at_us)
        elif isinstance(intent, Play):
            if intent.begin or (session.playback is not None and session.playback.playing):
                session.play(intent.speed)
        elif isinstance(intent, Halt):
            session.pause()
        else:
            session.close()
            self._lent = session
            self._put(LetItGo())
            return None
        return session

    def take_up(self, intent: TakeUp) -> "Session | None":
        """The recording again, where it stood, unless it was closed meanwhile; raises what opening it raises."""
        if self._lent is None:
            return None
        session = self._open_session(intent.target)
        session.pause()
        session.seek(intent.at_us)
        self._lent = None
        return session

    def give_up(self) -> "Session | None":
        """What was let go of won't come back."""
        lent, self._lent = self._lent, None
        return lent


def patience_s(session: "Session", timeout_s: float) -> float:
    """How long a poll may last."""
    playback = session.playback
    return min(timeout_s, FRAME_S) if playback is not None and playback.playing else timeout_s


def thinned(batch: "Batch") -> "Batch":
    """What a window needs of a recording's batch, whose curves it has from the file: the state that it leads to."""
    import numpy as np

    samples = batch.samples if len(batch.samples) <= 2 else batch.samples[[0, -1]]
    truth = batch.truth
    if len(truth) > 2 * TRUTH_NEAR:
        truth = np.concatenate([truth[:TRUTH_NEAR], truth[-TRUTH_NEAR:]])
    return replace(batch, samples=samples, frames=(), truth=truth, weighings=batch.weighings[-1:])
