"""Test scripts as files: those that come with the program, those in a folder of one's own.  Free of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rig import atomic
from rig.places import SCRIPT_SUFFIX
from rig.qa.script import Script
from rig.yamlfile import FileFault

FILTER = f"Test scripts (*{SCRIPT_SUFFIX})"  #: of dialogs that ask for a file
NEW = """qa: 1
name: New test
about: What it shows, in one sentence.
duration: 5 min
interval: 1 s
steps:
  - do: program
    flow: 24 mL/day
    confirm: Bench test with water
  - wait: 2 min
    as: steady
  - expect: flow
    of: measured
    is: commanded
    tolerance: 10 %
    during: steady
"""


@dataclass(frozen=True)
class Entry:
    """One file of the library: its cases, or why it has none."""

    path: Path
    shipped: bool
    cases: tuple[Script, ...] = ()
    faults: tuple[FileFault, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.cases[0].name if self.cases else self.path.name.removesuffix(SCRIPT_SUFFIX)

    @property
    def about(self) -> str:
        """What it shows; or what is wrong."""
        return fault_text(self.faults[0]) if self.faults else self.cases[0].about if self.cases else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is listed under."""
        return self.cases[0].tags if self.cases else ()

    @property
    def words(self) -> str:
        """What it can be found by, in small letters."""
        return " ".join((self.name, self.path.name, self.about, *self.tags)).casefold()


def fault_text(fault: FileFault) -> str:
    """ "line 12, steps[3].over: Unknown field …" """
    where = ", ".join(filter(None, (f"line {fault.line}" if fault.line else "", fault.field)))
    return f"{where}: {fault.problem}" if where else fault.problem


def is_script(path: Path) -> bool:
    """Whether its name says that it is a test script."""
    return path.name.endswith(SCRIPT_SUFFIX)


def load(path: Path, is_shipped: bool = False) -> Entry:
    """The file at ``path``, right or wrong."""
    from rig.qa.files.script_file import read

    found = read(path)
    return Entry(path, is_shipped, found.scripts, found.faults)


def listed(own: Path, others: Sequence[Path] = ()) -> list[Entry]:
    """Those in the folder ``own``, ``others`` from elsewhere that are still there, and the shipped ones."""
    from rig.qa.files.script_file import library

    mine = paths_in(own)
    shipped = library()
    mine += [path for path in others if path not in (*mine, *shipped) and path.is_file()]
    return [*map(load, mine), *(_shipped(path, path.stat().st_mtime_ns) for path in shipped)]


@cache
def _shipped(path: Path, changed_ns: int) -> Entry:
    """They hardly ever change, and reading all takes a second."""
    return load(path, is_shipped=True)


def paths_in(folder: Path) -> list[Path]:
    """The scripts of ``folder`` and of those below it, by name; none where there is no such folder."""
    return sorted((path for path in folder.rglob(f"*{SCRIPT_SUFFIX}") if path.is_file()), key=Path.as_posix)


def save(path: Path, text: str) -> None:
    """Whole or not at all.  Raises UsageError where the folder can't be written."""
    atomic.write_text(path, text)


def free_name(folder: Path, stem: str) -> Path:
    """A name in ``folder`` that nothing has."""
    path = folder / f"{stem}{SCRIPT_SUFFIX}"
    count = 2
    while path.exists():
        path, count = folder / f"{stem}-{count}{SCRIPT_SUFFIX}", count + 1
    return path
