"""What happened: alarms, the pump's log, notes and markers, and the checks of scripts."""

from collections import Counter
from itertools import islice

from rig import words
from rig.recording.records import Verdict
from rig.report import saying, steps
from rig.report.blocks import Block, Headline, Section, Table, Text
from rig.report.evidence import Evidence
from rig.session import Event

FEW_EVENTS = 20  # need no count by kind
MOST_NOTES = 100
MOST_CHECKS = 200
_LONGEST = 600  # characters of a note


def level_of(priority: int) -> str:
    """Of words.LEVELS, whatever a file says."""
    return words.LEVELS[max(0, min(priority, len(words.LEVELS) - 1))]


def headline(evidence: Evidence) -> Headline:
    """How many of which urgency."""
    counts: Counter[str] = Counter()
    for (priority, _), times in evidence.log.counts.items():
        counts[level_of(priority)] += times
    del counts["info"]
    if not counts:
        return Headline("good", "No alarms", f"None in {saying.count(evidence.log.total, 'entry', 'entries')} of log.")
    told = [f"{saying.grouped(counts[level])} {level}" for level in ("high", "medium", "low") if counts[level]]
    most = next(level for level in ("high", "medium", "low") if counts[level])
    shown = {"high": "high", "medium": "medium", "low": "muted"}[most]
    number = sum(counts.values())
    return Headline(shown, saying.count(number, "alarm or warning", "alarms and warnings"), f"{', '.join(told)}.")


def checks_headline(evidence: Evidence) -> Headline | None:
    """How the checks of a script ended; None where there were none."""
    verdicts = _verdicts(evidence)
    if not verdicts:
        return None
    passed = sum(one.passed for one in verdicts)
    level = "good" if passed == len(verdicts) else "high"
    return Headline(level, "Checks", f"{saying.grouped(passed)} of {saying.grouped(len(verdicts))} passed.")


def section(evidence: Evidence) -> Section:
    """Counts, then the log, the urgent entries first where all would be too many."""
    log = evidence.log
    if not log.total:
        return Section("Events", (Text("The pump told of none.", "muted"),))
    blocks: list[Block] = [_counts(log.counts)] if log.total > FEW_EVENTS else []
    shown = log.first
    if log.total > len(log.first):
        shown = log.alarms
        rest = saying.grouped(log.total - len(shown))
        blocks.append(Text(f"Shown are the first {len(shown)} alarms and warnings; {rest} more are in the run file."))
    if shown:
        blocks.append(_log(evidence, shown))
    return Section("Events", tuple(blocks))


def _counts(counts: Counter[tuple[int, str]]) -> Table:
    """By kind, the most urgent first."""
    rows, levels = [], []
    for (priority, kind), number in sorted(counts.items(), key=lambda item: (-item[0][0], -item[1], item[0][1])):
        level = level_of(priority)
        rows.append((f"{words.LEVEL_SYMBOLS[level]} {words.LEVEL_WORDS[level]}", title(kind), saying.grouped(number)))
        levels.append(level if level != "info" else "")
    most = 40
    head = ("Priority", "What", "Times")
    return Table(head, "llr", tuple(rows[:most]), "By kind", tuple(levels[:most]), (18, 64, 18))


def title(kind: str) -> str:
    """Bounded, since a file may say anything."""
    return words.event_title(kind)[:80]


def _log(evidence: Evidence, events: list[Event]) -> Table:
    moments = evidence.moments
    rows, levels = [], []
    for event in events:
        at_us = evidence.at_us(event.boot, event.occurred_us)
        late_us = event.detected_us - event.occurred_us
        level = level_of(event.priority)
        rows.append(
            (
                moments.short(event.utc_s * 1_000_000 if at_us is None and event.utc_s else at_us or event.host_us),
                saying.NONE if at_us is None else moments.since(at_us),
                str(event.number) if event.number else "host",
                f"{words.LEVEL_SYMBOLS[level]} {words.LEVEL_WORDS[level]}",
                title(event.kind),
                detail(event) + (f" (×{event.repeats + 1})" if event.repeats else ""),
                f"after {saying.span(late_us)}" if late_us > 0 else "at once",
            )
        )
        levels.append(level if level != "info" else "")
    head = (f"Occurred ({moments.zone})", "Since start", "No.", "Priority", "What", "Detail", "Detected")
    return Table(head, "lrrllll", tuple(rows), "The log", tuple(levels), (18, 11, 6, 11, 24, 18, 12))


def detail(event: Event) -> str:
    """What its value says, bounded."""
    return words.event_detail(event)[:120]


def notes_section(evidence: Evidence) -> Section | None:
    """Notes and markers, with who wrote them and when; None without any."""
    notes = evidence.reader.notes()
    if not notes:
        return None
    moments = evidence.moments
    rows = []
    for note in islice(notes, MOST_NOTES):
        text = note.text if len(note.text) <= _LONGEST else f"{note.text[:_LONGEST]} …"
        made = moments.short(note.made_us) if note.made_us else saying.NONE
        said = f"◆ {text}".rstrip() if note.marker else text
        rows.append((moments.short(note.host_us), said, note.author[:60] or "this program", made))
    head = (f"About ({moments.zone})", "Note", "By", "Written")
    blocks: list[Block] = [Table(head, "llll", tuple(rows), "", (), (18, 49, 15, 18))]
    if len(notes) > MOST_NOTES:
        blocks.append(Text(f"{saying.grouped(len(notes) - MOST_NOTES)} more are in the run file.", "muted"))
    words_ = "Notes are beside the evidence and no part of it: the digest doesn't cover them. ◆ is a marker."
    return Section("Notes", (Text(words_, "muted"), *blocks))


def _verdicts(evidence: Evidence) -> tuple[Verdict, ...]:
    return evidence.reader.records(Verdict)


def checks_section(evidence: Evidence) -> Section | None:
    """The checks of a script; None without any."""
    verdicts = _verdicts(evidence)
    if not verdicts:
        return None
    shown = sorted(verdicts, key=lambda one: one.passed)[:MOST_CHECKS] if len(verdicts) > MOST_CHECKS else verdicts
    rows = tuple(
        (
            evidence.moments.short(one.host_us),
            one.name[:120],
            steps.verdict_text(one.outcome or ("pass" if one.passed else "fail")),
            one.detail[:300],
        )
        for one in shown
    )
    levels = tuple(steps.level_of(one.outcome or ("pass" if one.passed else "fail")) for one in shown)
    head = (f"At ({evidence.moments.zone})", "Check", "Verdict", "Detail")
    return Section("Checks", (Table(head, "llll", rows, "", levels, (18, 30, 12, 40)),))
