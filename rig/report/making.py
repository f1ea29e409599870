"""Puts a report together."""

from collections.abc import Callable
from pathlib import Path

from firmware_link.clock import Clock
from rig.accuracy.judging import Judgement
from rig.programs.receipt import NOTICE
from rig.recording.digest import Verified
from rig.recording.reader import RunReader
from rig.recording.writer import program_version
from rig.report import accuracy, delivery, doses, happenings, identity, link, reviews, scripts
from rig.report.blocks import Facts, Headline, Report, Section, Table, Text
from rig.report.evidence import Evidence, Options

Progress = Callable[[int, int | None, str], None]


def _quiet(done: int, total: int | None, what: str) -> None:
    """Nobody wants to know."""


def report_of(path: Path, options: Options, clock: Clock, progress: Progress = _quiet) -> Report:
    """The report of the run file ``path``, made now by ``clock``.  Raises RunFileError for one that can't be read."""
    steps = 5
    with RunReader(path) as reader:
        progress(0, steps, "reading")
        evidence = Evidence(reader, options)
        verified = reader.verify(lambda: progress(1, steps, "verifying")) if options.verify else None
        progress(2, steps, "plan and doses")
        headlines = _headlines(evidence, verified)
        told = identity.section(evidence), delivery.section(evidence), doses.section(evidence)
        progress(3, steps, "accuracy")
        sections = *told, accuracy.section(evidence), *_record(evidence)
        progress(steps, steps, "")
        pump = evidence.run.device_id or "unknown"
        made = f"Made {evidence.moments.full(clock.utc_us())} by Pump Programmer {program_version()}"
        return Report(
            title="Run report",
            subtitle=f"Pump {pump}, {evidence.moments.full(evidence.run.started_us)}",
            notice=NOTICE,
            headlines=tuple(one for one in headlines if one is not None),
            sections=tuple(one for one in sections if one is not None),
            footer=f"{path.name} · {made}",
            figures=_figures(evidence) | {"digest": verified.value if verified else "not verified"},
        )


def _headlines(evidence: Evidence, verified: Verified | None) -> tuple[Headline | None, ...]:
    return (
        delivery.headline(evidence),
        happenings.checks_headline(evidence),
        happenings.headline(evidence),
        link.headline(evidence),
        identity.evidence_headline(verified),
    )


def _record(evidence: Evidence) -> tuple[Section | None, ...]:
    """What happened, and what it rests on."""
    return (
        link.gaps_section(evidence),
        happenings.checks_section(evidence),
        *scripts.sections(evidence),
        reviews.section(evidence),
        happenings.section(evidence),
        happenings.notes_section(evidence),
        link.link_section(evidence),
        identity.programs_section(evidence),
        _truth(evidence) if evidence.options.truth else None,
        identity.method_section(evidence),
        signatures(),
    )


def _figures(evidence: Evidence) -> dict[str, float | int | str | None]:
    """What a program wants of it."""
    came, (error, against) = evidence.whole, delivery.error_of(evidence)
    judged: Judgement | None = error.judged(evidence.limit_percent) if error and evidence.limit_percent > 0 else None
    return {
        "run_id": evidence.run.run_id,
        "device_id": evidence.run.device_id,
        "planned_nl": evidence.summary.planned_nl,
        "commanded_nl": came.commanded_nl,
        "delivered_nl": came.delivered_nl,
        "uncertainty_nl": came.uncertainty_nl,
        "error_percent": error.percent if error else None,
        "error_against": against if error else None,
        "limit_percent": evidence.limit_percent or None,
        "verdict": judged,
        "alarms": evidence.log.alarm_count,
        "gaps": len(evidence.volumes.lost_spans()),
        "lost_us": link.lost_us(evidence),
    }


def _truth(evidence: Evidence) -> Section:
    """What a virtual rig noted, which its pump couldn't know."""
    from rig import truth_words  # which knows all of a rig

    rows = tuple((name.capitalize(), said) for name, said in truth_words.table(evidence.reader.hindsight()))
    words = (
        "Noted by the virtual rig beside the samples. The pump knew nothing of it, and no number above is made of it."
    )
    return Section("What truly happened", (Text(words, "muted"), Facts(rows)))


def signatures() -> Section:
    """Where those sign who vouch for it."""
    rows = tuple((who, "", "", "") for who in ("Tested by", "Reviewed by"))
    lines = Table(("", "Name", "Signature", "Date"), "llll", rows, "", ("sign", "sign"), (16, 30, 34, 20))
    return Section("Signatures", (lines,))
