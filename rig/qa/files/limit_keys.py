"""The keys with which a step says its limits, and the stretch of the run that it is about."""

from dataclasses import replace
from typing import Literal

from firmware_link.errors import UsageError
from rig.qa.files import measures
from rig.qa.files.slots import Slot, Values
from rig.qa.files.values import AsIs, Text, duration, words_of
from rig.qa.files.wrong import WrongValue
from rig.qa.limits import USUAL, Limits, Over
from rig.therapy import units

IS = Slot("is", "Is", "What it should be; with a tolerance. Or: planned, commanded.", AsIs(), "100 uL", attribute="-")
TOLERANCE = Slot("tolerance", "Tolerance", "How far off it may be, each way.", AsIs(), "5 %", attribute="-")
AT_LEAST = Slot("at-least", "At least", "The lowest value that passes.", AsIs(), "95 uL", attribute="-")
AT_MOST = Slot("at-most", "At most", "The highest value that passes.", AsIs(), "105 uL", attribute="-")
BELOW = Slot("below", "Below", "The highest value that passes.", AsIs(), "50 kPa", attribute="-")
LIMITS = (IS, TOLERANCE, AT_LEAST, AT_MOST)


def limits_like(unit: str) -> tuple[Slot, ...]:
    """The same with examples in another unit."""
    ends = {"is": f"69 {unit}", "tolerance": "5 %", "at-least": f"60 {unit}", "at-most": f"80 {unit}"}
    return tuple(replace(slot, example=ends[slot.key]) for slot in LIMITS)


_STEP_LABEL = Text(40, "unplugged")
LAST = Slot("over", "Over", "The last so long up to now.", duration(), "10 min", attribute="-")
SINCE = Slot("since", "Since", "From the begin of the step with this label until now.", _STEP_LABEL, attribute="-")
DURING = Slot("during", "During", "The step with this label only.", _STEP_LABEL, "unplugged", attribute="-")
OVER = (LAST, replace(SINCE, example="unplugged"), DURING)

Exact = Literal["never", "if said", "usual"]  # may a value have to be exactly so?
_OF = ("planned", "commanded")


def over_of(values: Values) -> Over:
    """The stretch that ``values`` say; raises WrongValue for more than one."""
    given = [slot.key for slot in OVER if slot.key in values]
    if len(given) > 1:
        raise WrongValue(given[1], f"Both are given: {given[0]} and {given[1]}.", "Give one of over, since, during.")
    if not given:
        return USUAL
    return Over(values.get("over", 0), values.get("since", ""), values.get("during", ""))


def over_said(over: Over) -> Values:
    """What a file says to mean ``over``."""
    said = {"since": over.since, "during": over.during}
    last = {"over": units.write(over.last_ms, units.DURATION)} if over.last_ms else {}
    return last | {key: label for key, label in said.items() if label}


def limits_of(
    values: Values,
    unit: str,
    *,
    high: str = "at-most",
    exact: Exact = "never",
    of: bool = False,
) -> Limits:
    """The limits in ``unit`` that ``values`` say; with ``of`` they may be of what was planned or commanded.

    Raises WrongValue for none, for both ways at once, and for what nothing can be.
    """
    ends = [key for key in ("at-least", high) if key in values]
    if "is" in values:
        if ends:
            raise WrongValue(
                ends[0], f"Both are given: is and {ends[0]}.", f"Give is and tolerance, or at-least and {high}."
            )
        return _around(values, unit, exact, of)
    if "tolerance" in values:
        raise WrongValue(
            "tolerance", "A tolerance of nothing: there is no is.", "Add is, or write at-least and at-most."
        )
    if not ends:
        raise WrongValue("", "There is no limit: this can't fail.", f"Add is and tolerance, at-least, or {high}.")
    low, top = (_number(values, key, unit) if key in values else None for key in ("at-least", high))
    if low is not None and top is not None and low > top:
        least, most = measures.text(low, unit), measures.text(top, unit)
        raise WrongValue(
            "at-least", f"At least {least} is more than at most {most}: nothing can be both.", "Exchange them?"
        )
    if low is not None and low == top and exact == "never":
        raise WrongValue(high, "A measured value is never exactly so.", "Leave some room between the two.")
    return Limits(low, top, unit)


def _number(values: Values, key: str, unit: str) -> float:
    try:
        return measures.parse(words_of(values[key]), unit)
    except UsageError as error:
        raise WrongValue(key, error.what, error.remedy) from error


def _around(values: Values, unit: str, exact: Exact, of: bool) -> Limits:
    said = words_of(values["is"]).strip()
    relative = said in _OF
    if relative and not of:
        raise WrongValue(
            "is", f'"{said}" can\'t be meant here.', f'Give a value, for example "{measures.example_of(unit)}".'
        )
    middle = 0.0 if relative else _number(values, "is", unit)
    if "tolerance" not in values:
        if exact == "usual":
            return Limits(middle, middle, unit)
        what = "The tolerance is missing: a measured value is never exactly so."
        raise WrongValue("tolerance", what, 'Add it. For example "tolerance: 5 %".')
    below, above = _tolerance(values, "%" if relative else unit, middle)
    if below == above and exact == "never":
        raise WrongValue("tolerance", "It is zero: a measured value is never exactly so.", 'For example "5 %".')
    if relative:
        return Limits(below, above, "%", "planned" if said == "planned" else "commanded")
    return Limits(_round(middle + below), _round(middle + above), unit)


def _tolerance(values: Values, unit: str, middle: float) -> tuple[float, float]:
    """How far below (< 0) and above: "5 %", "3 uL", or "-2 % to 5 %"."""
    parts = [part.strip() for part in words_of(values["tolerance"]).split(" to ")]
    if len(parts) > 2:
        raise WrongValue("tolerance", "These are more than two ends.", 'Write "5 %", or "-2 % to 5 %".')
    found = []
    for part in parts:
        share = part.endswith("%")
        value = _number({"tolerance": part}, "tolerance", "%" if share else unit)
        found.append(value / 100 * abs(middle) if share and unit != "%" else value)
    below, above = (0.0 - found[0], found[0]) if len(found) == 1 else (found[0], found[1])
    if below > above:
        what = "It is less than none: nothing can be so." if len(found) == 1 else "Its ends are the wrong way round."
        raise WrongValue("tolerance", what, 'Write "5 %", or "-2 % to 5 %".')
    return below, above


def _round(value: float) -> float:
    """Without the dust of binary fractions."""
    return float(f"{value:.12g}")


def limits_said(limits: Limits, high: str = "at-most") -> Values:
    """What a file says to mean ``limits``, so that it reads back equal."""
    if limits.of:
        return {"is": limits.of, "tolerance": _tolerance_said(limits)}
    if limits.low is not None and limits.low == limits.high:
        return {"is": measures.write(limits.low, limits.unit), **_zero(limits)}
    said = {}
    if limits.low is not None:
        said["at-least"] = measures.write(limits.low, limits.unit)
    if limits.high is not None:
        said[high] = measures.write(limits.high, limits.unit)
    return said


def _zero(limits: Limits) -> Values:
    return {"tolerance": measures.write(0, limits.unit)} if limits.unit else {}


def _tolerance_said(limits: Limits) -> str:
    low, high = limits.low or 0.0, limits.high or 0.0
    one = measures.write(high, "%")
    return one if low == -high else f"{measures.write(low, '%')} to {one}"


def within(value: float, limits: Limits) -> bool:
    """Whether ``value``, in the unit of ``limits``, is within them."""
    low, high = limits.low, limits.high
    return (low is None or value >= low) and (high is None or value <= high)
