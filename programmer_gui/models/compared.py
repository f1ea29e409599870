"""What a pump believes beside what is true, as a table of rows.  Free of Qt.

A difference is marked where it is beyond what the sensors, or where none look, the pump's counting may err by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

DASH = "–"
MINUS = "\u2212"
THIN = "\u202f"
#: Words and colour (a level of words.LEVELS, "" for none) of what there is to say of a row.
AGREES, DIFFERS, UNSEEN = ("agrees", ""), ("≠ differs", "medium"), ("≠ unseen", "medium")
PULSES = ("in pulses", "")  # no difference at one moment means anything
STALE, NOTHING = ("not heard", ""), ("", "")

Known = Mapping[str, float | None]


class Row(NamedTuple):
    """One quantity.  ``believed`` and ``true`` name values in raw units; rig.truth.TRUTHS says how truth is shown."""

    title: str
    believed: str  # "" where the pump can't know
    true: str
    decimals: int
    share: float  # marked where the difference is beyond this share of what is believed,
    least: float  # and beyond this much, raw
    what: str
    agrees: tuple[str, str] = AGREES


_SINCE = "Since it was connected."
ROWS = (
    Row("Delivered (steps)", "commanded_nl", "delivered_nl", 2, 0.06, 4000, _SINCE),
    Row("Delivered (balance)", "measured_nl", "delivered_nl", 2, 0.02, 15_000, _SINCE),
    Row("Leaked", "", "leaked_nl", 2, 0, 500, f"{_SINCE} No sensor shows it."),
    Row("Flow", "flow_nl_s", "flow_nl_s", 3, 0.6, 0.2, "At this moment; it comes in pulses of the rollers.", PULSES),
    Row("Pressure", "pressure_pa", "pressure_pa", 2, 0, 1000, "In the outlet line, above the air around it."),
    Row("Reservoir", "reservoir_nl", "reservoir_nl", 3, 0, 300_000, "The pump reckons it since the last refill."),
    Row("Drug delivered", "drug_ng", "drug_ng", 2, 0.06, 3000, f"{_SINCE} The pump reckons with its label."),
    Row(
        "Concentration",
        "concentration_ng_ml",
        "concentration_ng_ml",
        1,
        0.05,
        1000,
        "Of what leaves the tip. The pump knows its label.",
    ),
    Row("Battery charge", "charge", "charge", 1, 0, 0.04, "The pump counts it."),
    Row("Battery voltage", "battery_v", "battery_v", 3, 0, 0.03, "As the pump measures it."),
    Row("Tube, compressions", "compressions", "compressions", 0, 0.05, 1500, "Of each place, since the tube was new."),
    Row(
        "Tube, efficiency", "efficiency", "efficiency", 1, 0, 0.06, "Of a new tube's flow; the pump reckons with that."
    ),
    Row("Temperature", "temperature_c", "temperature_c", 2, 0, 1.0, "As the pump measures it."),
    Row("Time by its clock", "clock_s", "true_s", 2, 100e-6, 0.05, "Since it was connected, or started up."),
)


@dataclass(frozen=True)
class Compared:
    """A row as it is shown: numbers without their unit."""

    title: str
    believed: str
    true: str
    unit: str
    difference: str
    mark: tuple[str, str]
    why: str


@cache
def _units() -> dict[str, tuple[str, float]]:
    from rig.truth import TRUTHS  # numpy takes a while to import: only when there is something to show

    return {one.field: (one.unit, one.scale) for one in TRUTHS} | {"true_s": ("s", 1.0)}


def compare(believed: Known, true: Known, stale: bool = False) -> tuple[Compared, ...]:
    """The table; a value that isn't known, or None, is a dash.  What is ``stale`` was believed at another moment."""
    return tuple(_compared(row, believed, true, stale) for row in ROWS)


def _compared(row: Row, believed: Known, true: Known, stale: bool) -> Compared:
    unit, scale = _units()[row.true]
    thinks, really = believed.get(row.believed), true.get(row.true)
    difference, mark = "", NOTHING
    if stale and thinks is not None:
        mark = STALE
    elif thinks is not None and really is not None:
        off = really - thinks
        difference = number(off * scale, row.decimals, signed=True)
        mark = DIFFERS if abs(off) > max(row.least, row.share * abs(thinks)) else row.agrees
    elif really is not None and not row.believed and abs(really) > row.least:
        mark = UNSEEN
    shown = [DASH if one is None else number(one * scale, row.decimals) for one in (thinks, really)]
    return Compared(row.title, shown[0], shown[1], unit, difference, mark, f"{row.what} {_beyond(row, unit, scale)}")


def _beyond(row: Row, unit: str, scale: float) -> str:
    share = (
        f"{row.share * 100:g} % and " if row.share >= 0.001 else f"{row.share * 1e6:g} ppm and " if row.share else ""
    )
    return f"Marked beyond {share}{row.least * scale:g} {unit}".rstrip() + "."


def number(value: float, decimals: int, signed: bool = False) -> str:
    """ "12 345.60", "−0.25", "+3.0": thousands apart, no negative zero."""
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    if not any(digit in text for digit in "123456789"):
        return f"±{text}" if signed else text
    return (MINUS if value < 0 else "+" if signed else "") + text
