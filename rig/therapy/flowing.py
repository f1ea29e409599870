"""The volume of a device program over time since its begin, and back: the firmware's own arithmetic, inverted."""

from rig.firmware.program import Program, cumulative
from rig.therapy.units import DAY_S, DAY_US

LONGEST_S = 20 * 366 * DAY_S


class Flowing:
    """``program`` begun at ``begin_utc_s``; all times since then.  ``extra_pl_day`` flows evenly on top."""

    def __init__(self, program: Program, begin_utc_s: int, extra_pl_day: int = 0) -> None:
        self._program = program
        self._phase_us = program.phase_us(begin_utc_s * 1_000_000)
        self._extra_pl_day = extra_pl_day

    def volume_pl(self, t_us: int) -> int:
        """What has flowed after ``t_us``, 0 or more."""
        return int(cumulative(self._program, t_us, self._phase_us)) + self._extra_pl_day * t_us // DAY_US

    def flow_pl_day(self, t_us: int) -> float:
        """What flows then."""
        _, _, _, volume_pl, duration_us = self._program.stretch(t_us, self._phase_us)
        return float(volume_pl * DAY_US / duration_us) + self._extra_pl_day

    def turn_us(self, t_us: int) -> int | None:
        """When the flow of ``t_us`` ends, None for never."""
        until_us: int | None = self._program.stretch(t_us, self._phase_us)[1]
        return until_us

    def when_us(self, volume_pl: float, within_s: int = LONGEST_S) -> int | None:
        """The first moment by which ``volume_pl`` has flowed; None where that isn't within so long, 1 s at least."""
        if volume_pl <= 0:
            return 0
        low, high = 0, within_s * 1_000_000
        if self.volume_pl(high) < volume_pl:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.volume_pl(middle) < volume_pl else (low, middle)
        return high
