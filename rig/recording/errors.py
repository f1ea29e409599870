"""What goes wrong with run files, and DuckDB's words for it in ours."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from firmware_link.errors import PumpError, UsageError


class RunFileError(UsageError):
    """A run file that can't be made or opened: locked, damaged, newer, or no run file at all."""

    @property
    def busy(self) -> bool:
        """Whether somebody has it open to write, so that it will do later."""
        return any(piece in str(self.__cause__) for piece in _BUSY)

    @property
    def damaged(self) -> bool:
        """Whether a part of it is missing or not as it was written, so that ``rescue`` may save the rest."""
        return any(piece in str(self.__cause__) for piece in _DAMAGED)


class RecordingError(PumpError):
    """A recording broke off; what was committed before is in its file."""

    exit_code = 16


NOT_OURS_REMEDY = "Choose a *.run.duckdb file made by Pump Programmer."
COPY_AGAIN = "Copy it again from its source, with the .wal file beside it."
_RESCUE = f'{COPY_AGAIN[:-1]}; or save what can still be read: "pump-programmer rescue".'
_INTERRUPTED = "Query interrupted"  # what DuckDB makes of a KeyboardInterrupt
_HOLDER = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")

_BUSY = ("set lock on file", "used by another process", "different configuration", "handle conflict")
_DAMAGED = ("not enough bytes", "read enough bytes", "Corrupt", "replaying WAL")
# (a piece of DuckDB's or the system's message, what happened, remedy); the first match counts
_TRANSLATIONS = (
    ("set lock on file", "is in use by {holder}", "Finish the recording there, or close that program."),
    ("used by another process", "is in use by another program", "Finish the recording there, or close that program."),
    ("different configuration", "is being recorded by this program", "Finish the recording first."),
    ("handle conflict", "is being recorded by this program", "Finish the recording first."),
    ("newer version of DuckDB", "was written by a newer version of Pump Programmer", "Update this program."),
    ("replaying WAL", "can't be read with the .wal beside it, which is damaged or of another file", _RESCUE),
    ("not a valid DuckDB", "is not a run file", NOT_OURS_REMEDY),
    ("not enough bytes", "is cut off: a part of the file is missing", _RESCUE),
    ("read enough bytes", "is cut off: a part of the file is missing", _RESCUE),
    ("Corrupt", "is damaged: its checksums don't match", _RESCUE),
    ("No space left", "can't be written: the disk is full", "Make room on the disk."),
    ("File too large", "can't be written: the file may not grow further", "Raise the limit, or use another disk."),
    ("Read-only file system", "can't be written: the disk is read-only", "Choose another folder."),
    ("Permission denied", "can't be opened: this user may not", "Choose another folder, or change its permissions."),
    ("No such file", "can't be made: the folder doesn't exist", "Choose another folder, or make this one."),
    ("Is a directory", "is a folder", "Choose a file."),
)


def words_for(error: Exception) -> tuple[str, str]:
    """What happened (to continue "FILE …") and the remedy."""
    text = str(error)
    holder = _HOLDER.search(text)
    who = f"{os.path.basename(holder['program'])} (process {holder['pid']})" if holder else "another program"
    for piece, what, remedy in _TRANSLATIONS:
        if piece in text:
            return what.format(holder=who), remedy
    return f"can't be used: {text.splitlines()[0]}", "Report this with the diagnostic log."


@contextmanager
def translated(path: Path, kind: type[PumpError] = RunFileError) -> Iterator[None]:
    """Errors of DuckDB or of the system, met with the file ``path``, become a ``kind``; Ctrl-C within stays one."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise
    except (duckdb.Error, OSError) as error:
        what, remedy = words_for(error)
        raise kind(f"{path.name or path} {what}.", remedy) from error
