"""What the pump has, beside what the program being edited would give it.  Free of Qt."""

from firmware_link.errors import PumpError
from rig.firmware.program import Program as DeviceProgram
from rig.programs.comparison import Row, Side, compare
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.program import Program
from rig.zones import offset_at


def rows_of(context: Context, known: Program | None, program: Program | None) -> list[Row]:
    """Every row; ``known`` is the pump's program as this computer wrote it, None where it didn't."""
    pump = Side(context.held, context.held_concentration_ng_ml or 0, known)
    draft = Side(None, 0)
    if program is not None:
        draft = Side(compiled(program, context.now_utc_s or 0), program.concentration_ng_ml, program)
    return compare(pump, draft, context.settings)


def compiled(program: Program, utc_s: int) -> DeviceProgram | None:
    """As the pump would get it now; None where it can't be made."""
    try:
        return compile_program(program, utc_s, offset_at(program.time_zone)(utc_s))
    except PumpError:
        return None


def count_text(rows: list[Row], known: bool) -> str:
    """How much would change, in words."""
    if not known:
        return "The pump's program isn't known"
    count = sum(row.changed for row in rows)
    return {0: "Nothing would change", 1: "1 change"}.get(count, f"{count} changes")


def effect_text(running: bool, stop: bool) -> str:
    """What writing will do to a pump that is ``running`` now, and is to ``stop`` or run afterwards."""
    if running:
        first = "The pump goes on with its program while this one is transferred, read back and compared."
        if stop:
            return f"{first} Then it is stopped, and this one put in force. It delivers nothing until it is started."
        return f"{first} Then it changes to this one in one step, and that it runs is proven."
    first = "It is transferred, read back, compared and put in force."
    if stop:
        return f"{first} The pump stays stopped until it is started."
    return f"{first} Then the pump is started with it, and that it runs is proven."
