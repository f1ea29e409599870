"""Program files: read, and saved so that a crash leaves the old one or the new one.  Free of Qt."""

import os
import tempfile
from pathlib import Path

from firmware_link.errors import UsageError
from rig.therapy import program_file
from rig.therapy.program import Program

SUFFIXES = (".yaml", ".yml")


def load_program(path: Path) -> Program:
    """Raises yamlfile.FileFault (a UsageError) for a file that is malformed or can't be read."""
    return program_file.load(path)


def load_document(path: Path) -> tuple[program_file.Document, str]:
    """What the file says, right or wrong, and its text with the comments; raises yamlfile.FileFault for no YAML."""
    return program_file.load_document(path)


def save_document(path: Path, document: program_file.Document, text: str = "") -> str:
    """Temporary file, fsync, rename; returns what was written, with the comments of ``text``.

    Raises UsageError where the folder can't be written.
    """
    written = program_file.dumps(document, text)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another folder.") from error
    return written
