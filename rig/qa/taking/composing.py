"""A script, and the files it needs beside it, of what was recorded and of what was accepted to be expected of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from firmware_link.errors import UsageError
from rig.places import SCRIPT_SUFFIX
from rig.qa import deeds as d
from rig.qa.expectations import ExpectField, ExpectVolume
from rig.qa.script import Body, Needs, Script, Step
from rig.qa.taking.proposal import Proposal
from rig.qa.taking.recorder import Draft, nice_ms
from rig.qa.taking.taken import Taken
from rig.qa.words import body_text
from rig.resources import resource
from rig.virtual.fault_kinds import BY_NAME, LINK, MEMORY, SENSORS

_BY_NOBODYS_HAND = (MEMORY, SENSORS, LINK)
_SENSES = {"measured": "balance", "pressure": "pressure"}


@dataclass(frozen=True)
class Named:
    """What people call a script."""

    name: str
    about: str = ""
    tags: tuple[str, ...] = ("recorded",)


@dataclass(frozen=True)
class Composed:
    """A script, and the programs to be written beside it: file name -> text."""

    script: Script
    programs: dict[str, str]


def compose(taken: Taken, draft: Draft, proposals: Iterable[Proposal], path: Path, named: Named) -> Composed:
    """The script at ``path`` with all ``proposals`` that are kept.  Raises UsageError where there is nothing to do."""
    kept = [one for one in proposals if one.keep]
    if not any(not isinstance(step.body, d.Wait | d.TakeNote) for step in draft.steps):
        raise UsageError("Nothing was done while it was recorded.", "Press Record, work with the pump, then end it.")
    called = {label for one in kept for label in (one.body.over.since, one.body.over.during)}
    programs: dict[str, str] = {}
    steps: list[Step] = []
    for index, drafted in enumerate(draft.steps):
        body = _with_file(drafted.body, path, programs)
        label = drafted.label if drafted.label in called else ""
        steps.append(Step("", body_text(body), body, label, refused=drafted.refused))
        steps += [Step("", body_text(one.body), one.body) for one in kept if one.after == index]
    numbered = tuple(replace(step, number=str(number)) for number, step in enumerate(steps, 1))
    return Composed(_script(taken, draft, numbered, path, named), programs)


def _script(taken: Taken, draft: Draft, steps: tuple[Step, ...], path: Path, named: Named) -> Script:
    fixed_ms = sum(step.body.duration_ms for step in steps if isinstance(step.body, d.Wait))
    lasts_ms = nice_ms(sum(_lasts_ms(step.body) for step in steps))
    return Script(
        path=path,
        name=named.name,
        case="",
        about=named.about,
        tags=named.tags,
        duration_ms=max(fixed_ms, lasts_ms),
        interval_ms=taken.interval_ms,
        needs=_needs(steps),
        on_fail="stop",
        steps=steps,
        cleanup=(Step("c1", body_text(d.Stop()), d.Stop()),),
        text="",
        digest="",
    )


def _lasts_ms(body: Body) -> int:
    if isinstance(body, d.Wait):
        return body.duration_ms
    return body.at_most_ms // 3 if isinstance(body, d.WaitEvent | d.WaitField) else 0


def _needs(steps: tuple[Step, ...]) -> Needs:
    bodies = [step.body for step in steps]
    kinds = [BY_NAME[body.what] for body in bodies if isinstance(body, d.MakeFault)]
    virtual = any(kind.group in _BY_NOBODYS_HAND and kind.name != "unplug" for kind in kinds)
    sensed: set[str] = {body.of for body in bodies if isinstance(body, ExpectVolume)}
    sensed |= {body.field for body in bodies if isinstance(body, ExpectField | d.WaitField)}
    capabilities = tuple(needed for told, needed in _SENSES.items() if told in sensed)
    return Needs(capabilities=capabilities, virtual=virtual)


def _with_file(body: Body, path: Path, programs: dict[str, str]) -> Body:
    """A program is written beside the script, unless it is one of the shipped ones."""
    if not isinstance(body, d.WriteProgram):
        return body
    for shipped in sorted(resource("programs").glob("*.yaml")):
        if shipped.read_text("utf-8") == body.source:
            return replace(body, file=shipped.stem)
    stem = f"{path.name.removesuffix(SCRIPT_SUFFIX)}-{slug(body.program.name)}"
    name = f"{stem}.yaml"
    count = 1
    while programs.get(name, body.source) != body.source:
        count += 1
        name = f"{stem}-{count}.yaml"
    programs[name] = body.source
    return replace(body, file=name)


def slug(name: str) -> str:
    """A name as a file can be called: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "program"
