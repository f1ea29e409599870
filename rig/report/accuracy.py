"""Flow accuracy over the longest steady part of a run, by the method of IEC 60601-2-24 (``rig.accuracy.method``)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rig.accuracy import judging, method
from rig.accuracy.judging import Error
from rig.accuracy.method import DENSITY_G_ML, Extremes, Windows
from rig.report import saying, ticks
from rig.report.blocks import Block, Facts, Figure, Section, Table, Text
from rig.report.delivery import BAND, DELIVERED, PLAN, lost_s, time_axis
from rig.report.doses import stretches
from rig.report.evidence import Evidence
from rig.report.svg import Chart, Line
from rig.report.weighed import Laboratory, laboratory_of
from rig.therapy import units

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

MOST_PARTS = 20  # the longest, that are looked at
MOST_SAMPLES = 400  # of the balance: 100 h at a low flow, 200 min else
_DAY_US = 86_400_000_000
_MIN_US = 60_000_000
_ASKED = 0.02  # by which what the pump commanded itself may differ from the plan, in a part where it did as asked


@dataclass(frozen=True)
class Steady:
    """The longest part of a run at one planned rate, without a stop, and what the balance showed of it."""

    start_us: int
    end_us: int  # of what is analysed
    rate_ml_h: float
    windows: Windows
    mass_g: Floats  # one each sample interval; NaN in lost time
    celsius: Floats  # likewise; NaN without a sensor
    settings: Mapping[str, int]
    turn_us: float  # of the rotor, at this rate
    turns: int  # whole ones
    over_turns: Error | None  # of these; None without one, or without a reading of the balance
    laboratory: Laboratory | None = None  # what it was weighed by; None: the pump's own balance

    @property
    def overall(self) -> float:
        """Per cent."""
        return method.overall_percent(self.mass_g, self.windows.sample_min, self.rate_ml_h)

    @property
    def trumpet(self) -> tuple[Extremes, ...]:
        """Of the windows that the part is long enough for."""
        return method.trumpet(self.mass_g, self.windows, self.rate_ml_h)

    def known_to(self, window_min: float) -> float:
        """The balance's uncertainty over such a window, in per cent of what is wanted then; drift as in the one over
        which the room changed most."""
        n = min(round(window_min / self.windows.sample_min), len(self.celsius) - 1)
        warmer_c = np.nan_to_num(np.abs(self.celsius[n:] - self.celsius[: len(self.celsius) - n]))
        span_us = round(window_min * _MIN_US)
        warmest_c = float(warmer_c.max(initial=0.0))
        if self.laboratory is not None:
            unsure_nl = self.laboratory.unsure_nl(span_us, warmest_c)
        else:
            unsure_nl = judging.uncertainty_nl(self.settings, span_us, warmest_c)
        return 100 * unsure_nl / (self.rate_ml_h * 1e6 / 60 * window_min)


def steadiest(evidence: Evidence) -> Steady | str:
    """What can be analysed, or why nothing can."""
    parts = sorted((part for part in _parts(evidence) if part[2] > 0), key=lambda part: part[0] - part[1])
    part = next((part for part in parts[:MOST_PARTS] if _as_asked(evidence, *part)), None)
    if part is None:
        return "There is no stretch in which an even flow was planned and the pump did as planned."
    start_us, end_us, rate_ml_h = part
    laboratory = laboratory_of(evidence, start_us, end_us)
    if laboratory is not None:  # beyond its readings nobody has weighed
        start_us, end_us = max(start_us, int(laboratory.at_us[0])), min(end_us, int(laboratory.at_us[-1]))
    windows = method.windows_for(rate_ml_h)
    step_us = round(windows.sample_min * _MIN_US)
    count = min((end_us - start_us) // step_us, MOST_SAMPLES)
    if count < 2:
        lasts, needed = saying.span(end_us - start_us), saying.span(2 * step_us)
        return f"The longest even flow lasts {lasts}; at this rate the method needs {needed} at least."
    at_us = start_us + np.arange(count + 1) * step_us
    celsius, mass_g = _weighed(evidence, laboratory, at_us)
    if np.isfinite(mass_g).sum() < 2:
        return "There is no balance, or it wasn't read during the longest even flow."
    turn_us = evidence.settings["revolution_pl"] / 1e9 / rate_ml_h * 60 * _MIN_US
    turns = math.floor((end_us - start_us) / turn_us)
    turned_us = round(start_us + turns * turn_us)
    over_turns = _over(evidence, laboratory, start_us, turned_us, rate_ml_h) if turns else None
    kept = celsius, evidence.settings, turn_us, turns, over_turns, laboratory
    return Steady(start_us, int(at_us[-1]), rate_ml_h, windows, mass_g, *kept)


def _weighed(evidence: Evidence, laboratory: Laboratory | None, at_us: Times) -> tuple[Floats, Floats]:
    """(°C, g since the first that was read), both (n,); NaN where nothing was read or time was lost."""
    read = evidence.volumes.at(at_us)
    if laboratory is not None:
        nl = laboratory.nl_at(at_us)
    else:
        nl = read.measured_nl + (at_us - at_us[0]) * (evidence.settings["evaporation_nl_day"] / _DAY_US)
        nl[read.lost] = np.nan
    known = nl[np.isfinite(nl)]
    return read.celsius, (nl - (known[0] if len(known) else 0.0)) * 1e-6 * DENSITY_G_ML


def _over(
    evidence: Evidence, laboratory: Laboratory | None, start_us: int, end_us: int, rate_ml_h: float
) -> Error | None:
    wanted_nl = rate_ml_h * 1e6 * (end_us - start_us) / 60 / _MIN_US
    if laboratory is not None:
        edges = np.array((start_us, end_us), np.int64)
        came_nl, celsius = laboratory.nl_at(edges), evidence.volumes.at(edges).celsius
        if np.isfinite(came_nl).all():
            warmer_c = float(np.nan_to_num(celsius[1] - celsius[0]))
            unsure_nl = laboratory.unsure_nl(end_us - start_us, warmer_c)
            return judging.error(float(came_nl[1] - came_nl[0]), wanted_nl, unsure_nl)
    came = evidence.delivered([(start_us, end_us)])[0]
    return None if came.delivered_nl is None else judging.error(came.delivered_nl, wanted_nl, came.uncertainty_nl)


def _parts(evidence: Evidence) -> list[tuple[int, int, float]]:
    """(start, end, rate in mL/h) of every even flow, cut where something happened to it."""
    cuts = {edge_us + boot.epoch_us for boot in evidence.boots for edge_us in (boot.start_us, boot.end_us)}
    for event in evidence.log.turns:
        at_us = evidence.at_us(event.boot, event.occurred_us)
        if at_us is not None:
            cuts.add(at_us)
    found = []
    edges = np.array(sorted(cuts), np.int64)
    for one in stretches(evidence):
        if "bolus" in one.what:
            continue
        rate_ml_h = one.volume_pl / 1e9 * 3.6e9 / (one.end_us - one.start_us)
        within = edges[(edges > one.start_us) & (edges < one.end_us)].tolist()
        found += [(start_us, end_us, rate_ml_h) for start_us, end_us in pairwise([one.start_us, *within, one.end_us])]
    return found


def _as_asked(evidence: Evidence, start_us: int, end_us: int, rate_ml_h: float) -> bool:
    """Whether the pump commanded itself what was planned: an alarm may have kept it from that."""
    planned_nl = rate_ml_h * 1e6 * (end_us - start_us) / 3.6e9
    commanded_nl = evidence.delivered([(start_us, end_us)])[0].commanded_nl
    return commanded_nl is not None and abs(commanded_nl - planned_nl) <= max(_ASKED * planned_nl, 10.0)


def section(evidence: Evidence) -> Section:
    """Overall error, start-up graph and trumpet; or why there are none."""
    steady = steadiest(evidence) if evidence.plan is not None else "What was planned isn't known."
    if isinstance(steady, str):
        return Section("Flow accuracy", (Text(f"Not computed. {steady}", "muted"),))
    blocks: list[Block] = [Facts(facts(evidence, steady))]
    blocks.append(_start_up(evidence, steady))
    blocks += _trumpet(steady)
    return Section("Flow accuracy", tuple(blocks))


def facts(evidence: Evidence, steady: Steady) -> tuple[tuple[str, str], ...]:
    """What was analysed, how, and what came of it in numbers."""
    windows, moments = steady.windows, evidence.moments
    analysed = f"{moments.full(steady.start_us)}, for {saying.span(steady.end_us - steady.start_us)}"
    return (
        ("Method", "IEC 60601-2-24, mass in the cup against time"),
        ("Weighed by", "a laboratory balance" if steady.laboratory else "the pump's own balance"),
        ("Analysed", f"the longest even flow without a stop: from {analysed}"),
        ("Set rate r", f"{units.flow_text(round(steady.rate_ml_h * 24e9))} ({steady.rate_ml_h:.4g} mL/h)"),
        ("Sample interval S", f"{windows.sample_min:g} min ({windows.name} set), {len(steady.mass_g)} masses"),
        ("Density d", f"{DENSITY_G_ML} g/mL; {_evaporation(evidence)}"),
        ("Overall error", _overall(steady)),
        ("Over whole turns", _over_turns(steady)),
    )


def _overall(steady: Steady) -> str:
    known = steady.known_to((steady.end_us - steady.start_us) / _MIN_US)
    return f"{saying.signed(steady.overall, 2)} %, known to ±{known:.2f} %"


def _over_turns(steady: Steady) -> str:
    turn = f"a turn of the rotor takes {steady.turn_us / _MIN_US:.4g} min"
    alias = "what isn't over whole turns also shows the rollers"
    if steady.over_turns is None:
        return f"{saying.NONE}; {turn}: {alias}"
    count = saying.count(steady.turns, "turn")
    error = f"{saying.signed(steady.over_turns.percent, 2)} %, known to ±{steady.over_turns.uncertainty:.2f} %"
    return f"{error}: {count}; {turn}, and {alias}"


def _evaporation(evidence: Evidence) -> str:
    nl_day = evidence.settings["evaporation_nl_day"]
    return f"{units.volume_text(nl_day)}/day of evaporation added" if nl_day else "no evaporation is taken into account"


def _start_up(evidence: Evidence, steady: Steady) -> Figure:
    windows = steady.windows
    flows = method.flows_ml_h(steady.mass_g, windows.sample_min)[: round(windows.start_up_min / windows.sample_min)]
    minutes = np.arange(0.5, len(flows)) * windows.sample_min
    span_s = len(flows) * windows.sample_min * 60
    rate: Floats = np.full(2, steady.rate_ml_h)
    lines = [
        Line("flow Q", minutes * 60.0, flows, DELIVERED, "", 1.3, len(flows) < 60),
        Line("set rate r", np.array([0, span_s]), rate, PLAN, "6 3", 1.2),
    ]
    at, words, title = time_axis(span_s)
    title = title.replace("the first sample", "the begin of what is analysed")
    lost = [
        (a - (steady.start_us - evidence.start_us) / 1e6, b - (steady.start_us - evidence.start_us) / 1e6)
        for a, b in lost_s(evidence)
    ]
    inside = [(max(a, 0.0), min(b, span_s)) for a, b in lost if b > 0 and a < span_s]
    chart = Chart("mL/h", lines, (0, span_s), (at, words, title), 190, inside, y_least=(0.0, steady.rate_ml_h))
    known = steady.known_to(windows.sample_min)
    caption = f"Start-up graph: the flow in each {windows.sample_min:g} min, known to ±{known:.3g} %."
    return Figure(chart.svg(), caption)


def _trumpet(steady: Steady) -> list[Block]:
    found, windows = steady.trumpet, steady.windows
    rows = []
    for window_min in windows.windows_min:
        one = next((one for one in found if one.window_min == window_min), None)
        known = f"±{steady.known_to(window_min):.1f}"
        if one is None:
            rows.append((f"{window_min:g}", saying.NONE, saying.NONE, saying.NONE, known))
        else:
            extremes = (saying.signed(one.highest, 2), saying.signed(one.lowest, 2))
            rows.append((f"{window_min:g}", str(one.windows), *extremes, known))
    head = ("Window P min", "Windows m", "Ep(max) %", "Ep(min) %", "Known to %")
    table = Table(head, "rrrrr", tuple(rows), "Trumpet: the errors furthest from the set rate, by length of window")
    missing = [f"{one:g}" for one in windows.windows_min if one not in {each.window_min for each in found}]
    blocks: list[Block] = [table]
    if missing:
        blocks.append(Text(f"The part is too short for windows of {', '.join(missing)} min.", "muted"))
    if len(found) > 1:
        blocks.insert(0, _trumpet_chart(steady, found))
    return blocks


def _trumpet_chart(steady: Steady, found: tuple[Extremes, ...]) -> Figure:
    at = np.array([one.window_min for one in found], np.float64)
    x: Floats = np.log10(at)  # trumpets are drawn over a logarithmic axis
    lines = [
        Line("Ep(max)", x, np.array([one.highest for one in found]), "#a8470b", "", 1.4, True),
        Line("Ep(min)", x, np.array([one.lowest for one in found]), DELIVERED, "", 1.4, True),
        Line("overall", x[[0, -1]], np.full(2, steady.overall), PLAN, "6 3", 1.2),
    ]
    known = np.array([steady.known_to(one.window_min) for one in found])
    overall = steady.overall
    band = (x, overall - known, overall + known, BAND, "balance's uncertainty")
    labels = ticks.labels(at.tolist()) if (at < 1).any() else [f"{one:g}" for one in at]
    axis = (x.tolist(), labels, "length of the window, min (logarithmic)")
    chart = Chart("%", lines, (float(x[0]), float(x[-1])), axis, 200, (), (), band, y_least=(0.0, 0.0))
    return Figure(chart.svg(), "Trumpet graph: the longer the window, the less is left of pulsation and noise.")
