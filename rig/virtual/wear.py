"""What a step of the rotor moves as the tube ages and the room gets cold: even within 500 compressions and an hour."""

import math

from rig.physics.drive import Drive
from rig.physics.tubing import Tube

_CHUNK = 500  # compressions, over which f(N) changes by a few parts in ten thousand
_ROUNDING = 1e-6  # compressions by which a moment in whole microseconds may be early


class Wear:
    """The compressions of one tube, counted along the rotor's positions."""

    def __init__(self, tube: Tube, drive: Drive) -> None:
        self._tube = tube
        self._new_nl = tube.step_nl(drive)
        self._steps = drive.steps_per_compression
        self._before = tube.worn_compressions  # at position 0
        self._chunk = -1
        self._efficiency = 1.0
        self.step_nl = self._new_nl  #: what a step moves since the last ``at``

    def compressions(self, position_steps: float) -> float:
        """Of each place of the tube, with the rotor at this position."""
        return self._before + position_steps / self._steps

    def renew(self, compressions: float, position_steps: float) -> None:
        """It is another tube, with so many of them."""
        self._before = compressions - position_steps / self._steps

    def efficiency(self, position_steps: float) -> float:
        """What the tube still moves of what a new one does."""
        return self._tube.efficiency(self.compressions(position_steps))

    def at(self, position_steps: float, temperature_c: float) -> float:
        """Takes what a step moves from this position on and at this temperature; gives for how many steps it holds."""
        compressions = self.compressions(position_steps)
        chunk = math.floor((compressions + _ROUNDING) / _CHUNK)
        if chunk != self._chunk:
            self._chunk = chunk
            self._efficiency = self._tube.efficiency((chunk + 0.5) * _CHUNK)
        self.step_nl = self._new_nl * self._efficiency * self._tube.warmth(temperature_c)
        return ((chunk + 1) * _CHUNK - compressions) * self._steps
