"""Refills: does what was withdrawn agree with what the pump counted, and how long does the filling last?  Pure."""

from dataclasses import dataclass

from rig.firmware import balance, reservoir
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.forecast import days_to_low, demand_day_pl

WATCH_S = balance.REFILL_WATCH_US // 1_000_000  # after filling, what comes out is watched for so long


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
        """Of what was delivered; None where that was so little that a ratio says nothing."""
        return permille(self.difference_nl, self.delivered_nl)


def permille(difference_nl: int, delivered_nl: int) -> int | None:
    """``difference_nl`` of ``delivered_nl``; None where the syringe sets what is explained, not the pump."""
    if delivered_nl * reservoir.ACCURACY_PERMILLE < 1000 * reservoir.SYRINGE_NL:
        return None
    return round(1000 * difference_nl / delivered_nl)


def discrepancy(expected_nl: int, withdrawn_nl: int, delivered_nl: int) -> Discrepancy:
    """Judges a refill as the pump will, by the firmware's own rule.

    ``delivered_nl`` since the last one sets how far the pump's accuracy explains a difference; a syringe isn't read
    better than 0.1 mL, and more than 2 mL is always looked into.
    """
    difference_nl = expected_nl - withdrawn_nl
    delivered_nl = max(0, delivered_nl)
    allowed_nl = int(reservoir.explained_nl(delivered_nl))
    to_evaluate = bool(reservoir.is_discrepant(expected_nl, withdrawn_nl, delivered_nl))
    sentence = _sentence(difference_nl, allowed_nl, to_evaluate)
    return Discrepancy(difference_nl, allowed_nl, delivered_nl, to_evaluate, sentence)


def _sentence(difference_nl: int, allowed_nl: int, to_evaluate: bool) -> str:
    if not difference_nl:
        return "Exactly as expected."
    more_or_less = "more" if difference_nl > 0 else "less"
    amount, allowed = (
        units.volume_text(round(abs(nl), -4)) for nl in (difference_nl, allowed_nl)
    )  # as a syringe is read
    said = f"It delivered {amount} {more_or_less} than it counted"
    if to_evaluate:
        return f"{said}; its accuracy explains {allowed}. To be evaluated."
    return f"{said}, within the {allowed} explained by its accuracy."


def worst_flow_pl_day(program: DeviceProgram | None) -> int:
    """What the cycle of ``program`` delivers a day on average, with every on-demand bolus that it allows."""
    if program is None:
        return 0
    mean_pl = program.cycle_pl * units.DAY_US // program.cycle_us if program.cycle else 0
    return int(mean_pl) + demand_day_pl(program)


def lasts_days(program: DeviceProgram | None, usable_nl: int, now_utc_s: int, cap_days: int) -> float | None:
    """Days until ``usable_nl`` has flowed by the cycle of ``program``, or the drug is too old; None where nothing
    flows."""
    if program is None or not program.cycle_pl:
        return None
    cycle = DeviceProgram(program.anchor_utc_s, program.utc_offset_min, (), program.cycle, program.demand)
    return days_to_low(cycle, now_utc_s, max(0, usable_nl), cap_days)
