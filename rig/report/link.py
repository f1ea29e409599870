"""Lost time and what is known of it all the same; and how the link and the pump's clock did."""

import statistics

from rig.firmware.record import SAVE_AFTER_PL, SAVE_AFTER_US
from rig.recording.records import Health, Link
from rig.report import saying
from rig.report.blocks import Block, Facts, Headline, Section, Table, Text
from rig.report.evidence import Evidence
from rig.therapy import units

MOST_GAPS = 15
_MOST_HEALTH = 20_000
_BLOCKS = 100


def lost_us(evidence: Evidence) -> int:
    """All time without samples."""
    return sum(end - start for start, end in evidence.volumes.lost_spans())


def lost_at_end(evidence: Evidence) -> bool:
    """Whether the pump was gone when the recording ended."""
    last = evidence.gaps[-1] if evidence.gaps and evidence.boots else None
    end = (evidence.boots[-1].boot, evidence.boots[-1].end_us) if evidence.boots else None
    return last is not None and last.kind == "link" and (last.boot, last.start_us) == end and last.end_us == end[1]


def headline(evidence: Evidence) -> Headline:
    """Whether the recording is whole."""
    spans, span_us = evidence.volumes.lost_spans(), evidence.end_us - evidence.start_us
    entries = sum(max(gap.missing, 1) for gap in evidence.gaps if gap.kind == "events")
    told = []
    if evidence.cut_short:
        told.append("the recording was cut short")
    if lost_at_end(evidence):
        told.append("the link was lost at the end, for as long as nobody knows")
    if spans and span_us:
        lost = lost_us(evidence)
        told.append(f"{saying.span(lost)} lost in {saying.count(len(spans), 'gap')}, {_share(lost, span_us)} of it")
    if entries:
        told.append(f"{saying.count(entries, 'log entry', 'log entries')} missing")
    covered = f"{saying.span(span_us)} recorded"
    if not told:
        return Headline("good", "Complete", f"{covered}, nothing lost.")
    return Headline("medium", "Incomplete", f"{covered}; {'; '.join(told)}.")


def _share(part: float, whole: float) -> str:
    percent = 100 * part / whole
    return "less than 0.1 %" if percent < 0.1 else f"{percent:.1f} %"


def gaps_section(evidence: Evidence) -> Section:
    """Lost time, and what it does to what is known."""
    spans = evidence.volumes.lost_spans()
    if not spans and not evidence.gaps:
        return Section("Gaps", (Text("No time was lost: every sample that the pump made is here.", "muted"),))
    blocks: list[Block] = [Text(_meaning(evidence)), *_restarts(evidence)]
    if spans:
        blocks.append(_table(evidence, spans))
    lost = [gap for gap in evidence.gaps if gap.kind == "events"]
    if lost:
        entries = saying.count(sum(max(gap.missing, 1) for gap in lost), "log entry is", "log entries are")
        blocks.append(Text(f"At least {entries} missing: alarms may be among them.", "medium"))
    if lost_at_end(evidence):
        blocks.append(
            Text("The link was lost at the end; what the pump did afterwards is not in this recording.", "medium")
        )
    return Section("Gaps", tuple(blocks))


def _meaning(evidence: Evidence) -> str:
    counters = "counter" if evidence.whole.delivered_nl is None else "counter, and the balance,"
    return (
        f"The pump's {counters} went on in a gap, so totals over it are as exact as without it; only the course within "
        "is not known, and no alarm is missing unless log entries are. Where a dose begins or ends within a gap, what "
        "was commanded over the gap is added to what it is known to. Curves and windows leave lost time out."
    )


