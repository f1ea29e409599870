"""What a step of a script expects: one frozen dataclass each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rig.qa.limits import USUAL, Limits, Over

Source = Literal["measured", "commanded", "planned"]


@dataclass(frozen=True)
class ExpectVolume:
    """The volume over a stretch, in µL; left out, during the latest wait."""

    of: Source
    limits: Limits
    over: Over = USUAL


@dataclass(frozen=True)
class ExpectFlow:
    """The mean flow over a stretch, in mL/day; ``turns``: over the whole turns of the rotor in it."""

    of: Source
    limits: Limits
    over: Over = USUAL
    turns: bool = False


@dataclass(frozen=True)
class ExpectEvent:
    """The event comes ``within_ms``, and not before ``after_ms``, counted from the end of the latest deed, or from
    ``over.since``."""

    event: str
    within_ms: int
    after_ms: int = 0
    over: Over = USUAL


@dataclass(frozen=True)
class ExpectNoEvent:
    """None of ``events`` (or none of ``priority`` and above) over a stretch, or from now on for ``for_ms``."""

    events: tuple[str, ...] = ()
    priority: Literal["", "low", "medium", "high"] = ""
    for_ms: int = 0
    over: Over = USUAL
    besides: tuple[str, ...] = ()  # these may come


@dataclass(frozen=True)
class ExpectField:
    """A field (``fields.FIELDS``: channels, state, alarms, link …) is within its limits or is a word, now or
    ``within_ms``."""

    field: str
    limits: Limits
    word: str = ""
    within_ms: int = 0
    over: Over = USUAL  # with ``extreme``
    extreme: Literal["", "least", "most"] = ""  # of all samples of the stretch


@dataclass(frozen=True)
class ExpectAccuracy:
    """Flow accuracy by the method of IEC 60601-2-24 over a stretch; limits in per cent."""

    over: Over = USUAL
    rate_ml_h: float | None = None  # None: what was planned
    windows: Literal["by rate", "standard", "low flow"] = "by rate"
    overall: float | None = None  # +- per cent
    trumpet: tuple[tuple[float, float], ...] = ()  # (window in min, +- per cent)
    turns: bool = True  # overall over whole turns of the rotor


@dataclass(frozen=True)
class ExpectBoluses:
    """The boluses of a stretch: how many, and how far they are from what was asked for, in per cent."""

    count: int
    volume_pl: int
    mean: float | None = None
    each: float | None = None
    over: Over = USUAL


@dataclass(frozen=True)
class ExpectOcclusion:
    """From the blocking (the begin of ``over.since``) to the alarm, the pressure then, the bolus at the release (the
    step ``release``)."""

    over: Over
    time: Limits  # min
    pressure: Limits  # kPa, at the alarm
    bolus: Limits  # µL
    release: str = ""


@dataclass(frozen=True)
class ExpectBackPressure:
    """The flow in stretches at several back-pressures, each against that at none, in per cent."""

    stretches: tuple[tuple[float, str], ...]  # (mmHg, label); one is at 0
    limit: float


@dataclass(frozen=True)
class ExpectGolden:
    """The run so far, against a golden one (``rig.compare``)."""

    run: Path
    tolerance: str = ""  # a file, or the name of one; "" for the usual


Expectation = (
    ExpectVolume
    | ExpectFlow
    | ExpectEvent
    | ExpectNoEvent
    | ExpectField
    | ExpectAccuracy
    | ExpectBoluses
    | ExpectOcclusion
    | ExpectBackPressure
    | ExpectGolden
)
