"""The recordings of a folder: which there are, at once, and what is known of each from looking into it before.

Free of DuckDB, so that a window can list a folder before that is imported; ``rig.recording.card`` looks into a run.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from firmware_link.errors import UsageError
from rig import atomic
from rig.places import RUN_SUFFIX, WAL_SUFFIX

MEMORY = ".catalog.json"
_VERSION = b"runs 2"  # what is of another one is thrown away
MOST_MEMORY_BYTES = 64 << 20

FINISHED: Final = "finished"
CUT_SHORT: Final = "cut_short"
RECORDING: Final = "recording"
DAMAGED: Final = "damaged"  # opens, but not all of it is there
UNREADABLE: Final = "unreadable"

MOST_TEXT = 200  # letters of a name or a note
MOST_ROWS = 20  # programs, kinds of events, notes
YEAR_9999_US = 253_370_764_800_000_000

State = Literal["finished", "cut_short", "recording", "damaged", "unreadable"]
Text = Annotated[str, Meta(max_length=MOST_TEXT)]
Moment = Annotated[int, Meta(ge=0, lt=YEAR_9999_US)]  # UTC us, or us of a duration
Count = Annotated[int, Meta(ge=0)]
Level = Annotated[int, Meta(ge=0, le=3)]  # of rig.words.LEVELS


@dataclass(frozen=True, slots=True)
class Found:
    """One run file as the folder lists it.  Where none of its numbers changed, neither did the run."""

    name: str
    bytes: int
    changed_ns: int
    wal_bytes: int = 0
    wal_changed_ns: int = 0

    @property
    def total_bytes(self) -> int:
        """On disk, with what is beside it."""
        return self.bytes + self.wal_bytes


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of one run in a table of them.  Volumes are over the recording."""

    state: State
    what: Text = ""  # what is wrong with it: a sentence
    remedy: Text = ""
    damaged: bool = False  # so that rescue may save the rest
    started_us: Moment | None = None  # UTC
    duration_us: Moment | None = None
    device: Text = ""  # 16 hex digits; "" where none has answered
    firmware: Text = ""
    target: Text = ""
    version: Text = ""  # of Pump Programmer
    virtual: bool = False
    ended: Text = ""  # why
    programs: tuple[Text, ...] = ()  # names, in the order in which they were first written
    scripts: tuple[Text, ...] = ()  # the cases of test scripts that made it, in their order
    levels: tuple[Count, Count, Count, Count] = (0, 0, 0, 0)  # events by rig.words.LEVELS
    kinds: tuple[tuple[Text, Level, Count], ...] = ()  # (kind, level, how many), the most urgent first
    notes: tuple[tuple[Moment, Text], ...] = ()  # the first MOST_ROWS by moment
    note_count: Count = 0
    passed: Count = 0  # verdicts
    failed: Count = 0
    undecided: Count = 0  # inconclusive; and test scripts that never ended
    samples: Count = 0
    gaps: Count = 0
    commanded_nl: int | None = None
    measured_nl: int | None = None
    planned_nl: int | None = None

    @property
    def lasts(self) -> bool:
        """Whether it is true as long as the file is the same: not for one that another program holds, or that this
        user may not read."""
        return self.state in (FINISHED, CUT_SHORT)


def found(folder: Path) -> Iterator[Found]:
    """The run files in ``folder``, none where it doesn't exist.

    Raises UsageError where it can't be listed.
    """
    files: dict[str, os.stat_result] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((RUN_SUFFIX, RUN_SUFFIX + WAL_SUFFIX)):
                    files |= _stat(entry)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"The folder {folder} can't be listed: {error.strerror}.", "Choose another folder.") from error
    for name, main in files.items():
        if name.endswith(RUN_SUFFIX):
            wal = files.get(name + WAL_SUFFIX)
            beside = (wal.st_size, wal.st_mtime_ns) if wal else (0, 0)
            yield Found(name, main.st_size, main.st_mtime_ns, *beside)


def _stat(entry: "os.DirEntry[str]") -> dict[str, os.stat_result]:
    try:
        return {entry.name: entry.stat()} if entry.is_file() else {}
    except OSError:  # gone since, or a link to nowhere
        return {}


@dataclass(frozen=True, slots=True)
class Known:
    """A run file, and what it was found to be."""

    found: Found
    card: Card


_KNOWN = msgspec.json.Decoder(Known)


def recalled(folder: Path) -> dict[str, Known]:
    """What is kept in ``folder``, by name; nothing where it isn't there, broken, or of another version."""
    try:
        path = folder / MEMORY
        if path.stat().st_size > MOST_MEMORY_BYTES:
            return {}
        version, *lines = path.read_bytes().splitlines()
        if version != _VERSION:
            return {}
        runs = map(_KNOWN.decode, lines)  # line by line, so that other threads have their turns
        return {known.found.name: known for known in runs}
    except (OSError, ValueError, msgspec.DecodeError):
        return {}


def remember(folder: Path, runs: Iterable[Known]) -> None:
    """Keeps those of ``runs`` that last, in ``folder``; not in one that is gone or can't be written."""
    lines = [_VERSION, *(msgspec.json.encode(known) for known in runs if known.card.lasts)]
    with suppress(UsageError):
        if folder.is_dir():
            atomic.write_text(folder / MEMORY, b"\n".join(lines).decode())


@dataclass(frozen=True)
class Places:
    """Where somebody looked for recordings: the folder, "" for the usual one, and those opened last, newest first."""

    folder: str = ""
    opened: tuple[str, ...] = ()


def places(path: Path) -> Places:
    """What ``keep_places`` kept; nothing where that isn't there, or is broken."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Places)
    except (OSError, msgspec.DecodeError):
        return Places()


def keep_places(path: Path, places: Places) -> None:
    """Keeps ``places`` in the file ``path``, where that can be written."""
    with suppress(UsageError):
        atomic.write_text(path, msgspec.json.encode(places).decode())
