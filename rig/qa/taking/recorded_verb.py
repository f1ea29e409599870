"""What the verb ``script`` does: a test script of a recording, with all that the recording itself passes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.places import SCRIPT_SUFFIX
from rig.qa.taking import recorded_script, taken
from rig.qa.taking.composing import Composed, Named, compose
from rig.qa.taking.recorded_script import Against
from rig.recording.reader import RunReader


@dataclass(frozen=True)
class Prepared:
    """A script that isn't written yet, and how it differs from the one in its place."""

    made: Composed
    against: Against
    remarks: tuple[str, ...]
    proposed: int
    kept: int


def prepare(run: Path, output: Path, name: str) -> Prepared:
    """The script of ``run``.  Raises UsageError for a name that is no script's and a run that nothing was done in,
    RunFileError for one that can't be read."""
    if not output.name.endswith(SCRIPT_SUFFIX):
        raise UsageError(f"{output} isn't called as a script is.", f"Give a name that ends in {SCRIPT_SUFFIX}.")
    with RunReader(run) as reader:
        session = recorded_script.session_of(taken.of_run(reader))
    made = compose(session.taken, session.draft, session.proposals, output, Named(name))
    kept = sum(one.keep for one in session.proposals)
    against = recorded_script.against(made)
    return Prepared(made, against, session.draft.remarks, len(session.proposals), kept)


def told(prepared: Prepared) -> tuple[dict[str, Any], str]:
    """What it is, and what differs from the script in its place."""
    script, changes = prepared.made.script, prepared.against.changes
    files = [script.path.name, *prepared.made.programs]
    data = {
        "script": str(script.path),
        "files": files,
        "steps": len(script.steps),
        "expectations": prepared.kept,
        "left_out": prepared.proposed - prepared.kept,
        "changes": [change.sentence() for change in changes],
    }
    left = f", {prepared.proposed - prepared.kept} left out as not sure" if prepared.proposed > prepared.kept else ""
    lines = [f"{script.path.name}: {len(script.steps)} steps, of which {prepared.kept} are expectations{left}."]
    if prepared.made.programs:
        lines.append(f"Beside it: {', '.join(prepared.made.programs)}")
    if prepared.against.why:
        lines.append(prepared.against.why)
    if changes:
        lines += [
            f"Against the one that was there, {len(changes)} differ{'s'[len(changes) > 1 :]}:",
            *(f"  {one.sentence()}" for one in changes),
        ]
    return data, "\n".join(lines)


def save(prepared: Prepared, force: bool) -> None:
    """Writes it; raises as ``recorded_script.save``."""
    recorded_script.save(prepared.made, force)
