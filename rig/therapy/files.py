"""What a program file may say, per mode.  Every fact about a field is here once: see ``fields``."""

from typing import Annotated, Any, ClassVar, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from rig.therapy import modes, units
from rig.therapy.fields import Field, all_fields, quantity, several, text, words
from rig.therapy.parts import BolusPart, BolusThenPart, DayPart, Demand, GivenPart, Steps

SCHEMA = 2
DEVICE = "^[0-9a-fA-F]{16}$"

_BASE = quantity("Base rate", "The dose a day between steps and boluses.", units.DOSE_RATE, "100 ug/day", low=0)
_Base = Annotated[str, _BASE]
_EVERY = ("Every", "How long each step lasts.", units.DURATION)


class Header(Struct, forbid_unknown_fields=True, rename="kebab", tag_field="mode", kw_only=True):
    """What every program says."""

    pump_program: Annotated[int, Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this kind of file.")]
    name: Annotated[str, text("Name", "What people call it.", "Night and day")]
    drug: Annotated[str, text("Drug", "What is in the reservoir.", "baclofen", source="drugs")]
    concentration: Annotated[
        str, quantity("Concentration", "What the reservoir is labelled with.", units.CONCENTRATION)
    ]
    pump: Annotated[str, text("Pump", "The pump's profile.", default="bench-20ml", source="pumps")] | UnsetType = UNSET
    catheter: (
        Annotated[str, text("Catheter", "The catheter's profile.", default="intrathecal-110cm", source="catheters")]
        | UnsetType
    ) = UNSET
    trimmed: (
        Annotated[str, quantity("Trimmed", "Cut off the catheter.", units.LENGTH, low=0, default="0 cm")] | UnsetType
    ) = UNSET
    limits: Annotated[str, text("Limits", "What may be programmed.", default="bench", source="limits")] | UnsetType = (
        UNSET
    )
    device: (
        Annotated[str, text("Device", "Id of its only pump, 16 hex digits.", "e661640843a1b2c3", pattern=DEVICE)]
        | UnsetType
    ) = UNSET
    time_zone: (
        Annotated[str, text("Time zone", "Of the times of day; without it this computer's.", "Europe/Paris")]
        | UnsetType
    ) = UNSET


class SimpleContinuous(Header, tag="simple continuous", kw_only=True):
    """One rate all day, optionally begun by a bolus.  Give either a dose or a flow."""

    either: ClassVar[tuple[str, str]] = ("dose", "flow")

    dose: Annotated[str, quantity("Dose", "A day.", units.DOSE_RATE)] | UnsetType = UNSET
    flow: Annotated[str, quantity("Flow", "Instead of a dose.", units.FLOW)] | UnsetType = UNSET
    bolus: Annotated[BolusThenPart, words("Bolus", "Given once, at the beginning.")] | UnsetType = UNSET
    on_demand: Demand | UnsetType = UNSET


class FlexDay(Header, tag="flex day", kw_only=True):
    """Up to 13 steps a day, each with a rate of its own; the base rate in between."""

    base: _Base
    steps: Steps
    on_demand: Demand | UnsetType = UNSET


class FlexWeek(Header, tag="flex week", kw_only=True):
    """Days with steps, by weekday; the base rate in between and on days without any."""

    base: _Base
    days: Annotated[list[DayPart], several("Days", "A pattern for some weekdays.", most=7, attribute="patterns")]
    on_demand: Demand | UnsetType = UNSET


class SingleBolus(Header, tag="single bolus", kw_only=True):
    """One bolus; then the base rate, or a stop."""

    bolus: Annotated[BolusThenPart, words("Bolus", "Given once, at once.")]
    base: Annotated[str, quantity("Base rate", "What to resume.", units.DOSE_RATE)] | UnsetType = UNSET


class PeriodicBolus(Header, tag="periodic bolus", kw_only=True):
    """A bolus at regular intervals; the base rate in between."""

    bolus: Annotated[BolusPart, words("Bolus", "Given again and again.")]
    interval: Annotated[str, quantity("Interval", "From the start of a bolus to the next.", units.DURATION, "6 h")]
    base: _Base
    first: (
        Annotated[str, quantity("First", "The time of day of the first.", units.TIME, low=0, default="00:00")]
        | UnsetType
    ) = UNSET
    on_demand: Demand | UnsetType = UNSET


class OnDemandBolus(Header, tag="on-demand bolus", kw_only=True):
    """The base rate, and a bolus at the press of a button where it may be given."""

    base: _Base
    on_demand: Demand


class Prime(Header, tag="prime", kw_only=True):
    """Fills the pump's path, the catheter or both; then a dose a day, or a stop."""

    paths: Annotated[list[modes.Path], several("Paths", "What to fill.", "[pump, catheter]", most=2)]
    flow: Annotated[str, quantity("Flow", "How fast.", units.FLOW, "2 mL/day")]
    dose: Annotated[str, quantity("Dose", "A day, afterwards; without it a stop.", units.DOSE_RATE)] | UnsetType = UNSET


class Bridge(Header, tag="bridge", kw_only=True):
    """The last of the old concentration at the old rate; the new dose once the new one is at the tip."""

    old_concentration: Annotated[
        str, quantity("Old concentration", "What is still in pump and catheter.", units.CONCENTRATION)
    ]
    old_dose: Annotated[str, quantity("Old dose", "A day, until then.", units.DOSE_RATE)]
    dose: Annotated[str, quantity("Dose", "A day, of the new concentration.", units.DOSE_RATE)]


class MinimumRate(Header, tag="minimum rate", kw_only=True):
    """Just enough to keep the path open."""


class Stopped(Header, tag="stopped", kw_only=True):
    """Deliberately not delivering; the pump reminds."""

    reason: Annotated[str, text("Reason", "Why it is stopped.", "Catheter study", longest=200)]
    reminder: Annotated[
        str,
        quantity(
            "Reminder", "How long until the pump reminds.", units.DURATION, "60 min", low=60_000, high=7 * modes.DAY_MS
        ),
    ]


class Titration(Header, tag="titration", kw_only=True):
    """From one dose to another by steps in per cent.  Give either a target or a change in per cent."""

    either: ClassVar[tuple[str, str]] = ("target", "percent")

    dose: Annotated[str, quantity("Dose", "A day, now.", units.DOSE_RATE)]
    target: Annotated[str, quantity("Target", "A day, in the end.", units.DOSE_RATE, "130 ug/day")] | UnsetType = UNSET
    percent: (
        Annotated[str, quantity("Change", "Instead of a target.", units.CHANGE, low=-9_999, high=100_000)] | UnsetType
    ) = UNSET
    step: (
        Annotated[
            str,
            quantity("Step", "Of the dose before; without it the most of the limit set.", units.PERCENT, high=10_000),
        ]
        | UnsetType
    ) = UNSET
    every: Annotated[str, quantity(*_EVERY, "24 h", default="24 h")] | UnsetType = UNSET


class Taper(Header, tag="taper", kw_only=True):
    """Stepwise down; at a target of zero the pump then stops."""

    dose: Annotated[str, quantity("Dose", "A day, now.", units.DOSE_RATE)]
    target: Annotated[str, quantity("Target", "A day, in the end.", units.DOSE_RATE, "0 ug/day", low=0)]
    step: Annotated[str, quantity("Step", "How much less each time.", units.DOSE_RATE, "50 ug/day")]
    every: Annotated[str, quantity(*_EVERY, "24 h", default="24 h")] | UnsetType = UNSET


class Screening(Header, tag="screening", kw_only=True):
    """Test boluses of 50, 75 and 100 µg, each only after a verdict on the one before."""

    duration: Annotated[
        str, quantity("Duration", "How long each bolus takes.", units.DURATION, "10 min", high=modes.DAY_MS)
    ]
    given: Annotated[list[GivenPart], several("Given", "The boluses so far.", least=0, most=20)] | UnsetType = UNSET


class InfusionTrial(Header, tag="infusion trial", kw_only=True):
    """A dose a day that rises step by step to a maximum, which then holds."""

    dose: Annotated[str, quantity("Dose", "A day, at first.", units.DOSE_RATE, default="100 ug/day")] | UnsetType = (
        UNSET
    )
    step: (
        Annotated[str, quantity("Step", "How much more each time.", units.DOSE_RATE, "50 ug/day", default="50 ug/day")]
        | UnsetType
    ) = UNSET
    every: Annotated[str, quantity(*_EVERY, "12 h", default="12 h")] | UnsetType = UNSET
    maximum: (
        Annotated[str, quantity("Maximum", "A day.", units.DOSE_RATE, "900 ug/day", default="900 ug/day")] | UnsetType
    ) = UNSET


class ModeFile(NamedTuple):
    """A mode: how it is called, what it is for, what its file says, and what that becomes."""

    title: str
    blurb: str
    struct: type[Header]
    kind: type[Any]


_MODES: tuple[tuple[type[Header], type[Any]], ...] = (
    (SimpleContinuous, modes.SimpleContinuous),
    (FlexDay, modes.FlexDay),
    (FlexWeek, modes.FlexWeek),
    (SingleBolus, modes.SingleBolus),
    (PeriodicBolus, modes.PeriodicBolus),
    (OnDemandBolus, modes.OnDemandBolus),
    (Prime, modes.Prime),
    (Bridge, modes.Bridge),
    (MinimumRate, modes.MinimumRate),
    (Stopped, modes.Stopped),
    (Titration, modes.Titration),
    (Taper, modes.Taper),
    (Screening, modes.Screening),
    (InfusionTrial, modes.InfusionTrial),
)

#: Every mode by what a file calls it.
MODES: dict[str, ModeFile] = {
    str(struct.__struct_config__.tag): ModeFile(
        str(struct.__struct_config__.tag).capitalize(), " ".join((struct.__doc__ or "").split()), struct, kind
    )
    for struct, kind in _MODES
}


def fields(mode: str) -> tuple[Field, ...]:
    """Every field of a file of ``mode``, parts included, in the order of the file; raises KeyError for no such mode."""
    return all_fields(MODES[mode].struct)
