"""The parts that the files of several modes have in common: boluses, steps, days.  See ``files``."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from firmware_link.vocabulary import MAX_DEMANDS_DAY, MAX_LOCKOUT_S
from rig.therapy import modes, units
from rig.therapy.fields import quantity, several, words

_Bolus = Annotated[str, quantity("Dose", "What the bolus gives.", units.DOSE, "50 ug")]
_BolusTime = Annotated[
    str, quantity("Duration", "How long the bolus takes.", units.DURATION, "10 min", high=modes.DAY_MS)
]


class BolusPart(Struct, forbid_unknown_fields=True):
    """A bolus that is given again and again."""

    dose: _Bolus
    duration: _BolusTime


class BolusThenPart(Struct, forbid_unknown_fields=True):
    """A bolus that is given once, and what comes after it."""

    dose: _Bolus
    duration: _BolusTime
    after: Annotated[modes.After, words("Afterwards", "Resume the base rate, or stop.", "resume")]


class OnDemandPart(Struct, forbid_unknown_fields=True, rename="kebab"):
    """The bolus of the button, and how often it may be pressed."""

    dose: _Bolus
    duration: _BolusTime
    max_per_day: Annotated[int, Meta(ge=1, le=MAX_DEMANDS_DAY), words("Most a day", "Boluses granted in any 24 h.")]
    lockout: Annotated[
        str,
        quantity(
            "Lockout",
            "From one bolus to the next that may be given.",
            units.DURATION,
            "2 h",
            high=MAX_LOCKOUT_S * 1000,
        ),
    ]


class StepPart(Struct, forbid_unknown_fields=True):
    """A stretch of the day; give either a dose or a rate."""

    either: ClassVar[tuple[str, str]] = ("dose", "rate")

    start: Annotated[str, quantity("Start", "When it begins.", units.TIME, "22:30", low=0)]
    end: Annotated[
        str, quantity("End", "When it ends; at or before the start means on the next day.", units.END, "06:00", low=0)
    ]
    dose: Annotated[str, quantity("Dose", "Over the whole step.", units.DOSE, "20 ug", low=0)] | UnsetType = UNSET
    rate: (
        Annotated[
            str, quantity("Rate", "During the step.", units.DOSE_RATE, "150 ug/day", low=0, attribute="dose_ng_day")
        ]
        | UnsetType
    ) = UNSET


Demand = Annotated[OnDemandPart, words("On demand", "A bolus at the press of a button, decided on the pump alone.")]
Steps = Annotated[
    list[StepPart],
    several("Steps", "Stretches of the day, up to 13.", most=modes.MAX_STEPS),
]


class DayPart(Struct, forbid_unknown_fields=True):
    """What some days of the week look like."""

    weekdays: Annotated[
        list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]],
        several("Weekdays", "The days it is for.", "[mon, tue]", most=7),
    ]
    steps: Steps


class GivenPart(Struct, forbid_unknown_fields=True):
    """A screening bolus that was given, and what was seen."""

    dose: Annotated[str, quantity("Dose", "What was given.", units.DOSE, "50 ug")]
    at: Annotated[str, quantity("At", "When it was given.", units.MOMENT, low=0, attribute="given_utc_s")]
    verdict: Annotated[modes.Response, words("Verdict", "What was seen.", default="")] | UnsetType = UNSET
    effect: (
        Annotated[
            str,
            quantity("Effect", "How long it lasted.", units.DURATION, "6 h", low=0, default="0 h"),
        ]
        | UnsetType
    ) = UNSET


#: What the parts of a file become.
PARTS: dict[type[Struct], type[Any]] = {
    BolusPart: modes.Bolus,
    BolusThenPart: modes.Bolus,
    OnDemandPart: modes.OnDemand,
    StepPart: modes.Step,
    DayPart: modes.Pattern,
    GivenPart: modes.Given,
}
