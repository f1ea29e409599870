"""The drug on its way through the dead volume to the catheter's tip: tanks in series, in closed form.

The dead volume V is N equal tanks, each well mixed.  After the volume v of new drug has entered, x = N v / V, the
outlet carries the fraction F(v) = 1 - exp(-x) sum_{k<N} x^k/k! of it, and v F_N(v) - V F_{N+1}(v) has come out
(domain.md section 2; N about 50 at basal flow, 5 at prime speed, A).  N is that of the flow at which a change entered;
from then on all is a function of volume alone.
"""

import math
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DAY_S = 86_400


class Catheter(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What the drug passes from the rotor to the tip."""

    path_ul: Annotated[float, msgspec.Meta(ge=0, le=10_000)]  # of the pump, up to the catheter
    length_cm: Annotated[float, msgspec.Meta(ge=1, le=1000)]
    bore_ul_cm: Annotated[float, msgspec.Meta(gt=0, le=1000)]  # volume of a length
    tanks: Annotated[int, msgspec.Meta(ge=1, le=200)]  # at basal flow
    prime_tanks: Annotated[int, msgspec.Meta(ge=1, le=200)]
    prime_above_ml_day: Annotated[float, msgspec.Meta(ge=0, le=1e6)]  # faster is prime speed

    @property
    def dead_volume_nl(self) -> float:
        """From the rotor to the tip."""
        return (self.path_ul + self.length_cm * self.bore_ul_cm) * 1e3

    def tanks_at(self, flow_nl_s: float) -> int:
        """N of what enters at this flow."""
        return self.prime_tanks if flow_nl_s * _DAY_S > self.prime_above_ml_day * 1e6 else self.tanks


def outlet_fraction(volume: Floats, dead_volume: float, tanks: int) -> Floats:
    """F: the share of the new drug at the outlet after ``volume`` (n,), in the unit of ``dead_volume``, >= 0.

    Summed in logarithms, all terms positive, so it is good to 1e-11 for ``tanks`` from 1 to thousands and any volume.
    """
    x = np.asarray(volume, np.float64) * tanks / dead_volume
    k = np.arange(tanks)
    log_factorials = np.cumsum(np.log(np.maximum(k, 1)))
    with np.errstate(divide="ignore", invalid="ignore", under="ignore"):
        logs = np.where(k == 0, 0.0, k * np.log(x)[..., None]) - log_factorials - x[..., None]
        left = np.exp(logs).sum(axis=-1)
    fraction: Floats = np.clip(1 - left, 0.0, 1.0)
    return fraction


def outlet_volume(volume: Floats, dead_volume: float, tanks: int) -> Floats:
    """The integral of F: how much of the new drug has come out after ``volume`` (n,), same unit."""
    volume = np.asarray(volume, np.float64)
    first = outlet_fraction(volume, dead_volume, tanks)
    # F_{N+1} of the same x, whose tanks are as large
    second = outlet_fraction(volume, dead_volume * (tanks + 1) / tanks, tanks + 1)
    out: Floats = np.maximum(volume * first - dead_volume * second, 0.0)
    return out


def outlet_now(volume: float, dead_volume: float, tanks: int) -> tuple[float, float]:
    """(``outlet_fraction``, ``outlet_volume``) of one volume, forty times as fast; for up to 200 tanks."""
    x = volume * tanks / dead_volume
    if x <= 0:
        return 0.0, 0.0
    if volume >= passed_volume(dead_volume, tanks):
        return 1.0, volume - dead_volume
    term = math.exp(-x)
    left = 0.0
    for k in range(tanks):
        left += term
        term *= x / (k + 1)
    first, second = max(0.0, 1 - left), max(0.0, 1 - left - term)
    return first, max(0.0, volume * first - dead_volume * second)


def passed_volume(dead_volume: float, tanks: int) -> float:
    """The volume after which less than 1e-14 of what was before is left."""
    return dead_volume * (1 + 10 / math.sqrt(tanks) + 40 / tanks)


class Fronts:
    """Every change of concentration that is on its way, added up; positions are volumes that have left the tip.

    Liquid that comes back in through the tip takes its drug back with it, as volumes then fall.  Changes behind each
    other mix alike, as the first of them: else a later one could overtake it, and leave less than nothing.
    """

    __slots__ = ("_concentration", "_dead_nl", "_drug", "_fed", "_rising", "_tanks", "_waiting")

    def __init__(self, dead_volume_nl: float, tanks: int, concentration_ng_ml: float) -> None:
        self._dead_nl = dead_volume_nl
        self._tanks = tanks
        self._concentration = self._fed = concentration_ng_ml  # at the tip when all fronts are yet to come; at the head
        self._drug = 0.0  # ng/mL nL, beside what these come to
        self._rising: list[tuple[float, float]] = []  # (volume at which it was fed in, rise in ng/mL)
        self._waiting = False  # all of them, at the head, for liquid to move

    def feed(self, concentration_ng_ml: float, volume_nl: float) -> None:
        """What enters the dead volume from now on, when ``volume_nl`` has left the tip."""
        rise = concentration_ng_ml - self._fed
        if rise:
            self._waiting = self._waiting or not self._rising
            if self._rising:  # liquid may have come back since: nothing overtakes what is before it
                volume_nl = max(volume_nl, self._rising[-1][0])
            self._rising.append((volume_nl, rise))
            self._fed = concentration_ng_ml

    def enter(self, tanks: int) -> None:
        """Liquid moves so fast from now on that what waits at the head mixes as so many tanks."""
        if self._waiting:
            self._waiting, self._tanks = False, tanks

    def settle(self, volume_nl: float) -> None:
        """Forgets the fronts that are all out by now."""
        while self._rising:
            fed_nl, rise = self._rising[0]
            if volume_nl - fed_nl < passed_volume(self._dead_nl, self._tanks):
                return
            del self._rising[0]
            self._concentration += rise
            self._drug -= rise * (fed_nl + self._dead_nl)

    def at(self, volume_nl: float) -> tuple[float, float]:
        """(concentration that leaves the tip in ng/mL, drug that has left it in ng) when ``volume_nl`` has left it."""
        concentration, drug = self._concentration, self._drug + self._concentration * volume_nl
        for fed_nl, rise in self._rising:
            fraction, volume = outlet_now(volume_nl - fed_nl, self._dead_nl, self._tanks)
            concentration += rise * fraction
            drug += rise * volume
        return max(0.0, concentration), drug * 1e-6  # rounding may leave a little less than nothing
