"""What the pump has, beside what the draft would give it.  Free of Qt."""

from dataclasses import dataclass

from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.compile import compile_program
from rig.therapy.program import Program, dose_ng

NONE = "–"


@dataclass(frozen=True)
class CompareRow:
    """One line of the comparison."""

    title: str
    pump: str
    draft: str

    @property
    def changed(self) -> bool:
        """Whether writing the draft would change this."""
        return self.pump != self.draft


def compare(held: DeviceProgram | None, program: Program | None, concentration_ng_ml: int) -> list[CompareRow]:
    """Both sides in the same words; doses at the concentration that the pump's reservoir is labelled with (pump) and
    that the program is for (draft)."""
    ours = _words(None, 0)
    if program is not None:
        ours = _words(compile_program(program, 0, 0), program.concentration_ng_ml)
    theirs = _words(held, concentration_ng_ml)
    return [CompareRow(title, theirs[title], ours[title]) for title in ours]


def _words(held: DeviceProgram | None, concentration_ng_ml: int) -> dict[str, str]:
    words = dict.fromkeys(
        ("Concentration", "Base dose", "Base rate", "First, a bolus of", "lasting", "Afterwards"), NONE
    )
    if held is None or not (held.prelude or held.cycle):
        return words
    words["Concentration"] = units.concentration_text(concentration_ng_ml)
    if held.cycle:
        volume_pl = sum(volume for volume, _ in held.cycle)
        duration_ms = sum(duration for _, duration in held.cycle)
        day_pl = volume_pl * units.DAY_S * 1000 // duration_ms
        words["Base dose"] = units.dose_rate_text(dose_ng(day_pl, concentration_ng_ml))
        words["Base rate"] = units.flow_text(day_pl)
    if held.prelude:
        volume_pl = sum(volume for volume, _ in held.prelude)
        dose = units.dose_text(dose_ng(volume_pl, concentration_ng_ml))
        words["First, a bolus of"] = f"{dose} ({units.volume_text(volume_pl / 1000)})"
        words["lasting"] = units.duration_text(sum(duration for _, duration in held.prelude))
    words["Afterwards"] = "goes on" if held.cycle else "stops"
    return words
