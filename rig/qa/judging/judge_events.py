"""Events that are to come, or not to.  An event is when the pump noticed it, whenever that began."""

from collections.abc import Callable
from dataclasses import replace

from firmware_link.vocabulary import PRIORITIES
from rig.linkstate import LinkState
from rig.qa.expectations import ExpectEvent, ExpectNoEvent
from rig.qa.judging import judge_measured as measuring
from rig.qa.judging import judge_moments as moments
from rig.qa.judging.judge_moments import JudgeContext
from rig.qa.judging.material import Material
from rig.qa.limits import USUAL, Limits
from rig.qa.told import Judged, Stretch
from rig.session import Event

#: (when on the axis, the event)
Dated = tuple[int, Event]


def name_of(kind: str) -> str:
    """As scripts call an event."""
    return kind.replace("_", "-")


def in_stretch(
    material: Material, stretch: Stretch, from_us: int | None, wanted: Callable[[Event], bool], ended: bool = True
) -> list[Dated]:
    """The ``wanted`` events in ``stretch``, or from ``from_us`` on, in order.  What comes from a boot
    that no sample has come from counts by when it arrived.  Until it has ``ended`` the stretch goes on beyond its end,
    which is the latest sample then: events come before the samples of their time."""
    begin_us = moments.axis_of(material, stretch.begin) if from_us is None else from_us
    end_us = moments.axis_of(material, stretch.end)
    found = []
    for number, event in enumerate(material.events):
        if not wanted(event):
            continue
        at_us = material.axis_us(event.boot, event.detected_us)
        if at_us is None or begin_us is None or end_us is None:
            if stretch.begin.events <= number < stretch.end.events:
                found.append((end_us or 0, event))
        elif begin_us <= at_us and (at_us <= end_us or not ended):
            found.append((at_us, event))
    return sorted(found, key=lambda one: one[0])


def event(body: ExpectEvent, material: Material, stretch: Stretch, final: bool, context: JudgeContext) -> Judged | None:
    """Whether it came in time.  What the latest deed itself brings about while it is under way came after 0 s."""
    name = f"{name_of(body.event)} after"
    limits = Limits(body.after_ms / 1000 if body.after_ms else None, body.within_ms / 1000, "s")
    zero_us = moments.axis_of(material, stretch.begin)
    from_us = None if body.over != USUAL else moments.axis_of(material, context.deed.begin)
    came = in_stretch(material, stretch, from_us, lambda one: name_of(one.kind) == name_of(body.event), final)
    if came and zero_us is not None:
        at_us, first = came[0]
        after_s = max(at_us - zero_us, 0) / 1e6
        found = measuring.measured(name, after_s, limits)
        return measuring.together(found, at_us=_shown_us(material, stretch, at_us, first))
    if not final:
        return None
    unheard = why_unheard(material, stretch)
    if unheard:
        return measuring.nothing(f"{unheard}, and {name_of(body.event)} may be among them.")
    why = f"it didn't come within {body.within_ms / 1000:g} s."
    missing = measuring.unmeasured(name, limits, why)
    return Judged("fail", (replace(missing, verdict="fail"),), f"{name_of(body.event)}: {why}", stretch.end.host_us)


def no_event(
    body: ExpectNoEvent, material: Material, stretch: Stretch, final: bool, context: JudgeContext
) -> Judged | None:
    """Whether none came."""
    kinds, besides = ({name_of(one) for one in some} for some in (body.events, body.besides))
    least = PRIORITIES.index(body.priority) if body.priority else len(PRIORITIES)

    def unwanted(one: Event) -> bool:
        name = name_of(one.kind)
        return name in kinds or (one.priority >= least and name not in besides)

    came = in_stretch(material, stretch, None, unwanted, final)
    if not came and not final:
        return None
    what = ", ".join(sorted(kinds)) if kinds else f"of {body.priority} priority or above"
    count = measuring.measured(f"events {what}", float(len(came)), Limits(high=0.0))
    if came:
        at_us, first = came[0]
        others = f", and {len(came) - 1} more" if len(came) > 1 else ""
        detail = f"{name_of(first.kind)} came{others}; none was wanted."
        return Judged("fail", (count,), detail, _shown_us(material, stretch, at_us, first))
    unheard = why_unheard(material, stretch)
    if unheard:
        return measuring.nothing(f"{unheard}, and there may be one among them.")
    return Judged("pass", (count,), "None came.")


def why_unheard(material: Material, stretch: Stretch) -> str:
    """Why the pump may have made events in ``stretch`` that haven't come: they were lost, or the link is, since before
    its end; "" where all have come."""
    if any(gap.kind == "events" for gap in material.gaps[stretch.begin.gaps : stretch.end.gaps]):
        return "events of the stretch were lost"
    lost_us: int | None = None
    for link in material.links:
        lost_us = None if link.state is LinkState.ONLINE else lost_us or link.host_us
    return "" if lost_us is None or lost_us >= stretch.end.host_us else "the link is down, events can't come"


def _shown_us(material: Material, stretch: Stretch, at_us: int, event: Event) -> int:
    known = material.axis_us(event.boot, event.detected_us) is not None
    return moments.host_of(material, at_us, stretch.end) if known else event.host_us
