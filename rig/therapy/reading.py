"""Makes a program of what a file or the editor says, and tells all that is wrong with it at once.  Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from rig.therapy import modes, screening, units
from rig.therapy.fields import fields_of
from rig.therapy.files import DEVICE, MODES, SCHEMA
from rig.therapy.parsing import Fault, Values, parse, shown
from rig.therapy.parts import PARTS
from rig.therapy.profiles import Profiles
from rig.therapy.program import Program, dose_ng, volume_pl

_MOST_PL = 2**50  # in one go or a day, about 1000 litres: 400 days of eleven times that still fit the wire
_TEST_NG = (1_000, 1_000_000)  # what may have been a test bolus
_EXAMPLES = "See the examples beside this program."


@dataclass(frozen=True)
class Reading:
    """What came of a document: a program, or why there is none."""

    program: Program | None
    faults: tuple[Fault, ...]


def read(document: Any, profiles: Profiles) -> Reading:
    """The program that ``document`` says; never raises, whatever it is.  Faults are in its order."""
    faults = _no_program(document)
    if faults:
        return Reading(None, tuple(faults))
    file = MODES[document["mode"]]
    values, faults = parse(document, file.struct)
    faults += _header_faults(values, profiles)
    faults += _repeated(values)
    faults += _too_much(file.struct, values, values.get("concentration_ng_ml", 0), "")
    derive = _DERIVED.get(document["mode"])
    faults += derive(document, values, profiles) if derive else []
    if faults:
        return Reading(None, tuple(sorted(faults, key=partial(_place, list(document)))))
    header = {key: values[key] for key in ("name", "drug", "concentration_ng_ml", "trimmed_um", "limits")}
    mode = _build(file.kind, file.struct, values)
    program = Program(
        **header,
        mode=mode,
        pump=profiles.pumps[values["pump"]],
        catheter=profiles.catheters[values["catheter"]],
        device=values.get("device", "").lower(),
        time_zone=values.get("time_zone", ""),
    )
    return Reading(program, ())


def _no_program(document: Any) -> list[Fault]:
    """Why nothing more can be said about ``document``."""
    if not isinstance(document, Mapping):
        return [Fault("", "It is empty or no program.", _EXAMPLES)]
    if "pump-program" not in document:
        return [Fault("pump-program", "Schema is missing.", f'Add it as the first line: "pump-program: {SCHEMA}".')]
    schema = document["pump-program"]
    if isinstance(schema, bool) or schema != SCHEMA:
        return [_no_schema(schema)]
    valid = f"Valid here: {', '.join(MODES)}."
    if "mode" not in document:
        return [Fault("mode", "Mode is missing.", valid)]
    mode = document["mode"]
    if not isinstance(mode, str) or mode not in MODES:
        return [Fault("mode", f'"{shown(mode)}" is no mode.', valid)]
    return []


def _no_schema(schema: Any) -> Fault:
    if isinstance(schema, bool) or not isinstance(schema, int):
        what, remedy = f'Schema "{shown(schema)}" is not a whole number.', f'Write "pump-program: {SCHEMA}".'
    elif schema > SCHEMA:
        what = f"Schema {shown(schema)} is not known: this Pump Programmer is older than the file."
        remedy = "Update the Pump Programmer."
    else:
        what = f"Schema {shown(schema)} is not known."
        remedy = f"Write it as schema {SCHEMA}: {_EXAMPLES[0].lower()}{_EXAMPLES[1:]}"
    return Fault("pump-program", what, remedy)


def _place(keys: list[str], fault: Fault) -> int:
    key = re.split(r"[.\[]", fault.field)[0]
    return keys.index(key) if key in keys else len(keys)


def _header_faults(values: Values, profiles: Profiles) -> list[Fault]:
    faults = []
    for field, known in (
        ("drug", profiles.drugs),
        ("pump", profiles.pumps),
        ("catheter", profiles.catheters),
        ("limits", profiles.limits),
    ):
        said = values.get(field)
        if said is not None and said not in known:
            faults.append(Fault(field, f'"{said}" is not known.', f"There are: {', '.join(known)}."))
    catheter = profiles.catheters.get(values.get("catheter", ""))
    if catheter and values.get("trimmed_um", 0) > catheter.length_um:
        length = units.write(catheter.length_um, units.LENGTH)
        faults.append(Fault("trimmed", f"The whole catheter is {length} long.", f"Give at most {length}."))
    if not re.fullmatch(DEVICE, values.get("device", "0" * 16)):
        faults.append(Fault("device", "That is no device id.", "Give its 16 hex digits; the Device page shows them."))
    if not _is_zone(values.get("time_zone", "UTC")):
        faults.append(Fault("time-zone", "That time zone is not known.", 'For example "Europe/Paris" or "+01:00".'))
    return faults


def _is_zone(name: str) -> bool:
    east = re.fullmatch(r"([+-])([0-9]{2}):([0-5][0-9])", name)
    if east:
        return int(east[2]) * 60 + int(east[3]) <= (14 if east[1] == "+" else 12) * 60
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; a path; a folder
        return False
    return True


def _repeated(values: Values) -> list[Fault]:
    """Weekdays with two patterns, steps that begin together, and given boluses that are out of order."""
    faults = _repeated_starts(values, "")
    before = 0
    for index, given in enumerate(values.get("given", ())):
        at = given.get("given_utc_s", before + 1)
        if at <= before:
            faults.append(Fault(f"given[{index}].at", "It is not after the one above.", "Put them in order."))
        before = max(at, before)
    taken: dict[str, int] = {}
    for index, day in enumerate(values.get("patterns", ())):
        faults += _repeated_starts(day, f"days[{index}].")
        for place, name in enumerate(day.get("weekdays", ())):
            if name in modes.WEEKDAYS and taken.setdefault(name, index) != index:
                what = f'"{name}" has a pattern already.'
                faults.append(Fault(f"days[{index}].weekdays[{place}]", what, "Take it out of one of them."))
    return faults


def _repeated_starts(values: Values, path: str) -> list[Fault]:
    faults = []
    seen: dict[int, int] = {}
    for index, step in enumerate(values.get("steps", ())):
        start = step.get("start_ms")
        if start is not None and seen.setdefault(start, index) != index:
            what = f"Step {seen[start] + 1} begins at {units.write(start, units.TIME)} too."
            faults.append(Fault(f"{path}steps[{index}].start", what, "Take one of them out, or move it."))
    return faults


# What follows from several fields is added to the values; any of them may be missing or wrong.


def _continuous(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    if "flow_pl_day" in values and "concentration_ng_ml" in values:
        values["dose_ng_day"] = dose_ng(values["flow_pl_day"], values["concentration_ng_ml"])
        if not values["dose_ng_day"]:
            return [Fault("flow", "Flow is next to nothing at this concentration.", "Give more.")]
    return []


def _single(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    after = values.get("bolus", {}).get("after")
    if after == "resume" and "base" not in document:
        return [Fault("base", "There is no base rate to resume.", 'Give a base, or write "after: stop".')]
    if after == "stop" and "base" in document:
        return [Fault("base", "The pump stops after the bolus.", 'Take the base out, or write "after: resume".')]
    return []


def _stopped(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    if values.get("reminder_ms", 0) % 60_000:
        return [Fault("reminder", "The pump counts whole minutes.", 'For example "60 min".')]
    return []


def _titration(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    known = profiles.limits.get(values.get("limits", ""))
    if known:
        values.setdefault("step_bp", known.titration_step_bp)
    if "percent_bp" in values and "dose_ng_day" in values:
        values["target_ng_day"] = values["dose_ng_day"] * (10_000 + values["percent_bp"]) // 10_000
        if not values["target_ng_day"]:
            return [Fault("percent", "That leaves next to nothing.", "Use the mode taper to come to an end.")]
    return []


def _taper(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    if values.get("target_ng_day", 0) >= values.get("dose_ng_day", units.LARGEST + 1):
        return [Fault("target", "The target is not below the dose.", "Use the mode titration for a rise.")]
    return []


def _trial(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    if values.get("maximum_ng_day", units.LARGEST) < values.get("dose_ng_day", 0):
        return [Fault("maximum", "The maximum is below the first dose.", "Raise it, or begin with less.")]
    return []


def _screening(document: Mapping[str, Any], values: Values, profiles: Profiles) -> list[Fault]:
    faults = []
    for index, given in enumerate(values.get("given", ())):
        dose, verdict, effect = given.get("dose_ng"), given.get("verdict"), given.get("effect_ms", 0)
        if dose is not None and not _TEST_NG[0] <= dose <= _TEST_NG[1]:
            what = f"{units.dose_text(dose)} is no test bolus; it is probably a unit mistake by the factor of 1000."
            usual = ", ".join(units.dose_text(step.dose_ng) for step in screening.PROTOCOL)
            faults.append(Fault(f"given[{index}].dose", what, f"Correct the unit. The protocol has {usual}."))
        said = document["given"][index]
        wrong = "effect_ms" not in given and isinstance(said, Mapping) and "effect" in said  # and told already
        if verdict == "response" and not effect and not wrong:
            faults.append(Fault(f"given[{index}].effect", screening.EFFECT_MISSING, 'For example "effect: 6 h".'))
        if verdict in ("", "no response") and effect:
            what = "Without a response nothing was seen to last."
            faults.append(Fault(f"given[{index}].effect", what, "Take it out, or correct the verdict."))
    return faults


_DERIVED: dict[str, Callable[[Mapping[str, Any], Values, Profiles], list[Fault]]] = {
    "simple continuous": _continuous,
    "single bolus": _single,
    "stopped": _stopped,
    "titration": _titration,
    "taper": _taper,
    "infusion trial": _trial,
    "screening": _screening,
}


def _too_much(struct: type[msgspec.Struct], values: Values, concentration_ng_ml: int, path: str) -> list[Fault]:
    """Doses and flows that are more than the pump can count at this concentration, 0 where that isn't known."""
    faults = []
    for field in fields_of(struct):
        value = values.get(field.attribute)
        if field.part is not None and value is not None:
            parts = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, part in parts:
                here = f"{path}{field.key}" + ("." if index is None else f"[{index}].")
                faults += _too_much(field.part, part, concentration_ng_ml, here)
        elif field.kind in (units.DOSE, units.DOSE_RATE) and isinstance(value, int):
            if volume_pl(value, concentration_ng_ml) > _MOST_PL:
                faults.append(Fault(path + field.key, "That is more than a pump can count.", "Give less."))
        elif field.kind == units.FLOW and isinstance(value, int) and value > _MOST_PL:
            faults.append(Fault(path + field.key, "That is more than a pump can count.", "Give less."))
    return faults


def _build(kind: type[Any], struct: type[msgspec.Struct], values: Values) -> Any:
    """An instance of the dataclass ``kind`` from parsed ``values`` of ``struct``."""
    wanted = {field.name for field in fields(kind)}
    made: Values = {}
    for field in fields_of(struct):
        value = values.get(field.attribute)
        if value is None or field.attribute not in wanted:
            continue
        if field.part is not None and field.form == "list":
            value = tuple(_build(PARTS[field.part], field.part, item) for item in value)
        elif field.part is not None:
            value = _build(PARTS[field.part], field.part, value)
        elif field.key == "weekdays":
            value = tuple(sorted(modes.WEEKDAYS.index(name) for name in value))
        elif field.form == "several":
            value = tuple(value)
        made[field.attribute] = value
    made |= {key: value for key, value in values.items() if key in wanted and key not in made}
    return kind(**made)
