"""How sure a difference of two weighings is (GUM: standard uncertainties, combined as a root of squares).

::

    u_readability = d / sqrt(12) for each reading, d the last digit
    u_repeatability = s for each reading; s from the readings themselves, and at least what such a balance has
    u_drift = sqrt((k_T dT)^2 / 3 + 2 w^2 (1 - exp(-t / tau)))          zero by temperature, and wander over t
    u_tare = sqrt(s^2 + d^2 / 12) for each tare between them, which sets a reading to zero

s is a robust standard deviation of second differences, in which an even flow isn't seen: median |x1 - 2 x2 + x3| /
(0.6745 sqrt(6)).  Evaporation isn't the balance's and isn't here.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DIGIT_UG = 100.0  # where the readings don't tell
_SHARE_OF_DIGIT = 0.8  # repeatability of an analytical balance, in its last digits [A]: 0.08 mg of 0.1 mg
_DRIFT_DIGITS_C = 2.0  # zero by temperature, in last digits per degree [A]
_WANDER_DIGITS = 1.0  # slow wander, standard deviation, likewise [A]
_WANDER_S = 600.0
_LEAST = 8  # readings of which something is told
_NEAR_S = 10.0  # readings farther apart than this show the flow's ripple rather than noise


@dataclass(frozen=True)
class Figures:
    """What a balance is like, in micrograms."""

    digit_ug: float
    repeatability_ug: float  # standard deviation of one reading
    drift_ug_c: float
    wander_ug: float  # standard deviation


def figures_of(weighings: NDArray[np.void]) -> Figures:
    """What (n,) rig.weighing.WEIGHING_DTYPE tell of the balance that made them; the usual, where they are too few."""
    mass_ug = weighings["mass_ug"].astype(np.int64)
    digit_ug = _digit_ug(mass_ug)
    noise_ug = _noise_ug(weighings["host_us"].astype(np.int64), mass_ug)
    return Figures(
        digit_ug, max(_SHARE_OF_DIGIT * digit_ug, noise_ug), _DRIFT_DIGITS_C * digit_ug, _WANDER_DIGITS * digit_ug
    )


def _digit_ug(mass_ug: NDArray[np.int64]) -> float:
    """The largest power of ten, or twice or five times one, that divides all readings: d of a balance is such."""
    common = int(np.gcd.reduce(np.abs(mass_ug))) if len(mass_ug) else 0
    if common == 0:
        return DIGIT_UG
    steps = (factor * 10**power for power in range(10) for factor in (1, 2, 5))
    largest = max(step for step in steps if common % step == 0)
    return float(largest) if len(mass_ug) >= _LEAST else min(DIGIT_UG, float(largest))


def _noise_ug(at_us: NDArray[np.int64], mass_ug: NDArray[np.int64]) -> float:
    near = np.diff(at_us) <= _NEAR_S * 1e6
    both = near[1:] & near[:-1]
    if int(both.sum()) < _LEAST:
        return 0.0
    second = np.abs(np.diff(mass_ug, 2)[both])
    return float(np.median(second)) / (0.6745 * math.sqrt(6))


def parts_of_difference(
    figures: Figures, span_s: float, change_c: float = 1.0, tares: int = 0
) -> tuple[tuple[str, float], ...]:
    """(name, standard uncertainty in micrograms) of the difference of two readings ``span_s`` apart, while the room's
    temperature stays within ``change_c`` degrees, and it was tared ``tares`` times between them."""
    one_digit_ug = figures.digit_ug / math.sqrt(12)
    wander_ug = figures.wander_ug * math.sqrt(2 * -math.expm1(-max(0.0, span_s) / _WANDER_S))
    drift_ug = math.hypot(figures.drift_ug_c * change_c / math.sqrt(3), wander_ug)
    parts = (
        ("readability", math.sqrt(2) * one_digit_ug),
        ("repeatability", math.sqrt(2) * figures.repeatability_ug),
        ("drift", drift_ug),
    )
    tare_ug = math.sqrt(tares) * math.hypot(figures.repeatability_ug, one_digit_ug)
    return (*parts, ("tare", tare_ug)) if tares else parts
