"""What a script may do: the steps with "do", as a table."""

from dataclasses import replace
from typing import Any

from firmware_link import vocabulary
from firmware_link.errors import UsageError
from rig.qa import deeds
from rig.qa.files import setting_keys
from rig.qa.files.measures import digits
from rig.qa.files.program_step import program_of, program_said
from rig.qa.files.slots import Place, Slot, StepKind, Values
from rig.qa.files.values import AsIs, Choice, Quantity, Several, Text, YesNo, choice, duration, vocabulary_choice
from rig.qa.files.wrong import WrongValue
from rig.therapy import units
from rig.virtual.fault_file import amount_of
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault, Refused, check

_LONGEST_MS = 3660 * units.DAY_MS  # of a fault
_ALARMS = vocabulary_choice((row[1] for row in vocabulary.ALARMS), "alarm")
_FAULTS = Choice({name.replace("_", "-"): name for name in BY_NAME}, "fault", lenient=True)
_NANOLITRES = Quantity(units.VOLUME, 1000, 10**14, 1000)
#: field of a virtual rig's Fault -> what a step calls it
_FAULT_KEYS = {"what": "what", "at_s": "after", "amount": "how-much", "duration_s": "how-long"}


def _settings(values: Values, place: Place) -> deeds.Set:
    said = values["settings"]
    if not isinstance(said, dict) or not said:
        raise WrongValue(
            "settings", "Settings and their values are expected here.", 'For example "{tolerance: 14.5 %}".'
        )
    return deeds.Set(tuple(_setting(key, value) for key, value in said.items()))


def _setting(key: Any, said: Any) -> tuple[str, int]:
    try:
        name = setting_keys.name_of(key)
        return name, setting_keys.read(name, said)
    except UsageError as error:
        raise WrongValue(f"settings.{key}", error.what, error.remedy) from error


def _settings_said(body: deeds.Set, place: Place) -> Values:
    return {"settings": {setting_keys.key_of(name): setting_keys.write(name, value) for name, value in body.settings}}


def _fault(values: Values, place: Place) -> deeds.MakeFault:
    kind = BY_NAME[values["what"]]
    amount = None
    try:
        if "how-much" in values:
            if kind.amount is None:
                raise Refused("amount", f'"{kind.name}" has none.', "Leave it out.")
            amount = amount_of(Text(40).read(values["how-much"]), kind.amount)
        length_ms = values.get("how-long")
        checked = check(Fault(kind.name, 0.0, length_ms and length_ms / 1000, amount), 0.0)
    except Refused as refused:
        raise WrongValue(_FAULT_KEYS[refused.field], refused.problem, refused.remedy) from refused
    return deeds.MakeFault(kind.name, values.get("after", 0), length_ms, checked.amount)


def _fault_said(body: deeds.MakeFault, place: Place) -> Values:
    kind = BY_NAME[body.what]
    said: Values = {"what": _FAULTS.write(body.what)}
    if body.amount is not None and kind.amount is not None and body.amount != kind.amount.default:
        said["how-much"] = f"{digits(body.amount)} {kind.amount.unit}".strip()
    if body.duration_ms is not None:
        said["how-long"] = units.write(body.duration_ms, units.DURATION)
    if body.after_ms:
        said["after"] = units.write(body.after_ms, units.DURATION)
    return said


def _unplug(values: Values, place: Place) -> deeds.MakeFault:
    return deeds.MakeFault("unplug", duration_ms=values["for"])


def _unplug_said(body: deeds.MakeFault, place: Place) -> Values:
    return {"for": units.write(body.duration_ms or 0, units.DURATION)}


def _is_unplug(body: deeds.MakeFault) -> bool:
    return body.what == "unplug" and not body.ends and body.duration_ms is not None and not body.after_ms


def _end(values: Values, place: Place) -> deeds.MakeFault:
    return deeds.MakeFault(values["what"], ends=True)


def _end_said(body: deeds.MakeFault, place: Place) -> Values:
    return {"what": _FAULTS.write(body.what)}


