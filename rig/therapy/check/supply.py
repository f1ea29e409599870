"""How long reservoir, battery and tube last."""

from collections.abc import Iterator

from firmware_link.errors import UsageError
from rig.therapy import units
from rig.therapy.check.case import Case
from rig.therapy.check.concentration import span_text
from rig.therapy.check.device import main_field
from rig.therapy.check.ranges import REASON
from rig.therapy.finding import Finding
from rig.therapy.forecast import Forecast, forecast
from rig.therapy.modes import DAY_MS

_TOO_SOON = "The reservoir lasts"


def lasting(case: Case) -> Iterator[Finding]:
    """A refill that is due too soon, or after battery or tube; the drug's stability where that ends it."""
    try:
        ahead = forecast(case.program, case.context)
    except UsageError:
        return
    if ahead.refill_days is not None:
        yield from _refill(case, ahead, ahead.refill_days)
    until_days = ahead.refill_days if ahead.left_days is None else ahead.left_days
    for what, days in (("battery is near its end", ahead.eri_days), ("tube is due for service", ahead.tube_days)):
        if days is not None and until_days is not None and days < until_days:
            when = f"in {days_text(days)}" if days else "now"
            said = f"The {what} {when}, before the refill in {days_text(until_days)}."
            yield Finding("note", "", said, "Plan for both.")


def _refill(case: Case, ahead: Forecast, days: float) -> Iterator[Finding]:
    allowed = case.limits.ranges["refill"]
    soonest = units.duration_text(allowed.soft_low)
    severity = allowed.severity(round(days * DAY_MS))
    if days * DAY_MS < allowed.soft_low:
        what = f"{_TOO_SOON} {days_text(days)} from full; {soonest} is the least of {case.limits.name}."
        hard = severity == "hard"
        yield Finding("hard" if hard else "soft", main_field(case), what, "Choose less flow." if hard else REASON)
    elif ahead.left_days is not None and ahead.left_days * DAY_MS < allowed.soft_low:
        what = f"{_TOO_SOON} {days_text(ahead.left_days)} with what is in it now."
        yield Finding("note", "", what, "Refill it soon.")
    if ahead.capped:
        what = f"There is enough for more than {case.program.pump.refill_cap_days} days, but the drug keeps no longer."
        yield Finding("note", "", what, f"Refill it after {case.program.pump.refill_cap_days} days.")


def days_text(days: float) -> str:
    """ "21.6 h" or "45 days"."""
    return span_text(round(days * DAY_MS)) if days < 1000 else f"{days:.0f} days"
