"""Pairs of recordings that differ in what a test says."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from firmware_link.clock import ManualClock
from rig.firmware.program import Program
from rig.recording.writer import RunWriter
from rig.session import Batch, DeviceInfo, Event, Gap
from tests.rig.recording import make

COUNT = 6000  # ten minutes at ten a second
EVENTS = (("boot", 0.0, 0), ("started", 1.0, 1), ("occlusion", 300.0, 70_000), ("occlusion_over", 360.0, 4_000))


def events_of(listed: tuple[tuple[str, float, int], ...]) -> tuple[Event, ...]:
    """(kind, seconds since the first sample, value) as the pump's own."""
    made = []
    for number, (kind, at_s, value) in enumerate(listed, 1):
        at_us = 1_000_000 + round(at_s * 1e6)
        made.append(Event(number, kind, 0, 1, at_us, at_us, 0, value, 0, make.UTC_US + round(at_s * 1e6)))
    return tuple(made)


def record(
    path: Path,
    *,
    speed: float = 1.0,
    count: int = COUNT,
    events: tuple[tuple[str, float, int], ...] = EVENTS,
    lost: tuple[int, int] | None = None,
    later_s: float = 0.0,
    balance: bool = True,
    cycle_pl: int = 20_000_000_000,
    settings: dict[str, int] | None = None,
    name: str = "Continuous",
    stretch: int = 0,
) -> Path:
    """A run of a pump at ``speed`` times 20 mL/day; ``lost`` rows never came, ``later_s`` by the calendar; with a
    ``stretch``, its rollup is of so many samples at most."""
    rows = make.samples(0, count, balance=balance)
    rows["host_us"] += round(later_s * 1e6)
    rows["index"] += np.arange(count, dtype=np.uint32) // stretch if stretch else 0
    for field in ("commanded_nl", "measured_nl", "flow_pl_s"):
        if balance or field != "measured_nl":
            rows[field] = np.round(rows[field] * speed)
    gaps: tuple[Gap, ...] = ()
    if lost is not None:
        first, stop = lost
        gaps = (Gap("samples", 1, int(rows["t_us"][first - 1]), int(rows["t_us"][stop]), stop - first),)
        rows = np.concatenate([rows[:first], rows[stop:]])
    clock = ManualClock(make.UTC_US + round(later_s * 1e6))
    with RunWriter(path, clock, make.SESSION) as writer:
        writer.add(Batch(samples=rows, events=events_of(events), gaps=gaps))
        program = Program(make.UTC_US // 1_000_000, 0, (), ((cycle_pl, 86_400_000),))
        writer.program(name, "", program, None)
        if settings is not None:
            writer.identify(_with(settings))
        writer.finish("duration", planned_nl=round(count * 23.148 * speed))
    return path


def _with(settings: dict[str, int]) -> DeviceInfo:
    return replace(make.DEVICE, settings=make.DEVICE.settings | settings)
