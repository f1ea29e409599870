"""What a script may expect by a procedure: accuracy, boluses, occlusion, back-pressure."""

from dataclasses import replace
from typing import Any

from firmware_link.errors import UsageError
from rig.qa import expectations as expected
from rig.qa.files import measures
from rig.qa.files.limit_keys import OVER, SINCE, limits_of, limits_said, over_of, over_said
from rig.qa.files.slots import Place, Slot, StepKind, Values, said_of
from rig.qa.files.values import Quantity, Text, Whole, choice, suggestion, words_of
from rig.qa.files.wrong import WrongValue
from rig.qa.limits import Limits, Over
from rig.therapy import units

_MOST = 100  # windows, or stretches


class _Number:
    """A number of ``unit``, from ``low``; ``positive``: more than none."""

    def __init__(self, unit: str, low: float, high: float) -> None:
        self.unit, self.low, self.high = unit, low, high

    def read(self, said: Any) -> float:
        value = measures.parse(words_of(said, measures.example_of(self.unit)), self.unit)
        if not self.low <= value <= self.high:
            ends = f"{measures.digits(self.low)} to {measures.digits(self.high)} {self.unit}"
            raise UsageError(f'"{words_of(said)[:40]}" is out of range.', f"Give {ends}.")
        return value

    def write(self, value: float) -> str:
        return measures.write(value, self.unit)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": [measures.example_of(self.unit)]}


_PERCENT = _Number("%", 0.001, 1000)
_WINDOW = _Number("min", 0.1, 10_000)
_PRESSURE = _Number("mmHg", -100, 300)
_LABEL = Text(40)


def _rows(said: Any, keys: tuple[str, ...], example: str) -> list[dict[str, Any]]:
    """A list of mappings that have these keys and no others."""
    if not isinstance(said, list) or not said or not all(isinstance(row, dict) for row in said):
        raise UsageError("A list is expected here.", f"For example {example}.")
    if len(said) > _MOST:
        raise UsageError(f"{len(said)} are too many.", f"Give at most {_MOST}.")
    for index, row in enumerate(said):
        for key in row:
            if key not in keys:
                raise WrongValue(
                    f"[{index}].{key}", f'Unknown field "{str(key)[:40]}".', suggestion(str(key), keys, "Known fields")
                )
        for key in keys:
            if key not in row:
                raise WrongValue(f"[{index}].{key}", f"{key.capitalize()} is missing.", f"For example {example}.")
    return said


def _cell(row: dict[str, Any], index: int, key: str, value: Any) -> Any:
    try:
        return value.read(row[key])
    except UsageError as error:
        raise WrongValue(f"[{index}].{key}", error.what, error.remedy) from error


class _Trumpet:
    """Windows of observation, each with the most that any may be off."""

    example = "[{window: 2 min, limit: 30 %}]"

    def read(self, said: Any) -> tuple[tuple[float, float], ...]:
        rows = _rows(said, ("window", "limit"), self.example)
        found = [(_cell(row, i, "window", _WINDOW), _cell(row, i, "limit", _PERCENT)) for i, row in enumerate(rows)]
        for index, (window, _) in enumerate(found):
            if window in [earlier for earlier, _ in found[:index]]:
                raise WrongValue(f"[{index}].window", "This window is there twice.", "Take one of them out.")
        return tuple(found)

    def write(self, value: tuple[tuple[float, float], ...]) -> Any:
        return [{"window": _WINDOW.write(window), "limit": _PERCENT.write(limit)} for window, limit in value]

    def schema(self) -> dict[str, Any]:
        return _list_of("window", "limit")


