"""What differs between two versions of a script, as people would say it: steps that came, went, moved, or say another
value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from rig.qa.files.slots import Place
from rig.qa.files.step_kinds import kind_of_body
from rig.qa.script import Script, Step
from rig.therapy import units

#: What a step is about; all else that it says are its values.
_SUBJECT = ("event", "events", "field", "what", "of", "extreme", "file", "note", "ask", "run", "priority")
_COMMON = ("refused", "on-fail")
_NOWHERE = Place(Path())
_Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One difference.  ``values`` are (field, before, after), "" where there was none or is none now."""

    kind: Literal["added", "gone", "moved", "changed"]
    number: str  # of the step now, or before, where it is gone; "" for what is about the whole script
    what: str
    values: tuple[tuple[str, str, str], ...] = ()
    before: str = ""  # the number that it had

    def sentence(self) -> str:
        """ "Step 4 changed: “Occlusion” comes within 5 min: within 5 min, was 4 min"."""
        where = f"Step {self.number}" if self.number else "Script"
        said = {"added": "added", "gone": "gone", "changed": "changed", "moved": f"moved, was step {self.before}"}
        values = "; ".join(
            f"{name} {now}, was {was}" if was and now else f"{name} {now} is new" if now else f"{name} {was} is gone"
            for name, was, now in self.values
        )
        return f"{where} {said[self.kind]}: {self.what}" + (f" ({values})" if values else "")


def changes(before: Script, after: Script) -> tuple[Change, ...]:
    """All differences, in the order of ``after``; what is gone stands where it was."""
    found = [*_of_head(before, after), *_of_steps(before.steps, after.steps), *_of_steps(before.cleanup, after.cleanup)]
    return tuple(found)


def _of_head(before: Script, after: Script) -> Iterator[Change]:
    rows = [(name, was, now) for (name, was), (_, now) in zip(_head(before), _head(after), strict=True) if was != now]
    if rows:
        yield Change("changed", "", "what it says of itself", tuple(rows))


def _head(script: Script) -> list[tuple[str, str]]:
    needs = script.needs
    return [
        ("name", script.name),
        ("about", script.about),
        ("tags", ", ".join(script.tags)),
        ("duration", units.write(script.duration_ms, units.DURATION)),
        ("interval", units.write(script.interval_ms, units.DURATION)),
        ("on-fail", script.on_fail),
        ("needs capabilities", ", ".join(needs.capabilities)),
        ("needs a virtual rig", "yes" if needs.virtual else ""),
        ("needs the rig", needs.rig),
        ("needs the device", needs.device),
    ]


def _of_steps(before: Sequence[Step], after: Sequence[Step]) -> Iterator[Change]:
    keys = [key(step) for step in before], [key(step) for step in after]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    moves = _moves(matcher, keys)
    for tag, first, end, begin, last in matcher.get_opcodes():
        if tag == "equal":
            for was, now in zip(before[first:end], after[begin:last], strict=True):
                yield from _changed(was, now, "changed")
            continue
        for at in range(first, end):
            if at not in moves.values():
                yield Change("gone", before[at].number, before[at].title)
        for at in range(begin, last):
            if at in moves:
                yield from _changed(before[moves[at]], after[at], "moved")
            else:
                yield Change("added", after[at].number, after[at].title)


def _moves(matcher: "SequenceMatcher[_Key]", keys: tuple[list[_Key], list[_Key]]) -> dict[int, int]:
    """Place of a step now -> where one about the same was, of those that stayed in no order."""
    gone: dict[_Key, list[int]] = {}
    came: list[int] = []
    for tag, first, end, begin, last in matcher.get_opcodes():
        if tag != "equal":
            for at in range(first, end):
                gone.setdefault(keys[0][at], []).append(at)
            came += range(begin, last)
    return {at: gone[keys[1][at]].pop(0) for at in came if gone.get(keys[1][at])}


def _changed(was: Step, now: Step, kind: Literal["changed", "moved"]) -> Iterator[Change]:
    old, new = values_of(was), values_of(now)
    names = [*new, *(name for name in old if name not in new)]
    values = tuple((name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name))
    if values or kind == "moved":
        yield Change(kind, now.number, now.title, values, was.number)


def key(step: Step) -> _Key:
    """What a step is about: two with the same key are versions of one."""
    said = _said(step)
    return kind_of_body(step.body).name, *(f"{name}={said[name]}" for name in _SUBJECT if name in said)


def values_of(step: Step) -> dict[str, str]:
    """What it says about that, in words."""
    said = _said(step)
    return {name: _words(value) for name, value in said.items() if name not in _SUBJECT}


def _said(step: Step) -> dict[str, Any]:
    kind = kind_of_body(step.body)
    common = dict(zip(_COMMON, (step.refused.replace("_", "-"), step.on_fail or ""), strict=True))
    said: dict[str, Any] = dict(kind.said(step.body, _NOWHERE))
    return said | {name: value for name, value in common.items() if value}


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(one)}" for name, one in value.items())
    return ", ".join(map(_words, value)) if isinstance(value, list | tuple) else str(value)
