"""What a field of the pump is, now or within a time, and its extremes over a stretch."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from firmware_link.vocabulary import ALARM_BITS, state_name
from rig.linkstate import LinkState
from rig.measured import Measurement, Verdict
from rig.qa.deeds import WaitField
from rig.qa.expectations import ExpectField
from rig.qa.fields import BY_NAME, Field
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_moments as moments
from rig.qa.judging.material import Material
from rig.qa.limits import Limits
from rig.qa.told import Judged, Stretch

_STALE_MS = 2000  # what is older than that, and than two samples, isn't "now"
_STALE_SAMPLES = 2
_MISSING_SAMPLES = 3  # intervals without a sample, in which an extreme may have been


def value_of(material: Material, name: str) -> float | str | None:
    """The latest value of the field ``name`` (``fields.FIELDS``), in its unit or as a word; None where none came."""
    field = BY_NAME[name]
    rows = material.samples()[-1:]
    status = material.status
    match field.origin:
        case "link":
            return material.links[-1].state.value if material.links else LinkState.ONLINE.value
        case "status":
            return None if status is None else status.fields[field.source] * field.scale
        case "channel":
            values = telemetry.column(rows, field.source)
            return float(values[0]) if len(values) and not math.isnan(values[0]) else None
    newer = status is not None and (not len(rows) or status.host_us >= int(rows["host_us"][0]))
    if newer and status is not None:
        return _word(field, status.fields["state" if field.origin == "state" else "alarms"])
    return _words(field, rows)[0] if len(rows) else None


def _word(field: Field, raw: int) -> str:
    if field.origin == "state":
        return state_name(raw).replace("_", "-")
    return "on" if raw >> ALARM_BITS[field.source] & 1 else "off"


def _words(field: Field, rows: NDArray[np.void]) -> list[str]:
    """Of samples: only of a state and of alarms."""
    return [_word(field, int(raw)) for raw in rows["state" if field.origin == "state" else "alarms"]]


def so_far(body: WaitField | ExpectField, material: Material) -> tuple[Measurement, ...]:
    """The latest value."""
    field = BY_NAME[body.field]
    value = value_of(material, body.field)
    if value is None:
        return ()
    if isinstance(value, str):
        return (Measurement(field.title, None, "", None, None, 0.0, "skipped", value),)
    limits = body.limits
    return (Measurement(field.title, value, field.unit, limits.low, limits.high, 0.0, "skipped"),)


def fits(value: float | str | None, limits: Limits, word: str) -> bool:
    """Whether a value is the wanted one."""
    if word or isinstance(value, str):
        return value == word
    return (
        value is not None
        and (limits.low is None or value >= limits.low)
        and (limits.high is None or value <= limits.high)
    )


def first_fit_us(body: ExpectField, material: Material, stretch: Stretch) -> int | None:
    """When a sample of ``stretch`` first had the wanted value, on the axis; None if none did."""
    field = BY_NAME[body.field]
    rows = material.samples(stretch)
    begin_us = moments.axis_of(material, stretch.begin)
    if begin_us is not None:
        rows = rows[moments.axis_us(material, rows) <= begin_us + body.within_ms * 1000]
    if not len(rows) or field.origin in ("status", "link"):
        return None
    if field.origin == "channel":
        values = telemetry.column(rows, field.source)
        low = -math.inf if body.limits.low is None else body.limits.low
        high = math.inf if body.limits.high is None else body.limits.high
        good = (values >= low) & (values <= high)
    else:
        good = np.array([word == body.word for word in _words(field, rows)])
    which = np.flatnonzero(good)
    return int(moments.axis_us(material, rows[which[:1]])[0]) if len(which) else None


def field(body: ExpectField, material: Material, stretch: Stretch, final: bool) -> Judged | None:
    """Now; within its time; or an extreme."""
    if body.extreme:
        return _extreme(body, material, stretch)
    if body.within_ms:
        at_us = first_fit_us(body, material, stretch)
        if at_us is not None:
            return _soon(body, material, stretch, at_us)
    value = _told(body, material, stretch) if body.within_ms else value_of(material, body.field)
    if body.within_ms and not final and not fits(value, body.limits, body.word):
        return None
    if _is_stale(body, material, stretch):
        return measuring.nothing("the link is down, and what the pump last told is older than that.")
    return _now(body, value)


def _told(body: ExpectField, material: Material, stretch: Stretch) -> float | str | None:
    """The wanted value, where links or statuses of ``stretch`` told it; else the latest."""
    latest = value_of(material, body.field)
    field = BY_NAME[body.field]
    told: list[float | str] = []
    if field.origin == "link":
        told = [link.state.value for link in material.links[stretch.begin.links : stretch.end.links]]
    elif field.origin == "status":
        begin_us, end_us = stretch.begin.host_us, stretch.end.host_us
        inside = [status for mark, status in material.statuses if begin_us <= mark.host_us <= end_us]
        told = [status.fields[field.source] * field.scale for status in inside]
    return next((value for value in told if fits(value, body.limits, body.word)), latest)


def _now(body: ExpectField, value: float | str | None) -> Judged:
    field = BY_NAME[body.field]
    if value is None:
        return measuring.together(
            measuring.unmeasured(field.title, body.limits, "the pump doesn't tell it.", field.unit)
        )
    if isinstance(value, str):
        return _worded(body, value)
    late = f"within {body.within_ms / 1000:g} s" if body.within_ms else ""
    return measuring.together(measuring.measured(field.title, value, body.limits, field.unit, (), late))


def _worded(body: ExpectField, value: str, detail: str = "") -> Judged:
    title = BY_NAME[body.field].title
    verdict: Verdict = "pass" if value == body.word else "fail"
    said = f"{title} is {value}" + (f"; wanted {body.word}" if value != body.word else detail) + "."
    shown = value if verdict == "fail" else value + detail
    return Judged(verdict, (Measurement(title, None, "", None, None, 0.0, verdict, shown),), said)


def _soon(body: ExpectField, material: Material, stretch: Stretch, at_us: int) -> Judged:
    """It was so at ``at_us``."""
    from_us = moments.axis_of(material, stretch.begin)
    after_s = 0.0 if from_us is None else max(0.0, (at_us - from_us) / 1e6)
    detail = f" after {after_s:.3g} s"
    host_us = moments.host_of(material, at_us, stretch.end)
    if body.word:
        return replace(_worded(body, body.word, detail), at_us=host_us)
    rows = material.samples(stretch)
    row = rows[moments.axis_us(material, rows) == at_us]
    field = BY_NAME[body.field]
    value = float(telemetry.column(row, field.source)[0])
    return measuring.together(
        measuring.measured(field.title, value, body.limits, field.unit, (), detail.strip()), at_us=host_us
    )


def _extreme(body: ExpectField, material: Material, stretch: Stretch) -> Judged:
    """Of all samples of the stretch."""
    field = BY_NAME[body.field]
    name = f"{field.title}, {body.extreme}"
    rows = material.samples(stretch)
    values = telemetry.column(rows, field.source) if field.origin == "channel" else np.empty(0)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        why = "no sample of the stretch has it."
        return measuring.together(measuring.unmeasured(name, body.limits, why, field.unit))
    which = known[np.argmin(values[known]) if body.extreme == "least" else np.argmax(values[known])]
    at_us = int(moments.axis_us(material, rows[which : which + 1])[0])
    found = measuring.measured(name, float(values[which]), body.limits, field.unit)
    lost_s = _lost_s(material, stretch, rows[known])
    if lost_s and found.verdict == "pass":
        detail = f"for {lost_s:.3g} s of the stretch no sample came, and nobody knows what it was then"
        found = replace(found, verdict="inconclusive", detail=detail)
    return measuring.together(found, at_us=moments.host_of(material, at_us, stretch.end))


def _lost_s(material: Material, stretch: Stretch, rows: NDArray[np.void]) -> float:
    """How much of ``stretch`` its samples ``rows`` (n,) leave out where they are farther apart than they should be."""
    ends = (moments.axis_of(material, mark) for mark in (stretch.begin, stretch.end))
    at_us = np.sort(np.concatenate([moments.axis_us(material, rows), [end for end in ends if end is not None]]))
    apart_us = np.diff(at_us)
    usual_us = max(material.settings.get("sample_interval_ms", 0) * 1000, float(np.median(apart_us)))
    return float(apart_us[apart_us > _MISSING_SAMPLES * usual_us].sum()) / 1e6


def _is_stale(body: ExpectField, material: Material, stretch: Stretch) -> bool:
    if BY_NAME[body.field].origin == "link" or value_of(material, "link") == LinkState.ONLINE.value:
        return False
    heard_us = max(
        [int(one) for one in material.samples()["host_us"][-1:]] + [material.status.host_us if material.status else 0]
    )
    interval_ms = material.settings.get("sample_interval_ms", 0)
    return stretch.end.host_us - heard_us > 1000 * max(_STALE_MS, _STALE_SAMPLES * interval_ms)
