"""Quantities as people write them ("100 ug/day", "0.5 mL") into whole base units, and back.  The only use of pint."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from firmware_link.errors import UsageError

DAY_S = 86_400
DAY_US = DAY_S * 1_000_000


class Kind(NamedTuple):
    """A kind of quantity: its name, its base unit, and how an example is written."""

    name: str
    base: str
    example: str


DOSE_RATE = Kind("dose a day", "nanogram/day", "100 ug/day")
DOSE = Kind("dose", "nanogram", "50 ug")
CONCENTRATION = Kind("concentration", "nanogram/milliliter", "500 ug/mL")
FLOW = Kind("flow", "picoliter/day", "0.2 mL/day")
VOLUME = Kind("volume", "picoliter", "0.5 mL")
DURATION = Kind("duration", "millisecond", "10 min")

_WRITTEN = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})\s*([A-Za-zµμ]{1,16}(?:/[A-Za-zµμ]{1,16})?)\s*")
_LARGEST = 10**18  # base units of any kind: beyond all pumps, within 64 bits


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint  # 0.3 s: only when somebody writes a unit

    return pint.UnitRegistry(non_int_type=Decimal)


def parse(text: str, kind: Kind) -> int:
    """``text`` in base units of ``kind``, rounded to the nearest whole one.

    Raises UsageError for a number without a unit, a unit of another kind, and anything but a plain number from 0
    to 1e18 base units.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        hint = f'Write a number and a unit, like "{kind.example}".'
        raise UsageError(f'"{text[:40]}" is not a {kind.name}.', hint)
    import pint

    try:
        quantity = Decimal(match[1]) * _registry().parse_units(match[2])
        value = quantity.to(kind.base).magnitude
    except (pint.PintError, AttributeError, ValueError, TypeError) as error:
        raise UsageError(f'"{match[2]}" is not a unit of {kind.name}.', f'For example "{kind.example}".') from error
    if value > _LARGEST:
        raise UsageError(f'"{text[:40]}" is too large for a {kind.name}.', f'For example "{kind.example}".')
    return int(value.to_integral_value())


def _number(value: float, digits: int) -> str:
    text = f"{Decimal(f'{value:.{digits}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dose_rate_text(ng_day: int) -> str:
    """ "100 µg/day"."""
    return f"{_number(ng_day / 1e3, 6)} µg/day"


def dose_text(ng: int) -> str:
    """ "50 µg"."""
    return f"{_number(ng / 1e3, 6)} µg"


def concentration_text(ng_ml: int) -> str:
    """ "500 µg/mL"."""
    return f"{_number(ng_ml / 1e3, 6)} µg/mL"


def flow_text(pl_day: float) -> str:
    """ "0.2 mL/day"."""
    return f"{_number(pl_day / 1e9, 6)} mL/day"


def volume_text(nl: float) -> str:
    """ "1.25 mL" from a tenth of a millilitre up, "38.2 µL" below."""
    return f"{_number(nl / 1e6, 5)} mL" if abs(nl) >= 100_000 else f"{_number(nl / 1e3, 5)} µL"


def duration_text(ms: int) -> str:
    """ "1 d 2 h", "10 min", "30 s": the two largest parts that aren't zero."""
    parts = []
    rest = ms
    for name, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 s"
