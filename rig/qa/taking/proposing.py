"""What a script of a recorded session could expect: measured values, and limits around them, to accept or edit.

Each is judged on the recording itself by the judge that runs judge with, so that none is offered as sure which the
session it comes from would not pass.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from firmware_link.vocabulary import ALARMS, LOW, STOPPED, state_name
from rig.qa import deeds as d
from rig.qa.expectations import ExpectEvent, ExpectField, ExpectNoEvent, ExpectVolume
from rig.qa.judging.judging import JudgeContext, judge, patience_ms, stretch_of
from rig.qa.limits import USUAL, Limits, Over
from rig.qa.taking.deeds_seen import CUTS
from rig.qa.taking.proposal import Proposable, Proposal
from rig.qa.taking.recorder import SHOWS, Draft, Drafted, nice_ms
from rig.qa.taking.taken import Taken
from rig.qa.told import Judged, Stretch
from rig.session import Event, LinkState

_SHORTEST_US = 10_000_000  # a shorter wait has nothing to say of volumes
_LEAST_NL = 5000
_TOLERANCES = (5.0, 10.0, 15.0, 20.0, 30.0)  # per cent of what was commanded
_OF_COMMANDED = 0.02  # either way, of a pump without a balance
_COARSE = 15.0  # per cent of what was commanded; what is less certain is no check
_SOON_MS = 10_000
_SOON_US = _SOON_MS * 1000
_EARLY_S = 30.0  # an event that came later than that has a limit for coming too early, too
_AROUND_KPA = 10.0
_TOLD = ("bolus_ended", "bolus_cut_short", "prelude_ended", "demand_granted", "demand_refused")
_REFUSALS = ("command_refused", "demand_refused")  # entries of the log that a refused deed leaves
_REMINDERS = ("stopped_reminder",)  # comes by how long it stood, also before anything was taken down
_DISTURBED = (*SHOWS, "empty_reservoir", "wrong_fill", "power_cut", "brown_out", "reset", "power_cut_in_write")


def proposals(taken: Taken, draft: Draft) -> tuple[Proposal, ...]:
    """What could be expected behind each step, in order."""
    return tuple(_Proposing(taken, draft).all())


def judged(taken: Taken, draft: Draft, wanted: Iterable[tuple[int, Proposable]]) -> tuple[Proposal, ...]:
    """What the session says of these expectations, each behind a step."""
    proposing = _Proposing(taken, draft)
    return tuple(proposing.judged(index, body) for index, body in wanted)


class _Proposing:
    def __init__(self, taken: Taken, draft: Draft) -> None:
        self._taken, self._steps = taken, draft.steps
        self._material = taken.material
        ends = [self._stretch(step) for step in self._steps]
        self._material.labels.update({step.label: ends[index] for index, step in enumerate(self._steps)})
        self._ends = ends

    def _stretch(self, step: Drafted) -> Stretch:
        """A wait for a time ends before what the next deed brings about."""
        ahead = 0 if isinstance(step.body, d.Wait) else 1
        return Stretch(self._taken.mark(step.begin_us), self._taken.mark(step.end_us, ahead))

    def all(self) -> Iterator[Proposal]:
        """Behind each step, in order."""
        for index, step in enumerate(self._steps):
            found = self._of_wait(index, step) if is_wait(step) else self._of_deed(index, step)
            for body in found:
                yield self.judged(index, body)

    # -- what ----------------------------------------------------------------------------------------------------

    def _of_wait(self, index: int, step: Drafted) -> Iterator[Proposable]:
        came = [event for event in self._material.events if _within(event, step)]
        before = self._steps[index - 1].body if index else None
        if isinstance(before, d.MakeFault) and before.what in CUTS:  # first: what came is known only then
            yield ExpectField("link", Limits(), "online", _SOON_MS)
        if step.event is not None:
            yield self._event(index, step.event)
            yield from self._pressure(index, step.event)
        for event in _first_of_each(came):
            if event is not step.event and isinstance(step.body, d.Wait):
                yield self._event(index, event)
        if step.end_us - step.begin_us >= _SHORTEST_US:
            yield from self._volume(index)
            yield ExpectNoEvent(priority="low", besides=self._besides(index, step))

    def _besides(self, index: int, step: Drafted) -> tuple[str, ...]:
        """What came, also at the edges of the wait, where another rig may be sooner or later."""
        before = takewhile(lambda one: not is_wait(one), reversed(self._steps[:index]))
        refused = any(one.refused or isinstance(one.body, d.OnDemand) for one in before)
        begin_us, end_us = step.begin_us - _SOON_US, step.end_us + _SOON_US
        near = [one for one in self._material.events if begin_us < one.host_us < end_us and one.priority >= LOW]
        kinds = [one.kind for one in near if one.kind not in _REFUSALS or step.begin_us < one.host_us < step.end_us]
        stood = STOPPED in self._taken.samples(step.begin_us, step.end_us)["state"]
        return tuple(dict.fromkeys((*(_REFUSALS if refused else ()), *(_REMINDERS if stood else ()), *kinds)))

    def _of_deed(self, index: int, step: Drafted) -> Iterator[Proposable]:
        if step.refused:
            return
        body = step.body
        next_us = self._steps[index + 1].end_us if index + 1 < len(self._steps) else self._taken.end_us
        rows = self._taken.samples(step.end_us, min(step.end_us + _SOON_US, next_us))
        if isinstance(body, d.Start | d.Stop | d.WriteProgram | d.Bolus) and len(rows):
            yield ExpectField("state", Limits(), state_name(int(rows["state"][-1])).replace("_", "-"), _SOON_MS)
        if isinstance(body, d.ClearAlarms) and len(rows):
            before = self._taken.samples(0, step.begin_us)["alarms"][-1:]
            for bit, name, *_ in ALARMS:
                if len(before) and int(before[0]) >> bit & 1 and not int(rows["alarms"][-1]) >> bit & 1:
                    yield ExpectField(f"alarm-{name.replace('_', '-')}", Limits(), "off", _SOON_MS)
        if isinstance(body, d.Refill) and len(rows):
            ml = float(rows["reservoir_nl"][-1]) / 1e6
            around = max(0.02 * ml, 0.1)
            yield ExpectField("reservoir", Limits(_down(ml - around), _up(ml + around), "mL"), within_ms=_SOON_MS)

    def _event(self, index: int, event: Event) -> ExpectEvent:
        """Counted from the begin of the fault that it shows, else from the end of the latest deed."""
        cause = self._cause(index, event)
        since_us = self._steps[cause].begin_us if cause is not None else self._deed_before(index).end.host_us
        took_s = max(0.0, (event.host_us - since_us) / 1e6)
        within_ms = nice_ms(round(_up(1.5 * took_s + 10) * 1000))
        before = next((one.body for one in reversed(self._steps[:index]) if is_wait(one)), None)
        just = isinstance(before, d.WaitEvent) and before.event == event.kind  # and may count as too early
        late = took_s > _EARLY_S and not just
        after_ms = int(took_s / 20) * 10_000 if late else 0
        over = USUAL if cause is None else Over(since=self._steps[cause].label)
        return ExpectEvent(event.kind, within_ms, after_ms, over)

    def _cause(self, index: int, event: Event) -> int | None:
        for at in reversed(range(index)):
            body = self._steps[at].body
            if isinstance(body, d.MakeFault) and not body.ends and event.kind in SHOWS.get(body.what, ()):
                return at
        return None

    def _pressure(self, index: int, event: Event) -> Iterator[Proposable]:
        """At an occlusion's alarm, by what the pump itself sensed."""
        cause = self._cause(index, event)
        if event.kind != "occlusion" or cause is None:
            return
        limit_kpa = self._taken.settings.get("occlusion_pa", event.value) / 1000
        limits = Limits(_down(limit_kpa - _AROUND_KPA), _up(event.value / 1000 + _AROUND_KPA), "kPa")
        yield ExpectField("pressure", limits, extreme="most", over=Over(since=self._steps[cause].label))

    def _volume(self, index: int) -> Iterator[Proposable]:
        """Against what was commanded; where that is far off since something was wrong on purpose, as it was."""
        for body in (ExpectVolume("measured", Limits(unit="µL")), ExpectVolume("commanded", Limits(unit="µL"))):
            found = self._judge(index, body)
            if found is None or found.measurements[0].value is None:
                continue
            value, unsure = found.measurements[0].value, found.measurements[0].uncertainty
            commanded_ul = self._commanded_ul(index)
            if commanded_ul * 1000 < _LEAST_NL:
                return
            yield _around(body, value, unsure, commanded_ul)
            return

    def _commanded_ul(self, index: int) -> float:
        found = self._judge(index, ExpectVolume("commanded", Limits(unit="µL")))
        return found.measurements[0].value or 0.0 if found is not None else 0.0

    # -- how sure ------------------------------------------------------------------------------------------------

    def judged(self, index: int, body: Proposable) -> Proposal:
        """``body`` behind a step, accepted where the session passes it."""
        found = self._judge(index, body)
        doubt = "It can't be told from this session." if found is None else ""
        if found is not None and found.verdict != "pass":
            doubt = found.detail
        elif isinstance(body, ExpectVolume) and self._disturbed(index):
            doubt = "A fault was in force."
        elif isinstance(body, ExpectVolume) and self._lost(index):
            doubt = "The link was down for a part of it."
        elif isinstance(body, ExpectVolume) and found and found.measurements[0].uncertainty > _COARSE:
            doubt = "It is too little for the balance to tell well."
        return Proposal(index, body, found.measurements if found else (), not doubt, doubt)

    def _lost(self, index: int) -> bool:
        step = self._steps[index]
        lost = [one.host_us for one in self._material.links if one.state is not LinkState.ONLINE]
        cut = index > 0 and isinstance(self._steps[index - 1].body, d.MakeFault)
        return cut or any(step.begin_us <= at_us <= step.end_us for at_us in lost)

    def _disturbed(self, index: int) -> bool:
        """Whether something was wrong on purpose while the pump ran: how wrong is another rig's own."""
        on: set[str] = set()
        for step in self._steps[: index + 1]:
            if isinstance(step.body, d.MakeFault):
                (on.discard if step.body.ends else on.add)(step.body.what)
                if step.body.duration_ms is not None and step.end_us < self._steps[index].begin_us:
                    on.discard(step.body.what)
        return bool(on.intersection(_DISTURBED))

    def _judge(self, index: int, body: Proposable) -> Judged | None:
        step = self._ends[index].end
        deed = self._deed_before(index + 1)
        waits = [self._ends[at] for at in range(index + 1) if is_wait(self._steps[at])]
        context = JudgeContext(step, deed, waits[-1] if waits else None)
        patient_us = patience_ms(body) * 1000 if isinstance(body, ExpectField) else 0
        now = self._taken.mark(min(step.host_us + patient_us, self._taken.end_us))
        return judge(body, self._material, stretch_of(body, self._material, context, now), True, context)

    def _deed_before(self, index: int) -> Stretch:
        """The latest deed before the step ``index``."""
        for at in reversed(range(min(index, len(self._steps)))):
            if not is_wait(self._steps[at]):
                return self._ends[at]
        begin = self._taken.mark(self._taken.begin_us)
        return Stretch(begin, begin)


