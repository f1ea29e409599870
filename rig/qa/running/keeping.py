"""What a recording keeps of a case: its events as records."""

from dataclasses import replace

from rig.measured import Mark
from rig.qa.script import Script
from rig.qa.told import CaseBegan, CaseEnded, Keep, StepBegan, StepEnded, StepEvent
from rig.recording.records import CaseRecord, StepRecord
from rig.recording.writer import RunWriter
from rig.session import Batch

COUNTS = ("samples", "events", "gaps", "links", "frames", "weighings")  #: of a mark


class Tally:
    """Counts what a recording was given, as a ``Mark`` does."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(COUNTS, 0)
        self._numbers: set[int] = set()

    def add(self, batch: Batch) -> None:
        """Takes a batch."""
        self._numbers |= {event.number for event in batch.events if event.number}
        for table in COUNTS:
            self._counts[table] += len(getattr(batch, table))
        self._counts["events"] = len(self._numbers)

    def mark(self, host_us: int) -> Mark:
        """What there is at ``host_us``, UTC."""
        return Mark(host_us, 0, 0, **self._counts)


def records(event: StepEvent, script: Script, target: str, before: Mark) -> tuple[CaseRecord | StepRecord, ...]:
    """What is to be kept of ``event``; nothing of most.  ``before`` is what the recording held when the case began."""
    match event:
        case CaseBegan():
            return (_case(event, script, target, before),)
        case CaseEnded():
            return (_case(event, script, target, before),)
        case StepBegan() | StepEnded():
            return (step_record(event, script),)
    return ()


def together(before: Mark, mark: Mark) -> Mark:
    """A mark of a case, counted from the begin of the recording instead, which held ``before`` when the case began."""
    return replace(mark, **{name: getattr(before, name) + getattr(mark, name) for name in COUNTS})


def keep_program(writer: RunWriter, kept: Keep) -> None:
    """Puts a program that the pump holds into a recording."""
    if kept.receipt is None:
        writer.held(kept.program)
    else:
        writer.program(kept.name, kept.source, kept.program, kept.receipt)


def keep(writer: RunWriter, event: StepEvent, script: Script, target: str, before: Mark) -> None:
    """Puts it into a recording."""
    for record in records(event, script, target, before):
        if isinstance(record, CaseRecord):
            writer.case(record)
        else:
            writer.step(record)


def _case(event: CaseBegan | CaseEnded, script: Script, target: str, before: Mark) -> CaseRecord:
    began = isinstance(event, CaseBegan)
    return CaseRecord(
        host_us=event.at_us,
        phase="begin" if began else "end",
        script=script.path.name,
        name=script.name,
        case=script.case,
        digest=script.digest,
        text=script.text if began else "",
        target=target,
        seed=event.seed if isinstance(event, CaseBegan) else None,
        verdict=event.verdict if isinstance(event, CaseEnded) else "",
        why=event.why if isinstance(event, CaseEnded) else "",
        mark=before if began else None,
    )


def step_record(event: StepBegan | StepEnded, script: Script) -> StepRecord:
    """A step's begin or end as recordings keep it."""
    step, judged = event.step, event.judged if isinstance(event, StepEnded) else None
    return StepRecord(
        host_us=event.mark.host_us,
        phase="begin" if judged is None else "end",
        script=script.path.name,
        case=script.case,
        digest=script.digest,
        index=event.index,
        number=step.number,
        title=step.title,
        file=step.file,
        line=step.line,
        mark=event.mark,
        verdict="" if judged is None else judged.verdict,
        detail="" if judged is None else judged.detail,
        at_us=0 if judged is None else judged.at_us,
        measurements=() if judged is None else judged.measurements,
        curves=() if judged is None else judged.curves,
    )
