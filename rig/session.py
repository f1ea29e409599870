"""One type for a pump, live or replayed: ``Session``, and the frozen messages that come out of it."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from firmware_link.clock import Clock
from firmware_link.errors import PortLost, PumpError
from rig.balancestate import BalanceState
from rig.linkstate import LinkCounters as LinkCounters
from rig.linkstate import LinkState as LinkState
from rig.truth import Strike, no_truth
from rig.weighing import no_weighings

if TYPE_CHECKING:
    from rig.replay.moment import Moment
    from rig.tracker import Totals
    from rig.virtual.faults import Fault
    from rig.virtual.schedule import Scheduled

Result = TypeVar("Result")


@dataclass(frozen=True)
class DeviceInfo:
    """Who answered: from the pump's welcome and its settings."""

    device_id: str  # 16 hex digits
    firmware_version: str
    protocol: int
    table_crc: int
    capabilities: frozenset[str]
    boot_count: int
    settings: dict[str, int]  # vocabulary.SETTINGS by name


@dataclass(frozen=True)
class SessionInfo:
    """What this session is and can do."""

    target: str  # the address as it was asked for
    port: str  # what was opened: a port path, "virtual rig"
    device: DeviceInfo | None  # None until a pump has answered
    can_control: bool
    can_seek: bool
    virtual: bool  # faults can be injected
    balance: str = ""  # the address of the laboratory balance that weighs beside it; "": none does


@dataclass(frozen=True)
class LinkChange:
    """The link went from one state to another; ``error`` says why, where something went wrong."""

    state: LinkState
    host_us: int
    error: PumpError | None = None


@dataclass(frozen=True)
class Event:
    """One numbered entry of the pump's log, or (number 0) one that this host made."""

    number: int
    kind: str  # vocabulary.EVENTS by name; "host_…" for the host's own
    priority: int  # vocabulary.PRIORITIES
    boot: int
    occurred_us: int  # device time of that boot
    detected_us: int
    utc_s: int  # 0: the pump's clock was unset
    value: int
    repeats: int
    host_us: int  # when it reached this host, UTC


@dataclass(frozen=True)
class Status:
    """The pump's own word on itself, field by field as ``wire`` message "status"."""

    fields: dict[str, int]
    host_us: int


@dataclass(frozen=True)
class Reply:
    """How a command ended.  ``values`` are the reply's fields by name, ``records`` its rows; or ``error``."""

    ticket: int
    command: str
    values: dict[str, Any] = field(default_factory=dict)
    records: tuple[tuple[int, ...], ...] = ()
    error: PumpError | None = None


@dataclass(frozen=True)
class Gap:
    """Lost time: samples (or events) that the pump made and this host never got."""

    kind: str  # "samples", "events", "link"
    boot: int
    start_us: int  # device time of the last thing before
    end_us: int  # device time of the first thing after
    missing: int  # rows or events; 0 where that can't be known


@dataclass(frozen=True)
class ControlFrame:
    """One message other than telemetry, kept as evidence."""

    host_us: int
    outgoing: bool
    name: str
    sequence: int
    payload: bytes  # unstuffed, CRC included


@dataclass(frozen=True)
class Standing:
    """The faults of a virtual rig that are in force and to come, by when they next change."""

    now_us: int = 0  # the rig's own time, which they are in too
    faults: "tuple[Scheduled, ...]" = ()


def no_samples() -> NDArray[np.void]:
    """(0,) of ``telemetry.SAMPLE_DTYPE``."""
    return np.empty(0, telemetry.SAMPLE_DTYPE)


@dataclass(frozen=True)
class Batch:
    """What one ``poll`` brought, in the order of the link."""

    samples: NDArray[np.void] = field(default_factory=no_samples)  # (n,) telemetry.SAMPLE_DTYPE
    events: tuple[Event, ...] = ()
    replies: tuple[Reply, ...] = ()
    links: tuple[LinkChange, ...] = ()
    gaps: tuple[Gap, ...] = ()
    frames: tuple[ControlFrame, ...] = ()
    status: Status | None = None
    traces: tuple[str, ...] = ()
    counters: LinkCounters = field(default_factory=LinkCounters)
    truth: NDArray[np.void] = field(default_factory=no_truth)  # (n,) rig.truth.TRUTH_DTYPE; a virtual rig's only
    strikes: tuple[Strike, ...] = ()  # likewise
    weighings: NDArray[np.void] = field(default_factory=no_weighings)  # (n,) rig.weighing.WEIGHING_DTYPE
    balance: BalanceState | None = None  # where it changed, or showed something
    moment: "Moment | None" = None  # a replay's, after a seek: what was known before doesn't hold, this does


