"""The same in other units, beside each field: dose, rate and volume together.  Free of Qt."""

from typing import Any

from firmware_link.errors import UsageError
from programmer_gui.models.document import Document, get
from rig.therapy import units
from rig.therapy.program import dose_ng, volume_pl

DAY_MS = units.DAY_S * 1000
#: Of a mode: pairs of fields of which it takes one.
ALTERNATIVES = {"simple continuous": (("dose", "flow"),), "titration": (("target", "percent"),)}
RATES = ("dose", "base", "target", "maximum", "old-dose")  # doses a day, at the document's top


def parsed(text: Any, kind: units.Kind) -> int | None:
    """``text`` in base units; None where it can't be read as a ``kind``."""
    try:
        return units.parse(text, kind) if isinstance(text, str) else None
    except UsageError:
        return None


def derived(document: Document) -> dict[str, str]:
    """Path -> words, for what can be read so far."""
    found: dict[str, str] = {}
    conc = parsed(document.get("concentration"), units.CONCENTRATION)
    for path in RATES:
        rate = parsed(document.get(path), units.DOSE_RATE)
        at = parsed(document.get("old-concentration"), units.CONCENTRATION) if path == "old-dose" else conc
        if rate and at:
            found[path] = f"= {rate_words(volume_pl(rate, at))}"
    flow = parsed(document.get("flow"), units.FLOW)
    if flow and conc:
        found["flow"] = f"= {units.dose_rate_text(dose_ng(flow, conc))}, {_hourly(flow)}"
    for block in ("bolus", "on-demand"):
        found |= _bolus(document, block, conc)
    if document.get("mode") == "screening" and (duration := parsed(document.get("duration"), units.DURATION)):
        found["duration"] = f"= {units.duration_text(duration)} for each of 1, 1.5 and 2 mL"
    return found


def rate_words(flow_pl_day: int) -> str:
    """ "0.2 mL/day, 8.33 µL/h"."""
    return f"{units.flow_text(flow_pl_day)}, {_hourly(flow_pl_day)}"


def _hourly(flow_pl_day: int) -> str:
    return f"{flow_pl_day / 24e6:.3g} µL/h" if flow_pl_day < 24_000_000_000 else f"{flow_pl_day / 24e9:.3g} mL/h"


def _bolus(document: Document, block: str, conc: int | None) -> dict[str, str]:
    dose = parsed(get(document, f"{block}.dose"), units.DOSE)
    duration = parsed(get(document, f"{block}.duration"), units.DURATION)
    if not dose or not conc:
        return {}
    volume = volume_pl(dose, conc)
    words = {f"{block}.dose": f"= {units.volume_text(volume / 1000)}"}
    if duration:
        words[f"{block}.duration"] = f"= {units.flow_text(volume * DAY_MS // duration)} while it runs"
    interval = parsed(document.get("interval"), units.DURATION)
    if block == "bolus" and interval and document.get("mode") == "periodic bolus":
        a_day = DAY_MS / interval
        words["interval"] = f"= {a_day:.4g} a day, {units.dose_text(round(dose * a_day))} in them"
    most = get(document, "on-demand.max-per-day")
    if block == "on-demand" and isinstance(most, int) and 0 < most < 1000:
        words["on-demand.max-per-day"] = f"= at most {units.dose_text(dose * most)} in any 24 h"
    return words


def alternative(document: Document, path: str, other: str) -> str:
    """What ``path`` says, as ``other`` of ALTERNATIVES says it; an example where it can't be read."""
    if {path, other} == {"dose", "flow"}:
        conc = parsed(document.get("concentration"), units.CONCENTRATION) or 0
        if path == "dose":
            dose = parsed(document.get(path), units.DOSE_RATE)
            return units.write(volume_pl(dose, conc), units.FLOW) if dose and conc else units.FLOW.example
        flow = parsed(document.get(path), units.FLOW)
        return units.write(dose_ng(flow, conc), units.DOSE_RATE) if flow and conc else units.DOSE_RATE.example
    now = parsed(document.get("dose"), units.DOSE_RATE)
    if path == "target":
        target = parsed(document.get(path), units.DOSE_RATE)
        change = None if target is None or not now else round((target - now) * 10_000 / now)
        return units.CHANGE.example if change is None else units.write(change, units.CHANGE)
    change = parsed(document.get(path), units.CHANGE)
    if change is None or now is None:
        return units.DOSE_RATE.example
    return units.write(now * (10_000 + change) // 10_000, units.DOSE_RATE)
