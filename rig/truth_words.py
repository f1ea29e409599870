"""What truly happened in a run, in words with units, beside what was recorded."""

from rig import words
from rig.moments import utc_text
from rig.recording.hindsight import Detection, Hindsight
from rig.therapy import units
from rig.truth import TRUTHS
from rig.virtual.detection import ANSWERS
from rig.virtual.fault_kinds import BY_NAME

_CHANNELS = {channel.field: channel for channel in TRUTHS}
#: true quantity -> (what the pump or this host says of it, times this in the unit of the true one)
_RECORDED = {
    "delivered_nl": (("measured_nl", "measured", 1.0), ("commanded_nl", "commanded", 1.0)),
    "reservoir_nl": (("reservoir_nl", "by the pump", 1.0),),
    "charge": (("charge_permille", "by the pump", 1e-3),),
    "battery_v": (("battery_mv", "by the pump", 1e-3),),
}


def table(hindsight: Hindsight) -> list[tuple[str, str]]:
    """(what, how much), and a row for each fault."""
    if not hindsight.rows:
        return [("truth", "none: only a virtual pump's run holds it")]
    rows = [(f"true {_CHANNELS[name].title.lower()}", _compared(name, hindsight)) for name in hindsight.true]
    if hindsight.clock_drift_ppm is not None:
        rows.append(("true clock drift", f"{hindsight.clock_drift_ppm:+.1f} ppm"))
    return rows + [(f"fault {seen.what}", _noticed(seen)) for seen in hindsight.detections]


def _shown(name: str, raw: float) -> str:
    if name.endswith("_nl"):
        return units.volume_text(raw)
    channel = _CHANNELS[name]
    return f"{raw * channel.scale:,.5g} {channel.unit}".rstrip()


def _compared(name: str, hindsight: Hindsight) -> str:
    said = []
    for field, how, scale in _RECORDED.get(name, ()):
        value = hindsight.recorded[field]
        said.append(f"{how} {'unknown' if value is None else _shown(name, value * scale)}")
    true = _shown(name, hindsight.true[name])
    return f"{true} ({', '.join(said)})" if said else true


def _noticed(seen: Detection) -> str:
    """ "50 % at 2026-01-05 08:10:00 UTC: no alarm"."""
    kind = BY_NAME.get(seen.what)
    unit = kind.amount.unit if kind and kind.amount else ""
    amount = "" if seen.amount is None else f"{seen.amount:g} {unit}".rstrip() + " "
    if seen.alarm is not None and seen.after_s is not None:
        answer = f"{words.event_title(seen.alarm).lower()} after {units.duration_text(round(seen.after_s * 1e3))}"
    elif seen.what not in ANSWERS:
        answer = "no alarm"
    else:
        answer = f"no alarm. {'What would tell: ' if seen.answers else ''}{ANSWERS[seen.what].how}"
    return f"{amount}at {utc_text(seen.struck_us)}: {answer}"
