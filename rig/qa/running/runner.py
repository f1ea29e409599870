"""The one runner of test scripts: a generator that tells frozen events, and says what it wants of who drives it.

It never sleeps, reads a file or knows a session, and judges by what comes in alone: so the same runner judges a
recording, where nothing is carried out.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from typing import get_args

from firmware_link.errors import PortLost, PumpError
from rig.measured import BROKEN, CANCELLED, CUT_SHORT, FINISHED, LOST, STOPPED, worst
from rig.qa.deeds import Ask, Blank, Deed, Refill, Set, Tare, Waiting
from rig.qa.expectations import Expectation
from rig.qa.judging.judging import blank_ug_s
from rig.qa.running import asking, by_hand, doing, needs, waiting
from rig.qa.running.case import Case
from rig.qa.running.intake import Cancelled, Going, Pump, RecordedStep
from rig.qa.script import Script, Step
from rig.qa.told import (
    CaseBegan,
    CaseEnded,
    Judged,
    Mark,
    StepBegan,
    StepEnded,
    Stretch,
    Tell,
    Verdict,
)

__all__ = ["Pump", "run"]

log = logging.getLogger(__name__)

_DEEDS, _WAITS, _EXPECTS = get_args(Deed), get_args(Waiting), get_args(Expectation)


def run(script: Script, pump: Pump) -> Going[CaseEnded]:
    """Carries out ``script`` on ``pump`` and does its cleanup, however it ends; the last that it yields is what it
    returns.

    Raises UsageError before anything is sent where the pump isn't what the script expects.
    """
    needs.check(script, pump)
    return (yield from _Run(script, pump).carry_out())


class _Run:
    """One case."""

    def __init__(self, script: Script, pump: Pump) -> None:
        self._script, self._pump = script, pump
        self._case = Case(pump)
        self._ended: list[StepEnded] = []
        self._error: PumpError | None = None
        self._why = FINISHED
        self._recorded = pump.recorded

    def carry_out(self) -> Going[CaseEnded]:
        """Everything, from the first word to the last."""
        device = self._pump.info.device
        assert device is not None  # ``needs.check``
        clock = self._pump.clock
        yield CaseBegan(self._script, self._pump.info.target, device, clock.utc_us(), self._pump.seed)
        if (yield from self._guarded(self._prepare())):
            for index, step in enumerate(self._script.steps):
                if not (yield from self._step(index, step)):
                    break
        yield from self._clean_up()
        ended = CaseEnded(self._script, self._verdict(), self._why, clock.utc_us(), tuple(self._ended), self._error)
        yield ended
        return ended

    def _verdict(self) -> Verdict:
        verdicts = [ended.judged.verdict for ended in self._ended]
        verdicts += ["error"] if self._error is not None else []
        verdicts += ["skipped"] if self._why == CANCELLED else []
        verdicts += ["error"] if self._why == CUT_SHORT else []
        return worst(verdicts)

    # -- before and after ----------------------------------------------------------------------------------------------

    def _guarded(self, going: Going[None]) -> Going[bool]:
        """Whether it went through; else why not is kept."""
        try:
            yield from going
        except Cancelled:
            self._why = CANCELLED
            return False
        except PumpError as error:
            self._error = self._error or error
            self._why = self._broken() if self._why == FINISHED else self._why
            return False
        return True

    def _broken(self) -> str:
        """Why a case ends that can't be carried out further."""
        if self._recorded is not None:
            return self._recorded.why or CUT_SHORT
        return LOST if isinstance(self._error, PortLost) else BROKEN

    def _prepare(self) -> Going[None]:
        interval = {"sample_interval_ms": self._script.interval_ms}
        if self._recorded is not None:
            yield from self._case.turn()
            self._case.settings |= interval
            return
        yield from doing.read_held(self._case)
        yield from doing.change(self._case, interval)
        yield from self._case.mark()

    def _clean_up(self) -> Going[None]:
        """The pump is left as the script says, and set as it was found."""
        case = self._case
        case.cleaning = True
        if self._recorded is None:
            yield from self._guarded(by_hand.end_faults(case))
        for index, step in enumerate(self._script.cleanup, len(self._script.steps)):
            yield from self._step(index, step)
        if self._recorded is None and not (yield from self._guarded(doing.put_back(case))):
            yield Tell("The pump's settings could not be put back as they were found.")

    # -- a step --------------------------------------------------------------------------------------------------------

    def _step(self, index: int, step: Step) -> Going[bool]:
        """One step; whether the next one is to follow."""
        case, recorded = self._case, None
        if self._recorded is not None:
            recorded = self._recorded.steps.get(index)
            if recorded is None:
                self._why = (self._recorded.why or CUT_SHORT) if self._why == FINISHED else self._why
                return False
            case.now = recorded.begin
        begin = self._begin(step)
        yield StepBegan(index, step, begin, case.cleaning)
        try:
            judged, end = yield from (self._again(step, recorded) if recorded else self._done(index, step, begin))
        except Cancelled:
            self._why = CANCELLED
            judged, end = Judged("skipped", detail="Cancelled."), case.now
        except PumpError as error:
            judged, end = (yield from self._broke(error)), case.now
        except Exception as error:  # a mistake in this program leaves no pump without its cleanup either
            log.exception("step %s of %s failed", step.number, self._script.title)
            what = f"Something in this program failed: {type(error).__name__}. PUMP_PROGRAMMER_DEBUG=1 says where."
            judged, end = Judged("error", detail=what), case.now
        stretch = Stretch(begin, end)
        self._remember(step, stretch)
        ended = StepEnded(index, step, end, judged)
        self._ended.append(ended)
        yield ended
        return self._goes_on(step, judged)

    def _begin(self, step: Step) -> Mark:
        """A wait and what is expected go on where the step before ended; a deed is done now."""
        case = self._case
        follows = bool(self._ended) and not isinstance(step.body, _DEEDS) and self._recorded is None
        begin = self._ended[-1].mark if follows else case.now
        case.stepping(begin)
        if not self._ended:
            case.context = replace(case.context, deed=Stretch(begin, begin))
        if isinstance(step.body, _DEEDS):
            case.watched = begin.events
        return begin

    def _done(self, index: int, step: Step, begin: Mark) -> Going[tuple[Judged, Mark]]:
        """Carries it out and judges it."""
        case, body = self._case, step.body
        if isinstance(body, _WAITS):
            return Judged("pass"), (yield from waiting.wait(case, index, body, begin))
        if isinstance(body, _EXPECTS):
            return (yield from waiting.expect(case, index, body, begin))
        if isinstance(body, Ask):
            judged = yield from asking.ask(case, index, body)
        else:
            judged = yield from doing.do(case, step, index)
        return judged, (yield from case.mark())

    def _again(self, step: Step, recorded: RecordedStep) -> Going[tuple[Judged, Mark]]:
        """What was recorded of it comes in; only expectations are judged, the rest was."""
        case = self._case
        case.take_over()
        while case.take_over() is None:
            yield from case.turn()
        if recorded.end is None:
            self._why = CUT_SHORT
            ends_us = case.pump.clock.utc_us()
            return Judged("error", detail="The recording ends within this step.", at_us=ends_us), recorded.begin
        case.marked(recorded.end)
        if recorded.judged.verdict == "skipped":
            self._why = CANCELLED
        if isinstance(step.body, _EXPECTS) and recorded.judged.verdict not in ("skipped", "error"):
            return waiting.final(case, step.body, recorded.end), recorded.end
        return recorded.judged, recorded.end

    def _broke(self, error: PumpError) -> Going[Judged]:
        """Something stood in the way."""
        self._error = self._error or error
        with suppress(PumpError, Cancelled):  # the link is gone, or nobody wants to know any more
            yield from self._case.mark()
        return Judged("error", detail=error.sentence())

    def _remember(self, step: Step, stretch: Stretch) -> None:
        """What later steps count from."""
        case, body = self._case, step.body
        if step.label:
            case.material.labels[step.label] = stretch
        if isinstance(body, _WAITS):
            case.context = replace(case.context, wait=stretch)
        elif isinstance(body, _DEEDS):
            case.context = replace(case.context, deed=stretch, wait=None)
        match body:
            case Blank():
                case.material.blank_ug_s = blank_ug_s(case.material, stretch) or case.material.blank_ug_s
            case Tare():
                case.material.zeros.append(stretch.end)
            case Set(settings=settings) if self._recorded is not None:
                case.settings = case.settings | dict(settings)
            case Refill(concentration_ng_ml=int(concentration)) if self._recorded is not None:
                case.settings = case.settings | {"concentration_ng_ml": concentration}

    def _goes_on(self, step: Step, judged: Judged) -> bool:
        if self._case.closed or self._why in (CANCELLED, CUT_SHORT):
            return False
        stops = judged.verdict in ("fail", "error") and (step.on_fail or self._script.on_fail) == "stop"
        if stops and self._why == FINISHED:
            self._why = STOPPED if judged.verdict == "fail" else self._broken()
        return not stops
