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
from rig.therapy.program import Bolus, Program

WRITE, READ, START, BOLUS, REFILL, BATTERY, CLEAR, SETTING = (
    "Write the program",
    "Read the program",
    "Start",
    "Bolus",
    "Refill",
    "Battery replaced",
    "Clear alarms",
    "Change a setting",
)


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


def give_bolus(desk: Desk, bolus: Bolus, concentration_ng_ml: int, reason: str) -> Procedure:
    """Gives ``bolus``; what it carries depends on the concentration."""
    values = {
        "volume_pl": compiling.bolus_volume_pl(bolus, concentration_ng_ml),
        "duration_ms": bolus.duration_ms,
        "after": vocabulary.AFTER.index(bolus.after),
    }
    yield Command("bolus", values)
    if reason:
        desk.note(f"Bolus beyond a soft limit, confirmed: {reason}")
    return (yield Command("get_status")).values


def refill(desk: Desk, withdrawn_nl: int, filled_nl: int, concentration_ng_ml: int) -> Procedure:
    """Tells the pump what was withdrawn and filled; once it has accepted, a virtual rig's reservoir holds that."""
    values = {"withdrawn_nl": withdrawn_nl, "filled_nl": filled_nl, "concentration_ng_ml": concentration_ng_ml}
    yield Command("refill", values)
    desk.on_the_rig("fill_reservoir", filled_nl / 1e6)
    return (yield Command("get_status")).values


def battery_replaced(desk: Desk) -> Procedure:
    """Tells the pump that its battery is new; once it has accepted, a virtual rig has a full cell."""
    yield Command("battery_replaced")
    desk.on_the_rig("new_battery")
    return (yield Command("get_status")).values


def clear_alarms(desk: Desk, bits: int) -> Procedure:
    """Clears the alarms ``bits``; those whose cause is still there come back."""
    yield Command("clear_alarms", {"alarms": bits})
    return (yield Command("get_status")).values


def change_setting(desk: Desk, name: str, value: int) -> Procedure:
    """Changes one of vocabulary.SETTINGS."""
    yield Command("set_config", records=((vocabulary.SETTING_KEYS[name], value),))
    return name
