"""A forecast in words with units: a table for people, and plain data for other programs."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from rig.therapy import occlusion, units
from rig.therapy.check.concentration import span_text
from rig.therapy.check.supply import days_text
from rig.therapy.daylight import offset_text
from rig.therapy.finding import Context
from rig.therapy.forecast import YEAR_DAYS, Forecast
from rig.therapy.front import SHARES, Front


def table(ahead: Forecast, context: Context) -> list[tuple[str, str]]:
    """(what, how much), in the order of interest."""
    rows = [("day total", f"{units.dose_text(ahead.day_total_ng)}, {units.volume_text(ahead.day_total_pl / 1000)}")]
    if ahead.heaviest_day_pl != ahead.day_total_pl:
        heaviest = units.volume_text(ahead.heaviest_day_pl / 1000)
        if ahead.front is None:  # else it isn't all of one concentration
            heaviest = f"{units.dose_text(ahead.heaviest_day_ng)}, {heaviest}"
        rows.append(("heaviest day", heaviest))
    if ahead.worst_day_pl != ahead.heaviest_day_pl:
        rows.append(("with all on demand", units.volume_text(ahead.worst_day_pl / 1000)))
    rows.append(("refill", _refill(ahead, context)))
    rows.append(("battery", f"near its end in {years_text(ahead.eri_days)}{_on(ahead.eri_utc_s, context)}"))
    if ahead.tube_days is not None:
        rows.append(("tube", f"due for service in {years_text(ahead.tube_days)}"))
    if ahead.occlusion_s is not None:
        rows.append(("occlusion", f"noticed after about {occlusion.span_text(ahead.occlusion_s)} at the slowest rate"))
    return rows + (front_rows(ahead.front) if ahead.front else [])


def _refill(ahead: Forecast, context: Context) -> str:
    if ahead.refill_days is None:
        return "none: it stands before the reservoir is low"
    text = f"{days_text(ahead.refill_days)} from full"
    if ahead.capped:
        text += ", as long as the drug keeps"
    if ahead.left_days is not None:
        text += f"; now in {days_text(ahead.left_days)}{_on(ahead.refill_utc_s, context)}"
    return text


def years_text(days: float) -> str:
    """ "45 days", "6.2 years" from two years up, at most "more than 100 years"."""
    if days > 100 * YEAR_DAYS:
        return "more than 100 years"
    return f"{days / YEAR_DAYS:.1f} years" if days >= 2 * YEAR_DAYS else days_text(days)


def _on(utc_s: int | None, context: Context) -> str:
    if utc_s is None:
        return ""
    offset_min = context.offset_at(utc_s)
    local = datetime.fromtimestamp(utc_s, UTC) + timedelta(minutes=offset_min)
    return f", on {local:%Y-%m-%d} ({offset_text(offset_min)})"


def front_rows(front: Front) -> list[tuple[str, str]]:
    """What leaves the catheter's tip, and when."""
    old, new = units.concentration_text(front.old_ng_ml), units.concentration_text(front.new_ng_ml)
    change = f"{new} behind {old if front.old_ng_ml else 'nothing'}, {units.volume_text(front.dead_volume_pl / 1000)}"
    rows = [(f"drug at {front.end}", change)]
    for share, at_s in zip(SHARES, front.arrival_s, strict=True):
        when = "not within a year" if at_s is None else f"after {span_text(round(at_s * 1000))}"
        rows.append((f"  {share * 100:.0f} % of it", when))
    if front.plug_s is not None:
        rows.append(("  unmixed", f"after {span_text(round(front.plug_s * 1000))}"))
        rates = [units.dose_rate_text(round(ng)) for ng in (front.before_ng_day, front.after_ng_day)]
        rows.append(("  dose there", f"{rates[0]} before, {rates[1]} after"))
    return rows


def data(ahead: Forecast) -> dict[str, Any]:
    """Everything but the curves; the front's times in s since the begin."""
    told = {name: value for name, value in vars(ahead).items() if name != "front"}
    front = ahead.front
    if front is None:
        return told | {"front": None}
    names = ("dead_volume_pl", "old_ng_ml", "new_ng_ml", "tanks", "plug_s", "early_ng", "before_ng_day")
    kept = {name: getattr(front, name) for name in names}
    kept["after_ng_day"] = None if math.isnan(front.after_ng_day) else front.after_ng_day
    kept["arrival_s"] = dict(zip(map(str, SHARES), front.arrival_s, strict=True))
    return told | {"front": kept}
