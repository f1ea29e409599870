"""What a program would do on the pump: as the pump holds it, its forecast, and what the drug does.  Free of Qt."""

from dataclasses import dataclass

from firmware_link.errors import PumpError
from programmer_gui.models.evaluation import at_home
from rig.firmware.program import Program as DeviceProgram
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.forecast import Forecast, forecast
from rig.therapy.front import Front
from rig.therapy.modes import Bridge
from rig.therapy.program import Program


@dataclass(frozen=True, eq=False)
class Planned:
    """``device`` is None where there is nothing to plan; ``why`` then says so."""

    program: Program | None = None
    device: DeviceProgram | None = None
    forecast: Forecast | None = None
    why: str = "See the marked fields."
    reservoir_nl: int = 0  # what it begins with

    @property
    def front(self) -> Front | None:
        """The change of drug that it sends on its way to the tip."""
        return self.forecast.front if self.forecast else None

    @property
    def refill_days(self) -> float | None:
        """Until the reservoir is low: from what is in it, from a full one where that isn't known."""
        if self.forecast is None:
            return None
        return self.forecast.refill_days if self.forecast.left_days is None else self.forecast.left_days

    @property
    def story_s(self) -> float:
        """How long it takes until nothing changes any more but by its cycle: the prelude, the front of the drug."""
        prelude_s = self.device.prelude_us / 1e6 if self.device else 0.0
        return max(prelude_s, float(self.front.t_s[-1]) if self.front else 0.0)

    def concentration_at(self, t_us: int) -> int:
        """Of what the tip gets at first: a bridge's prelude is the old drug."""
        assert self.program is not None
        assert self.device is not None
        mode = self.program.mode
        if isinstance(mode, Bridge) and t_us < self.device.prelude_us:
            return mode.old_concentration_ng_ml
        return self.program.concentration_ng_ml


NOTHING = Planned()


def plan(program: Program | None, context: Context) -> Planned:
    """``program`` as it would go on from now."""
    if program is None:
        return NOTHING
    context = at_home(program, context)
    now_utc_s = context.now_utc_s or 0
    try:
        device = compile_program(program, now_utc_s, context.offset_at(now_utc_s))
        known = forecast(program, context)
    except PumpError as error:
        return Planned(program, why=error.sentence())
    reservoir_nl = program.pump.reservoir_nl if context.reservoir_nl is None else context.reservoir_nl
    why = "" if device.prelude or device.cycle else "It delivers nothing."
    return Planned(program, device, known, why, reservoir_nl)
