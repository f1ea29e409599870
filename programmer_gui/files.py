"""Program files: read, and saved so that a crash leaves the old one or the new one.  Free of Qt."""

import os
import tempfile
from pathlib import Path

from firmware_link.errors import UsageError
from rig.therapy import program as program_file
from rig.therapy.dumping import dumps
from rig.therapy.program import Program

SUFFIXES = (".yaml", ".yml")


def load_program(path: Path) -> Program:
    """Raises yamlfile.FileFault (a UsageError) for a malformed file, UsageError for one that can't be read."""
    try:
        return program_file.load(path)
    except OSError as error:
        raise UsageError(f"{path.name} can't be read: {error.strerror}.", "Choose another file.") from error


def save_program(path: Path, program: Program) -> None:
    """Temporary file, fsync, rename.  Raises UsageError where the folder can't be written."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(dumps(program))
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another folder.") from error
