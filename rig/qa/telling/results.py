"""What became of cases, gathered from what a runner tells: what reports, JUnit and history are made of."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from firmware_link.errors import PumpError
from rig.measured import CANCELLED, Verdict, worst
from rig.moments import at_text
from rig.qa.script import Script
from rig.qa.told import CaseBegan, CaseEnded, StepBegan, StepEnded, StepEvent
from rig.session import DeviceInfo

NOT_BEGUN, UNDER_WAY = "not begun", "cut short: the runner ended before the case did"


@dataclass(frozen=True)
class Result:
    """One case.  While ``why`` is NOT_BEGUN its verdict is "skipped"; while it is UNDER_WAY, "error"."""

    script: Script
    verdict: Verdict = "skipped"
    why: str = NOT_BEGUN
    asked: str = ""  # the address that was asked for
    target: str = ""  # what the pump is: of a recording that is judged, what it was made on
    device: DeviceInfo | None = None
    seed: int | None = None
    began_us: int = 0  # session time, UTC
    ended_us: int = 0
    took_s: float = 0.0  # real time
    steps: tuple[StepEnded, ...] = ()
    under_way: StepBegan | None = None
    error: PumpError | None = None
    run: Path | None = None  # the recording, where one was kept
    run_started_us: int = 0
    run_digest: str = ""  # of its evidence, once it is finished

    @property
    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self.why not in (NOT_BEGUN, UNDER_WAY)

    @property
    def replayed(self) -> bool:
        """Whether nothing was carried out: a recording was judged."""
        return self.asked.startswith("replay:")

    @property
    def device_id(self) -> str:
        """16 hex digits, "" where no pump answered."""
        return self.device.device_id if self.device else ""

    @property
    def decisive(self) -> StepEnded | None:
        """The first step that ended as the case did; None where all is well, or no step did."""
        if self.verdict in ("pass", "skipped"):
            return None
        return next((step for step in self.steps if step.judged.verdict == self.verdict), None)

    @property
    def sentence(self) -> str:
        """In one sentence why it ended as it did; "" for a pass."""
        step = self.decisive
        if step is not None:
            return step.judged.detail or step.step.title
        if self.error is not None:
            return self.error.sentence()
        if self.why == UNDER_WAY and self.under_way is not None:
            within = self.under_way.step
            return f"{self.why}, in step {within.number}, {within.title}"
        return "" if self.verdict == "pass" else self.why

    def moment(self, step: StepEnded) -> str:
        """Where to look at in the recording, "00:12:31.250" from its begin; "" without one."""
        return at_text(self.moment_us(step), self.run_started_us) if self.run else ""

    def moment_us(self, step: StepEnded) -> int:
        """The same in session time, UTC."""
        return max(self.run_started_us, step.judged.at_us or step.mark.host_us)

    def command(self, step: StepEnded) -> str:
        """What shows that moment; "" without a recording."""
        run = self.run
        return f"pump-programmer gui {shlex.quote(str(run))} --at {self.moment(step)}" if run else ""


@dataclass
class Tally:
    """Gathers the results of ``scripts``, in their order, from the events of runners."""

    scripts: tuple[Script, ...]
    results: list[Result] = field(init=False)

    def __post_init__(self) -> None:
        self.results = [Result(script) for script in self.scripts]

    def begin(self, index: int, target: str, run: Path | None = None, run_started_us: int = 0) -> None:
        """The case ``index`` is to begin, and is recorded into ``run``."""
        self._change(
            index, verdict="error", why=UNDER_WAY, asked=target, target=target, run=run, run_started_us=run_started_us
        )

    def take(self, index: int, event: StepEvent) -> None:
        """Something of it was told."""
        match event:
            case CaseBegan():
                self._change(index, target=event.target, device=event.device, seed=event.seed, began_us=event.at_us)
            case StepBegan():
                self._change(index, under_way=event)
            case StepEnded():
                self._change(index, steps=(*self.results[index].steps, event), under_way=None)
            case CaseEnded():
                said = {"verdict": event.verdict, "why": event.why, "ended_us": event.at_us, "error": event.error}
                self._change(index, under_way=None, **said)

    def failed(self, index: int, error: PumpError) -> None:
        """It came to nothing."""
        self._change(index, verdict="error", why=str(error), error=error, under_way=None)

    def end(self, index: int, took_s: float, run: Path | None, run_digest: str = "") -> Result:
        """It is over, after ``took_s`` of real time; ``run`` is what was kept."""
        self._change(index, took_s=took_s, run=run, run_digest=run_digest)
        return self.results[index]

    def _change(self, index: int, **changes: Any) -> None:
        self.results[index] = replace(self.results[index], **changes)


def verdict_of(results: Sequence[Result]) -> Verdict:
    """The verdict of all together."""
    return worst((one.verdict for one in results), "skipped")


def exit_code(results: Sequence[Result]) -> int:
    """0 all passed; 1 one failed or is inconclusive; 2 cancelled; an error's own where a case ended with one."""
    if any(one.why == CANCELLED for one in results):
        return 2
    for one in results:
        if one.verdict == "error":
            return one.error.exit_code if one.error else 1
    return 1 if verdict_of(results) in ("fail", "inconclusive") else 0
