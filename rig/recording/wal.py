"""The write-ahead log beside a run file, as bytes: how much of it can be read.

DuckDB reads one that ends within an entry up to there, as a kill leaves it, and takes one whose first bytes or
lengths are damaged for the same; whoever folds a log must know what was left out.
"""

import os
from pathlib import Path

from rig.recording.errors import translated

SUFFIX = ".wal"
_HEADER_MAX = 256
_HEADER_END = b"\xff\xff"  # of the message in which DuckDB says what the log belongs to
_ENTRY_HEAD = 16  # length and checksum, 64 bits each, little-endian


def beside(path: Path) -> Path:
    """Where the log of the run file ``path`` is, if there is any."""
    return path.with_name(path.name + SUFFIX)


def unread_bytes(log: Path) -> int:
    """How many bytes at the end of ``log`` no whole entry holds; all of them where there is none.

    Raises RunFileError where it can't be read.
    """
    with translated(log), log.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(_HEADER_MAX)
        begin = at = head.find(_HEADER_END) + len(_HEADER_END)
        while at + _ENTRY_HEAD <= size:
            file.seek(at)
            following = at + _ENTRY_HEAD + int.from_bytes(file.read(8), "little")
            if following > size:
                break
            at = following
    return size - at if at > begin else size
