"""What was measured and judged, as scripts tell it and recordings keep it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

#: From best to worst; a case is as its worst step.  "skipped" isn't a verdict: it was not tried.
Verdict = Literal["pass", "skipped", "inconclusive", "fail", "error"]
VERDICTS: tuple[Verdict, ...] = ("pass", "skipped", "inconclusive", "fail", "error")
#: Why a case ended.  Cut short: whoever carried it out ended before it did.
FINISHED, STOPPED, CANCELLED = "finished", "stopped at the first failure", "cancelled"
LOST, BROKEN, CUT_SHORT = "link lost", "error", "cut short"


def worst(verdicts: Iterable[Verdict], none: Verdict = "pass") -> Verdict:
    """Of several; ``none`` where there are none."""
    return max(verdicts, key=VERDICTS.index, default=none)


@dataclass(frozen=True)
class Measurement:
    """One number (or word) that was judged, with what it was judged by."""

    name: str  # "delivered", "trumpet 2 min, most" …
    value: float | None  # None: not a number, or nothing was measured
    unit: str
    low: float | None
    high: float | None
    uncertainty: float  # 0 for what is exact
    verdict: Verdict
    detail: str = ""  # what people read beside it
    budget: tuple[tuple[str, float], ...] = ()  # (balance, evaporation, timing, gaps …; how much of the uncertainty)


@dataclass(frozen=True)
class Curve:
    """What a judgement is shown by: start-up, trumpet, boluses, back-pressure …"""

    kind: Literal["start-up", "trumpet", "boluses", "back-pressure", "occlusion"]
    title: str
    x_title: str
    y_title: str
    x: tuple[float, ...]
    lines: tuple[tuple[str, tuple[float, ...]], ...]  # (name, (n,) values)
    limits: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()  # (name, points) of what they are held to


@dataclass(frozen=True)
class Mark:
    """A moment of a run by all its counts: so many samples, events … had come by then.  What a mark says can be
    found again in the recording, to the row."""

    host_us: int  # session time, UTC
    boot: int
    t_us: int  # the pump's time, by its status; where the link is lost, by the clock
    samples: int = 0
    events: int = 0  # without those that were sent twice
    gaps: int = 0
    links: int = 0
    frames: int = 0
    weighings: int = 0
