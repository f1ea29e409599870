"""Files that are written whole or not at all: after a crash there is the old one or the new one."""

import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from firmware_link.errors import UsageError


def write_text(path: Path, text: str, remedy: str = "Choose another folder.") -> None:
    """``text`` as UTF-8, as ``write_bytes``."""
    write_bytes(path, text.encode(), remedy)


def write_bytes(path: Path, data: bytes, remedy: str = "Choose another folder.") -> None:
    """``data``, in a folder that is made where there is none: temporary file beside it, fsync, rename.

    Raises UsageError with ``remedy`` where the folder can't be made or written.
    """
    path = path.resolve()  # a link goes on pointing to the file
    made = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with made.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, made)
        os.replace(made, path)
    except OSError as error:
        with suppress(OSError):
            made.unlink()
        raise UsageError(f"{path} can't be written: {error.strerror}.", remedy) from error


def beside(path: Path) -> Path:
    """A name in the folder of ``path``, with its ending, that nothing has: for what is to become it."""
    return path.with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}{path.suffix}")
