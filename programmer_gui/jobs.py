"""The window's procedures: what takes several commands, with the notes and proofs that belong to it.  Free of Qt."""

from dataclasses import dataclass

from firmware_link import vocabulary
from programmer_gui.messages import Desk, Procedure
from rig.firmware.program import Program as DeviceProgram
from rig.programs import programming, writing
from rig.programs.receipt import Receipt, offset_text
from rig.programs.update import Ensure, Update
from rig.programs.writing import Writing
from rig.session import Command

WRITE, READ, START, SETTING = "Write the program", "Read the program", "Start", "Change a setting"
WHERE, PROVE, SHIFT = "Find out what is in force", "Prove the program", "Reprogram for the new offset"
UPDATES = (WRITE, PROVE, SHIFT, WHERE)  # what programmer_gui.updating follows
ALL = (*UPDATES, READ, START, SETTING)


@dataclass(frozen=True)
class Written:
    """What a write proved, and what the pump now holds."""

    receipt: Receipt
    compiled: DeviceProgram
    source: str = ""


def read_program(desk: Desk) -> Procedure:
    """The program in force, None for none."""
    held = yield from programming.read(vocabulary.ACTIVE)
    if held is not None:
        desk.holds(held)
    return held


def write_program(desk: Desk, order: Writing) -> Procedure:
    """Writes what ``order`` says and proves it, and keeps receipt and reasons in the recording."""
    compiled = order.compiled(desk.clock.utc_us() // 1_000_000)
    desk.know(compiled)
    receipt = yield from writing.write(order, compiled, desk.clock, lambda update: desk.tell(update, compiled))
    return _written(desk, order, compiled, receipt)


def _written(desk: Desk, order: Writing, compiled: DeviceProgram, receipt: Receipt) -> Written:
    desk.keep(order.program.name, order.source, compiled, receipt)
    for note in writing.notes(order.order):
        desk.note(note)
    return Written(receipt, compiled, order.source)


def where_are_we(desk: Desk, order: Update) -> Procedure:
    """What has become of an update that broke off."""
    standing = yield from programming.where_are_we(order)
    held = yield from programming.read(vocabulary.ACTIVE)
    if held is not None:
        desk.holds(held)
    desk.note(f"An update broke off. {standing.what}")
    return standing


def prove(desk: Desk, update: Update, compiled: DeviceProgram, order: Writing | None) -> Procedure:
    """Finishes an update that broke off after its commit, with the receipt where ``order`` says what it is of."""
    proof = yield from programming.prove(compiled, update, lambda now: desk.tell(now, compiled))
    if order is not None and update.found is not None:
        return _written(desk, order, compiled, writing.receipt_of(order, compiled, proof, update.found, desk.clock))
    desk.note("The program in force was proven.")
    return proof


def reprogram(desk: Desk, compiled: DeviceProgram, ensure: Ensure) -> Procedure:
    """Puts the program that the pump holds in force at another offset from UTC, although nobody has its file."""
    desk.know(compiled)
    proof = yield from programming.update(compiled, ensure, lambda update: desk.tell(update, compiled))
    desk.note(f"Reprogrammed for {offset_text(compiled.utc_offset_min)}, at the same times of day.")
    return proof


def start(desk: Desk) -> Procedure:
    """Starts the pump."""
    return (yield from programming.start())


def change_setting(desk: Desk, name: str, value: int) -> Procedure:
    """Changes one of vocabulary.SETTINGS."""
    yield Command("set_config", records=((vocabulary.SETTING_KEYS[name], value),))
    return name
