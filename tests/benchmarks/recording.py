"""What recording costs, beside sqlite3, which comparable tools log into."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np

from firmware_link import telemetry
from firmware_link.clock import ManualClock
from rig.recording.writer import COMMIT_EVERY_S, RunWriter
from rig.session import Batch
from tests.benchmarks import table
from tests.rig.recording import make

ROWS = 7_500  # a quarter of a second of 1 MB/s and more
TURNS = 120  # 30 s, so that a checkpoint is among them
INTERVAL_US = 33


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


def main() -> None:
    table.head()
    with TemporaryDirectory() as name:
        folder = Path(name)
        (busy, taken), (peer_busy, peer_taken) = ours(folder), sqlite(folder)
        wall_s = TURNS * COMMIT_EVERY_S
        table.row("record 30,000 samples/s, of a core", busy / wall_s * 100, peer_busy / wall_s * 100, "%", "")
        table.row(f"commit {ROWS:,} samples, median", float(np.median(taken)), float(np.median(peer_taken)), "ms", "")
        table.row("commit, longest (with its checkpoint)", float(taken.max()), float(peer_taken.max()), "ms", "")


if __name__ == "__main__":
    main()
