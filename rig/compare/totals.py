"""The totals of two runs beside each other: each over all of its recording."""

from firmware_link import telemetry
from rig.compare import verdicts
from rig.compare.amounts import amount_text, difference_text, share_text, span_text
from rig.compare.findings import TOTALS, Finding, Values, Verdict
from rig.compare.material import Material, printable
from rig.compare.tolerance import Tolerance

#: name in a summary, title -> the channel whose tolerance it has
VOLUMES = (
    ("planned", "Planned volume", "commanded_nl"),
    ("commanded", "Commanded volume", "commanded_nl"),
    ("measured", "Delivered volume", "measured_nl"),
)


def compared(golden: Material, new: Material, share: float, tolerance: Tolerance) -> list[Finding]:
    """Duration, how much was compared (``share`` of the golden run's time), volumes, lost time, checks."""
    found = [_duration(golden, new, tolerance), _compared(share, tolerance)]
    for name, title, field in VOLUMES:
        one = _volume(golden, new, name, title, field, tolerance)
        found += [one] if one is not None else []
    ended = _ended(golden), _ended(new)
    if ended[0] != ended[1]:
        what = f"The recording ended: {ended[1]}. The golden one: {ended[0]}."
        found.append(Finding(TOTALS, "ended", "Ended", *ended, "differs", "", "not judged", what))
    lost_s = golden.lost_s, new.lost_s
    if any(lost_s):
        words = span_text(lost_s[0]), span_text(lost_s[1])
        more = _signed(lost_s[1] - lost_s[0])
        verdict: Verdict = "same" if lost_s[0] == lost_s[1] else "not judged"
        values: Values = {"golden": lost_s[0], "new": lost_s[1]}
        found.append(Finding(TOTALS, "lost", "Lost time", *words, more, "not compared", verdict, values=values))
    return [*found, *verdicts.compared(golden, new)]


def _duration(golden: Material, new: Material, tolerance: Tolerance) -> Finding:
    moved_s = new.span_s - golden.span_s
    allowed_s = max(tolerance.time_s, tolerance.duration * golden.span_s)
    verdict: Verdict = "same" if not moved_s else "within" if abs(moved_s) <= allowed_s else "beyond"
    longer = "longer" if moved_s > 0 else "shorter"
    words = span_text(golden.span_s), span_text(new.span_s)
    what = f"The recording is {span_text(abs(moved_s))} {longer} than the golden one: {words[1]} instead of {words[0]}."
    values: Values = {"golden": golden.span_s, "new": new.span_s, "allowed": allowed_s}
    said = _signed(moved_s)
    allowed = f"±{span_text(allowed_s)}"
    return Finding(TOTALS, "duration", "Duration", *words, said, allowed, verdict, what * bool(moved_s), values=values)


def _ended(one: Material) -> str:
    return printable(one.summary.ended.replace("_", " "), 60)


def _signed(seconds: float) -> str:
    return f"{'+' * (seconds > 0)}{span_text(seconds)}" if seconds else ""


def _compared(share: float, tolerance: Tolerance) -> Finding:
    verdict: Verdict = "same" if share >= 1 else "within" if share >= tolerance.compared - 1e-9 else "beyond"
    what = f"Only {share_text(share)} of the golden run's time is in the new run." if share < 1 else ""
    allowed = f"at least {share_text(tolerance.compared)}"
    less = f"{share_text(1 - share)} less" if share < 1 else ""
    values: Values = {"share": share, "allowed": tolerance.compared}
    said = "100 %", share_text(share)
    return Finding(TOTALS, "compared", "Time compared", *said, less, allowed, verdict, what, values=values)


def _volume(golden: Material, new: Material, name: str, title: str, field: str, tolerance: Tolerance) -> Finding | None:
    scale, unit = telemetry.BY_FIELD[field].scale, telemetry.BY_FIELD[field].unit
    volumes = [getattr(one.summary, f"{name}_nl") for one in (golden, new)]
    if volumes == [None, None]:
        return None
    before, after = (None if volume is None else volume * scale for volume in volumes)
    words = amount_text(before, unit), amount_text(after, unit)
    allowed = tolerance.channel(field)
    if before is None or after is None:
        judged: Verdict = "beyond" if allowed.checked else "not judged"
        what = f"{title} is not known of the {'golden' if before is None else 'new'} run."
        return Finding(TOTALS, name, title, *words, "not known", "", judged, what)
    size, most = after - before, max(allowed.least, allowed.share * abs(before))
    verdict: Verdict = "same" if not size else "within"
    if abs(size) > most:
        verdict = "beyond" if allowed.checked else "not judged"
    way = "more" if size > 0 else "less"
    more = f"{amount_text(abs(size), unit, digits=4)} {way}"
    what = f"{title}: {more} than in the golden run, {words[1]} instead of {words[0]}."
    said = difference_text(size, unit, before)
    values: Values = {
        "unit": unit,
        "golden": before,
        "new": after,
        "allowed": most,
    }
    return Finding(
        TOTALS,
        name,
        title,
        *words,
        said,
        f"±{amount_text(most, unit, digits=4)}",
        verdict,
        what * bool(size),
        values=values,
    )
