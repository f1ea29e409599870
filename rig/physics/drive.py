"""Drive and tubing: what volume a turn of the rotor sweeps.

Stroke volume of a six-roller bench head, a fit to a maker's table (domain.md section 5)::

    uL/rev = (2 pi 16.2 - 13 d) pi d^2 / 4              d: inner diameter, mm

Roller pulsation: Q(theta) = Q0 (1 + sum a_k cos(k N theta + phi_k)).  Its integral over the rotor's angle is closed,
and over a whole revolution exactly the stroke volume, because every term has a whole number of periods in it.
"""

import math
from dataclasses import dataclass


def stroke_nl(inner_diameter_mm: float) -> float:
    """Volume of one revolution in nL for a tube of 0.25 to 1.52 mm inner diameter."""
    return (2 * math.pi * 16.2 - 13 * inner_diameter_mm) * math.pi * inner_diameter_mm**2 / 4 * 1e3


@dataclass(frozen=True)
class Drive:
    """A rotor with its tube.  ``ripple`` holds (a_k, phi_k) for k = 1, 2 …, amplitudes a guess to be fitted."""

    inner_diameter_mm: float = 0.51
    steps_per_revolution: int = 3200
    rollers: int = 6
    ripple: tuple[tuple[float, float], ...] = ((0.30, 0.0), (0.08, 0.6))

    @property
    def step_nl(self) -> float:
        """Mean volume of one step, nL."""
        return stroke_nl(self.inner_diameter_mm) / self.steps_per_revolution

    def roller_phase(self, position_steps: float) -> float:
        """N theta in radians, within one roller's passage so that it stays sharp after years."""
        turn = position_steps * self.rollers / self.steps_per_revolution
        return 2 * math.pi * (turn - math.floor(turn))

    def swept_nl(self, start_steps: float, end_steps: float) -> float:
        """Volume between two rotor positions at no back-pressure, nL."""
        swept = end_steps - start_steps
        per_radian = self.steps_per_revolution / (2 * math.pi * self.rollers)
        start, end = self.roller_phase(start_steps), self.roller_phase(end_steps)
        for k, (amplitude, phase) in enumerate(self.ripple, start=1):
            swept += amplitude * per_radian / k * (math.sin(k * end + phase) - math.sin(k * start + phase))
        return swept * self.step_nl
