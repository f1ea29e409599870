"""Delivered against plan: the totals, the verdict on them, and the curves."""

import numpy as np
from numpy.typing import NDArray

from rig.accuracy import judging
from rig.accuracy.judging import Error
from rig.report import saying, ticks
from rig.report.blocks import Block, Figure, Headline, Section, Table, Text
from rig.report.doses import LEVELS
from rig.report.evidence import Evidence
from rig.report.svg import Chart, Line, Mark
from rig.therapy import units

Floats = NDArray[np.float64]

COLUMNS = 360
PLAN, COMMANDED, DELIVERED, BAND = "#566070", "#a8470b", "#0b5fb0", "#d6e6f7"
ALARM_COLOURS = {1: "#00707f", 2: "#8a6100", 3: "#c22a21"}
ALARM_SYMBOLS = {1: "●", 2: "▲", 3: "■"}
_MOST_MARKS = 60
_VERDICTS = {"within": "Within its limit", "outside": "Outside its limit", "inconclusive": "Inconclusive"}


def error_of(evidence: Evidence) -> tuple[Error | None, str]:
    """How far the whole run is off, and against what."""
    came = evidence.whole
    planned_nl = evidence.summary.planned_nl
    wanted_nl, what = (planned_nl, "planned") if planned_nl is not None else (came.commanded_nl, "commanded")
    if came.delivered_nl is None or wanted_nl is None:
        return None, what
    return judging.error(came.delivered_nl, wanted_nl, came.uncertainty_nl), what


def headline(evidence: Evidence) -> Headline:
    """The result in one line, with its numbers."""
    came, limit = evidence.whole, evidence.limit_percent
    error, what = error_of(evidence)
    if came.commanded_nl is None:
        return Headline("muted", "Delivery", "Nothing is known: the recording has no samples.")
    if came.delivered_nl is None:
        commanded = units.volume_text(came.commanded_nl)
        return Headline("muted", "Delivery", f"{commanded} commanded; no balance says what was delivered.")
    delivered = f"{saying.known(came.delivered_nl, came.uncertainty_nl)} delivered"
    if error is None:
        return Headline("muted", "Delivery", f"{delivered}; nothing was {what}.")
    wanted_nl = evidence.summary.planned_nl if what == "planned" else came.commanded_nl
    off = f"{delivered} of {units.volume_text(wanted_nl or 0)} {what}: {saying.percent(error.percent)}"
    known = f"{off}, known to ±{error.uncertainty:.1f} %."
    if limit <= 0:
        return Headline("muted", "Delivery", f"{known} No limit is set.")
    judged = error.judged(limit)
    words = f"{known} Limit ±{limit:g} %."
    if judged == "inconclusive":
        words += " The limit lies within what the balance can't know."
    return Headline(LEVELS[judged], _VERDICTS[judged], words)


def section(evidence: Evidence) -> Section:
    """Totals and curves."""
    if evidence.volumes.span_us is None:
        words = "The recording has no samples, so nothing is known of what was delivered."
        return Section("Delivered against plan", (Text(words),))
    blocks: list[Block] = [_totals(evidence)]
    if evidence.plan is None:
        blocks.append(Text(_no_plan(evidence), "medium"))
    blocks += _figures(evidence)
    return Section("Delivered against plan", tuple(blocks))


def _no_plan(evidence: Evidence) -> str:
    why = "it doesn't say what the pump was doing when it began" if evidence.run.found is None else "it lacks a program"
    return (
        f"What was planned can't be told from this recording: {why}. Deliveries are compared with what was commanded."
    )


def _totals(evidence: Evidence) -> Table:
    came, planned_nl = evidence.whole, evidence.summary.planned_nl
    scale = saying.scale_for([planned_nl, came.commanded_nl, came.delivered_nl])
    raw_nl = evidence.summary.measured_nl
    evaporated_nl = judging.evaporated_nl(evidence.settings, came.end_us - came.start_us)

    def row(title: str, nl: float | None, how: str) -> tuple[str, str, str, str]:
        off = judging.error(nl, planned_nl, 0.0) if nl is not None and planned_nl else None
        return title, scale.text(nl), saying.signed(off.percent, 2) if off else saying.NONE, how

    measured = "on the balance" if raw_nl is not None else "there is no balance reading at the begin or the end"
    if raw_nl is not None and evaporated_nl:
        measured += f", with {scale.full(evaporated_nl)} taken to have evaporated"
    if raw_nl is not None:
        measured += f"; known to ±{scale.full(came.uncertainty_nl)}"
    planned_how = "what programs and boluses asked for, rebuilt from the evidence"
    counted = "what the pump counted itself to turn"
    if len(evidence.boots) > 1:
        counted += "; over its restarts, at which it may lack something (see Gaps)"
    rows = (
        ("Planned", scale.text(planned_nl), saying.NONE, planned_how),
        row("Commanded", came.commanded_nl, counted),
        row("Delivered", came.delivered_nl, measured),
    )
    head = ("", f"Volume {scale.unit}", "Against plan %", "How it is known")
    return Table(head, "lrrl", rows, widths=(14, 14, 16, 56))


