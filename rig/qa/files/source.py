"""A file of a script that is being read, and all that is found wrong on the way."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.qa.files.wrong import WrongValue, joined
from rig.yamlfile import FileFault, Marks

MAX_BYTES = 150_000  # of a script: 5,000 lines
ENOUGH = 100  # things wrong, after which nothing more is looked for


@dataclass(frozen=True)
class Source:
    """One file: its text, what it says in Python's own types, and where each field stands."""

    path: Path
    text: str
    said: Any
    marks: Marks

    def line(self, field: str) -> int:
        """The line of "steps[2].flow", from 1; 0 for none."""
        return self.marks.line(field)


def open_source(path: Path) -> Source:
    """The file at ``path``; raises FileFault for one that is missing, too large or no YAML."""
    return source_of(yamlfile.read_text(path, MAX_BYTES), path)


def source_of(text: str, path: Path) -> Source:
    """``text`` as if it were the file at ``path``."""
    try:
        tree = yamlfile.parse(text, str(path))
    except FileFault as fault:
        line = "".join(text.split("\n")[fault.line - 1 : fault.line]) if fault.line else ""
        if not re.search(r"[{\[][^}\]]*(?<=[{\[,:\s])\$\{", line):
            raise
        remedy = 'Within braces or brackets a parameter stands in quotes: "${rate}".'
        raise FileFault(str(path), fault.line, "", fault.problem, remedy) from fault
    return Source(path, text, yamlfile.plain(tree, str(path)), Marks(tree))


def printable(said: str) -> str:
    """``said`` on one line, without what terminals and lists may take for something else."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in said)


class Faults:
    """What is wrong, each kept once.  ``times`` counts them as often as they are told."""

    def __init__(self) -> None:
        self.times = 0
        self._found: dict[tuple[str, int, str, str], FileFault] = {}

    def __len__(self) -> int:
        return len(self._found)

    @property
    def enough(self) -> bool:
        """Whether there is no use in looking for more."""
        return len(self._found) >= ENOUGH or self.times >= 10 * ENOUGH

    def tell(self, source: Source, field: str, what: str, remedy: str) -> None:
        """``field`` of ``source`` is wrong."""
        line = source.line(field)
        self.take(FileFault(str(source.path), line, *(printable(part) for part in (field, what, remedy))))

    def wrong(self, source: Source, field: str, error: UsageError) -> None:
        """The value at ``field`` is, by ``error``."""
        if isinstance(error, FileFault):  # of another file
            self.take(error)
            return
        where = error.where if isinstance(error, WrongValue) else ""
        self.tell(source, joined(field, where), error.what, error.remedy)

    def take(self, fault: FileFault) -> None:
        """A fault that is told already."""
        self.times += 1
        if len(self._found) < ENOUGH:
            self._found.setdefault((fault.path, fault.line, fault.field, fault.problem), fault)

    def all(self, first: Path) -> tuple[FileFault, ...]:
        """All of them: those of the file ``first`` before those of others, by line."""
        return tuple(sorted(self._found.values(), key=lambda one: (one.path != str(first), one.path, one.line)))
