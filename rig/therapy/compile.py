"""A dose program as the pump holds it: a prelude and an anchored cycle of exact volumes over exact durations."""

from dataclasses import dataclass

from rig.therapy import units
from rig.therapy.program import Program, volume_pl

Segments = tuple[tuple[int, int], ...]  # (volume_pl, duration_ms)


@dataclass(frozen=True)
class Compiled:
    """What is staged on a pump.  An empty cycle means that the pump stops when the prelude is over."""

    anchor_utc_s: int
    utc_offset_min: int
    prelude: Segments
    cycle: Segments

    def head(self) -> dict[str, int]:
        """The fields of the wire message "stage_begin"."""
        return {
            "anchor_utc_s": self.anchor_utc_s,
            "utc_offset_min": self.utc_offset_min,
            "prelude_count": len(self.prelude),
            "cycle_count": len(self.cycle),
        }


def compile_program(program: Program, anchor_utc_s: int, utc_offset_min: int) -> Compiled:
    """``program`` with its day beginning at ``anchor_utc_s`` (a local midnight, at the fixed offset)."""
    prelude: Segments = ()
    cycle: Segments = ()
    bolus = program.bolus
    if bolus:
        prelude = ((volume_pl(bolus.dose_ng, program.concentration_ng_ml), bolus.duration_ms),)
    if program.dose_ng_day and not (bolus and bolus.after == "stop"):
        cycle = ((program.flow_pl_day, units.DAY_S * 1000),)
    return Compiled(anchor_utc_s, utc_offset_min, prelude, cycle)


def local_midnight_utc_s(utc_s: int, utc_offset_min: int) -> int:
    """The start, in UTC, of the local day that ``utc_s`` falls in."""
    offset_s = utc_offset_min * 60
    return (utc_s + offset_s) // units.DAY_S * units.DAY_S - offset_s
