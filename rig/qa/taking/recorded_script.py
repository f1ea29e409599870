"""From what was taken down to a script file: drafted, proposed, compared with an older version, written."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from firmware_link.errors import UsageError
from rig import atomic
from rig.places import SCRIPT_SUFFIX
from rig.qa.files import script_file, script_text
from rig.qa.script import Body, Script, Step
from rig.qa.taking.composing import Composed
from rig.qa.taking.proposal import Proposal
from rig.qa.taking.proposing import judged, proposals
from rig.qa.taking.recorder import Draft, draft
from rig.qa.taking.script_diff import Change, changes, key
from rig.qa.taking.taken import Taken


@dataclass(frozen=True)
class Session:
    """A session as steps, and what could be expected of them."""

    taken: Taken
    draft: Draft
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Against:
    """How a new version of a script differs from what is in its place.  ``older`` is None where nothing readable is."""

    taken_up: bool  # whether there is a file
    older: Script | None = None
    changes: tuple[Change, ...] = ()
    why: str = ""  # it can't be compared, or what would be lost


def session_of(taken: Taken) -> Session:
    """What ``taken`` becomes; takes a while for a long one."""
    drafted = draft(taken)
    return Session(taken, drafted, proposals(taken, drafted))


def with_limits_of(session: Session, older: Script) -> tuple[Proposal, ...]:
    """The proposals as somebody has decided before: what ``older`` expects is accepted with its limits where the new
    session holds them too, and what it doesn't expect is left out."""
    places: list[tuple[int, Proposal | None]] = []
    steps: list[Step] = []
    for index, drafted in enumerate(session.draft.steps):
        behind = [one for one in session.proposals if one.after == index]
        places += [(index, None), *((index, one) for one in behind)]
        steps += [Step("", "", body) for body in (drafted.body, *(one.body for one in behind))]
    matcher = SequenceMatcher(None, [key(step) for step in older.steps], [key(step) for step in steps], autojunk=False)
    before = {
        match.b + at: older.steps[match.a + at] for match in matcher.get_matching_blocks() for at in range(match.size)
    }
    result = []
    for place, (index, proposal) in enumerate(places):
        if proposal is not None:
            was = before.get(place)
            result.append(proposal.accepted(False) if was is None else _as_before(session, index, proposal, was.body))
    return tuple(result)


def _as_before(session: Session, index: int, proposal: Proposal, was: Body) -> Proposal:
    if type(was) is not type(proposal.body):
        return proposal
    wanted = replace(was, over=proposal.body.over)
    (found,) = judged(session.taken, session.draft, [(index, wanted)])
    if found.keep:
        return found
    return replace(proposal, keep=True, doubt=f"The limits of before don't hold any more: {found.doubt}")


def against(made: Composed) -> Against:
    """What differs from the script that is in its place."""
    path = made.script.path
    if not path.exists():
        return Against(False)
    found = script_file.read(path)
    if not found.scripts:
        why = found.faults[0].what if found.faults else ""
        return Against(True, why=f"{path.name} is there, but can't be read as a script, and would be replaced. {why}")
    older = found.scripts[0]
    many = len(found.scripts)
    lost = "Its table and parameters would be lost." if many > 1 or older.parameters else ""
    return Against(True, older, changes(older, made.script), lost)


def save(made: Composed, force: bool = False) -> None:
    """Writes the script and the programs that it needs beside it; of a script that is there, comments stay.

    Raises UsageError where a file is in the way and ``force`` isn't given, or can't be written.
    """
    path = made.script.path
    if not path.name.endswith(SCRIPT_SUFFIX):
        raise UsageError(f"{path} isn't called as a script is.", f"Give a name that ends in {SCRIPT_SUFFIX}.")
    files = {path.with_name(name): text for name, text in made.programs.items()}
    in_the_way = [one for one in (path, *files) if one.exists()]
    others = [one for one in in_the_way if one == path or one.read_text("utf-8", "replace") != files[one]]
    if others and not force:
        raise UsageError(f"{others[0].name} exists already.", "Choose another name, or write over it with --force.")
    text = script_text.dump(made.script, path.parent, _older_text(path))
    new = [file for file in files if not file.exists()]
    for file, said in files.items():
        atomic.write_text(file, said)
    found = script_file.read_text(text, path)
    if not found.scripts:  # a recording may be anybody's: what can't be run isn't kept
        for file in new:
            file.unlink(missing_ok=True)
        what = found.faults[0].what if found.faults else "it says nothing."
        raise UsageError(f"What was done can't be said in a script: {what}", "Leave that step out, and record again.")
    atomic.write_text(path, text)


def _older_text(path: Path) -> str:
    """Of a script that can be read; else there is nothing to keep."""
    return path.read_text("utf-8") if path.exists() and script_file.read(path).scripts else ""
