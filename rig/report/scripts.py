"""The test scripts that made a run: every case with its verdict and its steps, as the recording has them."""

from collections import defaultdict

from rig.recording.records import CaseRecord, StepRecord
from rig.report import saying, steps
from rig.report.blocks import Block, Facts, Section, Text
from rig.report.evidence import Evidence

MOST_CASES = 50
_MOST_RECORDS = 50_000  # of steps, begins and ends
_Key = tuple[str, str, str]


def sections(evidence: Evidence) -> tuple[Section, ...]:
    """One a case, in the order in which they began; none where no script ran."""
    reader = evidence.reader
    records = reader.records(CaseRecord, 0, 2 * MOST_CASES)
    if not records:
        return ()
    done: defaultdict[_Key, list[StepRecord]] = defaultdict(list)
    for step in reader.records(StepRecord, 0, _MOST_RECORDS):
        if step.phase == "end":
            done[step.script, step.case, step.digest].append(step)
    began = [record for record in records if record.phase == "begin"]
    ended = {_key(record): record for record in records if record.phase == "end"}
    return tuple(_section(evidence, one, ended.get(_key(one)), done[_key(one)]) for one in began[:MOST_CASES])


def _key(record: CaseRecord) -> _Key:
    return record.script, record.case, record.digest


def _section(evidence: Evidence, began: CaseRecord, ended: CaseRecord | None, done: list[StepRecord]) -> Section:
    verdict = ended.verdict if ended else "error"
    why = ended.why if ended else "cut short: the runner ended before the case did"
    level = steps.level_of(verdict)
    rows = (
        ("Script", f"{began.script[:120]}, SHA-256 {began.digest[:16]}…"),
        ("Began", evidence.moments.full(began.host_us)),
        ("Lasted", saying.span(ended.host_us - began.host_us) if ended else saying.UNKNOWN),
        ("Target", began.target[:160] + ("" if began.seed is None else f" (seed {began.seed})")),
    )
    blocks: list[Block] = [Text(f"{steps.verdict_text(verdict)}: {why[:300]}", level), Facts(rows)]
    if done:
        blocks += steps.blocks(done, began.host_us)
    return Section(f"Test script: {began.title[:160]}", tuple(blocks))
