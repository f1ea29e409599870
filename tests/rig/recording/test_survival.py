"""What was committed is in the file, whatever becomes of the program that records."""

import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rig.recording.digest import Verified
from rig.recording.errors import RunFileError
from rig.recording.finish import finish_recording
from rig.recording.reader import RunReader
from rig.recording.summary import CUT_SHORT
from tests.rig.recording import make

ROOT = Path(__file__).parents[3]


@contextmanager
def recording(path: Path, seed: int, *limit: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.rig.recording.recording_child", str(path), str(seed), *limit]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def check(path: Path, samples: int, events: int) -> None:
    """The file has at least so much, in order, and nothing that doesn't belong."""
    with RunReader(path) as reader:
        assert reader.cut_short
        summary = reader.summary()
        assert summary.ended == CUT_SHORT
        assert summary.samples >= samples
        assert summary.events >= events
        assert [event.number for event in reader.events()] == list(range(1, summary.events + 1))
        rows = reader.samples(0, summary.samples)
        assert np.array_equal(rows["index"], np.arange(summary.samples, dtype="u4"))
        rollup = reader.rollup("commanded_nl")
        assert int(rollup["rows"].sum()) == summary.samples
        if summary.samples:
            assert rollup["commanded_nl_last"][-1] == rows["commanded_nl"][-1]


@pytest.fixture(scope="module")
def nursery() -> Iterator["subprocess.Popen[str]"]:
    """Makes recorders to be killed."""
    command = [sys.executable, "-m", "tests.rig.recording.recording_child"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.communicate()


@pytest.mark.parametrize("seed", range(50))
def test_kill_9_loses_nothing_that_was_committed(tmp_path: Path, nursery: "subprocess.Popen[str]", seed: int) -> None:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    path = tmp_path / "a.run.duckdb"
    rng = random.Random(seed)
    nursery.stdin.write(f"{path} {seed}\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline())
    told = [nursery.stdout.readline() for _ in range(rng.randrange(1, 15))]
    select.select([], [], [], rng.random() * 0.02)  # so that the blow falls anywhere in a commit or a checkpoint
    os.kill(pid, signal.SIGKILL)
    told += iter(nursery.stdout.readline, "gone\n")
    samples, events = map(int, told[-1].split())
    check(path, samples, events)
    if seed % 10 == 0:
        finish_recording(path, make.UTC_US)
        with RunReader(path) as reader:
            assert reader.verify() is Verified.MATCHES
            assert reader.summary().events >= events


def test_a_full_disk_ends_the_recording_and_keeps_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    with recording(path, 1, "2500000") as process:
        lines, _ = process.communicate(timeout=30)
    *progress, last = lines.splitlines()
    assert last.startswith("16 a.run.duckdb can't be written: the file may not grow further.")
    samples, events = map(int, progress[-1].split())
    assert samples > 0
    check(path, samples, events)


def test_a_run_being_recorded_elsewhere_says_by_whom(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    with recording(path, 1) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(
            RunFileError, match=rf"a\.run\.duckdb is in use by python.* \(process {process.pid}\)"
        ) as refused:
            RunReader(path)
    assert refused.value.busy


def test_reading_changes_no_byte_with_a_wal_and_without(tmp_path: Path) -> None:
    path = tmp_path / "cut.run.duckdb"
    with recording(path, 1) as process:
        assert process.stdout is not None
        process.stdout.readline()
    make.make_run(tmp_path / "whole.run.duckdb")
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()}
    assert sorted(file.name for file in before) == ["cut.run.duckdb", "cut.run.duckdb.wal", "whole.run.duckdb"]
    for name in ("cut.run.duckdb", "whole.run.duckdb"):
        with RunReader(tmp_path / name) as reader:
            assert reader.info()["samples"] > 0
            reader.window("commanded_nl", make.UTC_US, make.UTC_US + 10**9, 100)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in tmp_path.iterdir()} == before
