"""Plants for tests: the bench rig, one part at a time changed."""

from typing import Any

from msgspec.structs import replace

from rig.virtual.parameters import RigParameters, load
from rig.virtual.plant import Plant

S = 1_000_000
HOUR_S = 3600.0
DAY_S = 86_400
BENCH = load()
#: as the bench rig, but its crystal is exact, so that an order's microseconds are the rig's
EXACT = replace(BENCH, crystal=replace(BENCH.crystal, tolerance_ppm=0, curve_ppm_c2=0))
STEP_NL = BENCH.step_nl


def changed(**sections: dict[str, Any]) -> RigParameters:
    """EXACT with some fields of some sections changed."""
    return replace(EXACT, **{name: replace(getattr(EXACT, name), **fields) for name, fields in sections.items()})


def plant(seed: int = 3, **sections: dict[str, Any]) -> Plant:
    """One of ``changed``."""
    return Plant(changed(**sections), seed)


def steps_of(ml_day: float, seconds: float) -> int:
    """What the pump orders for so much flow, of a new tube."""
    return round(ml_day * 1e6 / DAY_S * seconds / STEP_NL)


def deliver(rig: Plant, ml_day: float, seconds: float) -> None:
    """Orders an even flow from now on."""
    rig.step(steps_of(ml_day, seconds), rig.now_us, rig.now_us + round(seconds * S))


def rest(rig: Plant, seconds: float) -> None:
    """Lets so much time pass."""
    rig.advance(rig.now_us + round(seconds * S))
