"""Quantities as people write them ("100 ug/day", "22:30") into whole base units, and back.  The only use of pint."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from firmware_link.errors import UsageError

DAY_S = 86_400
DAY_MS = DAY_S * 1000
DAY_US = DAY_S * 1_000_000
LARGEST = 10**18  # base units of any kind: beyond all pumps, within 64 bits

_WRITTEN = r"\s*([0-9]{1,19}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})\s*([A-Za-zµμ]{1,16}(?:/[A-Za-zµμ]{1,16})?)\s*"
_PERCENT = r"\s*([0-9]{1,7}(?:\.[0-9]{0,2})?)\s*%\s*"
_CHANGE = r"\s*([+-]?[0-9]{1,7}(?:\.[0-9]{0,2})?)\s*%\s*"
_COUNT = r"\s*([0-9]{1,9})\s*(?:times)?\s*"
_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_END = rf"{_TIME}|24:00"
_MOMENT = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})"


class Kind(NamedTuple):
    """A kind of quantity: how it is called, its base unit, how an example is written, and the form of all of them."""

    name: str
    base: str
    example: str
    suffix: str  # of a name that holds such a value
    shown: tuple[tuple[str, int], ...] = ()  # usual units, the one to write in first, each with its size in base units
    pattern: str = _WRITTEN


DOSE_RATE = Kind("dose a day", "nanogram/day", "100 ug/day", "_ng_day", (("ug/day", 1000), ("mg/day", 10**6)))
DOSE = Kind("dose", "nanogram", "50 ug", "_ng", (("ug", 1000), ("mg", 10**6)))
CONCENTRATION = Kind("concentration", "nanogram/milliliter", "500 ug/mL", "_ng_ml", (("ug/mL", 1000), ("mg/mL", 10**6)))
FLOW = Kind("flow", "picoliter/day", "0.2 mL/day", "_pl_day", (("mL/day", 10**9),))
VOLUME = Kind("volume", "picoliter", "0.5 mL", "_pl", (("mL", 10**9), ("uL", 10**6)))
DURATION = Kind(
    "duration",
    "millisecond",
    "10 min",
    "_ms",
    (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)),
)
LENGTH = Kind("length", "micrometer", "21 cm", "_um", (("cm", 10_000),))
BORE = Kind("volume of a length", "picoliter/millimeter", "0.0026 mL/cm", "_pl_mm", (("mL/cm", 10**8),))
COMPLIANCE = Kind("compliance", "picoliter/pascal", "1 uL/kPa", "_pl_pa", (("uL/kPa", 1000),))
# The rest isn't pint's: hundredths of a per cent, ms after midnight, s since 1970.
PERCENT = Kind("percentage", "bp", "20 %", "_bp", pattern=_PERCENT)
CHANGE = Kind("change in per cent", "bp", "+20 %", "_bp", pattern=_CHANGE)
COUNT = Kind("number of times", "times", "4 times", "", pattern=_COUNT)
TIME = Kind("time of day", "ms", "22:30", "_ms", pattern=_TIME)
END = Kind("time of day", "ms", "06:00", "_ms", pattern=_END)
MOMENT = Kind("moment", "s", "2026-11-20T09:00Z", "_utc_s", pattern=_MOMENT)

#: What people write; each kind takes those that fit it.
_UNITS = re.compile(
    "[pn]g|[uµμ]g|mcg|mg|g|kg|[pnuµμm]?[lL]|[uµμ]m|mm|cm|m|ms|s|sec|seconds?|min|minutes?|h|hr|hours?|d|days?|weeks?"
    "|k?Pa|mmHg"
)
EARLIEST, LATEST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2000, 2100))


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint  # 0.3 s: only when somebody writes a unit

    return pint.UnitRegistry(non_int_type=Decimal)


@lru_cache(maxsize=4096)
def parse(text: str, kind: Kind) -> int:
    """``text`` in base units of ``kind``, rounded to the nearest whole one.

    Raises UsageError for a number without a unit, a unit of another kind, and anything but a plain number from 0
    to 1e18 base units (a CHANGE also below 0); for times and moments that no clock shows; for moments before 2000
    and after 2100.
    """
    match = re.fullmatch(kind.pattern, text)
    if match is None:
        raise UsageError(f'"{text[:40]}" is not a {kind.name}.', _hint(text, kind))
    if kind in (TIME, END):
        return 86_400_000 if match[1] is None else (int(match[1]) * 60 + int(match[2])) * 60_000
    if kind == MOMENT:
        return _moment(text, match[1], match[2])
    if kind == COUNT:
        return int(match[1])
    value = Decimal(match[1]) * 100 if kind.base == "bp" else _quantity(match[1], match[2], kind)
    if value > LARGEST:
        raise UsageError(f'"{text[:40]}" is too large for a {kind.name}.', f'For example "{kind.example}".')
    return int(value.to_integral_value())


def _quantity(number: str, unit: str, kind: Kind) -> Decimal:
    usual = dict(kind.shown).get(unit)  # most of what is read, and pint takes long to begin
    return Decimal(number) * usual if usual else _by_pint(number, unit, kind)


def _by_pint(number: str, unit: str, kind: Kind) -> Decimal:
    import pint

    try:
        if not all(map(_UNITS.fullmatch, unit.split("/"))):  # pint also reads milli-hours, grains and pounds
            raise ValueError(unit)
        value: Decimal = (Decimal(number) * _registry().parse_units(unit)).to(kind.base).magnitude
    except (pint.PintError, AttributeError, ValueError, TypeError) as error:
        raise UsageError(f'"{unit}" is not a unit of {kind.name}.', f'For example "{kind.example}".') from error
    return value


def _moment(text: str, local: str, zone: str) -> int:
    hint = f'For example "{MOMENT.example}".'
    try:
        east = 0 if zone == "Z" else int(f"{zone[0]}1") * (int(zone[1:3]) * 60 + int(zone[4:6]))
        at = datetime.fromisoformat(local).replace(tzinfo=timezone(timedelta(minutes=east)))
    except ValueError as error:
        raise UsageError(f'"{text}" is not on any calendar.', hint) from error
    utc_s = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    if not EARLIEST <= utc_s < LATEST:
        raise UsageError(f'"{text}" is before 2000 or after 2099.', "Correct the year.")
    return utc_s


def _hint(text: str, kind: Kind) -> str:
    if kind.shown and re.fullmatch(r"\s*[0-9.]+\s*", text):
        return f'It is a number without a unit. Write both, like "{kind.example}".'
    if kind.shown and kind != CHANGE and re.fullmatch(r"\s*-\s*[0-9.].*", text):
        return f'It can\'t be less than none. Write it like "{kind.example}".'
    if kind.shown:
        return f'Write a number and a unit, like "{kind.example}".'
    return f'Write it like "{kind.example}".'


def write(value: int, kind: Kind) -> str:
    """``value`` as a file says it, so that ``parse`` gives exactly it: "100 ug/day", "90 min", "22:30", "+20 %"."""
    if kind in (TIME, END):
        return f"{value // 3_600_000:02}:{value // 60_000 % 60:02}"
    if kind == MOMENT:
        at = datetime.fromtimestamp(value, UTC)
        return at.strftime("%Y-%m-%dT%H:%MZ" if not at.second else "%Y-%m-%dT%H:%M:%SZ")
    if kind == COUNT:
        return f"{value} times"
    if kind.base == "bp":
        sign = "+" if kind == CHANGE and value >= 0 else ""
        return f"{sign}{_plain(Decimal(value) / 100)} %"
    unit, size = kind.shown[0]
    if kind == DURATION:
        unit, size = next(part for part in kind.shown if value % part[1] == 0) if value else kind.shown[2]
    return f"{_plain(Decimal(value) / size)} {unit}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


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
