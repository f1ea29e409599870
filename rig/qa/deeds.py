"""What a step of a script does, or waits for: one frozen dataclass each, in base units."""

from dataclasses import dataclass
from typing import Literal

from rig.qa.limits import Limits
from rig.therapy.program import Program


@dataclass(frozen=True)
class WriteProgram:
    """A dose program is written, proven and, unless ``stopped``, started."""

    program: Program
    source: str  # its file's text
    file: str
    stopped: bool = False
    confirm: str = ""  # the reason for going beyond soft limits


@dataclass(frozen=True)
class Start:
    """The pump starts."""


@dataclass(frozen=True)
class Stop:
    """The pump stops."""


@dataclass(frozen=True)
class Bolus:
    """A bolus by the programmer."""

    volume_pl: int
    duration_ms: int
    after: Literal["resume", "stop"] = "resume"


@dataclass(frozen=True)
class OnDemand:
    """An on-demand bolus is asked for; ``button``: at the pump itself (of a real one, by the operator)."""

    button: bool = False


@dataclass(frozen=True)
class Refill:
    """The reservoir is emptied, filled, and the pump told so."""

    filled_nl: int
    withdrawn_nl: int | None = None  # None: what the pump expects
    concentration_ng_ml: int | None = None  # None: as before
    really_nl: int | None = None  # what is truly in it afterwards, of a virtual rig; None: what is told


@dataclass(frozen=True)
class ReplaceBattery:
    """A new cell, and the pump told so."""


@dataclass(frozen=True)
class ReplaceTube:
    """A new tube, and the pump told so."""


@dataclass(frozen=True)
class ClearAlarms:
    """All alarms, or these."""

    alarms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Set:
    """Settings of the pump, by vocabulary.SETTINGS; put back at the end of the case."""

    settings: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Silence:
    """The tones are silenced."""


@dataclass(frozen=True)
class SelfTest:
    """The pump tests itself."""


@dataclass(frozen=True)
class MakeFault:
    """Something goes wrong: on a virtual rig by itself, on a real one by the operator's hand, who is asked to."""

    what: str  # rig.virtual.fault_kinds
    after_ms: int = 0
    duration_ms: int | None = None
    amount: float | None = None
    ends: bool = False  # what goes on is ended


@dataclass(frozen=True)
class TakeNote:
    """Words for the recording."""

    text: str


@dataclass(frozen=True)
class Tare:
    """The laboratory balance is set to zero."""


@dataclass(frozen=True)
class Blank:
    """The pump stands, and what evaporates meanwhile is measured; later expectations take it off."""

    duration_ms: int


@dataclass(frozen=True)
class Ask:
    """The operator is asked.  ``unattended`` is the answer where nobody is there; None: that is an error."""

    question: str
    answer: Literal["done", "yes or no", "number", "text"] = "done"
    unattended: str | None = None
    limits: Limits | None = None  # of a number
    expected: str = ""  # of yes or no: which one passes; "" for either


@dataclass(frozen=True)
class Wait:
    """So long, or so many whole turns of the rotor at the flow of that moment."""

    duration_ms: int = 0
    turns: int = 0


@dataclass(frozen=True)
class WaitEvent:
    """Until the event has come; an error after ``at_most_ms``."""

    event: str
    at_most_ms: int


@dataclass(frozen=True)
class WaitField:
    """Until a field (``fields.FIELDS``) is within its limits, or a word; an error after ``at_most_ms``."""

    field: str
    limits: Limits
    word: str
    at_most_ms: int


Deed = (
    WriteProgram
    | Start
    | Stop
    | Bolus
    | OnDemand
    | Refill
    | ReplaceBattery
    | ReplaceTube
    | ClearAlarms
    | Set
    | Silence
    | SelfTest
    | MakeFault
    | TakeNote
    | Tare
    | Blank
)
Waiting = Wait | WaitEvent | WaitField
