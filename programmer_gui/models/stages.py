"""What a program does one after another, in words and rates, for modes whose steps can't be dragged.  Free of Qt."""

from dataclasses import dataclass

from programmer_gui.models.planned import Planned
from rig.therapy import modes, units
from rig.therapy.program import dose_ng
from rig.therapy.units import DAY_US

MOST = 16


@dataclass(frozen=True)
class Stage:
    """One block of the picture."""

    title: str  # the rate, or the dose of a bolus
    below: str  # how long
    rate_ng_day: int
    bolus: bool = False


@dataclass(frozen=True)
class Picture:
    """Blocks from left to right, and what comes after the last."""

    stages: tuple[Stage, ...] = ()
    after: str = ""

    @property
    def words(self) -> str:
        """All of it, for those who can't see it."""
        return "; ".join(f"{stage.title} {stage.below}" for stage in self.stages) + f". {self.after}"


def picture_of(planned: Planned) -> Picture:
    """The stages of ``planned``: its prelude, then one turn of its cycle."""
    program, device = planned.program, planned.device
    if program is None or device is None:
        return Picture(after=planned.why)
    if isinstance(program.mode, modes.Stopped):
        reminder = units.duration_text(program.mode.reminder_ms)
        return Picture(after=f"The pump stands, and reminds after {reminder}.")
    base = base_of(program.mode)
    old = planned.concentration_at(0)
    of = f"of {units.concentration_text(old)}, " if old != program.concentration_ng_ml else ""
    prelude = [_stage(volume, ms, old, base, of) for volume, ms in device.prelude]
    cycle = [_stage(volume, ms, program.concentration_ng_ml, base) for volume, ms in device.cycle]
    if len(cycle) == 1:
        cycle = [Stage(cycle[0].title, "from then on" if prelude else "all the time", cycle[0].rate_ng_day)]
    stages = tuple(prelude + cycle)
    after = "" if cycle else "Then the pump stops."
    if len(cycle) > 1:
        after = f"Again and again, each {units.duration_text(device.cycle_us // 1000)}."
    if device.demand:
        volume_pl, duration_ms, _, _ = device.demand
        press = _stage(volume_pl, duration_ms, program.concentration_ng_ml, 0)
        stages += (Stage(press.title, "at a press", press.rate_ng_day, bolus=True),)
        after = f"{after} A bolus {press.below} at each press of the button that may be granted.".strip()
    if len(stages) > MOST:
        after = f"And {len(stages) - MOST + 1} more. {after}".strip()
        stages = (*stages[: MOST - 1],)
    return Picture(stages, after)


def base_of(mode: modes.Mode) -> int:
    """What a bolus is told from: the rate between boluses."""
    return int(getattr(mode, "base_ng_day", 0) or getattr(mode, "dose_ng_day", 0) or 0)


def _stage(volume_pl: int, duration_ms: int, concentration_ng_ml: int, base_ng_day: int, of: str = "") -> Stage:
    flow = volume_pl * DAY_US // (duration_ms * 1000)
    rate, dose = dose_ng(flow, concentration_ng_ml), dose_ng(volume_pl, concentration_ng_ml)
    bolus = duration_ms <= modes.DAY_MS // 4 and rate > 3 * max(base_ng_day, 1)
    lasting = units.duration_text(duration_ms)
    if bolus:
        return Stage(units.dose_text(dose), f"in {lasting}", rate, bolus=True)
    return Stage(units.dose_rate_text(_round(rate)), f"{of}for {lasting}", rate)


def _round(value: int) -> int:
    """To four digits: flows are whole picolitres."""
    excess = len(str(value)) - 4
    return value if excess <= 0 else round(value, -excess)
