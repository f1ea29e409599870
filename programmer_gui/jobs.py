"""The window's procedures: what takes several commands, with the notes and proofs that belong to it.  Free of Qt."""

from dataclasses import dataclass

from firmware_link import vocabulary
from programmer_gui.messages import Desk, Procedure
from rig import programming
from rig.firmware.program import Program as DeviceProgram
from rig.programming import Receipt
from rig.session import Command
from rig.targets import local_offset_min
from rig.therapy import compile as compiling
from rig.therapy.dumping import dumps
from rig.therapy.program import Program

WRITE, READ, START, SETTING = "Write the program", "Read the program", "Start", "Change a setting"


@dataclass(frozen=True)
class Written:
    """What a write proved, and what the pump now holds."""

    program: Program
    compiled: DeviceProgram
    receipt: Receipt


def read_program(desk: Desk) -> Procedure:
    """The program in force, None for none."""
    held = yield from programming.read(vocabulary.ACTIVE)
    if held is not None:
        desk.holds(held)
    return held


def write_program(desk: Desk, program: Program, reason: str) -> Procedure:
    """Writes ``program`` with its day beginning at the last midnight here, and keeps the proof in the recording."""
    offset_min = local_offset_min()
    midnight = compiling.local_midnight_utc_s(desk.clock.utc_us() // 1_000_000, offset_min)
    compiled = compiling.compile_program(program, midnight, offset_min)
    desk.know(compiled)
    receipt = yield from programming.write(compiled)
    desk.keep(program.name, dumps(program), compiled, receipt)
    if reason:
        desk.note(f"Beyond a soft limit, because: {reason}")
    return Written(program, compiled, receipt)


def start(desk: Desk) -> Procedure:
    """Starts the pump."""
    return (yield from programming.start())


def change_setting(desk: Desk, name: str, value: int) -> Procedure:
    """Changes one of vocabulary.SETTINGS."""
    yield Command("set_config", records=((vocabulary.SETTING_KEYS[name], value),))
    return name
