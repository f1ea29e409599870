"""What a run file says of the test scripts that made it, and of those who looked at it since."""

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rig.measured import CUT_SHORT, Curve, Mark, Measurement


@dataclass(frozen=True)
class CaseRecord:
    """A case of a test script began, or ended.  One that never ended was cut short."""

    host_us: int
    phase: str  # "begin" or "end"
    script: str  # the file's name
    name: str  # the script's
    case: str  # which row of its table; ""
    digest: str  # SHA-256 of the script, what it includes, and the case
    text: str  # of the script file; "" at the end
    target: str
    seed: int | None = None  # of a virtual rig
    verdict: str = ""  # measured.VERDICTS; "" at the begin
    why: str = ""  # measured.FINISHED and so on
    mark: Mark | None = None  # at the begin: what the recording held before; marks of steps count from there

    @property
    def title(self) -> str:
        """ "Occlusion and release [rate 24 mL/day]"."""
        return f"{self.name} [{self.case}]" if self.case else self.name


def endings(cases: Iterable[CaseRecord]) -> Iterator[CaseRecord]:
    """How each of ``cases`` ended, in the order in which they began, with the seed that was told at its begin; one
    that never did is CUT_SHORT."""
    begun: CaseRecord | None = None
    for case in cases:
        if case.phase == "end":
            yield case if begun is None else replace(case, seed=begun.seed)
            begun = None
        else:
            if begun is not None:
                yield replace(begun, verdict="error", why=CUT_SHORT)
            begun = case
    if begun is not None:
        yield replace(begun, verdict="error", why=CUT_SHORT)


@dataclass(frozen=True)
class StepRecord:
    """A step of a test script began, or ended, with all that was measured and judged."""

    host_us: int
    phase: str  # "begin" or "end"
    script: str  # the file's name
    case: str
    digest: str  # as in ``CaseRecord``
    index: int  # of the step within the case, from 0; cleanup is behind the steps
    number: str  # as people count it: "3.2"
    title: str
    file: str  # where the step is written, and in which line
    line: int
    mark: Mark
    verdict: str = ""  # measured.VERDICTS; "" at the begin
    detail: str = ""
    at_us: int = 0  # host time, UTC, of the moment to look at; 0: the step's end
    measurements: tuple[Measurement, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class Review:
    """What somebody says of a run who looked at it; no evidence, like a note."""

    host_us: int  # UTC: the moment it is about; the run's begin for the whole
    kind: str  # "operator" or "blinded"
    verdict: str
    by: str
    reason: str
    made_us: int  # UTC: when it was said


def finite(record: StepRecord) -> StepRecord:
    """``record`` without numbers that JSON hasn't: an uncertainty beyond all bounds is the largest there is, a limit
    beyond them is none, and points of curves that are nowhere are left out."""
    measured = tuple(
        replace(
            one,
            value=_bounded(one.value),
            low=_bounded(one.low),
            high=_bounded(one.high),
            uncertainty=_largest(one.uncertainty),
            budget=tuple((part, _largest(share)) for part, share in one.budget),
        )
        for one in record.measurements
    )
    return replace(record, measurements=measured, curves=tuple(map(_drawn, record.curves)))


def _bounded(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _largest(number: float) -> float:
    return number if math.isfinite(number) else sys.float_info.max


def _drawn(curve: Curve) -> Curve:
    rows = list(zip(curve.x, *(values for _, values in curve.lines), strict=False))
    there = [row for row in rows if all(map(math.isfinite, row))]
    columns = list(zip(*there, strict=True)) or [()] * (1 + len(curve.lines))
    lines = tuple((name, tuple(values)) for (name, _), values in zip(curve.lines, columns[1:], strict=True))
    limits = tuple(
        (name, tuple(point for point in points if all(map(math.isfinite, point)))) for name, points in curve.limits
    )
    return replace(curve, x=tuple(columns[0]), lines=lines, limits=limits)
