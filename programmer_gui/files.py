"""Program files: read, and saved so that a crash leaves the old one or the new one.  Free of Qt."""

import os
import tempfile
from pathlib import Path

from firmware_link.errors import UsageError
from programmer_gui.models.document import Document
from rig.therapy import program_file

SUFFIXES = (".yaml", ".yml")


def load_document(path: Path) -> tuple[Document, str]:
    """What the file says and its text.  Raises yamlfile.FileFault (a UsageError) for one that is no such file or can't
    be read; what it says wrong is for the check to tell."""
    return program_file.load_document(path)


def save_document(path: Path, document: Document, text: str = "") -> str:
    """Saves ``document`` with the comments of ``text`` and returns the new text.

    Temporary file, fsync, rename.  Raises UsageError where the folder can't be written.
    """
    new = program_file.dumps(document, text)
    save_text(path, new)
    return new


def save_text(path: Path, text: str) -> None:
    """``text`` whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another folder.") from error
