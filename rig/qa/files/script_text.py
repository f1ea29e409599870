"""Writes scripts as files: what is written reads back equal."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from rig import yamledit
from rig.qa import expectations as expected
from rig.qa.deeds import Stop
from rig.qa.files.filling import escaped
from rig.qa.files.head_file import HEAD, SCHEMA
from rig.qa.files.slots import Place
from rig.qa.files.step_kinds import AS, FAILS, REFUSED, TITLE, kind_of_body
from rig.qa.limits import Over
from rig.qa.script import Needs, Script, Step
from rig.qa.words import body_text
from rig.therapy import units

Document = dict[str, Any]
_HEAD = {slot.key: slot for slot in HEAD}


def dump(script: Script, folder: Path, old: str = "") -> str:
    """The text of a file in ``folder`` that says ``script``, one case with all steps in place.

    Of ``old``, an older text of it, everything stays as it is that says the same, comments included.
    """
    return yamledit.rewrite(old, document_of(script, folder))


def document_of(script: Script, folder: Path) -> Document:
    """The same as a plain document."""
    document: Document = {"qa": SCHEMA, "name": script.name}
    document |= {"about": escaped(script.about)} if script.about else {}
    document |= {"tags": list(script.tags)} if script.tags else {}
    document["duration"] = units.write(script.duration_ms, units.DURATION)
    document["interval"] = units.write(script.interval_ms, units.DURATION)
    document |= {"needs": escaped(_HEAD["needs"].value.write(script.needs))} if script.needs != Needs() else {}
    document |= {"on-fail": script.on_fail} if script.on_fail != "stop" else {}
    document["steps"] = [step_document(step, folder) for step in once_labelled(script.steps)]
    if [step.body for step in script.cleanup] != [Stop()]:
        document["cleanup"] = [step_document(step, folder) for step in script.cleanup]
    return document


def once_labelled(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same with no label twice: what a repetition called "held" again and again is "held", "held-2" …"""
    counts: Counter[str] = Counter()
    now: dict[str, str] = {}  # what each label is called at this step
    found = []
    for step in steps:
        body = _relabelled(step.body, now)
        if step.label:
            counts[step.label] += 1
            count = counts[step.label]
            now[step.label] = step.label if count == 1 else f"{step.label}-{count}"
        found.append(replace(step, body=body, label=now.get(step.label, "")))
    return tuple(found)


def _relabelled(body: Any, now: dict[str, str]) -> Any:
    """``body`` with every label as it is called now."""
    if isinstance(body, expected.ExpectBackPressure):
        return replace(body, stretches=tuple((pressure, now.get(label, label)) for pressure, label in body.stretches))
    if isinstance(body, expected.ExpectOcclusion):
        body = replace(body, release=now.get(body.release, body.release))
    over = getattr(body, "over", None)
    if not isinstance(over, Over):
        return body
    since, during = (now.get(label, label) for label in (over.since, over.during))
    return replace(body, over=replace(over, since=since, during=during))


def step_document(step: Step, folder: Path) -> Document:
    """What a file in ``folder`` says to mean ``step``."""
    kind = kind_of_body(step.body)
    said = kind.said(step.body, Place(folder.absolute()))
    head = {kind.head: said.pop(kind.head, kind.word)}
    title = step.title if step.title != body_text(step.body) else ""
    common = {AS.key: step.label, TITLE.key: title, FAILS.key: step.on_fail}
    common[REFUSED.key] = step.refused.replace("_", "-")
    document: Document = escaped(head | said | {key: value for key, value in common.items() if value})
    return document