@dataclass(frozen=True)
class Playback:
    """Where a recording is played.  Positions are host time, UTC microseconds."""

    start_us: int
    end_us: int  # of the last that it holds
    at_us: int  # all that had arrived by then was given, or is the next batch's
    playing: bool
    speed: float  # recorded seconds a second; math.inf: as fast as it goes
    at_s: float  # seconds of the run's axis: of the last sample given
    totals: "Totals"  # of the run up to there


@dataclass(frozen=True)
class Command:
    """A message for the pump by its name in ``wire.MESSAGES``; session and command id are the session's to add."""

    name: str
    values: dict[str, int] = field(default_factory=dict)
    records: tuple[tuple[int, ...], ...] = ()


class Session(Protocol):
    """A pump that can be watched and, where ``info.can_control``, told.  One thread owns it; ``wake`` is for all."""

    @property
    def info(self) -> SessionInfo: ...

    @property
    def clock(self) -> Clock:
        """The session's own time: a virtual rig's is virtual."""

    def poll(self, timeout_s: float) -> Batch:
        """What has happened, waiting up to ``timeout_s`` for something to.  Never raises for the link: a lost one
        is a ``LinkChange``."""

    def command(self, command: Command) -> int:
        """Sends it, or queues it behind the one under way ("stop" goes first), and returns its ticket; the ``Reply``
        with that ticket comes from a later ``poll``.  Raises UsageError where ``can_control`` is False."""

    def acknowledge(self, last_event: int) -> None:
        """The pump may forget events up to and with this number: they are on disk."""

    def inject(self, fault: "Fault") -> None:
        """Makes the rig fail as ``fault`` says.  Raises UsageError where ``info.virtual`` is False."""

    def standing(self) -> Standing:
        """The faults of a virtual rig; none of anything else."""

    @property
    def balance(self) -> BalanceState | None:
        """How the laboratory balance does; None where ``info.balance`` is ""."""

    def zero_balance(self) -> None:
        """Tares it.  Raises UsageError where there is none; what comes of it is an event of a later ``poll``:
        "host_balance_tared" or "host_balance_untared"."""

    @property
    def playback(self) -> Playback | None:
        """Where a recording is played; None where ``info.can_seek`` is False."""

    def seek(self, at_us: int) -> None:
        """Goes to the position ``at_us``, or the nearest there is; the next batch has its ``moment``.  This and the
        next two raise UsageError where ``info.can_seek`` is False."""

    def play(self, speed: float | None = None) -> None:
        """Goes on from where it is, at ``speed`` or as fast as before; raises UsageError for a speed that isn't one."""

    def pause(self) -> None:
        """Stands still: polls bring nothing more, except what a seek does."""

    def wake(self) -> None:
        """Ends a ``poll`` that is waiting."""

    def close(self) -> None:
        """Lets go of the port.  The pump goes on with what it does."""


class Steps(Generic[Result]):
    """A procedure under way: which command it wants sent, and what came of it."""

    def __init__(self, procedure: Generator[Command, Reply, Result]) -> None:
        self._procedure = procedure
        self._ticket: int | None = None
        self.command: Command | None = None  # to be sent now, then told ``sent``
        self.done = False
        self._result: list[Result] = []
        self._advance(lambda: next(procedure))

    @property
    def result(self) -> Result:
        """What the procedure returned; only once ``done``."""
        return self._result[0]

    def sent(self, ticket: int) -> None:
        """The command is on its way under ``ticket``."""
        self._ticket, self.command = ticket, None

    def receive(self, batch: Batch) -> None:
        """Looks for the reply; raises what the procedure makes of it."""
        for reply in batch.replies:
            if self._ticket is not None and reply.ticket == self._ticket:
                self._ticket = None
                self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        error = reply.error
        if error is not None:
            self._advance(lambda: self._procedure.throw(error))
        else:
            self._advance(lambda: self._procedure.send(reply))

    def _advance(self, turn: Callable[[], Command]) -> None:
        try:
            self.command = turn()
        except StopIteration as stop:
            self._result.append(stop.value)
            self.done = True


def execute(
    session: Session,
    procedure: Generator[Command, Reply, Result],
    on_batch: Callable[[Batch], None] = lambda batch: None,
    poll_s: float = 0.5,
) -> Result:
    """Drives ``procedure`` to its end and returns its result, giving every batch on the way to ``on_batch``.

    Raises what the procedure raises, and the link's error when the session closes under it.
    """
    steps = Steps(procedure)
    while not steps.done:
        if steps.command is not None:
            steps.sent(session.command(steps.command))
        batch = session.poll(poll_s)
        on_batch(batch)
        for link in batch.links:
            if link.state is LinkState.CLOSED:
                raise link.error or PortLost("The link was closed.", "Connect again.")
        steps.receive(batch)
    return steps.result
