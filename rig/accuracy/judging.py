"""What a balance can't know, and whether an error is within its limit all the same (domain.md section 4)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rig.firmware.tolerance import DRIFT_NL_C, EVAPORATION_PART

Judgement = Literal["within", "outside", "inconclusive"]
DAY_US = 86_400_000_000
SMALL_SAMPLE = 30  # below it a report says so (domain.md section 1)


@dataclass(frozen=True)
class Error:
    """How far a delivered volume is from the volume wanted, in per cent of that, with its uncertainty."""

    percent: float
    uncertainty: float

    def judged(self, limit: float) -> Judgement:
        """Against +- ``limit`` per cent: within the uncertainty of the limit nobody can say."""
        if abs(abs(self.percent) - limit) <= self.uncertainty:
            return "inconclusive"
        return "within" if abs(self.percent) < limit else "outside"


def error(delivered_nl: float, wanted_nl: float, uncertainty_nl: float) -> Error | None:
    """None where nothing was wanted, of which nothing is a share."""
    if wanted_nl <= 0:
        return None
    return Error(100 * (delivered_nl - wanted_nl) / wanted_nl, 100 * uncertainty_nl / wanted_nl)


def evaporated_nl(settings: Mapping[str, int], span_us: int) -> float:
    """What is taken to have left the cup in ``span_us``: to be added to what the balance shows."""
    return settings.get("evaporation_nl_day", 0) * span_us / DAY_US


def evaporation_unsure_nl(settings: Mapping[str, int], span_us: int) -> float:
    """What evaporation isn't known to over ``span_us``."""
    return evaporated_nl(settings, span_us) / EVAPORATION_PART


def drift_nl(warmer_c: float) -> float:
    """By how much a balance may have drifted while the room became ``warmer_c`` warmer."""
    return DRIFT_NL_C * abs(warmer_c)


def uncertainty_nl(settings: Mapping[str, int], span_us: int, warmer_c: float) -> float:
    """By how much a balance may be wrong on the volume of ``span_us``, over which the room became ``warmer_c`` warmer:
    its own uncertainty, what evaporation isn't known to, and drift; as the pump itself takes it, by its settings."""
    own_nl = settings.get("balance_uncertainty_nl", 0)
    return own_nl + evaporation_unsure_nl(settings, span_us) + drift_nl(warmer_c)


@dataclass(frozen=True)
class Spread:
    """Several errors: how many, their mean with its 95 % interval, and the extremes, in per cent."""

    count: int
    mean: float
    low: float  # of the interval; both NaN below two
    high: float
    least: float
    most: float

    @property
    def small(self) -> bool:
        """Whether there are too few to say much."""
        return self.count < SMALL_SAMPLE


def spread(errors: Sequence[float]) -> Spread | None:
    """Of bolus errors, say; None without any.  The interval is Student's, which takes them for independent."""
    count = len(errors)
    if not count:
        return None
    mean = math.fsum(errors) / count
    half = math.nan
    if count > 1:
        variance = math.fsum((one - mean) ** 2 for one in errors) / (count - 1)
        half = student_95(count - 1) * math.sqrt(variance / count)
    return Spread(count, mean, mean - half, mean + half, min(errors), max(errors))


#: Degrees of freedom -> 97.5 % quantile of Student's t; in between the lower one counts, which is wider.
_STUDENT = {
    **dict(enumerate((12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228), 1)),
    12: 2.179,
    15: 2.131,
    20: 2.086,
    25: 2.060,
    30: 2.042,
    40: 2.021,
    60: 2.000,
    120: 1.980,
}


def student_95(freedom: int) -> float:
    """The factor of a two-sided 95 % interval at ``freedom`` degrees of freedom, 1 or more; never too small."""
    return _STUDENT[max(known for known in _STUDENT if known <= freedom)]
