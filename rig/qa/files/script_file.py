"""Script files ``*.qa.yaml``: found, read, and all that is wrong with them told at once."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.places import SCRIPT_SUFFIX
from rig.qa.deeds import Stop, WriteProgram
from rig.qa.files.cases import Row, rows_of
from rig.qa.files.filling import Scope
from rig.qa.files.head_file import HEAD, SCHEMA
from rig.qa.files.includes import Expansion, RawStep
from rig.qa.files.reach import Placed, check_case
from rig.qa.files.slots import by_key
from rig.qa.files.source import Faults, Source, open_source, source_of
from rig.qa.files.step_reading import read_step
from rig.qa.files.values import suggestion
from rig.qa.script import Needs, Script, Step
from rig.qa.words import body_text
from rig.resources import resource
from rig.yamlfile import FileFault, told

MOST_ALTOGETHER = 50_000  # steps of all cases of a file
_MOST_FILES = 10_000
_WRONG_ROWS = 5  # of a table, after which the others aren't looked at
_LISTS = ("steps", "cleanup", "parameters", "table")
_FILLED = ("about", "duration", "interval", "needs")  # with parameters


@dataclass(frozen=True)
class Read:
    """What came of a file: its cases, or why there are none."""

    scripts: tuple[Script, ...]
    faults: tuple[FileFault, ...] = ()


def load(path: Path) -> tuple[Script, ...]:
    """The cases of the script at ``path``, in the order of its table; raises UsageError (a FileFault where it is one)
    with file, line, field and suggestion of all that is wrong in it and what it includes."""
    return _right(read(path), path)


def loads(text: str, path: Path) -> tuple[Script, ...]:
    """``load`` of ``text`` as if it were at ``path``: what it names is looked for there."""
    return _right(read_text(text, path), path)


def read(path: Path) -> Read:
    """The script at ``path``, or all that is wrong with it; never raises for what it says."""
    try:
        return _read(open_source(path))
    except FileFault as fault:
        return Read((), (fault,))


def read_text(text: str, path: Path) -> Read:
    """``read`` of ``text`` as if it were at ``path``."""
    try:
        return _read(source_of(text, path))
    except FileFault as fault:
        return Read((), (fault,))


def _right(found: Read, path: Path) -> tuple[Script, ...]:
    if found.faults:
        raise told(str(path), found.faults)
    return found.scripts


# -- reading -----------------------------------------------------------------------------------------------------------


def _read(source: Source) -> Read:
    faults = Faults()
    if not isinstance(source.said, dict):
        remedy = "See the shipped scripts, or begin with: qa: 1"
        faults.tell(source, "", "It is empty or no script.", remedy)
    elif _is_script(source, faults):
        scripts = _cases(source, faults)
        if not len(faults):
            return Read(tuple(scripts))
    return Read((), faults.all(source.path))


def _is_script(source: Source, faults: Faults) -> bool:
    """Whether it is a script of this version; anything else isn't looked at."""
    said = source.said
    if "qa" not in said:
        part = "qa-part" in said
        what = "This is a part, not a script." if part else "Schema is missing."
        remedy = "Include it in a script." if part else f'Add it as the first line: "qa: {SCHEMA}".'
        faults.tell(source, "qa-part" if part else "qa", what, remedy)
        return False
    schema = said["qa"]
    if schema == SCHEMA and isinstance(schema, int) and not isinstance(schema, bool):
        return True
    newer = isinstance(schema, int) and schema > SCHEMA
    remedy = "Update the Pump Programmer." if newer else f'Write "qa: {SCHEMA}".'
    faults.tell(source, "qa", f'Schema "{str(schema)[:40]}" is not known.', remedy)
    return False


def _cases(source: Source, faults: Faults) -> list[Script]:
    """A script for each row of the table, or for the parameters alone."""
    _check_keys(source, faults)
    rows = rows_of(source, faults)
    opened: dict[Path, Source] = {}
    used: set[str] = set()
    scripts: list[Script] = []
    wrong = 0
    for row in rows:
        before = faults.times
        scope = Scope(dict(row.parameters), used)
        head = _head(source, scope, faults)
        steps, cleanup = (_steps(key, source, scope, opened, faults) for key in ("steps", "cleanup"))
        if faults.times == before and not _lacking(head):
            script = _script(source, head, row, steps, cleanup, opened)
            check_case(script, steps, cleanup, source, faults)
            scripts.append(script)
        wrong += faults.times > before
        if wrong >= _WRONG_ROWS or _too_many(scripts, source, faults):
            break
    if rows and wrong < _WRONG_ROWS:
        _check_used(source, rows, used, faults)
    return scripts


def _too_many(scripts: list[Script], source: Source, faults: Faults) -> bool:
    if sum(len(script.steps) for script in scripts) <= MOST_ALTOGETHER:
        return False
    what = f"All cases together have more than {MOST_ALTOGETHER:,} steps."
    faults.tell(source, "table", what, "Make several scripts of it.")
    return True


