"""A dose program as the pump holds it: a prelude and an anchored cycle of exact volumes over exact durations."""

from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.program import Bolus, Program, volume_pl


def compile_program(program: Program, anchor_utc_s: int, utc_offset_min: int) -> DeviceProgram:
    """``program`` with its day beginning at ``anchor_utc_s`` (a local midnight, at the fixed offset).

    Without a cycle the pump stops when the prelude is over.
    """
    bolus = program.bolus
    prelude = [(bolus_volume_pl(bolus, program.concentration_ng_ml), bolus.duration_ms)] if bolus else []
    ends = bolus is not None and bolus.after == "stop"
    cycle = [] if ends or not program.dose_ng_day else [(program.flow_pl_day, units.DAY_S * 1000)]
    return DeviceProgram(anchor_utc_s, utc_offset_min, prelude, cycle)


def bolus_volume_pl(bolus: Bolus, concentration_ng_ml: int) -> int:
    """The volume of ``bolus`` in whole nanolitres, as the pump's log can say it."""
    return round(volume_pl(bolus.dose_ng, concentration_ng_ml), -3)


def local_midnight_utc_s(utc_s: int, utc_offset_min: int) -> int:
    """The start, in UTC, of the local day that ``utc_s`` falls in."""
    offset_s = utc_offset_min * 60
    return (utc_s + offset_s) // units.DAY_S * units.DAY_S - offset_s
