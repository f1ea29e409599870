"""Program files: read, and saved so that a crash leaves the old one or the new one.  Free of Qt."""

import re
from pathlib import Path

from programmer_gui.models.document import Document
from rig import atomic, yamlfile
from rig.therapy import profiles, program_file, reading

BASIC = ("", "pump-program", "mode")  # faults in these leave nothing to edit


def load_document(path: Path) -> tuple[Document, str]:
    """What the file says and its text.  Raises yamlfile.FileFault (a UsageError) for one that is no program that this
    version knows, with line and field; what else it says wrong is for the editor to show."""
    document, text = program_file.load_document(path)
    for fault in reading.read(document, profiles.standard()).faults:
        if fault.field in BASIC:
            line = yamlfile.Marks(yamlfile.parse(text, str(path))).line(fault.field)
            raise yamlfile.FileFault(str(path), line, fault.field, fault.what, fault.remedy)
    return document, text


def is_faults(path: Path) -> bool:
    """Whether the file at ``path`` says that it is a list of faults, right or wrong."""
    try:
        return re.search(r"^faults\s*:", yamlfile.read_text(path), re.MULTILINE) is not None
    except yamlfile.FileFault:
        return False


def is_changed(path: Path, text: str) -> bool:
    """Whether the file at ``path`` says by now anything else than ``text``; not where there is none."""
    try:
        return path.exists() and yamlfile.read_text(path) != text
    except yamlfile.FileFault:
        return True


def save_document(path: Path, document: Document, text: str = "") -> str:
    """Saves ``document`` with the comments of ``text`` and returns the new text.

    Whole or not at all.  Raises UsageError where the folder can't be written.
    """
    new = program_file.dumps(document, text)
    atomic.write_text(path, new)
    return new