def is_wait(step: Drafted) -> bool:
    """Whether the step does nothing but wait."""
    return isinstance(step.body, d.Wait | d.WaitEvent | d.WaitField)


def _within(event: Event, step: Drafted) -> bool:
    """What comes with the end of a wait is the next deed's, but for what was waited for."""
    return event is step.event or step.begin_us < event.host_us < step.end_us


def _first_of_each(came: list[Event]) -> list[Event]:
    """Those that are worth a limit: alarms, and ends of what takes its time."""
    found: dict[str, Event] = {}
    for event in came:
        if (event.priority >= LOW and event.kind != "command_refused") or event.kind in _TOLD:
            found.setdefault(event.kind, event)
    return list(found.values())


def _around(body: ExpectVolume, value_ul: float, unsure_ul: float, commanded_ul: float) -> ExpectVolume:
    """Limits with room for another rig and another balance."""
    if body.of == "commanded":
        room_ul = _OF_COMMANDED * abs(value_ul)
        return replace(body, limits=Limits(_down(value_ul - room_ul), _up(value_ul + room_ul), "µL"))
    off, unsure = 100 * (value_ul - commanded_ul) / commanded_ul, 100 * unsure_ul / commanded_ul
    tolerance = next((one for one in _TOLERANCES if one >= 2 * abs(off) + 2 * unsure), None)
    if tolerance is not None:
        return replace(body, limits=Limits(-tolerance, tolerance, "%", "commanded"))
    room = max(_TOLERANCES[2], 2 * unsure)
    return replace(body, limits=Limits(float(math.floor(off - room)), float(math.ceil(off + room)), "%", "commanded"))


def _down(value: float) -> float:
    return _rounded(value, math.floor)


def _up(value: float) -> float:
    return _rounded(value, math.ceil)


def _rounded(value: float, way: Callable[[float], int]) -> float:
    """In three figures."""
    if not value:
        return 0.0
    digits = 2 - math.floor(math.log10(abs(value)))
    scale = 10.0**digits
    return round(way(value * scale) / scale, max(digits, 0))
