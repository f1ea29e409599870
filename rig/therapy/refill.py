"""Refills: does what was withdrawn agree with what the pump counted, and how long does the filling last?  Pure."""

from dataclasses import dataclass

from rig.firmware import reservoir
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units

WATCH_S = 1800  # after filling, what comes out is watched for so long


@dataclass(frozen=True)
class Discrepancy:
    """Expected minus withdrawn; positive where the pump delivered more than it counted."""

    difference_nl: int
    allowed_nl: int
    delivered_nl: int  # counted since the refill before
    to_evaluate: bool
    sentence: str

    @property
    def permille(self) -> int | None:
        """Of what was delivered; None where next to nothing was, and a ratio says nothing."""
        return permille(self.difference_nl, self.delivered_nl)


def permille(difference_nl: int, delivered_nl: int) -> int | None:
    """``difference_nl`` of ``delivered_nl``; None below what a syringe tells apart."""
    if delivered_nl < reservoir.SYRINGE_NL:
        return None
    return round(1000 * difference_nl / delivered_nl)


def discrepancy(expected_nl: int, withdrawn_nl: int, delivered_nl: int) -> Discrepancy:
    """Judges a refill as the pump will, by the firmware's own rule.

    ``delivered_nl`` since the last one sets how far the pump's accuracy explains a difference; a syringe isn't read
    better than 0.1 mL, and more than 2 mL is always looked into.
    """
    difference_nl = expected_nl - withdrawn_nl
    explained_nl = max(max(0, delivered_nl) * reservoir.ACCURACY_PERMILLE // 1000, reservoir.SYRINGE_NL)
    allowed_nl = min(reservoir.DISCREPANCY_NL, explained_nl)
    to_evaluate = bool(reservoir.is_discrepant(expected_nl, withdrawn_nl, max(0, delivered_nl)))
    sentence = _sentence(difference_nl, allowed_nl, to_evaluate)
    return Discrepancy(difference_nl, allowed_nl, max(0, delivered_nl), to_evaluate, sentence)


def _sentence(difference_nl: int, allowed_nl: int, to_evaluate: bool) -> str:
    if not difference_nl:
        return "Exactly as expected."
    more_or_less = "more" if difference_nl > 0 else "less"
    amount, allowed = units.volume_text(abs(difference_nl)), units.volume_text(allowed_nl)
    said = f"It delivered {amount} {more_or_less} than it counted"
    if to_evaluate:
        return f"{said}; {allowed} would be explained. To be evaluated."
    return f"{said}, within the {allowed} that are explained by its accuracy."


def worst_flow_pl_day(program: DeviceProgram | None) -> int:
    """What ``program`` delivers a day on average, every on-demand bolus that it allows included."""
    if program is None:
        return 0
    volume_pl = sum(volume for volume, _ in program.cycle)
    duration_ms = sum(duration for _, duration in program.cycle)
    demand_pl = program.demand[0] * program.demand[3] if program.demand else 0
    return int(volume_pl * units.DAY_S * 1000 // duration_ms if duration_ms else 0) + int(demand_pl)


def lasts_s(filled_nl: int, low_nl: int, flow_pl_day: int, cap_days: int) -> int | None:
    """Seconds until ``low_nl`` is left, or the drug is too old; None where nothing is delivered."""
    if flow_pl_day <= 0:
        return None
    usable_pl = max(0, filled_nl - low_nl) * 1000
    return min(cap_days * units.DAY_S, usable_pl * units.DAY_S // flow_pl_day)