_PROGRAM = (
    Slot("file", "File", "A program file beside this script, or the name of a shipped one.", Text(), "continuous-20ml"),
    Slot("flow", "Flow", "Instead of a file: this flow, day and night.", Quantity(units.FLOW), "1 mL/day"),
    Slot("stopped", "Stopped", "It is written, but not started.", YesNo(), "yes"),
    Slot("confirm", "Confirm", "The reason for going beyond a soft limit.", Text(), "Flow accuracy at the lowest rate"),
)
_BOLUS = (
    Slot("volume", "Volume", "Of the bolus.", Quantity(units.VOLUME), "100 uL", True, "volume_pl"),
    Slot("duration", "Duration", "Of the bolus.", duration(), "2 min", True, "duration_ms"),
    Slot("after", "After", "What the pump does then.", choice("resume", "stop"), "stop"),
)
_REFILL = (
    Slot("filled", "Filled", "How much is filled in.", _NANOLITRES, "20 mL", True, "filled_nl"),
    Slot(
        "withdrawn",
        "Withdrawn",
        "What was left and is told; left out, what the pump expects.",
        replace(_NANOLITRES, low=0),
        "3.5 mL",
        attribute="withdrawn_nl",
    ),
    Slot(
        "concentration",
        "Concentration",
        "Of what is filled in; left out, as before.",
        Quantity(units.CONCENTRATION, high=4 * 10**9),
        "500 ug/mL",
        attribute="concentration_ng_ml",
    ),
    Slot(
        "really",
        "Really",
        "What is truly in it afterwards, of a virtual rig; left out, what is told.",
        replace(_NANOLITRES, low=0),
        "15 mL",
        attribute="really_nl",
    ),
)
_ALARMS_SLOT = Slot("alarms", "Alarms", "Only these; left out, all.", Several(_ALARMS), "[occlusion]")
_BUTTON = Slot("button", "Button", "At the pump itself; of a real one, by the operator.", YesNo(), "yes")
_SETTINGS_SLOT = Slot(
    "settings",
    "Settings",
    "What is set, by name; put back at the end.",
    AsIs(setting_keys.schema()),
    "{tolerance: 14.5 %}",
    True,
    "-",
)
_WHAT = Slot("what", "Fault", "What goes wrong.", _FAULTS, "occlusion", True, "-")
_FAULT = (
    _WHAT,
    Slot("how-much", "Amount", "With its unit; left out, what is usual.", AsIs(), "80 %", attribute="-"),
    Slot("how-long", "Duration", "Left out, until it is ended.", duration(1, _LONGEST_MS), "30 min", attribute="-"),
    Slot("after", "After", "It begins so much later.", duration(0, _LONGEST_MS), "5 min", attribute="-"),
)
_UNPLUG = (Slot("for", "For", "So long the cable is off.", duration(1, _LONGEST_MS), "30 s", True, "-"),)
_BLANK = (Slot("for", "For", "So long the pump stands.", duration(), "30 min", True, "duration_ms"),)


def _do(word: str, title: str, help: str, body: type[Any], slots: tuple[Slot, ...] = (), **more: Any) -> StepKind:
    example = "\n".join([f"do: {word}", *(f"{slot.key}: {slot.example}" for slot in slots if slot.required)])
    return StepKind("do", word, title, help, body, slots, more.pop("example", example), **more)


DO = (
    _do(
        "program",
        "Program",
        "Writes a dose program, proves it, and starts it.",
        deeds.WriteProgram,
        _PROGRAM,
        make=program_of,
        unmake=program_said,
        refusable=True,
        example="do: program\nflow: 1 mL/day",
    ),
    _do("start", "Start", "Starts the pump.", deeds.Start, refusable=True),
    _do("stop", "Stop", "Stops the pump.", deeds.Stop),
    _do("bolus", "Bolus", "A bolus by the programmer.", deeds.Bolus, _BOLUS, refusable=True),
    _do(
        "on-demand",
        "On-demand bolus",
        "Asks for an on-demand bolus; the pump decides.",
        deeds.OnDemand,
        (_BUTTON,),
        refusable=True,
    ),
    _do("refill", "Refill", "Fills the reservoir, and tells the pump.", deeds.Refill, _REFILL, refusable=True),
    _do("replace-battery", "Replace battery", "A new cell, and the pump told.", deeds.ReplaceBattery, refusable=True),
    _do("replace-tube", "Replace tube", "A new tube, and the pump told.", deeds.ReplaceTube, refusable=True),
    _do("clear-alarms", "Clear alarms", "Clears alarms.", deeds.ClearAlarms, (_ALARMS_SLOT,), refusable=True),
    _do(
        "set",
        "Set",
        "Changes settings of the pump; they are put back at the end.",
        deeds.Set,
        (_SETTINGS_SLOT,),
        make=_settings,
        unmake=_settings_said,
        refusable=True,
    ),
    _do("silence", "Silence", "Silences the tones.", deeds.Silence, refusable=True),
    _do("self-test", "Self-test", "The pump tests itself.", deeds.SelfTest, refusable=True),
    _do("tare", "Tare", "Sets the laboratory balance to zero.", deeds.Tare),
    _do(
        "blank",
        "Blank",
        "The pump stands, and what evaporates is measured; later steps take it off.",
        deeds.Blank,
        _BLANK,
    ),
    _do(
        "unplug",
        "Unplug",
        "The cable comes off, for so long.",
        deeds.MakeFault,
        _UNPLUG,
        make=_unplug,
        unmake=_unplug_said,
        when=_is_unplug,
    ),
    _do(
        "end-fault",
        "End fault",
        "What goes wrong is put right.",
        deeds.MakeFault,
        (_WHAT,),
        make=_end,
        unmake=_end_said,
        when=lambda body: bool(body.ends),
    ),
    _do(
        "fault",
        "Fault",
        "Something goes wrong: on a virtual rig by itself, on a real one by the operator's hand.",
        deeds.MakeFault,
        _FAULT,
        make=_fault,
        unmake=_fault_said,
    ),
)
