"""Dose by dose: what was planned, commanded and delivered in each stretch of the plan, or on each day of a long one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rig.accuracy import judging
from rig.accuracy.judging import Error
from rig.report import saying
from rig.report.blocks import Block, Section, Table, Text
from rig.report.evidence import Delivered, Evidence
from rig.therapy import units
from rig.therapy.plan import Stretch
from rig.therapy.program import dose_ng

MOST_ROWS = 100
_NOT_KNOWN = 50.0  # per cent: of a bolus known no better, as in lost time, nothing is learnt
_MOST_STRETCHES = 100_000  # years of a busy program
_DAY_US = 86_400_000_000
_PERIODS = (("day", _DAY_US), ("week", 7 * _DAY_US), ("30 days", 30 * _DAY_US), ("365 days", 365 * _DAY_US))
_WHAT = {"stopped": "Stopped", "prelude": "First part", "cycle": "Rate", "bolus": "Bolus"}
LEVELS = {"within": "good", "outside": "high", "inconclusive": "medium"}
WORDS = {"within": "✓ within", "outside": "■ outside", "inconclusive": "▲ inconclusive"}


@dataclass(frozen=True)
class Dose:
    """One row: what it was, what was planned, and what came."""

    what: str
    planned_nl: float
    came: Delivered

    @property
    def error(self) -> Error | None:
        """Of what came against the plan; None without a balance or a plan."""
        if self.came.delivered_nl is None:
            return None
        return judging.error(self.came.delivered_nl, self.planned_nl, self.came.uncertainty_nl)


def stretches(evidence: Evidence) -> list[Stretch]:
    """The plan on the run's axis; nothing where there is none."""
    if evidence.plan is None:
        return []
    shift_us = evidence.plan_shift_us
    told = islice(evidence.plan.stretches(evidence.end_us - shift_us), _MOST_STRETCHES)
    return [Stretch(one.start_us + shift_us, one.end_us + shift_us, one.volume_pl, one.what) for one in told]


def of_stretches(evidence: Evidence, planned: list[Stretch]) -> list[Dose]:
    """A dose for each."""
    came = evidence.delivered([(one.start_us, one.end_us) for one in planned])
    return [Dose(_what(one), one.volume_pl / 1000, found) for one, found in zip(planned, came, strict=True)]


def _what(one: Stretch) -> str:
    if one.what != "cycle":
        return _WHAT.get(one.what, one.what.capitalize())
    return f"Rate {units.flow_text(float(f'{one.volume_pl * _DAY_US / (one.end_us - one.start_us):.4g}'))}"


def of_periods(evidence: Evidence) -> tuple[str, list[Dose]]:
    """For each day of the run, or each longer period where these are too many, by the clock of the run."""
    span_us = evidence.end_us - evidence.start_us
    last = _PERIODS[-1]
    name, period_us = next((one for one in _PERIODS if span_us / one[1] <= MOST_ROWS - 1), last)
    edges = list(islice(_edges(evidence, period_us), MOST_ROWS))
    came = evidence.delivered(edges)
    doses = []
    for number, ((start_us, end_us), found) in enumerate(zip(edges, came, strict=True), 1):
        doses.append(Dose(f"{name.capitalize()} {number}", _planned_nl(evidence, start_us, end_us), found))
    return name, doses


def _planned_nl(evidence: Evidence, start_us: int, end_us: int) -> float:
    plan, shift_us = evidence.plan, evidence.plan_shift_us
    return 0.0 if plan is None else (plan.planned_pl(end_us - shift_us) - plan.planned_pl(start_us - shift_us)) / 1000


def _edges(evidence: Evidence, period_us: int) -> Iterator[tuple[int, int]]:
    at_us, end_us = evidence.start_us, evidence.end_us
    offset_us = evidence.moments.offset_min * 60_000_000
    while at_us < end_us:
        midnight_us = (at_us + offset_us) // _DAY_US * _DAY_US - offset_us
        until_us = min(midnight_us + period_us, end_us)
        yield at_us, until_us
        at_us = until_us


