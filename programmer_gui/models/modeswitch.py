"""Another mode for the same program: what both have in common stays, what is new begins with an example.  Pure."""

from typing import Any

from programmer_gui.models.derived import parsed
from programmer_gui.models.document import Document, get
from rig.therapy import files, units
from rig.therapy.fields import Field, fields_of
from rig.therapy.program import dose_ng

#: What a new program says.
NEW: Document = {
    "pump-program": files.SCHEMA,
    "name": "Untitled program",
    "mode": "simple continuous",
    "drug": "water",
    "concentration": "500 ug/mL",
    "dose": "100 ug/day",
}
MOST_A_DAY = 4
NIGHT = {"start": "22:00", "end": "06:00", "rate": "120 ug/day"}
#: What of a mode's own has no one example: values for keys that the document doesn't have yet.
_STARTS: dict[str, Document] = {
    "flex day": {"steps": [NIGHT]},
    "flex week": {"days": [{"weekdays": ["mon", "tue", "wed", "thu", "fri"], "steps": [NIGHT]}]},
    "prime": {"paths": ["pump", "catheter"]},
    "stopped": {"reason": "Bench maintenance"},
    "titration": {"percent": "+20 %"},
}
_RATES = ("dose", "base", "old-dose")  # of which the usual dose a day is taken, the first that there is


def switched(document: Document, mode: str) -> Document:
    """``document`` in ``mode``, one of ``files.MODES``."""
    fields = fields_of(files.MODES[mode].struct)
    known = _carried(document, mode)
    result: Document = {"pump-program": files.SCHEMA, "name": "", "mode": mode}
    for field in fields:
        value = _kept(known, field) if field.key in known else _begun(known, field, mode)
        if value is not None:
            result[field.key] = value
    return _settled(result)


def _settled(document: Document) -> Document:
    """What a mode needs although no one field of it is required."""
    mode = document["mode"]
    if mode == "simple continuous" and not {"dose", "flow"} & document.keys():
        return document | {"dose": NEW["dose"]}
    if mode == "single bolus" and get(document, "bolus.after") == "stop":
        return {key: value for key, value in document.items() if key != "base"}
    if mode == "single bolus":
        return document | {"base": document.get("base", NEW["dose"])}
    return document


def _carried(document: Document, mode: str) -> Document:
    """What is there to be kept, under the names that ``mode`` has for it."""
    known = {key: value for key, value in document.items() if key not in ("mode", "flow", "step", "target", "every")}
    rate = usual_rate(document)
    if mode == "simple continuous" and "flow" in document and "dose" not in document:
        known["flow"] = document["flow"]
    elif rate is not None:
        known |= {"dose": rate, "base": rate, "old-dose": document.get("old-dose", rate)}
    known.setdefault("old-concentration", document.get("concentration"))
    steps, days = document.get("steps"), document.get("days")
    if steps and "days" not in document:
        known["days"] = [{"weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "steps": steps}]
    elif isinstance(days, list) and days and "steps" not in document:
        known["steps"] = days[0].get("steps") if isinstance(days[0], dict) else None
    bolus, demand = document.get("bolus"), document.get("on-demand")
    if bolus is None and demand is not None and mode in ("single bolus", "periodic bolus"):
        known["bolus"] = demand
    if demand is None and bolus is not None and mode == "on-demand bolus":
        known["on-demand"] = bolus
    return {key: value for key, value in known.items() if value is not None}


def usual_rate(document: Document) -> str | None:
    """The dose a day of ``document`` as it says it; None for none."""
    for key in _RATES:
        if isinstance(document.get(key), str):
            return str(document[key])
    flow = parsed(document.get("flow"), units.FLOW)
    concentration = parsed(document.get("concentration"), units.CONCENTRATION)
    if flow is None or concentration is None or document.get("mode") == "prime":
        return None
    return units.write(dose_ng(flow, concentration), units.DOSE_RATE)


def _kept(known: Document, field: Field) -> Any:
    value = known[field.key]
    if field.form != "group" or field.part is None or not isinstance(value, dict):
        return value
    return group(field, value)


def _begun(known: Document, field: Field, mode: str) -> Any:
    """A required field that nothing is known of yet."""
    start = _STARTS.get(mode, {}).get(field.key)
    if start is not None:
        return start
    if not field.required:
        return None
    return group(field) if field.form == "group" else field.example


def group(field: Field, value: Document | None = None) -> Document:
    """A part of a file: its values from ``value``, the required rest as examples."""
    assert field.part is not None
    known, made = value or {}, {}
    for one in fields_of(field.part):
        if one.key in known:
            made[one.key] = known[one.key]
        elif one.required:
            made[one.key] = MOST_A_DAY if one.form == "number" else one.example
    return made