class _Stretches:
    """Back-pressures, each with the step during which it was."""

    example = "[{pressure: 0 mmHg, label: none}, {pressure: 100 mmHg, label: high}]"

    def read(self, said: Any) -> tuple[tuple[float, str], ...]:
        rows = _rows(said, ("pressure", "label"), self.example)
        found = [(_cell(row, i, "pressure", _PRESSURE), _cell(row, i, "label", _LABEL)) for i, row in enumerate(rows)]
        if 0 not in [pressure for pressure, _ in found] or len(found) < 2:
            what = "One at 0 mmHg is missing, with which others are compared." if len(found) > 1 else "One is too few."
            raise UsageError(what, f"For example {self.example}.")
        return tuple(found)

    def write(self, value: tuple[tuple[float, str], ...]) -> Any:
        return [{"pressure": _PRESSURE.write(pressure), "label": label} for pressure, label in value]

    def schema(self) -> dict[str, Any]:
        return _list_of("pressure", "label")


def _list_of(*keys: str) -> dict[str, Any]:
    row = {
        "type": "object",
        "properties": {key: {"type": "string"} for key in keys},
        "required": [*keys],
        "additionalProperties": False,
    }
    return {"type": "array", "minItems": 1, "maxItems": _MOST, "items": row}


class _Within:
    """Limits of their own in a mapping: {at-least: 1 min, at-most: 10 min}."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def read(self, said: Any) -> Limits:
        example = measures.example_of(self.unit)
        if not isinstance(said, dict):
            raise UsageError("Limits are expected here.", f"For example {{at-most: {example}}}.")
        keys = ("is", "tolerance", "at-least", "at-most")
        for key in said:
            if key not in keys:
                raise WrongValue(
                    str(key), f'Unknown field "{str(key)[:40]}".', suggestion(str(key), keys, "Known fields")
                )
        return limits_of(said, self.unit)

    def write(self, value: Limits) -> Values:
        return limits_said(value)

    def schema(self) -> dict[str, Any]:
        ends = {key: {"type": "string"} for key in ("is", "tolerance", "at-least", "at-most")}
        return {"type": "object", "properties": ends, "minProperties": 1, "additionalProperties": False}


# -- accuracy ----------------------------------------------------------------------------------------------------------

_OVERALL = Slot("overall", "Overall", "How far off the mean flow may be, each way.", _PERCENT, "5 %")
_TRUMPET = Slot(
    "trumpet", "Trumpet", "Windows, each with the most that any of them may be off.", _Trumpet(), _Trumpet.example
)
_RATE = Slot(
    "rate", "Rate", "What it should be; left out, what was planned.", Quantity(units.FLOW), "1 mL/h", attribute="-"
)
_WINDOWS = Slot(
    "windows",
    "Windows",
    "Which the trumpet has; left out, by the rate.",
    choice("by rate", "standard", "low flow"),
    "standard",
)


def _accuracy(values: Values, place: Place) -> expected.ExpectAccuracy:
    if "overall" not in values and "trumpet" not in values:
        raise WrongValue("", "There is no limit: this can't fail.", "Add overall, trumpet, or both.")
    rate = values.get("rate")
    return expected.ExpectAccuracy(
        over_of(values),
        None if rate is None else rate / 24e9,
        values.get("windows", "by rate"),
        values.get("overall"),
        values.get("trumpet", ()),
    )


def _accuracy_said(body: expected.ExpectAccuracy, place: Place) -> Values:
    rate = {} if body.rate_ml_h is None else {"rate": units.write(round(body.rate_ml_h * 24e9), units.FLOW)}
    return said_of((_OVERALL, _TRUMPET, _WINDOWS), body) | rate | over_said(body.over)


ACCURACY = StepKind(
    "expect",
    "accuracy",
    "Accuracy",
    "Flow accuracy by the method of IEC 60601-2-24 over a stretch: overall, and by the trumpet.",
    expected.ExpectAccuracy,
    (_OVERALL, _TRUMPET, _RATE, _WINDOWS, *OVER),
    "expect: accuracy\nduring: test\noverall: 5 %\ntrumpet: [{window: 2 min, limit: 30 %}]",
    _accuracy,
    _accuracy_said,
)

# -- boluses -----------------------------------------------------------------------------------------------------------

_COUNT = Slot("count", "Count", "How many there are.", Whole(1, 10_000), "25", True)
_VOLUME = Slot("volume", "Volume", "What was asked for, each.", Quantity(units.VOLUME), "100 uL", True, "volume_pl")
_MEAN = Slot("mean", "Mean", "How far off the mean may be.", _PERCENT, "5 %")
_EACH = Slot("each", "Each", "How far off any of them may be.", _PERCENT, "10 %")


def _boluses(values: Values, place: Place) -> expected.ExpectBoluses:
    limits = {key: values.get(key) for key in ("mean", "each")}
    return expected.ExpectBoluses(values["count"], values["volume"], limits["mean"], limits["each"], over_of(values))


def _boluses_said(body: expected.ExpectBoluses, place: Place) -> Values:
    return said_of((_COUNT, _VOLUME, _MEAN, _EACH), body) | over_said(body.over)


BOLUSES = StepKind(
    "expect",
    "boluses",
    "Boluses",
    "How many boluses there were in a stretch, and how far they are from what was asked for.",
    expected.ExpectBoluses,
    (_COUNT, _VOLUME, _MEAN, _EACH, *OVER),
    "expect: boluses\ncount: 25\nvolume: 100 uL\nmean: 5 %\nsince: series",
    _boluses,
    _boluses_said,
)

# -- occlusion ---------------------------------------------------------------------------------------------------------

_TIME = Slot("time", "Time", "From the blocking to the alarm.", _Within("min"), "{at-most: 15 min}", attribute="-")
_AT = Slot("pressure", "Pressure", "At the alarm.", _Within("kPa"), "{at-most: 90 kPa}", attribute="-")
_RELEASED = Slot("bolus", "Bolus", "What comes out at the release.", _Within("µL"), "{at-most: 80 uL}", attribute="-")
_RELEASE = Slot("release", "Release", "The step with this label opens the way.", _LABEL, "released")


_HELD = (("time", "min"), ("pressure", "kPa"), ("bolus", "µL"))


def _occlusion(values: Values, place: Place) -> expected.ExpectOcclusion:
    if not any(key in values for key in ("time", "pressure", "bolus")):
        raise WrongValue("", "There is no limit: this can't fail.", "Add time, pressure or bolus.")
    if ("bolus" in values) != ("release" in values):
        missing = "release" if "bolus" in values else "bolus"
        raise WrongValue(missing, f"{missing.capitalize()} is missing.", "bolus and release belong together.")
    time, pressure, bolus = (values.get(key, Limits(unit=unit)) for key, unit in _HELD)
    over = Over(since=values["since"])
    return expected.ExpectOcclusion(over, time, pressure, bolus, values.get("release", ""))


def _occlusion_said(body: expected.ExpectOcclusion, place: Place) -> Values:
    parts = {"time": body.time, "pressure": body.pressure, "bolus": body.bolus}
    limits = {key: limits_said(one) for key, one in parts.items() if (one.low, one.high) != (None, None)}
    return {"since": body.over.since} | limits | said_of((_RELEASE,), body)


OCCLUSION = StepKind(
    "expect",
    "occlusion",
    "Occlusion",
    "From the blocking to the alarm, the pressure then, and the bolus at the release.",
    expected.ExpectOcclusion,
    (replace(SINCE, required=True, example="blocked"), _TIME, _AT, _RELEASED, _RELEASE),
    "expect: occlusion\nsince: blocked\ntime: {at-most: 15 min}",
    _occlusion,
    _occlusion_said,
)

# -- back-pressure -----------------------------------------------------------------------------------------------------

_STRETCHES = Slot(
    "stretches", "Stretches", "Back-pressures, each with its step.", _Stretches(), _Stretches.example, True
)
_LIMIT = Slot("limit", "Limit", "How far the flow may be from that at none.", _PERCENT, "15 %", True)

BACK_PRESSURE = StepKind(
    "expect",
    "back-pressure",
    "Back-pressure",
    "The flow against several back-pressures, each compared with that against none.",
    expected.ExpectBackPressure,
    (_STRETCHES, _LIMIT),
    f"expect: back-pressure\nstretches: {_Stretches.example}\nlimit: 15 %",
)
