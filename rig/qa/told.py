"""What a runner tells while it works, and what it wants from whoever drives it: frozen messages.

A runner is a generator.  It yields a ``StepEvent`` (send None), or a ``Want`` and is sent what that says.
"""

from dataclasses import dataclass, field

from firmware_link.errors import PumpError
from rig.firmware.program import Program as DeviceProgram
from rig.measured import VERDICTS as VERDICTS
from rig.measured import Curve as Curve
from rig.measured import Mark as Mark
from rig.measured import Measurement as Measurement
from rig.measured import Verdict as Verdict
from rig.programs.receipt import Receipt
from rig.qa.deeds import Ask
from rig.qa.script import Script, Step
from rig.session import Batch, Command, DeviceInfo
from rig.virtual.faults import Fault


@dataclass(frozen=True)
class Judged:
    """How an expectation ended."""

    verdict: Verdict
    measurements: tuple[Measurement, ...] = ()
    detail: str = ""
    at_us: int = 0  # host time, UTC, of the moment to look at; 0: the step's end
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """From one mark to another."""

    begin: Mark
    end: Mark


# -- told --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseBegan:
    """The rig is what the script expects; it begins."""

    script: Script
    target: str
    device: DeviceInfo
    at_us: int
    seed: int | None = None  # of a virtual rig


@dataclass(frozen=True)
class StepBegan:
    """``index`` counts the steps of the case from 0, cleanup behind them."""

    index: int
    step: Step
    mark: Mark
    cleanup: bool = False


@dataclass(frozen=True)
class StepProgress:
    """A step goes on: so much of its time is over, and what is measured so far."""

    index: int
    done_s: float
    total_s: float  # 0: nobody knows
    measurements: tuple[Measurement, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The operator is to answer; the answer comes with a ``Turned``."""

    index: int
    ask: Ask


@dataclass(frozen=True)
class StepEnded:
    """A step is over."""

    index: int
    step: Step
    mark: Mark
    judged: Judged


@dataclass(frozen=True)
class CaseEnded:
    """The case is over.  ``why`` is one of measured's: FINISHED, STOPPED, CANCELLED …"""

    script: Script
    verdict: Verdict
    why: str
    at_us: int
    steps: tuple[StepEnded, ...] = ()
    error: PumpError | None = None


StepEvent = CaseBegan | StepBegan | StepProgress | Asked | StepEnded | CaseEnded


# -- wanted ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """Poll the session up to so long and send ``Turned``."""

    timeout_s: float


@dataclass(frozen=True)
class Send:
    """Give the session this command and send its ticket."""

    command: Command


@dataclass(frozen=True)
class Inject:
    """Give the rig this fault, ``after_s`` from now, and send None, or throw what the session raises."""

    fault: Fault
    after_s: float = 0.0


@dataclass(frozen=True)
class Tell:
    """Put these words into the recording and send None."""

    text: str


@dataclass(frozen=True)
class Zero:
    """Tare the laboratory balance and send None, or throw what it raises."""


@dataclass(frozen=True)
class Know:
    """The pump is about to hold this program: whoever lays a plan beside the run needs it before; send None."""

    program: DeviceProgram


@dataclass(frozen=True)
class Keep:
    """Put this program into the recording and send None: the pump holds it since now, as ``receipt`` proves; or it was
    found with it."""

    name: str
    source: str  # its file's text; "" for one that was found
    program: DeviceProgram
    receipt: Receipt | None


Want = Turn | Send | Inject | Tell | Zero | Know | Keep


@dataclass(frozen=True)
class Turned:
    """What a ``Turn`` brought."""

    batch: Batch
    answer: str | None = None  # of the operator
    cancelled: bool = False  # the runner ends the step, does its cleanup, and ends
    over: str | None = field(default=None)  # replay only: the recorded step ended here, with this verdict
