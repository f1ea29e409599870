"""The infusion modes, as what an operator sets.  Whole base units: ng, ng/day, pl, pl/day, ms.

Times of day are milliseconds after local midnight, 0 to ``DAY_MS``; percentages are in hundredths of a per cent (bp).
"""

from dataclasses import dataclass
from typing import Literal

DAY_MS = 86_400_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_STEPS = 13  # a day

After = Literal["resume", "stop"]
Path = Literal["pump", "catheter"]
Response = Literal["", "response", "no response"]


@dataclass(frozen=True)
class Bolus:
    """One dose given at once over ``duration_ms``; then the base goes on, or the pump stops."""

    dose_ng: int
    duration_ms: int
    after: After = "resume"


@dataclass(frozen=True)
class OnDemand:
    """What a press of the button gives, decided on the pump alone."""

    dose_ng: int
    duration_ms: int
    max_per_day: int  # in any 24 h
    lockout_ms: int  # from one grant to the next


@dataclass(frozen=True)
class Step:
    """A stretch of a day with a rate of its own.  ``end_ms`` at or before ``start_ms`` is on the next day."""

    start_ms: int
    end_ms: int
    dose_ng: int | None = None  # over the whole step; either this
    dose_ng_day: int | None = None  # or a rate

    @property
    def duration_ms(self) -> int:
        """From start to end, more than none and up to a day."""
        return (self.end_ms - self.start_ms - 1) % DAY_MS + 1


@dataclass(frozen=True)
class Pattern:
    """What the days ``weekdays`` (indices into WEEKDAYS) look like."""

    weekdays: tuple[int, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class SimpleContinuous:
    """One rate, optionally begun by a bolus."""

    dose_ng_day: int
    bolus: Bolus | None = None
    on_demand: OnDemand | None = None


@dataclass(frozen=True)
class FlexDay:
    """Up to MAX_STEPS steps each day; in the gaps the base rate."""

    base_ng_day: int
    steps: tuple[Step, ...]
    on_demand: OnDemand | None = None


@dataclass(frozen=True)
class FlexWeek:
    """A pattern for each weekday; a weekday without one has the base rate."""

    base_ng_day: int
    patterns: tuple[Pattern, ...]
    on_demand: OnDemand | None = None


@dataclass(frozen=True)
class SingleBolus:
    """One bolus; then the base rate, or a stop."""

    bolus: Bolus
    base_ng_day: int = 0


@dataclass(frozen=True)
class PeriodicBolus:
    """A bolus each ``interval_ms``, the first of a cycle at ``first_ms`` of the day; in between the base rate."""

    bolus: Bolus
    interval_ms: int
    base_ng_day: int
    first_ms: int = 0
    on_demand: OnDemand | None = None


@dataclass(frozen=True)
class OnDemandBolus:
    """A base rate, and a bolus whenever the button is pressed and it may be given."""

    base_ng_day: int
    on_demand: OnDemand


@dataclass(frozen=True)
class Prime:
    """Fills the pump's path, the catheter or both at ``flow_pl_day``; then ``dose_ng_day``, or a stop at 0."""

    paths: tuple[Path, ...]
    flow_pl_day: int
    dose_ng_day: int = 0


@dataclass(frozen=True)
class Bridge:
    """The old drug's last volume at the old rate, until the new concentration arrives at the tip; then the new dose."""

    old_concentration_ng_ml: int
    old_dose_ng_day: int
    dose_ng_day: int


@dataclass(frozen=True)
class MinimumRate:
    """Keeps the path open."""


@dataclass(frozen=True)
class Stopped:
    """Deliberately not delivering; the pump reminds after ``reminder_ms``."""

    reason: str
    reminder_ms: int


@dataclass(frozen=True)
class Titration:
    """From ``dose_ng_day`` to ``target_ng_day``, by ``step_bp`` of the dose before each ``every_ms``.

    The first step comes at once.
    """

    dose_ng_day: int
    target_ng_day: int
    step_bp: int
    every_ms: int = DAY_MS


@dataclass(frozen=True)
class Taper:
    """Stepwise down by ``step_ng_day`` each ``every_ms`` to ``target_ng_day``; at 0 the pump then stops."""

    dose_ng_day: int
    target_ng_day: int
    step_ng_day: int
    every_ms: int = DAY_MS


@dataclass(frozen=True)
class Given:
    """A screening bolus that was given, and what was seen."""

    dose_ng: int
    given_utc_s: int
    verdict: Response = ""
    effect_ms: int = 0  # how long it lasted


@dataclass(frozen=True)
class Screening:
    """Test boluses, one after another, each only after a verdict on the one before (``rig.therapy.screening``)."""

    duration_ms: int  # of each bolus
    given: tuple[Given, ...] = ()


@dataclass(frozen=True)
class InfusionTrial:
    """From ``dose_ng_day`` up by ``step_ng_day`` each ``every_ms``, at most to ``maximum_ng_day``, which then holds."""

    dose_ng_day: int
    step_ng_day: int
    every_ms: int
    maximum_ng_day: int


Mode = (
    SimpleContinuous
    | FlexDay
    | FlexWeek
    | SingleBolus
    | PeriodicBolus
    | OnDemandBolus
    | Prime
    | Bridge
    | MinimumRate
    | Stopped
    | Titration
    | Taper
    | Screening
    | InfusionTrial
)
