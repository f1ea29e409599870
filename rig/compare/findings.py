"""What a comparison says: one finding a channel, a kind of event, a total, a part of the plan.  Plain data."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rig.compare.alignment import Alignment

Floats = NDArray[np.float64]
Values = dict[str, float | int | str | None]
Verdict = Literal["same", "within", "beyond", "not judged"]

PLAN, CHANNELS, EVENTS, TOTALS = GROUPS = ("Plan", "Channels", "Events", "Totals")


@dataclass(frozen=True)
class Finding:
    """One thing compared.  Texts carry their units; ``values`` are the numbers behind them, for machines."""

    group: str  # of GROUPS
    name: str  # for machines: a channel's field, an event's kind
    title: str
    golden: str
    new: str
    difference: str
    allowed: str
    verdict: Verdict
    what: str = ""  # a sentence, of a difference
    at_s: float | None = None  # of the difference, aligned seconds
    values: Values = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether it differs by more than is allowed."""
        return self.verdict == "beyond"


@dataclass(frozen=True)
class Curve:
    """One channel of both runs in the columns of their grid, in its display unit; NaN where one has no value."""

    field: str
    title: str
    unit: str
    golden_low: Floats  # (n,)
    golden_high: Floats  # (n,)
    new_low: Floats  # (n,)
    new_high: Floats  # (n,)
    deviation: Floats  # (n,) above the highest or below the lowest that golden has around there
    allowed: Floats  # (n,) either way


@dataclass(frozen=True)
class Differing:
    """An event that only one of the runs has, that came at another time, or that says something else."""

    kind: str
    how: Literal["missing", "extra", "moved", "value"]
    at_s: float  # aligned, in the run that has it; the new one if both do
    moved_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class Against:
    """One new run against the golden one, on the aligned axis: second 0 is where both are put on top of each other."""

    path: Path
    findings: tuple[Finding, ...]
    curves: tuple[Curve, ...]
    differing: tuple[Differing, ...]
    start_s: float  # of what both cover
    end_s: float
    lost_s: tuple[tuple[float, float], ...]  # within it, not compared: time that one of them lost
    golden_zero_s: float  # aligned second 0, in seconds since the golden run's first sample
    new_zero_s: float  # and since this one's

    @property
    def passed(self) -> bool:
        """Whether nothing differs by more than is allowed."""
        return not any(finding.failed for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What differs by more than is allowed."""
        return tuple(finding for finding in self.findings if finding.failed)

    def at_columns(self, count: int) -> Floats:
        """(count,) the middle of each column, aligned seconds."""
        edges = np.linspace(self.start_s, self.end_s, count + 1)
        return np.asarray((edges[:-1] + edges[1:]) / 2)


@dataclass(frozen=True)
class Comparison:
    """A golden run and others against it."""

    golden: Path
    alignment: Alignment
    tolerance: str  # its name
    against: tuple[Against, ...]

    @property
    def passed(self) -> bool:
        """Whether every run is as the golden one, within tolerance."""
        return all(one.passed for one in self.against)
