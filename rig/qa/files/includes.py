"""Puts in place what a script includes and repeats, and fills in parameters: a plain list of steps remains."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.places import PART_SUFFIX
from rig.qa.files.filling import Scope, read_parameters
from rig.qa.files.head_file import PART, SCHEMA
from rig.qa.files.slots import HEADS, by_key
from rig.qa.files.source import Faults, Source, open_source
from rig.qa.files.step_kinds import INCLUDE, REPEAT
from rig.qa.files.values import is_file, suggestion
from rig.qa.files.wrong import WrongValue, joined
from rig.resources import resource
from rig.yamlfile import FileFault

MOST_STEPS = 10_000
DEEPEST = 10  # files that include each other
_KEYS = tuple(slot.key for slot in PART)


@dataclass(frozen=True)
class RawStep:
    """A step with its parameters filled in, and where it is written."""

    said: dict[str, Any]
    source: Source
    field: str  # "steps[2]"
    number: str

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.source.line(self.field)


class Expansion:
    """One list of steps, worked out; each is given to ``take``.  ``opened`` keeps the part files, by path."""

    def __init__(self, faults: Faults, opened: dict[Path, Source], take: Callable[[RawStep], None]) -> None:
        self._faults, self._opened, self._take = faults, opened, take
        self._count = 0
        self._full = False

    def add(
        self, said: Any, source: Source, field: str, scope: Scope, prefix: str = "", chain: tuple[Path, ...] = ()
    ) -> None:
        """The steps at ``field`` of ``source``, which say ``said``; numbered from 1 behind ``prefix``."""
        if not isinstance(said, list) or not said:
            self._faults.tell(source, field, "Steps are expected here.", "Write each after a dash, as the examples do.")
            return
        chain = chain or (source.path.resolve(),)
        for index, step in enumerate(said):
            if self._full or self._faults.enough:
                return
            self._one(step, source, f"{field}[{index}]", scope, f"{prefix}{index + 1}", chain)

    def _one(self, said: Any, source: Source, field: str, scope: Scope, number: str, chain: tuple[Path, ...]) -> None:
        if not isinstance(said, dict):
            self._faults.tell(source, field, "A step is expected here: keys and values.", _step_meant(said))
            return
        try:
            if "repeat" in said:
                self._repeat(said, source, field, scope, number, chain)
            elif "include" in said:
                self._include(scope.fill(said), source, field, number, chain)
            elif self._count < MOST_STEPS:
                self._count += 1
                self._take(RawStep(scope.fill(said), source, field, number))
            else:
                self._full = True
                self._faults.tell(source, field, f"There are more than {MOST_STEPS:,} steps.", "Repeat less often.")
        except UsageError as error:
            self._faults.wrong(source, field, error)

    def _repeat(
        self, said: dict[str, Any], source: Source, field: str, scope: Scope, number: str, chain: tuple[Path, ...]
    ) -> None:
        times = self._own(said, REPEAT, scope, "repeat")
        if "steps" not in said:
            raise WrongValue("steps", "What is to be repeated is missing.", "Add steps.")
        before = self._faults.times
        for n in range(1, times + 1):
            if self._full or self._faults.times > before:  # the next time is as wrong
                return
            self.add(said["steps"], source, f"{field}.steps", scope.with_count(n), f"{number}.{n}.", chain)

    def _include(self, said: dict[str, Any], source: Source, field: str, number: str, chain: tuple[Path, ...]) -> None:
        name = self._own(said, INCLUDE, Scope({}), "include")
        path = _part(name, source.path.parent)
        whole = path.resolve()
        if whole in chain:
            loop = " > ".join(part.name for part in (*chain[chain.index(whole) :], whole))
            raise WrongValue("include", f"It includes itself: {loop}.", "Take one of these out.")
        if len(chain) > DEEPEST:
            raise WrongValue("include", f"More than {DEEPEST} files include each other.", "Take some out.")
        part = self._open(path)
        given = _given(said.get("with", {}))
        scope = _taken(part, given)
        self.add(part.said.get("steps"), part, "steps", scope, f"{number}.", (*chain, whole))
        for unused in sorted(set(scope.values) - scope.used):
            if not self._full:
                what = f'No step uses the parameter "{unused}".'
                self._faults.tell(part, f"parameters.{unused}", what, "Take it out, or use it.")

    def _own(self, said: dict[str, Any], kind: Any, scope: Scope, head: str) -> Any:
        """What stands behind the head of a repetition or an include; raises WrongValue, for unknown keys too."""
        known = by_key(kind.slots)
        for key in said:
            if key not in known:
                raise WrongValue(
                    str(key)[:40], f'Unknown field "{str(key)[:40]}".', suggestion(str(key), known, "Known fields")
                )
        try:
            return known[head].value.read(scope.fill(said[head], head))
        except WrongValue:
            raise
        except UsageError as error:
            raise WrongValue(head, error.what, error.remedy) from error

    def _open(self, path: Path) -> Source:
        if path not in self._opened:
            source = open_source(path)
            _check_part(source)
            self._opened[path] = source
        return self._opened[path]


def _step_meant(said: Any) -> str:
    """What somebody wants who left the colon out."""
    head, _, rest = said.partition(" ") if isinstance(said, str) else ("", "", "")
    return (
        f'Is "{head}: {rest.strip()[:60]}" meant?' if head in HEADS and rest.strip() else 'For example "- do: start".'
    )


def _part(name: str, folder: Path) -> Path:
    """The part file that is called ``name``: beside, or shipped."""
    for place in (folder, shipped_parts()):
        if place is not None and is_file(place / name):
            return place / name
    places = [place for place in (folder, shipped_parts()) if place is not None]
    near = sorted({path.name for place in places for path in place.glob(f"*{PART_SUFFIX}")})[:100]
    remedy = suggestion(name, near, "There are") if near else "Check the name: it is looked for beside this file."
    raise WrongValue("include", f'There is no file "{name[:80]}".', remedy)


def shipped_parts() -> Path | None:
    try:
        return resource("scripts")
    except FileNotFoundError:
        return None


def _check_part(source: Source) -> None:
    """Raises FileFault for a file that is no part."""
    said = source.said
    if not isinstance(said, dict) or said.get("qa-part") != SCHEMA or isinstance(said.get("qa-part"), bool | float):
        field = "qa-part" if isinstance(said, dict) and "qa-part" in said else ""
        remedy = f'Begin it with "qa-part: {SCHEMA}"; whole scripts can\'t be included.'
        raise FileFault(str(source.path), source.line(field) or 1, field, "It is no part of a script.", remedy)
    for key in said:
        if key not in _KEYS:
            remedy = suggestion(key, _KEYS, "Known fields")
            raise FileFault(str(source.path), source.line(key), key, f'Unknown field "{key[:40]}".', remedy)


def _given(said: Any) -> dict[str, str | None]:
    """The parameters that stand under "with"; raises WrongValue."""
    try:
        return read_parameters(said)
    except UsageError as error:
        where = joined("with", error.where if isinstance(error, WrongValue) else "")
        raise WrongValue(where, error.what, error.remedy) from error


def _taken(part: Source, given: dict[str, str | None]) -> Scope:
    """What the steps of ``part`` may use; raises WrongValue for what it doesn't take or isn't given."""
    try:
        takes = read_parameters(part.said.get("parameters", {}), open_ones=True)
    except WrongValue as wrong:
        field = f"parameters.{wrong.where}"
        raise FileFault(str(part.path), part.line(field), field, wrong.what, wrong.remedy) from wrong
    except UsageError as error:
        raise FileFault(str(part.path), part.line("parameters"), "parameters", error.what, error.remedy) from error
    for name in given:
        if name not in takes:
            remedy = suggestion(name, takes, "It takes") if takes else "It takes none."
            raise WrongValue(f"with.{name}", f'{part.path.name} takes no parameter "{name}".', remedy)
    missing = [name for name, value in takes.items() if value is None and name not in given]
    if missing:
        what = f'{part.path.name} needs the parameter "{missing[0]}".'
        raise WrongValue("with", what, f'Add "with: {{{missing[0]}: …}}".')
    return Scope({name: given.get(name) or value or "" for name, value in takes.items()})
