"""How a case waits: for time, for turns of the rotor, for an event, for a field, and for what is expected."""

from dataclasses import replace

from firmware_link.errors import RequestTimeout, UsageError
from rig.qa.deeds import Wait, WaitEvent, WaitField, Waiting
from rig.qa.expectations import Expectation, ExpectField
from rig.qa.judging.judge_fields import fits, value_of
from rig.qa.judging.judging import curves_so_far, judge, patience_ms, so_far, stretch_of
from rig.qa.running.case import Case
from rig.qa.running.intake import POLL_S, Going
from rig.qa.script import Body
from rig.qa.told import Judged, Mark, StepProgress
from rig.therapy import units

_LATE_S = 5.0  # beyond two intervals, a sample that a wait ends with doesn't come
_STEPS = 100  # of a wait's time, at which its progress is told


class _Progress:
    """Tells how far a step is, now and then."""

    def __init__(self, case: Case, index: int, body: Body, begin: Mark, total_ms: int) -> None:
        self._case, self._index, self._body, self._begin = case, index, body, begin
        self._total_s = total_ms / 1000
        self._next_s = 0.0

    def tell(self) -> Going[None]:
        """Where it is time for it."""
        done_s = (self._case.pump.clock.utc_us() - self._begin.host_us) / 1e6
        if done_s < self._next_s:
            return
        self._next_s = done_s + max(POLL_S, self._total_s / _STEPS)
        known = self._body, self._case.material, self._case.stretch(self._begin)
        yield StepProgress(
            self._index, min(done_s, self._total_s), self._total_s, so_far(*known), curves_so_far(*known)
        )


def pass_time(case: Case, index: int, body: Body, begin: Mark, duration_ms: int) -> Going[None]:
    """Until the first sample at or after the end, by the pump's clock; by this computer's while nothing comes."""
    progress = _Progress(case, index, body, begin, duration_ms)
    while not _over(case, begin, duration_ms):
        yield from case.turn()
        yield from progress.tell()


def _over(case: Case, begin: Mark, duration_ms: int) -> bool:
    """Whether so long has passed since ``begin``."""
    passed_us = _passed_us(case, begin)
    if passed_us is not None and passed_us >= duration_ms * 1000:
        return True
    late_us = case.pump.clock.utc_us() - begin.host_us - duration_ms * 1000
    return late_us >= (0 if not case.online else (2 * case.interval_s + _LATE_S) * 1e6)


def _passed_us(case: Case, begin: Mark) -> int | None:
    """From ``begin`` to the latest sample, over restarts; None where that can't be known."""
    if case.latest is None:
        return None
    boot, t_us = case.latest
    if boot == begin.boot:
        return t_us - begin.t_us
    begin_us, latest_us = case.material.axis_us(begin.boot, begin.t_us), case.material.axis_us(boot, t_us)
    return None if begin_us is None or latest_us is None else latest_us - begin_us


def wait(case: Case, index: int, body: Waiting, begin: Mark) -> Going[Mark]:
    """Waits, and gives the end.  Raises RequestTimeout where what is waited for doesn't come."""
    match body:
        case Wait():
            duration_ms = body.duration_ms or (yield from _turns_ms(case, body.turns))
            yield from pass_time(case, index, body, begin, duration_ms)
            return _exactly(begin, (yield from case.mark()), duration_ms)
        case WaitEvent():
            yield from _event(case, index, begin, body)
        case WaitField():
            yield from _field(case, index, begin, body)
    return (yield from case.mark())


def _exactly(begin: Mark, end: Mark, duration_ms: int) -> Mark:
    """The end of a wait is where it was to be, where the pump was there all the time: the sample behind it has come."""
    t_us = begin.t_us + duration_ms * 1000
    if end.boot != begin.boot or end.t_us < t_us:
        return end
    return replace(end, t_us=t_us, host_us=end.host_us - (end.t_us - t_us))


def _turns_ms(case: Case, turns: int) -> Going[int]:
    """So many turns of the rotor, at the flow of this moment."""
    have = case.material.counts()["samples"]
    until_us = case.pump.clock.utc_us() + (2 * case.interval_s + _LATE_S) * 1e6
    while case.material.counts()["samples"] == have and case.pump.clock.utc_us() < until_us:
        yield from case.turn()
    rows = case.material.samples()
    flow_pl_s = int(rows["flow_pl_s"][-1]) if len(rows) else 0
    if flow_pl_s <= 0:
        raise UsageError("The rotor stands, so its turns can't be waited for.", "Start the pump in a step before.")
    return -(-turns * case.settings["revolution_pl"] * 1000 // flow_pl_s)


def _event(case: Case, index: int, begin: Mark, body: WaitEvent) -> Going[None]:
    kind = body.event.replace("-", "_")
    progress = _Progress(case, index, body, begin, body.at_most_ms)
    news = True
    while True:
        for number, event in enumerate(case.material.events[case.watched :] if news else (), case.watched + 1):
            if event.kind == kind:
                case.watched = number  # the next wait is for another
                return
        if _over(case, begin, body.at_most_ms):
            said = units.duration_text(body.at_most_ms)
            raise _never(f"“{kind.replace('_', ' ')}” did not come in {said}.")
        news = bool((yield from case.turn()).events)
        yield from progress.tell()


def _field(case: Case, index: int, begin: Mark, body: WaitField) -> Going[None]:
    progress = _Progress(case, index, body, begin, body.at_most_ms)
    while True:
        value = value_of(case.material, body.field)
        if fits(value, body.limits, body.word):
            return
        if _over(case, begin, body.at_most_ms):
            said = units.duration_text(body.at_most_ms)
            raise _never(f"“{body.field}” did not come to what is waited for in {said}; it is {value}.")
        yield from case.turn()
        yield from progress.tell()


def _never(what: str) -> RequestTimeout:
    return RequestTimeout(what, "Look at the recording; give it longer, if it is only slow.")


def expect(case: Case, index: int, body: Expectation, begin: Mark) -> Going[tuple[Judged, Mark]]:
    """Waits until it is certain, or for as long as it may take, then judges up to the end."""
    patience = patience_ms(body)
    if patience and case.pump.recorded is None:
        yield from _until_certain(case, _Progress(case, index, body, begin, patience), body, patience)
    end = case.now if case.pump.recorded is not None else (yield from case.mark())
    return final(case, body, end), end


def _until_certain(case: Case, progress: _Progress, body: Expectation, patience_ms: int) -> Going[None]:
    """Until more can't change what it is, or for so long."""
    begin = stretch_of(body, case.material, case.context, case.stretch(case.now).end).begin
    news, settled = True, False
    while True:
        if news or not settled:
            stretch = stretch_of(body, case.material, case.context, case.stretch(begin).end)
            if judge(body, case.material, stretch, False, case.context) is not None:
                return
        if _over(case, begin, patience_ms):
            return
        batch = yield from case.turn()
        settled = not news and (settled or bool(len(batch.samples)))  # the samples behind it have come, too
        news = isinstance(body, ExpectField) or bool(batch.events or batch.links or batch.gaps)
        yield from progress.tell()


def final(case: Case, body: Expectation, end: Mark) -> Judged:
    """What counts: judged over all that came up to ``end``."""
    case.ending(end)
    stretch = stretch_of(body, case.material, case.context, end)
    judged = judge(body, case.material, stretch, True, case.context)
    return judged or Judged("error", detail="It could not be judged.")
