"""Program files: read, and saved so that a crash leaves the old one or the new one.  Free of Qt."""

from pathlib import Path

from programmer_gui.models.document import Document
from rig import atomic
from rig.therapy import program_file

SUFFIXES = (".yaml", ".yml")


def load_document(path: Path) -> tuple[Document, str]:
    """What the file says and its text.  Raises yamlfile.FileFault (a UsageError) for one that is no such file or can't
    be read; what it says wrong is for the check to tell."""
    return program_file.load_document(path)


def save_document(path: Path, document: Document, text: str = "") -> str:
    """Saves ``document`` with the comments of ``text`` and returns the new text.

    Whole or not at all.  Raises UsageError where the folder can't be written.
    """
    new = program_file.dumps(document, text)
    atomic.write_text(path, new)
    return new
