"""What recording costs, and how soon a long run is drawn; beside sqlite3, which comparable tools log into.

Samples in the long run by argument: ``recording 1e8``.
"""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np

from firmware_link import telemetry
from firmware_link.clock import ManualClock
from rig.recording.reader import RunReader
from rig.recording.writer import COMMIT_EVERY_S, RunWriter
from rig.session import Batch
from tests.benchmarks import table
from tests.rig.recording import make

ROWS = 7_500  # a quarter of a second of 1 MB/s and more
TURNS = 120  # 30 s, so that a checkpoint is among them
INTERVAL_US = 33
COLUMNS = 1400


def cost(step: Callable[[int], None], turns: int) -> tuple[float, np.ndarray]:
    """Processor time of ``turns`` steps, s, and how long each took, ms."""
    taken = []
    busy = process_time()
    for turn in range(turns):
        began = perf_counter()
        step(turn)
        taken.append((perf_counter() - began) * 1e3)
    return process_time() - busy, np.array(taken)


def blocks(turns: int) -> list[np.ndarray]:
    """What arrives in each turn, made beforehand."""
    return [make.samples(turn * ROWS, ROWS, INTERVAL_US) for turn in range(turns)]


def ours(folder: Path) -> tuple[float, np.ndarray]:
    """Records 30 s through the writer, the last checkpoint included."""
    arriving = blocks(TURNS)
    writer = RunWriter(folder / "cost.run.duckdb", ManualClock(), make.SESSION)

    def step(turn: int) -> None:
        writer.add(Batch(samples=arriving[turn]))
        writer.commit_if_due(turn * COMMIT_EVERY_S)

    busy, taken = cost(step, TURNS)
    began = process_time()
    writer.finish("benchmark")
    return busy + process_time() - began, taken


def sqlite(folder: Path) -> tuple[float, np.ndarray]:
    """The same rows into a table of sqlite3, with its write-ahead log."""
    turns = 12
    arriving = blocks(turns)
    names = telemetry.SAMPLE_DTYPE.names or ()
    connection = sqlite3.connect(folder / "cost.sqlite")
    connection.execute("PRAGMA journal_mode = WAL")
    columns = ", ".join(f'"{name}" INTEGER' for name in names)
    connection.execute(f"CREATE TABLE samples ({columns})")
    insert = f"INSERT INTO samples VALUES ({', '.join('?' * len(names))})"

    def step(turn: int) -> None:
        with connection:
            connection.executemany(insert, arriving[turn].tolist())

    found = cost(step, turns)
    connection.close()
    return found[0] * TURNS / turns, found[1]


def long_run(path: Path, count: int) -> None:
    """A run of ``count`` samples, made in large pieces."""
    piece = 500_000
    writer = RunWriter(path, ManualClock(), make.SESSION)
    for number, first in enumerate(range(0, count, piece)):
        writer.add(Batch(samples=make.samples(first, min(piece, count - first), INTERVAL_US)))
        writer.commit_if_due(number * 10.0)
    writer.finish("benchmark")


def first_picture(path: Path) -> float:
    """Opens the run and outlines four channels over all of it; s."""
    began = perf_counter()
    with RunReader(path) as reader:
        reader.info()
        boots = reader.boots()
        start_us, end_us = boots[0].start_us + boots[0].epoch_us, boots[-1].end_us + boots[-1].epoch_us
        for field in ("commanded_nl", "measured_nl", "flow_pl_s", "pressure_pa"):
            reader.window(field, start_us, end_us, COLUMNS)
    return perf_counter() - began


def zoomed_picture(path: Path) -> float:
    """Outlines one channel over a million samples in the middle; s."""
    with RunReader(path) as reader:
        boot = reader.boots()[0]
        middle_us = (boot.start_us + boot.end_us) // 2 + boot.epoch_us
        began = perf_counter()
        reader.window("pressure_pa", middle_us, middle_us + 990_000 * INTERVAL_US, COLUMNS)
        return perf_counter() - began


def main(count: int) -> None:
    table.head()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (busy, taken), (peer_busy, peer_taken) = ours(folder), sqlite(folder)
        wall_s = TURNS * COMMIT_EVERY_S
        table.row("record 30,000 samples/s, of a core", busy / wall_s * 100, peer_busy / wall_s * 100, "%", "")
        table.row(f"commit {ROWS:,} samples, median", float(np.median(taken)), float(np.median(peer_taken)), "ms", "")
        table.row("commit, longest (with its checkpoint)", float(taken.max()), float(peer_taken.max()), "ms", "")
        count = max(count, 2_000_000)
        path = folder / "long.run.duckdb"
        long_run(path, count)
        size = path.stat().st_size / count
        table.row(f"open {count:.0e} samples, first picture", first_picture(path) * 1e3, None, "ms", "1e8: <= 1000 ms")
        table.row("zoom into 1e6 of them", zoomed_picture(path) * 1e3, None, "ms", "")
        table.row("size of a sample in the file", size, None, "B", "")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 5_000_000)
