"""Where the pump stands in an infusion trial: its stage by its own clock.  Free of Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from firmware_link import vocabulary
from programmer_gui.models.care import short
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import modes, units
from rig.therapy.program import Program, dose_ng


@dataclass(frozen=True)
class Standing:
    """A stage under way, counted from 1; ``left_s`` is None in the last, which holds."""

    stage: int
    stages: int
    dose_ng_day: int
    left_s: int | None

    @property
    def words(self) -> str:
        """ "stage 3 of 17, 200 µg/day"."""
        return f"stage {self.stage} of {self.stages}, {units.dose_rate_text(self.dose_ng_day)}"

    @property
    def next_words(self) -> str:
        """When the dose changes."""
        return "It holds from now on." if self.left_s is None else f"The next stage begins in {short(self.left_s)}."


def is_one(program: Program | None) -> bool:
    """Whether ``program`` is an infusion trial."""
    return program is not None and isinstance(program.mode, modes.InfusionTrial)


def standing(
    program: Program | None, planned: DeviceProgram | None, held: DeviceProgram | None, status: Mapping[str, int]
) -> Standing | None:
    """Where a pump of ``status`` (fields of the wire's message) stands in ``program``, which it ``held``.

    None where that is no infusion trial, the pump holds another program, or doesn't run.
    """
    if program is None or not is_one(program) or planned is None or held is None or not status:
        return None
    stages = planned.prelude + planned.cycle
    same = held.prelude + held.cycle == stages and status["digest"] == held.digest()
    if not same or not status["program_start_us"] or vocabulary.state_name(status["state"]) != "running":
        return None
    elapsed_ms = max(0, status["t_us"] - status["program_start_us"]) // 1000
    ends_ms = list(accumulate(duration_ms for _, duration_ms in planned.prelude))
    at = sum(end_ms <= elapsed_ms for end_ms in ends_ms)
    volume_pl, duration_ms = stages[at]
    dose_ng_day = dose_ng(volume_pl * modes.DAY_MS // duration_ms, program.concentration_ng_ml)
    left_s = -(-(ends_ms[at] - elapsed_ms) // 1000) if at < len(ends_ms) else None
    return Standing(at + 1, len(stages), _round(dose_ng_day), left_s)


def _round(value: int) -> int:
    """To four digits: flows are whole picolitres."""
    excess = len(str(value)) - 4
    return value if excess <= 0 else round(value, -excess)
