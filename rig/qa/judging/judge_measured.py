"""Measurements with their verdicts, and what they say together."""

from rig.accuracy import budget as parts
from rig.accuracy.budget import Budget
from rig.measured import Measurement, worst
from rig.qa.limits import Limits
from rig.qa.telling.verdict_words import limits_text, value_text
from rig.qa.told import Judged

NOTHING = "Nothing was measured: "


def measured(
    name: str, value: float, limits: Limits, unit: str = "", budget: Budget = (), detail: str = ""
) -> Measurement:
    """``value`` and its ``budget``, in the unit of ``limits`` or ``unit``, held to ``limits``."""
    unsure = parts.total(budget)
    verdict = parts.verdict(value, unsure, limits.low, limits.high)
    return Measurement(
        name, value, limits.unit or unit, limits.low, limits.high, unsure, verdict, detail, budget=budget
    )


def told(name: str, value: float, unit: str, budget: Budget = (), detail: str = "") -> Measurement:
    """A value that nothing hangs on."""
    return Measurement(name, value, unit, None, None, parts.total(budget), "pass", detail, budget)


def unmeasured(name: str, limits: Limits, why: str, unit: str = "") -> Measurement:
    """What couldn't be measured isn't known to be in or out."""
    return Measurement(name, None, limits.unit or unit, limits.low, limits.high, 0.0, "inconclusive", why)


def sentence(one: Measurement) -> str:
    """What people read of a measurement."""
    if one.value is None:
        return f"{one.name}: {one.detail}"
    limits = limits_text(one)
    wanted = f", wanted {limits}" if limits else ""
    detail = f" ({one.detail})" if one.detail else ""
    return f"{one.name} {value_text(one)}{wanted}{detail}"


def together(*measurements: Measurement, at_us: int = 0) -> Judged:
    """As the worst of them, which ``detail`` tells."""
    verdict = worst(one.verdict for one in measurements)
    said = [one for one in measurements if one.verdict == verdict and (one.low, one.high) != (None, None)]
    chosen = said or [one for one in measurements if one.verdict == verdict]
    return Judged(verdict, measurements, sentence(chosen[0]) if chosen else "", at_us)


def nothing(why: str, at_us: int = 0) -> Judged:
    """Nobody can say."""
    return Judged("inconclusive", (), NOTHING + why, at_us)
