"""Where the moments of a run lie on the axis of its ``Material``, and which stretch an expectation is about."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rig.qa.expectations import Expectation, ExpectEvent, ExpectField, ExpectGolden, ExpectNoEvent, ExpectOcclusion
from rig.qa.judging.material import Material
from rig.qa.limits import USUAL
from rig.qa.told import Judged, Mark, Stretch

_NEAR_ROWS = 64  # that are looked at before all are


@dataclass(frozen=True)
class JudgeContext:
    """What ``Material`` doesn't say: where in the case the step stands, and what others work out."""

    step: Mark  # the begin of the step that expects
    deed: Stretch  # the latest deed, from begin to end; from the begin of the case to it, before any
    wait: Stretch | None = None  # the latest wait
    planned_nl: Callable[[int, int], float | None] | None = None  # between two moments of the axis, in µs
    golden: Callable[[ExpectGolden], Judged] | None = None


def stretch_of(body: Expectation, material: Material, context: JudgeContext, now: Mark) -> Stretch:
    """What ``body`` is about, up to ``now``; patience (``patience_ms``) counts from its begin."""
    over = getattr(body, "over", USUAL)
    if over.last_ms:
        return Stretch(before(material, now, over.last_ms), now)
    if over.during:
        return material.labels[over.during]
    if over.since:
        return Stretch(material.labels[over.since].begin, now)
    match body:
        case ExpectEvent():
            return Stretch(context.deed.end, now)
        case ExpectNoEvent(for_ms=for_ms) if for_ms:
            return Stretch(context.step, now)
        case ExpectField(extreme=""):
            return Stretch(context.step, now)
        case ExpectOcclusion() | ExpectGolden():
            return Stretch(context.deed.begin, now)
    return context.wait or Stretch(context.deed.end, now)


def patience_ms(body: Expectation) -> int:
    """How long after the begin of its stretch it may still come true; 0: it is judged at once."""
    match body:
        case ExpectEvent():
            return body.within_ms
        case ExpectField():
            return body.within_ms
        case ExpectNoEvent():
            return body.for_ms
    return 0


def axis_us(material: Material, rows: NDArray[np.void]) -> NDArray[np.int64]:
    """(n,) where samples (n,) of ``material`` lie."""
    boots = rows["boot"]
    if len(rows) and (boots == boots[0]).all():
        same: NDArray[np.int64] = rows["t_us"] + material.timeline.offset_us(int(boots[0]))
        return same
    seen, which = np.unique(boots, return_inverse=True)
    offsets = np.array([material.timeline.offset_us(int(boot)) for boot in seen], np.int64)
    moments: NDArray[np.int64] = rows["t_us"] + offsets[which] if len(rows) else np.empty(0, np.int64)
    return moments


def first_row(material: Material, mark: Mark) -> int:
    """Which sample was the last at or before ``mark``: it may say a moment before those that had come by then."""
    rows, at_us = material.samples(), axis_of(material, mark)
    row = max(min(mark.samples, len(rows)) - 1, 0)
    for look in (_NEAR_ROWS, row + 1):
        first = max(row + 1 - look, 0)
        found = -1 if at_us is None else int(np.searchsorted(axis_us(material, rows[first : row + 1]), at_us, "right"))
        if found:
            break
    return row if found < 0 else first + max(found - 1, 0)


def axis_of(material: Material, mark: Mark) -> int | None:
    """Where ``mark`` lies; by the host's clock, in a boot that no sample has come from; None without any sample."""
    known = material.axis_us(mark.boot, mark.t_us)
    rows = material.samples()
    if known is not None or not len(rows):
        return known
    row = rows[min(max(mark.samples - 1, 0), len(rows) - 1)]
    return int(row["t_us"]) + material.timeline.offset_us(int(row["boot"])) + mark.host_us - int(row["host_us"])


def host_of(material: Material, at_us: int, near: Mark) -> int:
    """Host time, UTC, of a moment of the axis not far from ``near``."""
    from_us = axis_of(material, near)
    return near.host_us if from_us is None else near.host_us + at_us - from_us


def before(material: Material, mark: Mark, span_ms: int) -> Mark:
    """So long before ``mark``; the case's first sample at the earliest.  Of its counts that of frames is the mark's."""
    rows = material.samples()[: mark.samples]
    end_us = axis_of(material, mark)
    if end_us is None or not len(rows):
        return mark
    at_us = axis_us(material, rows)
    begin_us = max(end_us - span_ms * 1000, int(at_us[0]))
    row = rows[max(int(np.searchsorted(at_us, begin_us, "right")) - 1, 0)]
    boot = int(row["boot"])
    host_us = mark.host_us - (end_us - begin_us)
    return replace(
        mark,
        host_us=host_us,
        boot=boot,
        t_us=begin_us - material.timeline.offset_us(boot),
        samples=int(np.searchsorted(at_us, begin_us, "right")),
        events=sum(
            _came(material, event.boot, event.detected_us, begin_us) for event in material.events[: mark.events]
        ),
        gaps=sum(_came(material, gap.boot, gap.end_us, begin_us) for gap in material.gaps[: mark.gaps]),
        links=sum(link.host_us <= host_us for link in material.links[: mark.links]),
        weighings=int(np.searchsorted(material.weighings()["host_us"][: mark.weighings], host_us, "right")),
    )


def _came(material: Material, boot: int, t_us: int, by_us: int) -> bool:
    at_us = material.axis_us(boot, t_us)
    return at_us is None or at_us <= by_us
