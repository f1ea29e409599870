"""How soon a pump notices each fault of its rig, at rates from 0.05 to 24 mL/day, beside the longest delay to expect;
and how often it raises an alarm on a healthy rig.

    python -m tests.benchmarks.detection          prints
    python -m tests.benchmarks.detection --keep   and keeps it in the guide; so does ``make detection``
"""

import sys

from rig import guide
from rig.virtual import measured
from rig.virtual.measured import Delay, Watch
from rig.virtual.pace import MAX_SPEED
from rig.virtual.parameters import load
from rig.virtual.rig import VirtualRig
from tests.rig.virtual import cases
from tests.rig.virtual.ward import POOR, Ward, false_alarms, live

RUNS = ((7, 5.37), (8, 6.02), (9, 7.81))  # (seed, turns before it is struck)
DAYS = 365
RIGS = (("bench", {}), ("poor-balance", POOR))


def delay(what: str, amount: float | None, ml_day: float) -> Delay:
    """The longest of some rigs'."""
    delays = []
    for seed, turns in RUNS:
        rig = VirtualRig(seed, MAX_SPEED)
        delays.append(cases.measure(rig, what, amount, ml_day, turns).delay_s)
        rig.close()
    known = [delay_s for delay_s in delays if delay_s is not None]
    left_ml = cases.case_of(what, amount, ml_day).left_nl / 1e6
    return Delay(what, amount, ml_day, left_ml, round(max(known), 1) if len(known) == len(delays) else None)


def watch(name: str, settings: dict[str, int], ml_day: float) -> Watch:
    """A healthy rig's alarms in a year."""
    rig = VirtualRig(RUNS[0][0], MAX_SPEED, parameters=load(name))
    ward = Ward(rig, ml_day, settings)
    live(ward, ml_day, DAYS)
    rig.close()
    return Watch(load(name).name, ml_day, DAYS, len(false_alarms(ward)))


def show(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(flush=True)


def main(keep: bool) -> None:
    delays = [delay(*fault, ml_day) for fault in cases.FAULTS for ml_day in cases.RATES_ML_DAY]
    print(f"longest delay to expect: longest of {len(RUNS)} measured")
    show(*measured.delay_table(delays))
    watched = [watch(*rig, ml_day) for rig in RIGS for ml_day in cases.RATES_ML_DAY]
    show(*measured.watch_table(watched))
    if keep:
        measured.keep(delays, watched)
        guide.main()


if __name__ == "__main__":
    main("--keep" in sys.argv[1:])
