"""The write-ahead log beside a run file, as bytes: how much of it can be read.

DuckDB reads one that ends within an entry up to there, as a kill leaves it, and takes one whose first bytes or
lengths are damaged for the same; whoever folds a log must know what was left out.
"""

import os
from pathlib import Path

from rig.places import WAL_SUFFIX
from rig.recording.errors import RunFileError, translated

_HEADER_MAX = 256
_HEADER_END = b"\xff\xff"  # of the message in which DuckDB says what the log belongs to
_ENTRY_HEAD = 16  # length and checksum, 64 bits each, little-endian
_ODD = ("?",) if os.name == "nt" else ("?", "\\")  # begins a query; another folder
_NO_LOG = (
    "{} was cut short, and no .wal is beside it: if it was moved without its .wal, up to half a minute is missing at "
    "its end."
)
_UNREAD = "Of {}, {:,} bytes can't be read: what was recorded then is missing."


def beside(path: Path) -> Path:
    """Where the log of the run file ``path`` is, if there is any; of a link, beside what it points to."""
    if path.is_symlink():
        path = Path(os.path.realpath(path))
    return path.with_name(path.name + WAL_SUFFIX)


def address(path: Path) -> str:
    """What to call ``path`` before DuckDB, so that it means this file and no other.

    Raises RunFileError for a name with which it can't, or would look for the log elsewhere.
    """
    whole = str(path.absolute())  # "md:a" and "~a" mean something else
    odd = [one for one in _ODD if one in whole]
    if not odd and _is_text(whole):
        return whole
    why = f'a "{odd[0]}" is in its path' if odd else "its path is no text"
    raise RunFileError(f"{path.name} can't be opened under this name: {why}.", "Rename it, or choose another folder.")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def doubts(path: Path, cut_short: bool) -> tuple[str, ...]:
    """What may be missing of the run file ``path``, judged by its log, as sentences."""
    log = beside(path)
    if not log.exists():
        return (_NO_LOG.format(path.name),) if cut_short and path.exists() else ()
    unread = unread_bytes(log)
    return (_UNREAD.format(log.name, unread),) if unread else ()


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
