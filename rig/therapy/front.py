"""What the drug does at the catheter's tip while the volume before it changes: tanks in series (``rig.physics.front``).

Their number is large (a sharp front) at basal flow, small at prime speed.  (domain.md, section 2: 50 and 5, assumed.)
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rig.physics.front import Floats, outlet_fraction, outlet_volume
from rig.therapy import modes
from rig.therapy.compile import compile_program, prime_volume_pl
from rig.therapy.flowing import Flowing
from rig.therapy.program import Program
from rig.therapy.units import DAY_S

BASAL_TANKS = 50
PRIME_TANKS = 5
SHARES = (0.1, 0.5, 0.9)  # of the new concentration, whose arrival is told
_TURNS = 3.0  # dead volumes that a course shows: what is left then is below 1 % even after a fast prime
_POINTS = 200
_MOST_TURNS = 1000  # of the flow; what turns more often is drawn by the even steps alone
LONGEST_S = 366 * DAY_S  # a front that takes longer never arrives


@dataclass(frozen=True, eq=False)
class Front:
    """A change of the drug on its way to the tip.  Times in s since the program began; None: not within a year.

    The arrays, all (n,) float64, are the course for drawing: ``volume_nl`` since the begin, what leaves the tip then,
    and ``dose_ng`` that has left it.
    """

    dead_volume_pl: int
    old_ng_ml: int
    new_ng_ml: int
    tanks: int
    plug_s: float | None  # one dead volume has passed: when an unmixed front arrives
    arrival_s: tuple[float | None, ...]  # of SHARES of the new concentration
    early_ng: float  # by how much mixing changes the dose that has come out by ``plug_s``; > 0: drug arrives early
    before_ng_day: float  # dose rate at the tip when the program begins, and
    after_ng_day: float  # once the new concentration is there; NaN without ``plug_s``
    t_s: Floats
    volume_nl: Floats
    concentration_ng_ml: Floats
    dose_rate_ng_day: Floats
    dose_ng: Floats
    end: str = "the tip"  # where it arrives


def share_volume(share: float, dead_volume: float, tanks: int) -> float:
    """The volume after which the outlet carries ``share`` (0 to 1, exclusive) of the new drug: F inverted."""
    low, high = 0.0, dead_volume
    while _fraction_at(high, dead_volume, tanks) < share:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _fraction_at(middle, dead_volume, tanks) < share else (low, middle)
    return high


def _fraction_at(volume: float, dead_volume: float, tanks: int) -> float:
    return float(outlet_fraction(np.array([volume]), dead_volume, tanks)[0])


def front_of(
    program: Program, held_ng_ml: int | None = None, now_utc_s: int = 0, utc_offset_min: int = 0
) -> Front | None:
    """The front that ``program`` sends on its way when it begins at ``now_utc_s``; None where nothing changes.

    A prime pushes drug into paths that hold none, a bridge its new concentration; others the program's own behind
    ``held_ng_ml``, what the pump held before, None where that isn't known.  Raises UsageError as ``compile_program``.
    """
    mode = program.mode
    new, dead_pl = program.concentration_ng_ml, program.dead_volume_pl
    if isinstance(mode, modes.Prime):
        old, dead_pl = 0, prime_volume_pl(program, mode)
    elif isinstance(mode, modes.Bridge):
        old = mode.old_concentration_ng_ml
    else:
        old = new if held_ng_ml is None else held_ng_ml
    if old == new or dead_pl <= 0:
        return None
    flowing = Flowing(compile_program(program, now_utc_s, utc_offset_min), now_utc_s)
    plug_s = _arrives_s(flowing, dead_pl)
    tanks = PRIME_TANKS if is_prime_speed(program, dead_pl, plug_s) else BASAL_TANKS
    front = _front(flowing, dead_pl, old, new, tanks, plug_s)
    beyond = isinstance(mode, modes.Prime) and "catheter" not in mode.paths
    return replace(front, end="the end of the pump's path") if beyond else front


def is_prime_speed(program: Program, dead_pl: int, plug_s: float | None) -> bool:
    """Whether the front travels so fast that it mixes: in a prime, or above the pump's highest base flow."""
    if isinstance(program.mode, modes.Prime):
        return True
    return plug_s is not None and dead_pl * DAY_S > program.pump.flow_high_pl_day * plug_s


def _arrives_s(flowing: Flowing, volume_pl: float) -> float | None:
    t_us = flowing.when_us(volume_pl, LONGEST_S)
    return None if t_us is None else t_us / 1e6


def _moments_us(flowing: Flowing, volume_pl: float) -> NDArray[np.int64]:
    """Where to draw until ``volume_pl`` has flowed: even steps of time and volume, both sides of a turn."""
    end_us = flowing.when_us(volume_pl, LONGEST_S)
    if end_us is None:  # all that flows within the time
        end_us = flowing.when_us(flowing.volume_pl(LONGEST_S * 1_000_000), LONGEST_S) or 0
    end_us = max(1, end_us)
    turns, at_us = [0], 0
    while (until_us := flowing.turn_us(at_us)) is not None and until_us < end_us and len(turns) < _MOST_TURNS:
        turns += [until_us - 1, until_us]
        at_us = until_us
    turns.append(end_us)
    flowed = [float(flowing.volume_pl(t)) for t in turns]
    by_volume = np.interp(np.linspace(0, flowed[-1], _POINTS), flowed, turns)
    moments = [np.array(turns, np.float64), np.linspace(0, end_us, _POINTS), by_volume]
    return np.unique(np.concatenate(moments).astype(np.int64))


def _front(flowing: Flowing, dead_pl: int, old: int, new: int, tanks: int, plug_s: float | None) -> Front:
    t_us = _moments_us(flowing, _TURNS * dead_pl)
    volume_pl = np.array([flowing.volume_pl(int(t)) for t in t_us], np.float64)
    flow_pl_day = np.array([flowing.flow_pl_day(int(t)) for t in t_us])
    concentration = old + (new - old) * outlet_fraction(volume_pl, dead_pl, tanks)
    dose_ng = (old * volume_pl + (new - old) * outlet_volume(volume_pl, dead_pl, tanks)) / 1e9
    early_pl = float(outlet_volume(np.array([float(dead_pl)]), dead_pl, tanks)[0])
    after = math.nan if plug_s is None else flowing.flow_pl_day(round(plug_s * 1e6)) * new / 1e9
    return Front(
        dead_volume_pl=dead_pl,
        old_ng_ml=old,
        new_ng_ml=new,
        tanks=tanks,
        plug_s=plug_s,
        arrival_s=tuple(_arrives_s(flowing, share_volume(share, dead_pl, tanks)) for share in SHARES),
        early_ng=(new - old) * early_pl / 1e9,
        before_ng_day=flowing.flow_pl_day(0) * old / 1e9,
        after_ng_day=after,
        t_s=t_us / 1e6,
        volume_nl=volume_pl / 1000,
        concentration_ng_ml=concentration,
        dose_rate_ng_day=flow_pl_day * concentration / 1e9,
        dose_ng=dose_ng,
    )
