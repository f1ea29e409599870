"""Makes run files of any length, straight into their tables: a pump that ran for months, ten samples a second.

    python -m tests.benchmarks._long FILE 1e8

A cycle of doses, noise, refills, resets, lost time, events and the link's health; no two runs of it differ.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry, vocabulary
from firmware_link.errors import UsageError
from rig.firmware.program import Program
from rig.recording.database import Database
from rig.recording.records import ProgramRecord, Run
from rig.recording.rollup import RollupBuilder
from rig.recording.schema import SCHEMA_VERSION
from rig.session import Event, Gap
from tests.rig.recording.make import DEVICE, SESSION, UTC_US

INTERVAL_US = 100_000
GAP_EVERY, GAP_ROWS = 500_000, 1_800  # three minutes are lost twice a day or so
BOOT_EVERY, DOWN_US = 25_000_000, 60_000_000
EVENT_EVERY = 20_000
REFILL_NL = 18_000_000
_PIECE_ROWS = 1_000_000
_A_SAMPLE_B, _SPARE_B = 60, 1_000_000_000  # what a sample may take with its log, and what is left free at least
_CYCLE = tuple((2_000_000_000 if hour % 6 == 5 else 500_000_000, 3_600_000) for hour in range(24))  # pl, ms
PROGRAM = Program(UTC_US // 1_000_000 // 86_400 * 86_400, 0, (), _CYCLE)
_KINDS = ("occlusion", "occlusion_over")


def make(path: Path, count: int, event_every: int = EVENT_EVERY) -> None:
    """The run file ``path`` of ``count`` samples.  Raises UsageError where the disk could get full."""
    needed, free = count * _A_SAMPLE_B + _SPARE_B, shutil.disk_usage(path.parent).free
    if needed > free:
        what = f"{count:.0e} samples may take {needed / 1e9:.0f} GB, and {path.parent} has {free / 1e9:.0f} GB free."
        raise UsageError(what, "Make room, or ask for fewer.")
    head = (SCHEMA_VERSION, "00000000-0000-4000-8000-000000000000", "1.0", SESSION.target, SESSION.port, True, UTC_US)
    identity = (DEVICE.device_id, DEVICE.firmware_version, DEVICE.protocol, DEVICE.table_crc, DEVICE.boot_count)
    database = Database.make(path, Run(*head, *identity, DEVICE.capabilities, DEVICE.settings))
    rollup = RollupBuilder()
    with database.transaction():
        database.put_records("programs", [ProgramRecord.of(UTC_US, "Long", "", PROGRAM, None)])
        database.put_records("events", list(_events(count, event_every)))
        database.put_records("gaps", [_gap(row) for row in range(GAP_EVERY, count, GAP_EVERY) if row % BOOT_EVERY])
    for first in range(0, count, _PIECE_ROWS):
        with database.transaction():
            rows = samples(first, min(_PIECE_ROWS, count - first))
            database.put_rows("samples", rows)
            database.put_rows("rollup", rollup.add(rows))
            database.put_rows("health", _health(rows[::10]))
        if first % (10 * _PIECE_ROWS) == 0:
            database.checkpoint()
    with database.transaction():
        database.put_rows("rollup", rollup.finish())
        database.change_run({"ended": "duration", "ended_us": UTC_US + count * INTERVAL_US})
    database.checkpoint()
    database.close()


def samples(first: int, count: int) -> NDArray[np.void]:
    """(count,) samples from row ``first`` on."""
    rows = np.zeros(count, telemetry.SAMPLE_DTYPE)
    row = np.arange(first, first + count)
    boot = row // BOOT_EVERY
    age_us = row * INTERVAL_US + (row // GAP_EVERY) * GAP_ROWS * INTERVAL_US + boot * DOWN_US
    rows["boot"], rows["t_us"] = boot + 1, age_us - _born_us(boot)
    rows["index"] = rows["t_us"] // INTERVAL_US
    rows["host_us"] = UTC_US + (age_us // 1_000_000 + 1) * 1_000_000
    planned_nl = _planned_nl(age_us)
    noise = np.random.default_rng(first).integers(-200, 201, 65_536)
    rows["commanded_nl"] = planned_nl
    rows["measured_nl"] = planned_nl + np.resize(noise, count) - row // 100_000
    rows["flow_pl_s"] = np.array([volume // (ms // 1000) for volume, ms in _CYCLE])[age_us // 3_600_000_000 % 24]
    rows["pressure_pa"] = 4_000 + (800 * np.sin(row / 9)).astype(np.int64) + np.resize(noise, count)
    rows["reservoir_nl"] = 20_000_000 - planned_nl % REFILL_NL
    rows["charge_permille"] = 1_000 - age_us // 600_000_000 % 900
    rows["battery_mv"], rows["temperature_cc"] = 3_650, 3_700 + np.resize(noise, count) // 10
    rows["state"], rows["flags"] = vocabulary.RUNNING, 1
    return rows


def _born_us(boot: NDArray[np.int64] | int) -> NDArray[np.int64] | int:
    """When a boot's clock stood at 0."""
    row = boot * BOOT_EVERY
    return row * INTERVAL_US + (row // GAP_EVERY) * GAP_ROWS * INTERVAL_US + boot * DOWN_US


def _planned_nl(age_us: NDArray[np.int64]) -> NDArray[np.int64]:
    whole, part_us = np.divmod(age_us, sum(ms for _, ms in _CYCLE) * 1000)
    edges_us = np.cumsum([0, *(ms * 1000 for _, ms in _CYCLE)])
    volumes_nl = np.cumsum([0, *(volume // 1000 for volume, _ in _CYCLE)])
    return whole * volumes_nl[-1] + np.interp(part_us, edges_us, volumes_nl).astype(np.int64)


def _gap(row: int) -> Gap:
    """What was lost before sample ``row``."""
    before, after = samples(row - 1, 2)
    return Gap("samples", int(after["boot"]), int(before["t_us"]), int(after["t_us"]), GAP_ROWS)


def _events(count: int, every: int) -> list[Event]:
    """The start of the program, then one of each kind in turn."""
    said = [("program_committed", PROGRAM.digest() & 0x7FFF_FFFF, 0), ("started", vocabulary.RUNNING, 0)]
    said += [(_KINDS[n % 2], 60_000, row) for n, row in enumerate(range(every, count, every))]
    times = _times(np.array([row for _, _, row in said]))
    return [
        Event(number, kind, _priority(kind), boot, t_us, t_us, 0, value, 0, host_us)
        for number, ((kind, value, _), (boot, t_us, host_us)) in enumerate(zip(said, times, strict=True), 1)
    ]


def _times(row: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Boot, device time and host time of each ``row``."""
    boot = row // BOOT_EVERY
    age_us = row * INTERVAL_US + (row // GAP_EVERY) * GAP_ROWS * INTERVAL_US + boot * DOWN_US
    return list(zip((boot + 1).tolist(), (age_us - _born_us(boot)).tolist(), (UTC_US + age_us).tolist(), strict=True))


def _priority(kind: str) -> int:
    return vocabulary.EVENT_PRIORITIES[vocabulary.EVENT_KINDS[kind]]


def _health(rows: NDArray[np.void]) -> NDArray[np.void]:
    """A row a second: a bad frame every ten minutes or so, round trips of a few milliseconds."""
    names = ("host_us", "bytes_in", "bytes_out", "frames_in", "frames_bad", "bytes_dropped", "resends", "reconnects")
    health = np.zeros(len(rows), [(name, "i8") for name in (*names, "round_trip_us")])
    seconds = (rows["host_us"] - UTC_US) // 1_000_000
    health["host_us"], health["bytes_in"], health["bytes_out"] = rows["host_us"], seconds * 700, seconds * 20
    health["frames_in"], health["frames_bad"] = seconds * 2, seconds // 600
    health["resends"], health["reconnects"] = seconds // 1800, seconds // 180_000
    health["round_trip_us"] = 2_000 + seconds * 7919 % 3_000
    return health


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(float(sys.argv[2])))
