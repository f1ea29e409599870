"""Files that are written whole or not at all: after a crash there is the old one or the new one."""

import os
import shutil
import tempfile
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
    name = ""
    path = path.resolve()  # a link goes on pointing to the file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            name = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        os.replace(name, path)
    except OSError as error:
        with suppress(OSError):
            if name:
                os.unlink(name)
        raise UsageError(f"{path} can't be written: {error.strerror}.", remedy) from error
