"""The events of two runs beside each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_link import vocabulary
from rig.compare.amounts import moment_text, span_text
from rig.compare.findings import EVENTS, Differing, Finding, Floats, Verdict
from rig.compare.material import Material
from rig.compare.occurrences import match
from rig.compare.tolerance import EventTolerance, Tolerance
from rig.session import Event
from rig.words import event_detail, event_title

#: What an event's value is (vocabulary.EVENTS), where another value says that something else happened.
TELLING = ("state", "reason", "setting", "error code", "alarm bit", "volume, nl", "ms")
_MEANINGS = {name: meaning for _, name, _, meaning in vocabulary.EVENTS}
_LISTED = 1000  # of one kind, for marks


@dataclass(frozen=True)
class Side:
    """The events of one run by kind, aligned, in order; (n,) times and (n,) values."""

    at: dict[str, tuple[Floats, NDArray[np.int64]]]

    @classmethod
    def of(cls, material: Material, zero_us: int, from_s: float, to_s: float) -> "Side":
        """Those from ``from_s`` to ``to_s``."""
        found = {}
        for kind, (times_us, values) in material.events.items():
            at_s = (times_us - zero_us) / 1e6
            inside = (at_s >= from_s) & (at_s <= to_s)
            if inside.any():
                found[kind] = at_s[inside], values[inside]
        return cls(found)


Placed = tuple[Floats, NDArray[np.int64]]
_NOTHING: Placed = np.empty(0), np.empty(0, np.int64)


@dataclass(frozen=True)
class _Kind:
    """What became of one kind of event."""

    kind: str
    golden: int  # how many, in what both cover
    new: int
    moved_s: float  # the furthest, signed
    differing: tuple[Differing, ...]  # in order of time; "moved" only those beyond tolerance

    def count(self, how: str) -> int:
        return sum(one.how == how for one in self.differing)


def compared(
    golden: Side, new: Side, covered_s: tuple[float, float], tolerance: Tolerance
) -> tuple[list[Finding], list[Differing]]:
    """A finding for each kind of event that one of the runs has within ``covered_s``, which both cover; the sides
    reach a little further, for what moved across."""
    findings: list[Finding] = []
    differing: list[Differing] = []
    for kind in sorted({*golden.at, *new.at}):
        allowed = tolerance.event(kind)
        found = _matched(kind, golden.at.get(kind, _NOTHING), new.at.get(kind, _NOTHING), covered_s, allowed)
        if found.golden or found.new or found.differing:
            findings.append(_finding(found, allowed))
            differing += found.differing[:_LISTED] if allowed.checked else ()
    return findings, sorted(differing, key=lambda one: one.at_s)


def _matched(kind: str, golden: Placed, new: Placed, covered_s: tuple[float, float], allowed: EventTolerance) -> _Kind:
    within_s = allowed.time_s or 0.0
    matched = match(golden[0], new[0], within_s)
    missing, extra = list(matched.missing), list(matched.extra)
    found: list[Differing] = []
    furthest_s = 0.0
    for i, j in matched.pairs:
        at_s, moved_s = float(new[0][j]), float(new[0][j] - golden[0][i])
        if abs(moved_s) > within_s and not _within(np.array([golden[0][i], at_s]), covered_s).all():
            missing.append(i)  # what one of them didn't cover isn't the other's that moved
            extra.append(j)
            continue
        furthest_s = max(furthest_s, moved_s, key=abs)
        if abs(moved_s) > within_s:
            found.append(Differing(kind, "moved", at_s, moved_s))
        if _MEANINGS.get(kind) in TELLING and golden[1][i] != new[1][j]:
            detail = f"{_said(kind, int(new[1][j]))} instead of {_said(kind, int(golden[1][i]))}"
            found.append(Differing(kind, "value", at_s, moved_s, detail))
    found += (Differing(kind, "missing", at_s) for at_s in _covered(golden[0][missing], covered_s))
    found += (Differing(kind, "extra", at_s) for at_s in _covered(new[0][extra], covered_s))
    counts = [int(_within(side[0], covered_s).sum()) for side in (golden, new)]
    return _Kind(kind, counts[0], counts[1], furthest_s, tuple(sorted(found, key=lambda one: one.at_s)))


def _within(times_s: Floats, covered_s: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((times_s >= covered_s[0]) & (times_s <= covered_s[1]))


def _covered(times_s: Floats, covered_s: tuple[float, float]) -> list[float]:
    return [float(at_s) for at_s in times_s[_within(times_s, covered_s)]]


def _said(kind: str, value: int) -> str:
    return event_detail(Event(0, kind, 0, 0, 0, 0, 0, value, 0, 0)) or str(value)


def _finding(found: _Kind, allowed: EventTolerance) -> Finding:
    counts = {how: found.count(how) for how in ("missing", "extra", "moved", "value")}
    few = {"missing": allowed.missing, "extra": allowed.extra}
    beyond = [one for one in found.differing if counts[one.how] > few.get(one.how, 0)]
    verdict: Verdict = "within" if found.differing or found.moved_s else "same"
    if beyond:
        verdict = "beyond" if allowed.checked else "not judged"
    said = [f"{counts[how]} {how}" for how in ("missing", "extra") if counts[how]]
    said += [f"moved by {'up to ' * (found.new > 1)}{span_text(found.moved_s)}"] if abs(found.moved_s) >= 1e-3 else []
    said += [f"{counts['value']} with another value"] if counts["value"] else []
    first = (beyond or found.differing or (None,))[0]
    time = f"±{span_text(allowed.time_s or 0.0)}"
    spare = [f"{many} {how}" for how, many in few.items() if many]
    return Finding(
        EVENTS,
        found.kind,
        event_title(found.kind),
        str(found.golden),
        str(found.new),
        ", ".join(said),
        ", ".join([time, *spare]),
        verdict,
        _sentence(first) if first else "",
        first.at_s if first else None,
        {"golden": found.golden, "new": found.new, **counts, "moved_s": found.moved_s},
    )


def _sentence(one: Differing) -> str:
    """ "Occlusion at 0:12:31 is missing." """
    what = f"{event_title(one.kind)} at {moment_text(one.at_s)}"
    if one.how == "moved":
        return f"{what} came {span_text(abs(one.moved_s))} {'late' if one.moved_s > 0 else 'early'}."
    if one.how == "value":
        return f"{what} says {one.detail}."
    return f"{what} is {'missing' if one.how == 'missing' else 'not in the golden run'}."