def _figures(evidence: Evidence) -> list[Block]:
    start_us, end_us = evidence.start_us, max(evidence.end_us, evidence.start_us + 1)
    parts = range(COLUMNS + 1)
    edges_us = np.unique(np.array([start_us + (end_us - start_us) * part // COLUMNS for part in parts], np.int64))
    read = evidence.volumes.at(edges_us)
    x = (edges_us - start_us) / 1e6
    commanded, delivered = read.commanded_nl.copy(), read.measured_nl.copy()
    commanded[read.lost], delivered[read.lost] = np.nan, np.nan
    commanded -= _first(commanded)
    delivered += _evaporated(evidence, x) - _first(delivered)
    planned = evidence.plan.planned_nl(edges_us - evidence.plan_shift_us) if evidence.plan else None
    most = max(float(np.nanmax(np.append(values, 0.0))) for values in (commanded, delivered, _or_none(planned)))
    scale = saying.scale_for([most])
    curves = [Line("commanded", x, commanded / scale.size, COMMANDED, "2 2", 1.2)]
    if np.isfinite(delivered).any():
        curves.append(Line("delivered", x, delivered / scale.size, DELIVERED, "", 1.6))
    if planned is not None:
        curves.insert(0, Line("plan", x, planned / scale.size, PLAN, "6 3", 1.2))
    first = Chart(scale.unit, curves, (0, x[-1]), time_axis(x[-1]), 200, lost_s(evidence), marks(evidence))
    figures: list[Block] = [Figure(first.svg(), _caption(evidence))]
    reference = commanded if planned is None else planned
    if np.isfinite(delivered).any():
        figures.append(_difference(evidence, x, delivered - reference, reference, planned is None))
    return figures


def _difference(evidence: Evidence, x: Floats, off_nl: Floats, wanted_nl: Floats, from_commanded: bool) -> Figure:
    limit_nl = wanted_nl * evidence.limit_percent / 100
    scale = saying.scale_for([float(np.nanmax(np.abs(off_nl)))])
    what = "commanded" if from_commanded else "plan"
    line = Line(f"delivered less {what}", x, off_nl / scale.size, DELIVERED, "", 1.4)
    band = None
    if evidence.limit_percent > 0:
        limit = f"limit ±{evidence.limit_percent:g} %"
        band = (x, -limit_nl / scale.size, limit_nl / scale.size, BAND, limit)
    chart = Chart(scale.unit, [line], (0, x[-1]), time_axis(x[-1]), 150, lost_s(evidence), (), band)
    known_nl = evidence.whole.uncertainty_nl
    known = saying.scale_for([known_nl]).full(known_nl)
    return Figure(chart.svg(), f"Delivered less {what} since the first sample; at the end it is known to ±{known}.")


def _caption(evidence: Evidence) -> str:
    shown = evidence.log.alarm_count
    told = f" Marks are the {'first ' if shown > _MOST_MARKS else ''}alarms and warnings." if shown else ""
    return f"Volumes since the first sample, {evidence.moments.full(evidence.start_us)}.{told}"


def time_axis(span_s: float) -> tuple[list[float], list[str], str]:
    """Marks, labels and title of an axis of the time since the first sample."""
    at, words, unit = ticks.times(span_s)
    return at, words, f"since the first sample, {unit}"


def lost_s(evidence: Evidence) -> list[tuple[float, float]]:
    """Lost time in seconds since the first sample, the longest spans where there are very many."""
    spans = sorted(evidence.volumes.lost_spans(), key=lambda span: span[0] - span[1])[:300]
    return [((a - evidence.start_us) / 1e6, (b - evidence.start_us) / 1e6) for a, b in sorted(spans)]


def marks(evidence: Evidence) -> list[Mark]:
    """Alarms and warnings on the time axis."""
    found: list[Mark] = []
    for event in evidence.log.alarms:
        at_us = evidence.at_us(event.boot, event.occurred_us)
        if at_us is not None and evidence.start_us <= at_us <= evidence.end_us and len(found) < _MOST_MARKS:
            level = min(event.priority, 3)
            found.append(Mark((at_us - evidence.start_us) / 1e6, ALARM_COLOURS[level], ALARM_SYMBOLS[level]))
    return found


def _evaporated(evidence: Evidence, x: Floats) -> Floats:
    return x * (evidence.settings["evaporation_nl_day"] / 86_400)


def _first(values: Floats) -> float:
    good = np.flatnonzero(np.isfinite(values))
    return float(values[good[0]]) if len(good) else 0.0


def _or_none(values: Floats | None) -> Floats:
    return np.zeros(1) if values is None else values
