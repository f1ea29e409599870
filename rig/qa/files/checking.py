"""The check of scripts without running them, as the command line and the editor ask for it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.qa.files import script_file
from rig.qa.files.source import printable
from rig.qa.script import Script
from rig.therapy import units
from rig.yamlfile import FileFault


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: ``line`` from 1, 0 for none; ``field`` like "steps[2].volume"."""

    file: str
    line: int
    field: str
    what: str
    remedy: str

    def sentence(self) -> str:
        """ "a.qa.yaml:7: steps[2].volume: what is wrong. What to do."."""
        where = self.file + (f":{self.line}" if self.line else "") + (f": {self.field}" if self.field else "")
        return f"{where}: {self.what} {self.remedy}".strip()


@dataclass(frozen=True)
class Checked:
    """One file: its cases, or all that is wrong with it and what it includes."""

    path: Path
    scripts: tuple[Script, ...]
    problems: tuple[Problem, ...]

    @property
    def exit_code(self) -> int:
        """0, or 4 where it can't be run."""
        return UsageError.exit_code if self.problems else 0


def check_files(paths: Iterable[Path]) -> tuple[Checked, ...]:
    """Each of the scripts ``paths`` checked; never raises for what they say."""
    return tuple(_checked(path, script_file.read(path)) for path in paths)


def check_text(text: str, path: Path) -> tuple[Problem, ...]:
    """All that is wrong with ``text`` as if it were at ``path``; never raises for what it says."""
    return _checked(path, script_file.read_text(text, path)).problems


def _checked(path: Path, read: script_file.Read) -> Checked:
    return Checked(path, read.scripts, tuple(problem_of(fault) for fault in read.faults))


def problem_of(fault: FileFault) -> Problem:
    """``fault`` in parts."""
    what, remedy = printable(fault.problem), printable(fault.remedy)
    return Problem(fault.path, fault.line, printable(fault.field), what, remedy)


def as_json(checked: Checked) -> dict[str, Any]:
    """A checked file as plain data."""
    cases = [
        {"case": script.case, "steps": len(script.steps), "tags": list(script.tags), "digest": script.digest}
        for script in checked.scripts
    ]
    first = checked.scripts[0] if checked.scripts else None
    return {
        "file": str(checked.path),
        "name": first.name if first else None,
        "interval_ms": first.interval_ms if first else None,
        "duration_ms": sum(script.duration_ms for script in checked.scripts) if first else None,
        "cases": cases,
        "problems": [asdict(problem) for problem in checked.problems],
    }


def as_text(checked: Checked) -> str:
    """A line for each problem; where there is none, what is in the file."""
    return "\n".join(one.sentence() for one in checked.problems) or scripts_text(checked.path, checked.scripts)


def scripts_text(path: Path, scripts: Sequence[Script]) -> str:
    """ "a.qa.yaml: Occlusion and release: 2 cases, 24 steps, about 3 h 20 min of pump time"."""
    cases = f"{len(scripts)} cases, " if len(scripts) > 1 else ""
    steps = sum(len(script.steps) for script in scripts)
    time = units.duration_text(sum(script.duration_ms for script in scripts))
    return f"{path}: {scripts[0].name}: {cases}{steps} step{'s'[: steps > 1]}, about {time} of pump time"
