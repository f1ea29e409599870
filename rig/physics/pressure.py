"""The pressure sensor: a ratiometric one of 350 kPa behind a converter, with an offset of its own, noise and a digit.

It puts out 10 % of its supply at 0 and 90 % at its full range, as ``rig.firmware.readings`` reads it, so what it can
show ends where its output does.
"""

from typing import Annotated

import msgspec

from rig.physics import noise

FULL_PA = 350_000
LOWEST_PA = -FULL_PA / 8  # at 0 V
HIGHEST_PA = FULL_PA * 9 / 8


class PressureFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a sensor is like; all assumptions."""

    noise_pa: Annotated[float, msgspec.Meta(ge=0, le=20_000)]
    offset_pa: Annotated[float, msgspec.Meta(ge=0, le=20_000)]  # a seed's lies evenly within plus and minus it
    resolution_pa: Annotated[float, msgspec.Meta(gt=0, le=20_000)]


class PressureSensor:
    """One sensor, told apart from others by its seed."""

    def __init__(self, figures: PressureFigures, seed: int) -> None:
        self._figures = figures
        self._key = noise.stream(seed, "pressure")
        self._offset_pa = figures.offset_pa * (noise.mix(self._key) / 2**63 - 1)

    def reading_pa(self, pressure_pa: float, t_us: int, louder: float = 1.0) -> int:
        """What it shows at ``t_us`` under ``pressure_pa``, its noise so many times as strong."""
        figures = self._figures
        shown = pressure_pa + self._offset_pa + louder * figures.noise_pa * noise.white(self._key, t_us)
        digits = round(shown / figures.resolution_pa) * figures.resolution_pa
        return round(min(max(digits, LOWEST_PA), HIGHEST_PA))
