"""What comes in of a case: the one place where its time passes, and what is known of the link and of the answers."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from firmware_link.clock import Clock
from firmware_link.decode import message_of
from firmware_link.errors import PortLost, PumpError
from rig.firmware.program import Program as DeviceProgram
from rig.linkstate import LinkState
from rig.qa.expectations import ExpectGolden
from rig.qa.judging.material import Material
from rig.qa.running.merging import merged
from rig.qa.running.planning import Planned
from rig.qa.told import Judged, Mark, StepEvent, Turn, Turned, Want
from rig.session import Batch, Reply, SessionInfo

Result = TypeVar("Result")
Going = Generator[StepEvent | Want, Any, Result]

LOST_S = 120.0  #: so long a lost pump is waited for before something that needs it
POLL_S = 1.0  # longer than data are gathered, so that they are read a fixed time after the pump sent them
_MANY = 1000  # batches that wait to be gathered


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
    rig: str = ""  # which of the virtual ones
    laboratory_balance: bool = False
    attended: bool = False  # somebody is there to answer
    programs: tuple[tuple[DeviceProgram, int | None], ...] = ()  # known already, with digests where others call it so
    golden: Callable[[ExpectGolden, Mark], Judged] | None = None  # the run so far, up to a mark of the case, beside it
    recorded: RecordedCase | None = None  # nothing is carried out: a recording is judged


class Cancelled(Exception):
    """Somebody wants the case to end."""


class Intake:
    """All that comes in, batch by batch.  ``turn`` is the only place where time passes."""

    def __init__(self, pump: Pump) -> None:
        device = pump.info.device
        self.pump = pump
        self.planned = Planned(pump.programs)
        self.latest: tuple[int, int] | None = None  # boot and t_us of the latest sample
        self.online = True
        self.losses = 0  # how often the link was lost
        self.boot = device.boot_count if device else 0
        self.replies: dict[int, Reply] = {}  # by ticket, until somebody takes them
        self._material = Material(dict(device.settings) if device else {})
        self._heard: list[Batch] = []  # that the material hasn't yet
        self._given_up = False  # the pump was waited for in vain
        self._answer: str | None = None
        self._over: str | None = None
        self._closed: PumpError | None = None

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
                self.boot = message_of(frame.payload).values["boot_count"]
        if len(batch.samples):
            last = batch.samples[-1]
            self.boot = int(last["boot"])
            self.latest = self.boot, int(last["t_us"])
        self.replies |= {reply.ticket: reply for reply in batch.replies}
        for link in batch.links:
            self.online = link.state is LinkState.ONLINE
            self.losses += not self.online
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