def _lacking(head: dict[str, Any]) -> bool:
    return any(slot.required and slot.name not in head for slot in HEAD if slot.key not in _LISTS)


def _check_used(source: Source, rows: list[Row], used: set[str], faults: Faults) -> None:
    """Tells parameters that nothing uses."""
    for name, field in {name: field for row in reversed(rows) for name, field in row.fields.items()}.items():
        if name not in used:
            remedy = f"Take it out, or write ${{{name}}} where it counts."
            faults.tell(source, field, f'Nothing uses the parameter "{name}".', remedy)


def _check_keys(source: Source, faults: Faults) -> None:
    known = by_key(HEAD)
    for key in source.said:
        if key not in known:
            faults.tell(source, key[:40], f'Unknown field "{key[:40]}".', suggestion(key, known, "Known fields"))
    for slot in HEAD:
        if slot.required and slot.key not in source.said:
            example = f' For example "{slot.key}: {slot.example}".' if slot.example else ""
            faults.tell(
                source, slot.key, f"{slot.title} {'are' if slot.key == 'steps' else 'is'} missing.", f"Add it.{example}"
            )


def _head(source: Source, scope: Scope, faults: Faults) -> dict[str, Any]:
    """The fields of a Script that stand before its steps."""
    found: dict[str, Any] = {}
    for slot in HEAD:
        if slot.key not in source.said or slot.key in _LISTS:
            continue
        said = source.said[slot.key]
        try:
            found[slot.name] = slot.value.read(scope.fill(said) if slot.key in _FILLED else said)
        except UsageError as error:
            faults.wrong(source, slot.key, error)
    return found


def _steps(key: str, source: Source, scope: Scope, opened: dict[Path, Source], faults: Faults) -> list[Placed]:
    """The steps under ``key``, each with where it is written."""
    if key not in source.said:
        return []
    steps: list[Placed] = []

    def take(raw: RawStep) -> None:
        step = read_step(raw, faults)
        if step is not None:
            steps.append((raw, step))

    prefix = "c" if key == "cleanup" else ""
    Expansion(faults, opened, take).add(source.said[key], source, key, scope, prefix)
    return steps


def _script(
    source: Source,
    head: dict[str, Any],
    row: Row,
    steps: list[Placed],
    cleanup: list[Placed],
    opened: dict[Path, Source],
) -> Script:
    texts = [source.text, *(opened[path].text for path in sorted(opened))]
    texts += [step.body.source for _, step in (*steps, *cleanup) if isinstance(step.body, WriteProgram)]
    whole = json.dumps([*texts, row.case, row.parameters])
    usual = Step("c1", body_text(Stop()), Stop(), file=str(source.path))
    return Script(
        path=source.path,
        name=head["name"],
        case=row.case,
        about=head.get("about", ""),
        tags=head.get("tags", ()),
        duration_ms=head["duration"],
        interval_ms=head["interval"],
        needs=head.get("needs", Needs()),
        on_fail=head.get("on_fail", "stop"),
        steps=tuple(step for _, step in steps),
        cleanup=tuple(step for _, step in cleanup) or (usual,),
        text=source.text,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        parameters=dict(row.parameters),
    )


# -- finding -----------------------------------------------------------------------------------------------------------


def library() -> tuple[Path, ...]:
    """The scripts that come with the program, by name."""
    try:
        folder = resource("scripts")
    except FileNotFoundError:
        return ()
    return tuple(sorted(folder.glob(f"*{SCRIPT_SUFFIX}")))


def find(name_or_path: str) -> Path:
    """The shipped script of this name, or the file at this path; raises UsageError for neither."""
    shipped = {path.name.removesuffix(SCRIPT_SUFFIX): path for path in library()}
    path = Path(name_or_path).expanduser()
    if path.exists():
        return path
    name = name_or_path.removesuffix(SCRIPT_SUFFIX)
    if name in shipped:
        return shipped[name]
    listed = suggestion(name, shipped, "Shipped are") if shipped else "Check the path."
    raise UsageError(f'There is no script "{name_or_path[:80]}".', listed)


def collect(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The scripts among ``paths``: files as they are, folders with all ``*.qa.yaml`` below them, by name; none twice.

    Raises UsageError for a path where nothing is.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            for one in _below(path):
                found.setdefault(one.resolve(), one)
        elif path.exists():
            found.setdefault(path.resolve(), path)
        else:
            raise UsageError(f"There is no file or folder {path}.", "Check the path.")
    return tuple(found.values())


def _below(folder: Path) -> list[Path]:
    """The scripts below ``folder``, without what is hidden; links to folders aren't followed."""
    found: list[Path] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen = (name for name in sorted(files) if not name.startswith("."))
        found += [Path(parent, name) for name in seen if name.endswith(SCRIPT_SUFFIX)]
        if len(found) > _MOST_FILES:
            raise UsageError(f"There are more than {_MOST_FILES:,} scripts below {folder}.", "Name a smaller folder.")
    return found
