"""Writing a dose program to a pump, from what the operator asked for to the receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from firmware_link.clock import Clock
from firmware_link.errors import UsageError
from rig.firmware.program import Program as DeviceProgram
from rig.programs import comparison, programming, screened
from rig.programs.comparison import Row, Side
from rig.programs.programming import Procedure
from rig.programs.receipt import Confirmed, Order, Receipt, Subject
from rig.programs.update import ACTING, STAGE, Found, Proof, Tell, Update, ignore
from rig.session import DeviceInfo
from rig.therapy.compile import compile_program
from rig.therapy.files import MODES
from rig.therapy.finding import Context, Finding
from rig.therapy.forecast import forecast
from rig.therapy.program import Program


@dataclass(frozen=True)
class Writing:
    """What is to be written, to which pump, and what the operator decided about it."""

    program: Program
    source: str  # the program file's text
    order: Order
    device: DeviceInfo
    offset_at: Callable[[int], int]  # minutes east of UTC at a moment, in s since 1970, where the program is at home
    held: Program | None = None  # what the pump has, as this computer once wrote it; None where it didn't

    def compiled(self, utc_s: int) -> DeviceProgram:
        """As the pump gets it at ``utc_s``.  Raises UsageError for what can't be made, and a program for another
        pump."""
        programming.check_device(self.program.device, self.device.device_id)
        return compile_program(self.program, utc_s, self.offset_at(utc_s))


def confirmed(findings: tuple[Finding, ...] | list[Finding], reasons: Callable[[Finding], str]) -> list[Confirmed]:
    """Every soft one of ``findings`` with its reason; raises UsageError where one has none, and for a hard one."""
    told = []
    for finding in findings:
        reason = reasons(finding).strip()
        if finding.severity == "hard" or (finding.severity == "soft" and not reason):
            raise UsageError(finding.what, finding.remedy)
        if finding.severity == "soft":
            told.append(Confirmed(finding.field, finding.what, reason))
    return told


def compared(writing: Writing, compiled: DeviceProgram, found: Found) -> list[Row]:
    """Everything side by side: what the pump was found with, and what is written."""
    pump = Side(found.program, found.settings.get("concentration_ng_ml", 0), writing.held)
    draft = Side(compiled, writing.program.concentration_ng_ml, writing.program)
    return comparison.compare(pump, draft, found.settings)


def write(writing: Writing, compiled: DeviceProgram, clock: Clock, tell: Tell = ignore) -> Procedure[Receipt]:
    """Puts ``compiled`` in force and gives the receipt; raises as ``programming.update``."""
    told: list[Update] = []

    def pass_on(update: Update) -> None:
        told.append(update)
        tell(update)
        if update.stage == STAGE and update.found is not None:
            _refuse_again(writing.program, compiled, update.found)

    proof = yield from programming.update(compiled, writing.order.ensure, pass_on)
    return receipt_of(writing, compiled, proof, cast(Found, told[-1].found), clock)


def _refuse_again(program: Program, compiled: DeviceProgram, found: Found) -> None:
    """Nothing has been sent yet: a test bolus that the pump has begun isn't begun anew by asking twice."""
    if screened.is_one(program) and found.digest == compiled.digest() and found.state in ACTING:
        what = "The pump has begun this very test bolus: to write it again would give it again."
        raise UsageError(what, "Enter the verdict on it; or stop the pump first, if it is for somebody else.")


def receipt_of(writing: Writing, compiled: DeviceProgram, proof: Proof, found: Found, clock: Clock) -> Receipt:
    """The receipt of what has just been proven; ``found`` is how the pump was before."""
    utc_s = clock.utc_us() // 1_000_000
    program = writing.program
    subject = Subject(
        name=program.name,
        mode=next(name for name, file in MODES.items() if isinstance(program.mode, file.kind)),
        drug=program.drug,
        concentration_ng_ml=program.concentration_ng_ml,
        changes=comparison.changes(compared(writing, compiled, found)),
        refill_utc_s=_refill(writing, found, utc_s),
    )
    device = (writing.device.device_id, writing.device.firmware_version)
    return Receipt.of(proof, writing.order, subject, device, utc_s, writing.offset_at(utc_s))


def notes(order: Order) -> list[str]:
    """What was confirmed and decided, as words for the recording."""
    told = [f"Soft limit confirmed: {one.what} Because: {one.reason}" for one in order.confirmed]
    return told + ([f"Left stopped on purpose: {order.stopped_because}"] if order.stopped_because else [])


def _refill(writing: Writing, found: Found, utc_s: int) -> int | None:
    context = Context(
        settings=found.settings, reservoir_nl=found.reservoir_nl, now_utc_s=utc_s, offset_at=writing.offset_at
    )
    return forecast(writing.program, context).refill_utc_s
