"""What is asked of the survey of recordings, and what comes back.  Frozen, and free of Qt."""

from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import PumpError
from programmer_gui.trash import Trashed
from rig.recording.catalog import Card, Found, Places

# -- what is asked for ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """List ``folder``, and look into what is new in it, and into what was being recorded."""

    folder: Path


@dataclass(frozen=True)
class Keep:
    """Keep which recordings were opened, in ``path``."""

    path: Path
    places: Places


@dataclass(frozen=True)
class First:
    """Look into these before others."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class FinishRun:
    """Finish a recording that was cut short."""

    path: Path


@dataclass(frozen=True)
class RescueRun:
    """Save what can be read of a damaged recording as a new one."""

    path: Path


@dataclass(frozen=True)
class Throw:
    """Take recordings to the trash."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class TakeBack:
    """Bring what was taken to the trash back to where it was."""

    thrown: tuple[Trashed, ...]


# -- what comes back -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """What a folder holds by now, or why it can't be listed."""

    folder: Path
    found: tuple[Found, ...] = ()
    exists: bool = True
    error: PumpError | None = None


@dataclass(frozen=True)
class Described:
    """What runs of ``folder`` are, by name."""

    folder: Path
    cards: dict[str, Card]


@dataclass(frozen=True)
class Working:
    """How far the finishing or rescuing of a recording has come, in words."""

    words: str


@dataclass(frozen=True)
class RunFinished:
    """A recording was finished, or why not."""

    path: Path
    error: PumpError | None = None


@dataclass(frozen=True)
class RunRescued:
    """What can be read of a damaged recording is in ``output``, without what is ``lost``; or why not."""

    path: Path
    output: Path
    lost: tuple[str, ...] = ()
    error: PumpError | None = None


@dataclass(frozen=True)
class Thrown:
    """What is in the trash now, and why the rest isn't."""

    thrown: tuple[Trashed, ...]
    error: PumpError | None = None


@dataclass(frozen=True)
class BroughtBack:
    """What is back, and why the rest isn't."""

    paths: tuple[Path, ...]
    error: PumpError | None = None


Order = Look | Keep | First | FinishRun | RescueRun | Throw | TakeBack
News = Listed | Described | Working | RunFinished | RunRescued | Thrown | BroughtBack
