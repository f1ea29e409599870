"""The tube under the rollers: what a step sweeps, how it pulses, wears and feels the cold.

* Stroke volume of a six-roller bench head, a fit to a maker's table (domain.md section 5, S)::

      uL/rev = (2 pi 16.2 - 13 d) pi d^2 / 4              d: inner diameter, mm

* Roller pulsation (A): Q(theta) = Q0 (1 + sum a_k cos(k N theta + phi_k)).  Its integral over the rotor's angle is
  closed, and over a whole revolution exactly the stroke volume, because every term has whole periods in it.
* Wear (A): f(N) = 1 - a (1 - exp(-N/N1)) - b N, N the compressions of each place; run-in and fatigue.
* Temperature (D from S): 0.3 % less for each degree below 22 degrees Celsius; above, nothing.
"""

import math
from typing import Annotated

import msgspec

from rig.physics.drive import Drive

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


def stroke_nl(inner_diameter_mm: float) -> float:
    """Volume of one revolution in nL for a tube of 0.25 to 1.52 mm inner diameter."""
    return (2 * math.pi * 16.2 - 13 * inner_diameter_mm) * math.pi * inner_diameter_mm**2 / 4 * 1e3


class Wave(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One term of the pulsation: its amplitude as a share of the mean flow, and its phase."""

    share: Share
    phase_rad: Annotated[float, msgspec.Meta(ge=-7, le=7)]


class Tube(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A tube.  ``ripple`` is of once, twice … a roller's passage."""

    inner_diameter_mm: Annotated[float, msgspec.Meta(ge=0.25, le=1.52)]
    ripple: Annotated[tuple[Wave, ...], msgspec.Meta(max_length=8)]
    run_in_share: Annotated[float, msgspec.Meta(ge=0, le=0.5)]  # a
    run_in_compressions: Annotated[float, msgspec.Meta(ge=1, le=1e9)]  # N1
    fatigue_per_million: Annotated[float, msgspec.Meta(ge=0, le=0.5)]  # b
    worn_compressions: Annotated[float, msgspec.Meta(ge=0, le=1e8)]  # when the rig is made
    warm_c: Annotated[float, msgspec.Meta(ge=0, le=40)]  # below it, flow falls
    cold_share_per_c: Annotated[float, msgspec.Meta(ge=0, le=0.02)]

    def __post_init__(self) -> None:
        if (shares := sum(wave.share for wave in self.ripple)) > 1:
            raise ValueError(f"the shares of its ripple come to {shares:g}, so that it would flow back: at most 1")

    @property
    def stroke_nl(self) -> float:
        """What one revolution sweeps when new and warm, nL."""
        return stroke_nl(self.inner_diameter_mm)

    def step_nl(self, drive: Drive) -> float:
        """What one step sweeps on average when new and warm, nL."""
        return self.stroke_nl / drive.steps_per_revolution

    def efficiency(self, compressions: float) -> float:
        """f(N): what is left of a new tube's volume, 0 to 1."""
        run_in = self.run_in_share * -math.expm1(-compressions / self.run_in_compressions)
        return max(0.0, 1 - run_in - self.fatigue_per_million * 1e-6 * compressions)

    def warmth(self, temperature_c: float) -> float:
        """What is left of a warm tube's volume at this temperature, 0 to 1."""
        return max(0.0, 1 - self.cold_share_per_c * max(0.0, self.warm_c - temperature_c))

    def waves(self, mean_nl_s: float, roller_rad_s: float, roller_rad: float) -> tuple[tuple[float, float, float], ...]:
        """The pulsation of a rotor at constant speed: of each term (amplitude nL/s, rad/s, rad), now."""
        return tuple(
            (wave.share * mean_nl_s, k * roller_rad_s, k * roller_rad + wave.phase_rad)
            for k, wave in enumerate(self.ripple, start=1)
        )

    def swept_nl(self, drive: Drive, start_steps: float, end_steps: float) -> float:
        """Volume between two rotor positions, new, warm and at no back-pressure, nL."""
        swept = end_steps - start_steps
        per_radian = drive.steps_per_compression / (2 * math.pi)
        start, end = drive.roller_phase(start_steps), drive.roller_phase(end_steps)
        for k, wave in enumerate(self.ripple, start=1):
            turned = math.sin(k * end + wave.phase_rad) - math.sin(k * start + wave.phase_rad)
            swept += wave.share * per_radian / k * turned
        return swept * self.step_nl(drive)
