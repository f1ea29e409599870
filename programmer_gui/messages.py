"""What the threads say to each other: intents into the engine, messages out of it.  Frozen, and free of Qt."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from firmware_link.clock import Clock
from firmware_link.errors import PumpError
from programmer_gui.archive import Answer
from programmer_gui.playing import Halt as Halt
from programmer_gui.playing import LetGo as LetGo
from programmer_gui.playing import LetItGo as LetItGo
from programmer_gui.playing import Play as Play
from programmer_gui.playing import Seek as Seek
from programmer_gui.playing import TakeUp as TakeUp
from programmer_gui.recordingstate import CutShort as CutShort
from programmer_gui.recordingstate import RecordingState as RecordingState
from programmer_gui.script_messages import AboutScripts, OfScripts
from programmer_gui.script_messages import AnswerScript as AnswerScript
from programmer_gui.script_messages import CancelScript as CancelScript
from programmer_gui.script_messages import CaseKept as CaseKept
from programmer_gui.script_messages import RunScript as RunScript
from programmer_gui.script_messages import ScriptRefused as ScriptRefused
from programmer_gui.script_messages import ScriptTold as ScriptTold
from programmer_gui.takedown import TakeDown as TakeDown
from programmer_gui.takedown import TakeNoMore as TakeNoMore
from programmer_gui.takedown import TakingBegan as TakingBegan
from programmer_gui.takedown import TakingEnded as TakingEnded
from rig.firmware.program import Program
from rig.programs.receipt import Receipt
from rig.programs.update import Update
from rig.session import Batch, Command, Playback, Reply, SessionInfo, Standing
from rig.tracker import Delivered, Totals

if TYPE_CHECKING:
    from rig.virtual.faults import Fault

#: Yields commands and is sent their replies, or has their refusals thrown in; what it returns is its result.
Procedure = Generator[Command, Reply, Any]


class Desk(Protocol):
    """What a procedure may use beside commands."""

    @property
    def clock(self) -> Clock:
        """The session's own."""

    def know(self, program: Program) -> None:
        """A program that the pump holds, or is about to: the plan is made of it."""

    def holds(self, program: Program) -> None:
        """The program that the pump was found to hold: for the plan, and for the recording."""

    def keep(self, name: str, source: str, program: Program, receipt: Receipt) -> None:
        """Puts a written program into the recording."""

    def tell(self, update: Update, program: Program) -> None:
        """How far an update, which puts ``program`` in force, has come."""

    def note(self, text: str) -> None:
        """Puts words into the recording."""

    def on_the_rig(self, what: str, amount: float | None = None) -> None:
        """Does to a virtual rig what the operator did by hand, one of rig.virtual.faults; nothing on a real one."""


# -- intents ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Connect:
    """Open this target, letting go of any other."""

    target: str


@dataclass(frozen=True)
class Disconnect:
    """Let go of the pump, which goes on with what it does, and finish the recording."""


@dataclass(frozen=True)
class Send:
    """One command.  A refusal is shown as ``CommandEnded``."""

    command: Command


@dataclass(frozen=True)
class Run:
    """Commands that depend on each other.  ``make`` is called on the engine's thread."""

    name: str
    make: Callable[[Desk], Procedure]


@dataclass(frozen=True)
class Inject:
    """A fault for the virtual rig, in the rig's own vocabulary, ``after_s`` of the rig's time."""

    fault: "Fault"
    after_s: float = 0.0


@dataclass(frozen=True)
class ZeroBalance:
    """Tare the laboratory balance."""


@dataclass(frozen=True)
class AddNote:
    """Words of the operator, kept with the data."""

    text: str


@dataclass(frozen=True)
class FinishRecording:
    """Fold the run file into one; a connected pump is then recorded into a new one."""


@dataclass(frozen=True)
class Durable:
    """From the recorder: events up to and with this number are on disk."""

    last_event: int


Deed = Send | Run | ZeroBalance | TakeDown | TakeNoMore
OfPump = Connect | Disconnect | Deed | Inject | AddNote | FinishRecording | Durable
OfRecording = Seek | Play | Halt | LetGo | TakeUp
Intent = OfPump | OfRecording | OfScripts


# -- messages --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Connecting:
    """A target is being opened."""

    target: str


@dataclass(frozen=True)
class Opened:
    """A session exists; its pump may not have answered yet."""

    info: SessionInfo


@dataclass(frozen=True)
class Identified:
    """The pump has answered: its identity and settings, again after each change."""

    info: SessionInfo


@dataclass(frozen=True)
class ConnectFailed:
    """The target could not be opened, or what answered is no pump of ours."""

    target: str
    error: PumpError


@dataclass(frozen=True)
class Closed:
    """No session any more."""

    target: str


@dataclass(frozen=True)
class Received:
    """What the link brought, its samples placed beside the plan, and the totals since the session began.

    Of a recording, the latest of its samples only, and where it is played.
    """

    batch: Batch
    delivered: Delivered
    totals: Totals
    standing: Standing = field(default_factory=Standing)
    playback: Playback | None = None


@dataclass(frozen=True)
class PictureSkipped:
    """The window was too slow for these samples; the recording has them."""

    samples: int


@dataclass(frozen=True)
class CommandEnded:
    """A ``Send`` has its reply."""

    reply: Reply


@dataclass(frozen=True)
class Progress:
    """A procedure sends its ``step``-th command, counted from 1."""

    name: str
    command: str
    step: int


@dataclass(frozen=True)
class UpdateMoved:
    """An update of the pump's program begins its next stage."""

    update: Update
    program: Program


@dataclass(frozen=True)
class ProcedureEnded:
    """A ``Run`` is over: with a result, or with the error that ended it."""

    name: str
    result: Any = None
    error: PumpError | None = None


@dataclass(frozen=True)
class StopSent:
    """STOP went to the link, ``latency_us`` after it was asked for."""

    latency_us: int


@dataclass(frozen=True)
class StopNotSent:
    """STOP did not go out, or the pump did not confirm it."""

    why: str


@dataclass(frozen=True)
class StopConfirmed:
    """The pump says that it has stopped."""


@dataclass(frozen=True)
class NoteAdded:
    """A note is in the recording."""

    text: str
    host_us: int


@dataclass(frozen=True)
class Injected:
    """The rig has taken a fault, or refuses it with an ``error``; ``standing`` is what it holds after that."""

    fault: "Fault"
    standing: Standing
    error: PumpError | None = None


@dataclass(frozen=True)
class EngineFault:
    """Something in this program broke; the log has the details.  The engine goes on."""

    what: str
    details: str = field(default="", compare=False)


Message = (
    Connecting
    | Opened
    | Identified
    | ConnectFailed
    | Closed
    | Received
    | LetItGo
    | Answer
    | PictureSkipped
    | CommandEnded
    | Progress
    | UpdateMoved
    | ProcedureEnded
    | StopSent
    | StopNotSent
    | StopConfirmed
    | NoteAdded
    | Injected
    | TakingBegan
    | TakingEnded
    | RecordingState
    | CutShort
    | AboutScripts
    | EngineFault
)
