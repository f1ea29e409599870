"""What the rules look at: a program, what may be programmed, and what is known of the pump."""

from dataclasses import dataclass
from functools import cached_property

from firmware_link.errors import UsageError
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.limits import LimitSet
from rig.therapy.modes import Bridge, Screening
from rig.therapy.program import Program, dose_ng
from rig.therapy.screening import APART_S


@dataclass(frozen=True)
class Case:
    """A program to be checked; what follows from it is worked out once."""

    program: Program
    limits: LimitSet
    context: Context

    @cached_property
    def now_utc_s(self) -> int:
        """The present; where it isn't known, a moment at which nothing has to wait any more."""
        if self.context.now_utc_s is not None:
            return self.context.now_utc_s
        mode = self.program.mode
        if isinstance(mode, Screening) and mode.given:
            return max(given.given_utc_s for given in mode.given) + APART_S
        return 0

    @cached_property
    def made(self) -> DeviceProgram | UsageError:
        """What the pump would hold, or why it can't be made."""
        try:
            return compile_program(self.program, self.now_utc_s, self.context.offset_at(self.now_utc_s))
        except UsageError as error:
            return error

    @property
    def device(self) -> DeviceProgram | None:
        """What the pump would hold; None where it can't be made."""
        return self.made if isinstance(self.made, DeviceProgram) else None

    @property
    def steady_ng_day(self) -> int:
        """The dose a day in the long run, on average and without the button."""
        return dose_ng(average_pl_day(self.device), self.program.concentration_ng_ml)

    @property
    def pump_known(self) -> bool:
        """Whether a pump told what it holds, be it nothing."""
        return bool(self.context.settings)

    @cached_property
    def held_ng_ml(self) -> int:
        """What is in the path by now: as a bridge says, as told, as the label says, or as the program does."""
        if isinstance(self.program.mode, Bridge):
            return self.program.mode.old_concentration_ng_ml
        label = self.context.settings.get("concentration_ng_ml")
        return self.context.held_concentration_ng_ml or label or self.program.concentration_ng_ml

    @cached_property
    def held_ng_day(self) -> int:
        """The dose a day that the pump gives by now, on average; 0 where it gives or holds nothing."""
        return dose_ng(average_pl_day(self.context.held), self.held_ng_ml)


def average_pl_day(device: DeviceProgram | None) -> int:
    """What ``device`` delivers a day in the long run."""
    if device is None or not device.cycle:
        return 0
    return int(device.cycle_pl) * units.DAY_US // int(device.cycle_us)