def _restarts(evidence: Evidence) -> list[Block]:
    restarts = len(evidence.boots) - 1
    if restarts < 1:
        return []
    fastest_pl_s = int(evidence.reader.rollup("flow_pl_s")["flow_pl_s_max"].max())
    most_nl = max(SAVE_AFTER_PL, SAVE_AFTER_US * fastest_pl_s // 1_000_000) / 1000
    often = "once" if restarts == 1 else f"{saying.grouped(restarts)} times"
    words = (
        f"The pump restarted {often}. It keeps its counter now and then, and goes on from there after a restart: what "
        "samples had shown beyond that is added here. What it commanded after the last sample before a restart may be "
        f"missing, at most {units.volume_text(most_nl)} each time. The balance is not affected."
    )
    return [Text(words, "medium")]


def _table(evidence: Evidence, spans: list[tuple[int, int]]) -> Table:
    longest = sorted(sorted(spans, key=lambda span: span[0] - span[1])[:MOST_GAPS])
    came = evidence.delivered(longest)
    scale = saying.scale_for([one.commanded_nl for one in came] + [one.delivered_nl for one in came])
    rows = [
        (
            evidence.moments.short(one.start_us),
            evidence.moments.since(one.start_us),
            saying.span(one.end_us - one.start_us),
            scale.text(one.commanded_nl),
            scale.text(one.delivered_nl),
        )
        for one in came
    ]
    caption = f"The {MOST_GAPS} longest of {saying.grouped(len(spans))} gaps" if len(spans) > MOST_GAPS else "Lost time"
    head = (
        f"From ({evidence.moments.zone})",
        "Since start",
        "For",
        f"Commanded {scale.unit}",
        f"Delivered {scale.unit}",
    )
    return Table(head, "lrrrr", tuple(rows), caption, (), (28, 18, 18, 18, 18))


def link_section(evidence: Evidence) -> Section:
    """Frames, resends, round trips; and how the pump's clock went."""
    return Section("Link and clock", (Facts(tuple(_link(evidence) + _clock(evidence))),))


def _link(evidence: Evidence) -> list[tuple[str, str]]:
    health, links = _health(evidence), evidence.reader.links()
    lost = sum(link.state == "lost" and before != "lost" for before, link in zip(_states(links), links, strict=False))
    rows = [("Link lost", f"{saying.count(lost, 'time')}" if lost else "never")]
    if not health:
        return [*rows, ("Link counters", "not in this recording (formats before 4 don't keep them)")]
    last = health[-1]
    frames = last.frames_in + last.frames_bad
    minutes = max((evidence.end_us - evidence.start_us) / 60e6, 1e-9)
    trips = sorted(one.round_trip_us / 1000 for one in health if one.round_trip_us)
    bad = f"{saying.grouped(last.frames_bad)} of {saying.grouped(frames)}"
    if last.frames_bad:
        bad += f" ({_share(last.frames_bad, frames)}, {last.frames_bad / minutes:.2g} a minute)"
    median = statistics.median(trips) if trips else 0.0
    trip = f"median {median:.3g} ms, longest {trips[-1]:.3g} ms" if trips else saying.NONE
    return [
        *rows,
        ("Reconnects", saying.grouped(last.reconnects)),
        ("Bad frames", bad),
        ("Bytes in, out", f"{saying.grouped(last.bytes_in)}, {saying.grouped(last.bytes_out)}"),
        ("Bytes dropped", saying.grouped(last.bytes_dropped)),
        ("Commands sent again", saying.grouped(last.resends)),
        ("Round trip", f"{trip} (of those looked at once a second)" if trips else trip),
    ]


def _states(links: tuple[Link, ...]) -> list[str]:
    """What the link was before each of ``links``: as long as it stays lost, it may say so with several reasons."""
    return ["", *(link.state for link in links)]


def _health(evidence: Evidence) -> list[Health]:
    """The last row, behind some of those before it where there are very many."""
    count, reader = evidence.reader.count(Health), evidence.reader
    if count <= _MOST_HEALTH:
        return list(reader.health())
    step = count // _BLOCKS
    found = [row for first in range(0, count, step) for row in reader.records(Health, first, _MOST_HEALTH // _BLOCKS)]
    return [*found, *reader.records(Health, count - 1, 1)]


def _clock(evidence: Evidence) -> list[tuple[str, str]]:
    clock = evidence.reader.clock()
    if clock is None or clock.drift_ppm is None:
        return [("Pump's clock", "recorded for too short a time to tell its drift")]
    way = "fast" if clock.drift_ppm >= 0 else "slow"
    over = saying.span(clock.span_s * 1e6)
    scatter = f"to {clock.residual_s * 1e3:.1f} ms over {over}"
    return [("Pump's clock", f"{abs(clock.drift_ppm):.1f} ppm {way} beside this computer's, {scatter}")]
