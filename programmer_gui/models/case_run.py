"""One case of a script, as far as it has come: made of what its runner tells.  Free of Qt."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from firmware_link.errors import PumpError
from rig.measured import Curve, Measurement, Verdict, worst
from rig.qa.deeds import Ask
from rig.qa.script import Script, Step
from rig.qa.telling.results import Result, Tally
from rig.qa.told import Asked, CaseBegan, CaseEnded, Judged, StepBegan, StepEnded, StepEvent, StepProgress

WAITING, RUNNING, ASKED = "waiting", "running", "asked"  # of a step that has no verdict yet
BAD: tuple[Verdict, ...] = ("inconclusive", "fail", "error")


@dataclass
class StepState:
    """A step, and what became of it."""

    index: int
    step: Step
    cleanup: bool
    state: str = WAITING  # or RUNNING, ASKED, one of VERDICTS
    judged: Judged | None = None
    began_us: int | None = None  # session time, UTC
    ended_us: int | None = None
    done_s: float = 0.0  # while it runs
    total_s: float = 0.0  # 0: nobody knows
    so_far: tuple[Measurement, ...] = ()
    growing: tuple[Curve, ...] = ()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What was measured; while it runs, what is measured so far."""
        return self.judged.measurements if self.judged is not None else self.so_far

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What it is shown by."""
        return self.judged.curves if self.judged is not None else self.growing

    @property
    def bad(self) -> bool:
        """Whether it ended with anything else than a pass."""
        return self.state in BAD

    @property
    def moment_us(self) -> int | None:
        """Where to look at in the recording: what was judged, else its end."""
        return (self.judged.at_us if self.judged is not None else 0) or self.ended_us

    @property
    def took_s(self) -> float | None:
        """How long it took, or has taken by now; None before it began."""
        if self.began_us is None:
            return None
        return self.done_s if self.ended_us is None else (self.ended_us - self.began_us) * 1e-6


@dataclass
class CaseRun:
    """Feeds on step events."""

    script: Script
    steps: list[StepState] = field(init=False)
    target: str = ""
    device: str = ""  # its id
    seed: int | None = None
    began_us: int | None = None
    now_us: int | None = None  # the latest moment that was told
    asks: Ask | None = None
    ended: CaseEnded | None = None
    refused: PumpError | None = None  # it was never begun
    cancelling: bool = False
    run: Path | None = None  # its recording
    began_run_us: int = 0  # session time, UTC, of the recording's begin
    real_s: float = 0.0  # by this computer's clock, when it was asked for
    tally: Tally = field(init=False)  # what reports are made of

    def __post_init__(self) -> None:
        steps = [(step, False) for step in self.script.steps] + [(step, True) for step in self.script.cleanup]
        self.tally = Tally((self.script,))
        self.steps = [StepState(index, step, cleanup) for index, (step, cleanup) in enumerate(steps)]

    def take(self, event: StepEvent) -> StepState | None:
        """Learns from ``event``; returns the step that it is about, None for the case as a whole."""
        self.tally.take(0, event)
        match event:
            case CaseBegan():
                self.target, self.device, self.seed = event.target, event.device.device_id, event.seed
                self.began_us = self.now_us = event.at_us
            case StepBegan():
                return self._begin(event)
            case StepProgress():
                return self._go_on(event)
            case Asked():
                self.asks = event.ask
                self.steps[event.index].state = ASKED
                return self.steps[event.index]
            case StepEnded():
                return self._end(event)
            case CaseEnded():
                self._close(event)
        return None

    def _begin(self, event: StepBegan) -> StepState:
        row = self.steps[event.index]
        row.state, row.began_us, row.cleanup = RUNNING, event.mark.host_us, event.cleanup
        self.now_us = event.mark.host_us
        return row

    def _go_on(self, event: StepProgress) -> StepState:
        row = self.steps[event.index]
        row.done_s, row.total_s = event.done_s, event.total_s
        row.so_far, row.growing = event.measurements, event.curves
        if row.began_us is not None:
            self.now_us = row.began_us + round(event.done_s * 1e6)
        return row

    def _end(self, event: StepEnded) -> StepState:
        row = self.steps[event.index]
        row.state, row.judged, row.ended_us = event.judged.verdict, event.judged, event.mark.host_us
        self.now_us, self.asks = event.mark.host_us, None
        return row

    def _close(self, event: CaseEnded) -> None:
        self.ended, self.asks, self.now_us = event, None, event.at_us
        for row in self.steps:
            if row.state in (WAITING, RUNNING, ASKED):
                row.state = "skipped"

    def keep(self, run: Path | None, started_us: int, took_s: float) -> None:
        """It is over, after ``took_s`` of real time, and was recorded into ``run`` since ``started_us``."""
        self.run, self.began_run_us = run, started_us
        before = self.result
        self.tally.results[0] = replace(before, run=run, run_started_us=started_us, took_s=took_s)

    @property
    def result(self) -> Result:
        """What reports and the history are made of."""
        return self.tally.results[0]

    @property
    def running(self) -> bool:
        """Whether it has begun and isn't over."""
        return self.began_us is not None and self.ended is None and self.refused is None

    @property
    def verdict(self) -> Verdict | None:
        """How it ended; None until then."""
        return self.ended.verdict if self.ended is not None else None

    @property
    def worst(self) -> Verdict:
        """The worst verdict of a step so far."""
        return worst(row.judged.verdict for row in self.steps if row.judged is not None)

    @property
    def first_bad(self) -> StepState | None:
        """The first step that went as the case did, where that is anything else than a pass."""
        wrong = [row for row in self.steps if row.bad]
        return next((row for row in wrong if row.state == self.verdict), wrong[0] if wrong else None)

    @property
    def current(self) -> StepState | None:
        """The step under way."""
        return next((row for row in self.steps if row.state in (RUNNING, ASKED)), None)

    @property
    def over(self) -> int:
        """How many steps are over."""
        return sum(row.judged is not None for row in self.steps)

    @property
    def took_s(self) -> float:
        """Of the pump's time, so far."""
        return 0.0 if self.began_us is None or self.now_us is None else (self.now_us - self.began_us) * 1e-6

    @property
    def left_s(self) -> float:
        """By what the script says that it takes; 0 where that is over."""
        return max(0.0, self.script.duration_ms * 1e-3 - self.took_s)

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1: of its time, and before its end never all of it."""
        if self.ended is not None:
            return 1.0
        expected_s = self.script.duration_ms * 1e-3
        return min(0.99, self.took_s / expected_s) if expected_s > 0 else 0.0
