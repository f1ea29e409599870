"""Short scripts carried out on rigs: what they tell, and what they leave behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from rig.interrupt import Interrupt
from rig.linkstate import LinkState
from rig.measured import Verdict
from rig.qa.deeds import Ask
from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.qa.script import Script
from rig.qa.told import CaseEnded, StepEnded, StepEvent
from rig.recording.writer import RunWriter
from rig.session import Batch, Session
from rig.targets import open_session

SIM = "sim:?seed=7&speed=max"
_HEAD = """\
qa: 1
name: Short
duration: 2 h
interval: 1 s
"""


def script(steps: str, head: str = "", text: str = _HEAD, path: Path = Path("short.qa.yaml")) -> Script:
    """The one case of a script with these steps; ``head`` is what it says besides."""
    (made,) = script_file.loads(f"{text}{dedent(head)}steps:\n{dedent(steps)}", path)
    return made


@dataclass
class Told:
    """All that a case told."""

    events: list[StepEvent] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)

    @property
    def ended(self) -> CaseEnded:
        last = self.events[-1]
        assert isinstance(last, CaseEnded)
        return last

    @property
    def steps(self) -> list[StepEnded]:
        return [event for event in self.events if isinstance(event, StepEnded)]

    @property
    def verdicts(self) -> list[Verdict]:
        return [step.judged.verdict for step in self.steps]

    def step(self, index: int) -> StepEnded:
        return next(step for step in self.steps if step.index == index)

    def sent(self) -> list[str]:
        """What was commanded, without questions."""
        frames = [frame for batch in self.batches for frame in batch.frames if frame.outgoing]
        return [frame.name for frame in frames if not frame.name.startswith(("get_", "ack_", "read_"))]

    def kinds(self) -> list[str]:
        """Of the pump's events."""
        return [event.kind for batch in self.batches for event in batch.events]


@dataclass
class Pressing(Interrupt):
    """Ctrl-C, at these of the runner's turns."""

    turns: tuple[int, ...]
    turn: int = 0

    def check(self) -> None:
        self.turn += 1
        if self.turn in self.turns:
            raise KeyboardInterrupt


def watched(session: Session, told: Told) -> Session:
    """``session``, all of whose batches ``told`` has."""
    poll = session.poll

    def seen(timeout_s: float) -> Batch:
        told.batches.append(poll(timeout_s))
        return told.batches[-1]

    vars(session)["poll"] = seen
    return session


def carry_out(
    made: Script,
    target: str = SIM,
    *,
    run: Path | None = None,
    answer: Callable[[Ask], str | None] | None = None,
    pressed: tuple[int, ...] = (),
    balance: str = "",
) -> Told:
    """``made`` on ``target``, recorded where ``run`` is a file."""
    session = open_session(target, balance=balance)
    try:
        return on(session, made, run=run, answer=answer, pressed=pressed)
    finally:
        session.close()


def on(
    session: Session,
    made: Script,
    *,
    run: Path | None = None,
    answer: Callable[[Ask], str | None] | None = None,
    pressed: tuple[int, ...] = (),
) -> Told:
    """``made`` on an open session."""
    told = Told()
    watched(session, told)
    interrupt = Pressing(pressed) if pressed else None
    writer = None if run is None else RunWriter(run, session.clock, session.info)
    try:
        drive(made, session, writer=writer, on_event=told.events.append, answer=answer, interrupt=interrupt)
        if writer is not None:
            writer.finish(told.ended.why)
    finally:
        if writer is not None:
            writer.close()
    return told


def states(told: Told) -> list[LinkState]:
    """Of the link, as it came and went."""
    return [link.state for batch in told.batches for link in batch.links]
