"""Series of boluses, and of flows against back-pressure (domain.md section 4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rig.accuracy import judging
from rig.accuracy.judging import Spread


@dataclass(frozen=True)
class Boluses:
    """A series, against what was asked for each time; errors in per cent of that."""

    errors: tuple[float, ...]
    off: float  # by how much one may be wrong for the balance; %
    spread: Spread

    @property
    def mean_off(self) -> float:
        """What the mean isn't known to: as much of the balance as many weighings in a row leave of it (what one takes
        from its neighbour the other gives), and at least half the 95 % interval of the mean."""
        half = 0.0 if math.isnan(self.spread.low) else (self.spread.high - self.spread.low) / 2
        return max(self.off / self.spread.count, half)


def boluses(volumes_nl: Sequence[float], wanted_nl: float, off_nl: float) -> Boluses | None:
    """Of what was weighed of each, where ``wanted_nl`` (above 0) was asked for; None without any."""
    errors = tuple(100 * (volume_nl - wanted_nl) / wanted_nl for volume_nl in volumes_nl)
    spread = judging.spread(errors)
    return None if spread is None else Boluses(errors, 100 * off_nl / wanted_nl, spread)


def against(flow: float, off: float, free: float, free_off: float) -> tuple[float, float]:
    """(per cent by which ``flow`` differs from ``free``, which is above 0; known to ±)."""
    ratio = flow / free
    return 100 * (ratio - 1), 100 * (off / free + abs(ratio) * free_off / free)