def section(evidence: Evidence) -> Section | None:
    """The table, and how the boluses came out; None where nothing was planned."""
    planned = stretches(evidence)
    if not any(one.volume_pl for one in planned):
        return None
    boluses = [one for one in planned if "bolus" in one.what]
    blocks: list[Block] = []
    if len(planned) <= MOST_ROWS:
        doses = of_stretches(evidence, planned)
        blocks.append(Text("Each stretch of the plan with one rate, and each bolus.", "muted"))
    else:
        name, doses = of_periods(evidence)
        why = f"The plan has {saying.count(len(planned), 'stretch', 'stretches')}: this is each {name}."
        blocks.append(Text(why, "muted"))
    blocks.append(_table(evidence, doses))
    if boluses:
        blocks += _boluses(of_stretches(evidence, boluses[: 10 * MOST_ROWS]))
    return Section("Dose by dose", tuple(blocks))


def _table(evidence: Evidence, doses: list[Dose]) -> Table:
    scale = saying.scale_for([dose.planned_nl for dose in doses] + [dose.came.delivered_nl for dose in doses])
    moments, limit = evidence.moments, evidence.limit_percent
    rows, levels = [], []
    for dose in doses:
        error, came = dose.error, dose.came
        judged = error.judged(limit) if error is not None and limit > 0 else None
        mass_ng = dose_ng(round(dose.planned_nl * 1000), evidence.concentration_ng_ml)
        rows.append(
            (
                moments.short(came.start_us),
                saying.span(came.end_us - came.start_us),
                dose.what,
                f"{mass_ng / 1000:.2f}" if dose.planned_nl else saying.NONE,
                scale.text(dose.planned_nl),
                scale.text(came.commanded_nl),
                scale.text(came.delivered_nl),
                saying.NONE if error is None else saying.signed(error.percent),
                saying.NONE if error is None else f"±{error.uncertainty:.1f}",
                WORDS[judged] if judged else saying.NONE,
            )
        )
        levels.append("high" if judged == "outside" else "")
    head = (
        "From",
        "For",
        "What",
        "Dose µg",
        *(f"{name} {scale.unit}" for name in ("Planned", "Commanded", "Delivered")),
    )
    caption = f"Times are {moments.zone}."
    if limit > 0:
        caption += f" Errors are delivered against planned; the limit is ±{limit:g} %."
    volumes = [f"{name} {scale.unit}" for name in ("Planned", "Commanded", "Delivered")]
    head = ("From", "For", "What", "Dose µg", *volumes, "Error %", "Known to %", "Verdict")
    widths = (17, 9, 14, 7, 8, 11, 9, 6, 7, 12)
    return Table(head, "lllrrrrrrl", tuple(rows), caption, tuple(levels), widths)


def _boluses(doses: list[Dose]) -> list[Block]:
    """Several boluses together (domain.md sections 1 and 4): with their number, mean, interval and extremes."""
    sizes: dict[int, list[float]] = {}
    left_out = 0
    for dose in doses:
        if dose.error is None or dose.error.uncertainty >= _NOT_KNOWN:
            left_out += 1
        else:
            sizes.setdefault(round(dose.planned_nl), []).append(dose.error.percent)
    rows = []
    for planned_nl, errors in sorted(sizes.items()):
        found = judging.spread(errors)
        if found is None:
            continue
        interval = f"{saying.signed(found.low)} to {saying.signed(found.high)}" if found.count > 1 else saying.NONE
        extremes = f"{saying.signed(found.least)}, {saying.signed(found.most)}"
        volume = units.volume_text(planned_nl)
        rows.append((volume, str(found.count), saying.signed(found.mean), interval, extremes))
    if not rows:
        return []
    head = ("Bolus of", "n", "Mean error %", "95 % interval %", "Extremes %")
    notes = []
    if any(int(row[1]) < judging.SMALL_SAMPLE for row in rows):
        notes.append(f"Small samples: fewer than {judging.SMALL_SAMPLE} of a size say little about the pump.")
    if left_out:
        notes.append(f"Left out: {saying.count(left_out, 'bolus', 'boluses')} of which too little is known.")
    table = Table(head, "lrrrr", tuple(rows), "Boluses by size", (), (20, 10, 20, 30, 20))
    return [table, *(Text(note, "muted") for note in notes)]
