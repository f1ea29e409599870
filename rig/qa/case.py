"""A case under way: what has come in, where the link is, and the small procedures that all steps are made of."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from firmware_link.client import ONCE
from firmware_link.clock import Clock
from firmware_link.decode import message_of
from firmware_link.errors import PortLost, PumpError, RequestTimeout
from rig.firmware.program import Program as DeviceProgram
from rig.linkstate import LinkState
from rig.qa.expectations import ExpectGolden
from rig.qa.judging import JudgeContext
from rig.qa.material import Material
from rig.qa.merging import merged
from rig.qa.planning import Planned
from rig.qa.script import Script
from rig.qa.told import Judged, Mark, Send, StepEvent, Stretch, Turn, Turned, Want
from rig.session import Batch, Command, Reply, SessionInfo, Status

Result = TypeVar("Result")
Going = Generator[StepEvent | Want, Any, Result]

LOST_S = 120.0  #: so long a lost pump is waited for before something that needs it
_MANY = 1000  # batches that wait to be gathered
POLL_S = 1.0  # longer than data are gathered, so that they are read a fixed time after the pump sent them


@dataclass(frozen=True)
class RecordedStep:
    """A step as a recording has it, for judging it again."""

    begin: Mark
    end: Mark | None  # None: whoever carried it out was cut short
    judged: Judged


@dataclass(frozen=True)
class RecordedCase:
    """A case as a recording has it: its steps by their index, and why it ended; "" where it has no end."""

    steps: dict[int, RecordedStep]
    why: str


@dataclass(frozen=True)
class Pump:
    """What a case is carried out on, as it is when the case begins."""

    info: SessionInfo
    clock: Clock
    seed: int | None = None  # of a virtual rig
    laboratory_balance: bool = False
    attended: bool = False  # somebody is there to answer
    programs: tuple[tuple[DeviceProgram, int | None], ...] = ()  # known already, with digests where others call it so
    golden: Callable[[ExpectGolden, Mark], Judged] | None = None  # the run so far, up to a mark of the case, beside it
    recorded: RecordedCase | None = None  # nothing is carried out: a recording is judged


class Cancelled(Exception):
    """Somebody wants the case to end."""


@dataclass
class Case:
    """What all steps share.  ``turn`` is the only place where time passes."""

    script: Script
    pump: Pump
    planned: Planned = field(init=False)
    context: JudgeContext = field(init=False)
    now: Mark = field(init=False)  # the latest true moment
    latest: tuple[int, int] | None = None  # boot and t_us of the latest sample
    online: bool = True
    watched: int = 0  # events before this one are nothing that a wait is for
    cleaning: bool = False
    changed: dict[str, int] = field(default_factory=dict)  # settings as they were found
    made: dict[str, None] = field(default_factory=dict)  # faults without an end, in order
    _heard: list[Batch] = field(default_factory=list)  # that the material hasn't yet
    _replies: dict[int, Reply] = field(default_factory=dict)  # by ticket, until somebody takes them
    _losses: int = 0  # how often the link was lost
    _given_up: bool = False  # the pump was waited for in vain
    _answer: str | None = None
    _over: str | None = None
    _boot: int = 0
    _closed: PumpError | None = None

    def __post_init__(self) -> None:
        device = self.pump.info.device
        self._material = Material(dict(device.settings) if device else {})
        self._boot = device.boot_count if device else 0
        self.planned = Planned(self.pump.programs)
        self.now = Mark(self.pump.clock.utc_us(), self._boot, 0)
        begin = Stretch(self.now, self.now)
        self.context = JudgeContext(self.now, begin, None, self.planned.between_nl)

    # -- time --------------------------------------------------------------------------------------------------------

    def turn(self) -> Going[Batch]:
        """Lets time pass until something comes, or is to come, and takes it.  Raises Cancelled, and the link's error
        once it is closed."""
        self._check_open()
        turned: Turned = yield Turn(max(POLL_S, self.interval_s) if self.online else POLL_S)
        batch = turned.batch
        self._heard.append(batch)
        if len(self._heard) >= _MANY:
            self._gather()
        self._see(batch)
        self._answer = turned.answer if turned.answer is not None else self._answer
        self._over = turned.over
        self._check_open()
        if turned.cancelled:
            raise Cancelled
        return batch

    def _gather(self) -> None:
        if self._heard:
            heard, self._heard = self._heard, []
            batch = merged(heard)
            self._material.add(batch)
            self.planned.add(batch, next((one.status for one in heard if one.status is not None), None))

    @property
    def material(self) -> Material:
        """With all that has come."""
        self._gather()
        return self._material

    @property
    def settings(self) -> dict[str, int]:
        """The pump's, by now."""
        return self._material.settings

    @settings.setter
    def settings(self, settings: dict[str, int]) -> None:
        self._material.settings = settings

    @property
    def interval_s(self) -> float:
        """Between two samples."""
        return self.settings.get("sample_interval_ms", 0) / 1000

    def _check_open(self) -> None:
        """Raises why the session was closed, where it was; a recording goes on."""
        if self._closed is not None and self.pump.recorded is None:
            raise self._closed

    def take_answer(self) -> str | None:
        """What the operator has answered since this was last asked."""
        answer, self._answer = self._answer, None
        return answer

    def take_over(self) -> str | None:
        """Of a recording: how the step ended that has come in."""
        over, self._over = self._over, None
        return over

    def _see(self, batch: Batch) -> None:
        for frame in batch.frames:
            if frame.name == "welcome" and not frame.outgoing:
                self._boot = message_of(frame.payload).values["boot_count"]
        if len(batch.samples):
            last = batch.samples[-1]
            self._boot = int(last["boot"])
            self.latest = self._boot, int(last["t_us"])
        self._replies |= {reply.ticket: reply for reply in batch.replies}
        for link in batch.links:
            self.online = link.state is LinkState.ONLINE
            self._losses += not self.online
            if link.state is LinkState.CLOSED:
                self._closed = link.error or PortLost("The link was closed.", "Connect again.")

    @property
    def closed(self) -> bool:
        """Whether there is no session any more."""
        return self._closed is not None

    def until_online(self) -> Going[None]:
        """Waits for a lost pump; raises PortLost where it doesn't come back, and at once where it was waited for in
        vain before.

        The limit holds in the session's seconds and in those of its deadlines, which differ on a rig that runs fast.
        """
        clock = self.pump.clock
        begin_us, begin_s = clock.utc_us(), clock.monotonic()
        while not self.online:
            lasted_s = min((clock.utc_us() - begin_us) / 1e6, clock.monotonic() - begin_s)
            if self._given_up or lasted_s > LOST_S:
                self._given_up = True
                what = f"The link was lost, and the pump did not come back within {LOST_S:.0f} s; it goes on as it is."
                raise PortLost(what, "Check cable and power, and see what the pump does.")
            yield from self.turn()
        self._given_up = False

    # -- commands ----------------------------------------------------------------------------------------------------

    def execute(self, procedure: Generator[Command, Reply, Result]) -> Going[Result]:
        """Carries out a procedure, waiting for a lost pump; raises what the procedure raises."""
        turn: Callable[[], Command] = partial(next, procedure)
        while True:
            try:
                command = turn()
            except StopIteration as stop:
                result: Result = stop.value
                return result
            reply = yield from self._replied(command)
            turn = partial(procedure.send, reply)
            if reply.error is not None:
                turn = partial(procedure.throw, reply.error)

    def _replied(self, command: Command) -> Going[Reply]:
        """Sends it and gives what came of it: again, where nothing did since the link was lost, and twice is once."""
        while True:
            yield from self.until_online()
            ticket, losses = (yield Send(command)), self._losses
            while ticket not in self._replies:
                if self.online:
                    yield from self.turn()
                else:
                    yield from self.until_online()
            reply = self._replies.pop(ticket)
            in_vain = isinstance(reply.error, RequestTimeout) and self._losses > losses
            if not in_vain or command.name in ONCE:
                return reply

    def command(self, name: str, **values: int) -> Going[Reply]:
        """One command; raises its refusal."""
        return (yield from self.execute(_one(Command(name, values))))

    # -- marks -------------------------------------------------------------------------------------------------------

    def mark(self) -> Going[Mark]:
        """This moment, by the pump's own status; by the clock while the link is lost."""
        status = yield from self._asked()
        now_us = self.pump.clock.utc_us()
        latest = self.material.status
        if status is not None:
            t_us = status.fields["t_us"]
        elif latest is not None:
            t_us = latest.fields["t_us"] + now_us - latest.host_us
        else:
            t_us = self.now.t_us + now_us - self.now.host_us
        self.now = Mark(now_us, self._boot, t_us, **self.material.counts())
        if status is not None:
            self.material.statuses.append((self.now, status))
        return self.now

    def _asked(self) -> Going[Status | None]:
        """The pump's status; None where the link is lost, or is lost meanwhile."""
        if not self.online or self.closed:
            return None
        ticket, losses = (yield Send(Command("get_status"))), self._losses
        while ticket not in self._replies:
            yield from self.turn()
            if self._losses > losses:
                return None
        return self.material.status if self._replies.pop(ticket).error is None else None

    def marked(self, mark: Mark) -> None:
        """A recorded moment is now."""
        self.now = mark
        if self.online and self.material.status is not None:
            self.material.statuses.append((mark, self.material.status))

    # -- what others judge by ----------------------------------------------------------------------------------------

    def stepping(self, begin: Mark) -> None:
        """A step begins."""
        self.context = replace(self.context, step=begin)

    def ending(self, end: Mark) -> None:
        """A golden run is laid beside what came up to ``end``."""
        golden = self.pump.golden
        if golden is not None:
            self.context = replace(self.context, golden=lambda body: golden(body, end))

    def stretch(self, begin: Mark) -> Stretch:
        """From there until now, whatever has come since the latest mark included."""
        passed_us = self.pump.clock.utc_us() - self.now.host_us
        now = replace(self.now, host_us=self.now.host_us + passed_us, t_us=self.now.t_us + passed_us)
        return Stretch(begin, replace(now, boot=self._boot, **self.material.counts()))


def _one(command: Command) -> Generator[Command, Reply, Reply]:
    return (yield command)
