"""The value range of a chart: follows what is in view without jitter."""

import math
from dataclasses import dataclass, field

from programmer_gui.plot.ticks import value_step

_HEADROOM = 0.06  # of the data's span, free above and below
_STEPS = 10  # the ends lie on multiples of about a tenth of the span
_TOO_EMPTY = 0.45  # the range shrinks once the data fills less of it


@dataclass
class ValueRange:
    """``low`` to ``high`` of an axis.  Grows at once; shrinks only when mostly empty; ends on round numbers.

    ``least_span`` keeps noise from being blown up; ``include`` values are always in view.
    """

    least_span: float
    include: tuple[float, ...] = ()
    low: float = field(init=False)
    high: float = field(init=False)
    automatic: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        middle = self.include[0] if self.include else 0.0
        self.low, self.high = self._rounded(middle, middle)
        self._fresh = True  # nothing has been seen yet: the first fit takes over whole

    def fit(self, lowest: float, highest: float) -> None:
        """Takes in what is in view, ``lowest`` to ``highest``; NaN where there is nothing."""
        if not self.automatic or not (math.isfinite(lowest) and math.isfinite(highest)):
            return
        lowest, highest = min(lowest, *self.include, lowest), max(highest, *self.include, highest)
        low, high = self._rounded(lowest, highest)
        outside = lowest < self.low or highest > self.high
        if self._fresh or outside or (high - low) < _TOO_EMPTY * (self.high - self.low):
            self.low, self.high = low, high
            self._fresh = False

    def hold(self, low: float, high: float) -> None:
        """Set by hand.  Lasts until ``auto``."""
        self.low, self.high = low, high
        self.automatic = False

    def auto(self) -> None:
        """Follows the data again."""
        self.automatic = True
        self._fresh = True

    def _rounded(self, lowest: float, highest: float) -> tuple[float, float]:
        """``lowest`` to ``highest`` with headroom, on round numbers.

        An end that rests on an included value stays there, and what has no values below 0 gets no axis below 0.
        """
        span = highest - lowest
        missing = max(self.least_span - span, 0.0)
        margin = _HEADROOM * (span + missing)
        low = lowest if lowest in self.include else lowest - margin - missing / 2
        high = highest if highest in self.include else highest + margin + missing / 2
        if low < 0 <= lowest:
            low = 0.0
        if low == lowest and high == highest:
            high += margin
        high = max(high, low + self.least_span)
        step = value_step(high - low, _STEPS)
        return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
