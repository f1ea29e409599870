"""What this very pump forbids, and whether it is the one that the program is for."""

import re
from collections.abc import Iterator

from firmware_link.errors import UsageError
from rig.firmware.program import ProgramError
from rig.therapy import modes, units
from rig.therapy.check.case import Case, average_pl_day
from rig.therapy.check.edits import Edits, shown, written
from rig.therapy.check.quantities import Quantity, quantities
from rig.therapy.finding import Finding, Fix

_FLOWS = ("flow", "bolus.duration")  # limits that are flows
_ANY = 2**63  # pl/s: no limit, where no pump has told its own
#: The field that a mode's flow as a whole depends on.
MAIN_FIELD: dict[type, str] = {
    modes.SimpleContinuous: "dose",
    modes.FlexDay: "steps",
    modes.FlexWeek: "days",
    modes.SingleBolus: "bolus.dose",
    modes.PeriodicBolus: "interval",
    modes.OnDemandBolus: "base",
    modes.Prime: "flow",
    modes.Bridge: "dose",
    modes.MinimumRate: "mode",
    modes.Stopped: "mode",
    modes.Titration: "target",
    modes.Taper: "target",
    modes.Screening: "duration",
    modes.InfusionTrial: "maximum",
}


def main_field(case: Case) -> str:
    """Where to say what concerns the flow as a whole."""
    return MAIN_FIELD[type(case.program.mode)]


def identity(case: Case) -> Iterator[Finding]:
    """The pump that it is for, and the profile that it was made with."""
    program, context = case.program, case.context
    if program.device and context.device_id and program.device != context.device_id.lower():
        what = f"The program is for pump {program.device}; this is {context.device_id}."
        fix = Fix("Make it for this pump", (("device", context.device_id),))
        yield Finding("hard", "device", what, "Connect the right pump, or make it for this one.", fix)
    holds_nl = context.settings.get("reservoir_nl")
    if holds_nl is not None and holds_nl != program.pump.reservoir_nl:
        ours, its = units.volume_text(program.pump.reservoir_nl), units.volume_text(holds_nl)
        what = f"The profile {program.pump.name} has a reservoir of {ours}; this pump's is {its}."
        yield Finding("soft", "pump", what, "Choose the profile of this pump, or confirm it with a reason.")


def own_limits(case: Case) -> list[Finding]:
    """The pump's own limits: of each stretch, and of the cycle as a whole."""
    settings = case.context.settings
    fastest = settings.get("maximum_bolus_flow_pl_s")
    found = []
    if fastest is not None:
        found = [
            _too_fast(case, quantity, fastest * units.DAY_S)
            for quantity in quantities(case.program)
            if quantity.limit in _FLOWS and quantity.value > fastest * units.DAY_S
        ]
    most = settings.get("maximum_flow_pl_s")
    device = case.device
    if found or most is None or device is None or not device.cycle:
        return found
    if device.cycle_pl * 1_000_000 > most * device.cycle_us:
        average, limit = units.flow_text(average_pl_day(device)), units.flow_text(most * units.DAY_S)
        what = f"{average} on average is above this pump's own limit of {limit}."
        found.append(Finding("hard", main_field(case), what, "Lower the dose, or choose a higher concentration."))
    return found


def _too_fast(case: Case, quantity: Quantity, limit_pl_day: int) -> Finding:
    what = (
        f"{quantity.title}, {units.flow_text(quantity.value)}, is above this pump's own limit of "
        f"{units.flow_text(limit_pl_day)}."
    )
    remedy = "Give it more time." if quantity.inverse else "Lower it, or choose a higher concentration."
    text = quantity.text_for(limit_pl_day, upwards=False)
    fix = None
    if text is not None:
        edits: Edits = written(case.program.mode, quantity.field, text)
        fix = Fix(f"{'Take' if quantity.inverse else 'Lower to'} {shown(text)}", edits)
    return Finding("hard", quantity.field, what, remedy, fix)


def unmakeable(case: Case) -> Iterator[Finding]:
    """The last net: what no rule has told and a pump would refuse all the same."""
    if isinstance(case.made, UsageError):
        named = re.fullmatch(r"([a-z][a-z-]*(?:\[\d+\])?): (.+)", case.made.what)
        field, what = (named[1], named[2]) if named else (main_field(case), case.made.what)
        yield Finding("hard", field, what[:1].upper() + what[1:], case.made.remedy)
        return
    fastest = [case.context.settings.get(name, _ANY) for name in ("maximum_flow_pl_s", "maximum_bolus_flow_pl_s")]
    try:
        case.made.validate(*fastest)
    except ProgramError as error:
        if error.name == "too_fast":
            what = f"It is faster than a pump's own limit of {units.flow_text(error.detail * units.DAY_S)}."
        else:
            what = "A pump would refuse it: it is out of its range."
        yield Finding("hard", main_field(case), what, "Choose other values.")
