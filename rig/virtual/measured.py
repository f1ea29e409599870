"""How soon faults were noticed, and how often a healthy rig raised an alarm: measured by the benchmark ``detection``,
kept beside the guide, whose tables are made of it.
"""

import csv
import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rig.resources import resource
from rig.therapy import units
from rig.virtual import detection
from rig.virtual.delays import DAY_S, Case
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault

YEAR_DAYS = 365.25
_DELAYS, _WATCHES = "guide/delays.csv", "guide/false-alarms.csv"
_NONE_95 = 3.0  # so many events are still possible (5 %) where none were seen


class Delay(NamedTuple):
    """The longest that some runs took; ``delay_s`` is None where one of them ended without a word."""

    what: str
    amount: float | None
    ml_day: float
    left_ml: float  # in the reservoir once struck
    delay_s: float | None


class Watch(NamedTuple):
    """So many days of a healthy rig."""

    rig: str
    ml_day: float
    days: float
    alarms: int


def delays() -> list[Delay]:
    """As kept."""
    with resource(_DELAYS).open(encoding="utf-8", newline="") as file:
        return [
            Delay(what, _number(amount), float(ml_day), float(left_ml), _number(delay_s))
            for what, amount, ml_day, left_ml, delay_s in list(csv.reader(file))[1:]
        ]


def watches() -> list[Watch]:
    """As kept."""
    with resource(_WATCHES).open(encoding="utf-8", newline="") as file:
        return [
            Watch(rig, float(ml_day), float(days), int(alarms))
            for rig, ml_day, days, alarms in list(csv.reader(file))[1:]
        ]


def keep(measured: Iterable[Delay], watched: Iterable[Watch]) -> None:
    """Replaces what is kept."""
    for name, head, rows in ((_DELAYS, Delay._fields, measured), (_WATCHES, Watch._fields, watched)):
        with resource(name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])


def _number(text: str) -> float | None:
    return float(text) if text else None


# Tables for people


def delay_table(measured: list[Delay]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """(head, rows): of each fault, at each rate, the longest delay to expect and the one measured."""
    rates = sorted({row.ml_day for row in measured})
    found: dict[str, dict[float, str]] = {}
    for row in measured:
        found.setdefault(_fault(row), {})[row.ml_day] = _cell(row)
    head = ("Fault", *(f"{rate:g} mL/day" for rate in rates))
    return head, [(fault, *(cells[rate] for rate in rates)) for fault, cells in found.items()]


def watch_table(watched: list[Watch]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """(head, rows): false alarms of each rig at each rate."""
    head = ("Rig", "Rate", "Days", "False alarms", "A year")
    return head, [
        (row.rig, f"{row.ml_day:g} mL/day", f"{row.days:g}", str(row.alarms), _a_year(row)) for row in watched
    ]


def answer_rows() -> Iterator[tuple[str, str]]:
    """(fault, what shows it) of every fault."""
    for name, kind in BY_NAME.items():
        yield kind.title, detection.ANSWERS[name].how


def _fault(row: Delay) -> str:
    kind = BY_NAME[row.what]
    if kind.amount is None or row.amount is None:
        return kind.title
    return f"{kind.title}, {row.amount:,.10g} {kind.amount.unit}".strip()


def _cell(row: Delay) -> str:
    flow_nl_s = row.ml_day * 1e6 / DAY_S
    expected_s = detection.expected_s(Case(Fault(row.what, amount=row.amount), flow_nl_s, left_nl=row.left_ml * 1e6))
    promised = "–" if expected_s is None else f"≤ {_duration(math.ceil(expected_s))}"
    return promised if row.delay_s is None else f"{promised}: {_duration(round(row.delay_s))}"


def _duration(seconds: int) -> str:
    return "at once" if seconds < 1 else units.duration_text(seconds * 1000)


def _a_year(row: Watch) -> str:
    years = row.days / YEAR_DAYS
    return f"{row.alarms / years:.1f}" if row.alarms else f"0 (below {_NONE_95 / years:.1f} at 95 %)"
