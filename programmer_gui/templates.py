"""Templates of programs: the examples that come with this program, and those that somebody saved.  Free of Qt."""

import re
from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import PumpError, UsageError
from programmer_gui import files
from programmer_gui.models.document import Document
from rig import atomic
from rig.resources import resource
from rig.therapy import program_file

LONGEST = 60  # of a name, in letters


@dataclass(frozen=True)
class Template:
    """A program to begin with."""

    path: Path
    name: str
    mode: str
    about: str  # the file's first comment
    own: bool


def listed(folder: Path) -> list[Template]:
    """The examples, then those in ``folder``; files that are no programs are left out."""
    found = []
    for place, own in ((resource("programs"), False), (folder, True)):
        for path in sorted(place.glob("*.yaml")) if place.is_dir() else ():
            try:
                document, text = files.load_document(path)
            except PumpError:
                continue
            name = str(document.get("name") or path.stem)
            found.append(Template(path, name, str(document["mode"]), _about(text), own))
    return found


def load(template: Template) -> tuple[Document, str]:
    """What it says, and its text; raises UsageError where it can't be read any more.

    Without the course of a screening: that is of somebody else.
    """
    document, text = files.load_document(template.path)
    return {key: value for key, value in document.items() if key != "given"}, text


def save(folder: Path, name: str, document: Document, text: str = "") -> Path:
    """Keeps ``document`` as the template ``name``.  Raises UsageError for a name that is taken or none, and where the
    folder can't be written."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()[:LONGEST]).strip("-")
    if not stem:
        raise UsageError("A template needs a name of letters or digits.", 'For example "Night and day".')
    path = folder / f"{stem}.yaml"
    if path.exists():
        raise UsageError(f'There is a template "{stem}" already.', "Choose another name.")
    atomic.write_text(path, program_file.dumps(document | {"name": name}, text))
    return path


def _about(text: str) -> str:
    first = text.lstrip().splitlines()[:1]
    return first[0].lstrip("# ").strip() if first and first[0].startswith("#") else ""
