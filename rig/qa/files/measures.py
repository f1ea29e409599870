"""Numbers with a unit, as scripts say them and limits hold them: "95 uL", "69 kPa", "-5 %"."""

import re
from decimal import Decimal, InvalidOperation

from firmware_link.errors import UsageError
from rig.therapy.units import DURATION, FLOW, VOLUME, Kind
from rig.therapy.units import parse as parse_quantity

_NUMBER = r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,25})?|\.[0-9]{1,25})"
_WRITTEN = re.compile(rf"\s*({_NUMBER})\s*([^0-9\s+.-].{{0,20}}?)?\s*")
#: a unit that people read -> other ways to write it, with their sizes in it
_SIZES: dict[str, dict[str, str]] = {
    "µL": {"uL": "1", "μL": "1", "nL": "0.001", "mL": "1000"},
    "mL": {"uL": "0.001", "µL": "0.001", "μL": "0.001"},
    "mL/day": {"mL/d": "1", "mL/h": "24", "uL/h": "0.024", "µL/h": "0.024", "uL/day": "0.001", "mL/min": "1440"},
    "mL/h": {"mL/min": "60"},
    "kPa": {"Pa": "0.001", "mmHg": "0.1333223684", "mbar": "0.1", "bar": "100"},
    "mmHg": {},
    "V": {"mV": "0.001"},
    "%": {},
    "°C": {"degC": "1", "C": "1"},
    "s": {"ms": "0.001", "min": "60", "h": "3600", "d": "86400"},
    "min": {"ms": "0.0000166666666666666666666667", "s": "0.0166666666666666666666666667", "h": "60", "d": "1440"},
}
#: a unit -> the kind of quantity whose other units are good too, and its base units in one
_KINDS: dict[str, tuple[Kind, int]] = {
    "µL": (VOLUME, 10**6),
    "mL": (VOLUME, 10**9),
    "mL/day": (FLOW, 10**9),
    "mL/h": (FLOW, 24 * 10**9),
    "s": (DURATION, 1000),
    "min": (DURATION, 60_000),
}
_EXAMPLES = {"µL": "100", "mL": "2", "mL/day": "1", "mL/h": "1", "kPa": "69", "mmHg": "100", "V": "3.3", "%": "5"}
_PLAIN = {"µL": "uL", "µg/mL": "ug/mL"}  # as a keyboard has it


def example_of(unit: str) -> str:
    """A number in this unit, as a file says it."""
    return f"{_EXAMPLES.get(unit, '20')} {_PLAIN.get(unit, unit)}".strip()


def parse(said: str, unit: str) -> float:
    """``said`` in ``unit`` ("" for a mere number); raises UsageError for what isn't one, or in another unit."""
    match = _WRITTEN.fullmatch(said)
    remedy = f'For example "{example_of(unit)}".'
    if match is None:
        what = "a number" if not unit else f"a number and its unit, {unit}"
        raise UsageError(f'"{said[:40]}" is not {what}.', remedy)
    number, written = match[1], match[2] or ""
    if written in (unit, _PLAIN.get(unit, unit)):
        return float(number)
    if not written:
        raise UsageError(f'"{said[:40]}" is a number without a unit.', f"Write both. {remedy}")
    if not unit:
        raise UsageError(f'"{said[:40]}" has a unit; this is a mere number.', f"Take it out. {remedy}")
    size = _SIZES.get(unit, {}).get(written)
    if size is not None:
        return float(Decimal(number) * Decimal(size))
    if unit in _KINDS:
        kind, base = _KINDS[unit]
        try:
            value = parse_quantity(f"{number.lstrip('+-')[:30]} {written}", kind) / base
            return -value if number.startswith("-") else value
        except (UsageError, InvalidOperation):
            pass
    raise UsageError(f'"{written}" is not a unit of this: it is in {unit}.', remedy)


def write(value: float, unit: str) -> str:
    """``value`` as a file says it, so that ``parse`` gives exactly it."""
    return f"{digits(value)} {_PLAIN.get(unit, unit)}".strip()


def digits(value: float) -> str:
    """All that ``value`` says, without an exponent: "95", "0.25"."""
    text = f"{Decimal(repr(float(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text(value: float, unit: str) -> str:
    """``value`` for people, in up to 6 digits: "95.5 µL"."""
    return f"{digits(float(f'{value:.6g}'))} {unit}".strip().replace("-", "\N{MINUS SIGN}")
