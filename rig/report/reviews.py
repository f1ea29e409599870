"""What operator, blinded reviewer and instrument say of runs, apart, and how far they agree."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from firmware_link.clock import Clock
from rig.programs.receipt import NOTICE
from rig.recording.reader import RunReader
from rig.recording.records import Review
from rig.recording.writer import program_version
from rig.report import saying
from rig.report.blocks import Block, Report, Section, Table, Text
from rig.report.evidence import Evidence
from rig.report.steps import verdict_text
from rig.review.agreement import SMALL, Agreement
from rig.review.views import JUDGES, TITLES, Views, agreements, views

MOST_RUNS = 1000
_MOST_REVIEWS = 100
_NONE = "–"
APART = (
    "The operator knew what the run was; the blinded reviewer saw a copy without names, settings and verdicts; the "
    "instrument's verdict is that of the test scripts. None takes another's place. Reviews are beside the evidence: "
    "the digest doesn't cover them."
)


def section(evidence: Evidence) -> Section | None:
    """Of one run; None where nobody but the instrument has judged it."""
    found = views(evidence.reader)
    if not found.reviews:
        return None
    head = tuple(TITLES[judge] for judge in JUDGES)
    said = tuple(_word(found.of(judge)) for judge in JUDGES)
    verdicts = Table(head, "lll", (said,), "Three verdicts, each on its own", (), (34, 33, 33))
    return Section("Reviews", (Text(APART, "muted"), verdicts, _reviews(evidence, found.reviews), *agreed([found])))


def _reviews(evidence: Evidence, reviews: Sequence[Review]) -> Table:
    moments = evidence.moments
    rows = tuple(
        (
            TITLES.get(one.kind, one.kind[:20]),
            _word(one.verdict),
            one.by[:60] or _NONE,
            one.reason[:600] or _NONE,
            moments.short(one.made_us),
        )
        for one in reviews[:_MOST_REVIEWS]
    )
    head = ("Who", "Verdict", "Name", "Reason", f"Made ({moments.zone})")
    return Table(head, "lllll", rows, "All of them; of several the latest counts", (), (16, 16, 18, 32, 18))


def agreed(found: Iterable[Views]) -> list[Block]:
    """How far each two agree over the runs that both have judged, with the counts that this is made of."""
    pairs = {pair: one for pair, one in agreements(found).items() if one.n}
    if not pairs:
        return [Text("No two of them have judged the same run.", "muted")]
    rows = tuple((_pair(pair), str(one.n), _share(one), _interval(one), _kappa(one)) for pair, one in pairs.items())
    head = ("Between", "Runs (n)", "Alike", "95 % interval, exact", "Cohen's kappa")
    blocks: list[Block] = [Table(head, "lrrrr", rows, "Agreement", (), (34, 12, 18, 20, 16))]
    counts = tuple(
        (_pair(pair), _word(one), _word(other), str(many))
        for pair, found_ in pairs.items()
        for (one, other), many in found_.counts
    )
    blocks.append(Table(("Between", "First", "Second", "Runs"), "lllr", counts, "Counts", (), (40, 24, 24, 12)))
    if any(one.small for one in pairs.values()):
        blocks.append(Text(f"A small sample: fewer than {SMALL} runs say little of how far they agree.", "muted"))
    return blocks


def report_of(runs: Sequence[Path], clock: Clock) -> Report:
    """The agreement over ``runs``.  Raises RunFileError for one that can't be read."""
    found = []
    for run in runs[:MOST_RUNS]:
        with RunReader(run) as reader:
            found.append(views(reader))
    rows = tuple((one.name[:120], *(_word(one.of(judge)) for judge in JUDGES)) for one in found)
    head = ("Run", *(TITLES[judge] for judge in JUDGES))
    table = Table(head, "llll", rows, "", (), (43, 19, 19, 19))
    numbers: dict[str, float | int | str | None] = {
        f"{one}, {other}": found_.n for (one, other), found_ in agreements(found).items()
    }
    return Report(
        title="Reviews",
        subtitle=saying.count(len(found), "run", "runs"),
        notice=NOTICE,
        headlines=(),
        sections=(Section("Runs", (Text(APART, "muted"), table)), Section("Agreement", tuple(agreed(found)))),
        footer=f"Made {saying.Moments(0, 0).full(clock.utc_us())} by Pump Programmer {program_version()}",
        figures=numbers,
    )


def _pair(pair: tuple[str, str]) -> str:
    return f"{TITLES[pair[0]]} and {TITLES[pair[1]].lower()}"


def _word(verdict: str) -> str:
    return verdict_text(verdict) if verdict else _NONE


def _share(one: Agreement) -> str:
    return f"{one.same} of {one.n}, {one.percent:.1f} %"


def _interval(one: Agreement) -> str:
    low, high = one.interval_percent
    return f"{low:.1f} to {high:.1f} %"


def _kappa(one: Agreement) -> str:
    return "undefined" if one.kappa is None else f"{float(one.kappa):.3f}".replace("-", "\u2212")
