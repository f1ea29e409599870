"""Many runs as one dataset by device and day; adding a run twice doesn't double it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from firmware_link.clock import ManualClock
from rig.export.dataset import add_to_dataset, device_of, name_of
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.recording import make

HOUR_US = 3_600_000_000


def over_midnight(path: Path, count: int = 40) -> Path:
    """A run of a sample an hour: make.UTC_US is 22:13 in UTC."""
    clock = ManualClock(make.UTC_US)
    writer = RunWriter(path, clock, make.SESSION)
    samples = make.samples(0, count, HOUR_US)
    samples["host_us"] = make.UTC_US + samples["t_us"] - samples["t_us"][0]
    writer.add(Batch(samples, events=(make.event(1, "boot"),)))
    writer.note("looked at")
    writer.finish("test")
    return path


def asked(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """What ``sql`` finds in the dataset's table DATA of samples."""
    source = f"read_parquet('{folder}/samples/*/*/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as connection:
        return connection.execute(sql.replace("DATA", source)).fetchall()


def test_runs_are_divided_by_device_and_day_and_added_twice_they_are_there_once(tmp_path: Path) -> None:
    runs = [over_midnight(tmp_path / "a.run.duckdb"), over_midnight(tmp_path / "b.run.duckdb", 5)]
    folder = tmp_path / "set"
    for run in (*runs, runs[0]):
        add_to_dataset(run, folder)
    count = "SELECT device, CAST(day AS VARCHAR), count(*), count(DISTINCT run) FROM DATA GROUP BY ALL ORDER BY ALL"
    device = make.DEVICE.device_id
    assert asked(folder, count) == [
        (device, "2023-11-14", 4, 2),
        (device, "2023-11-15", 27, 2),
        (device, "2023-11-16", 14, 1),
    ]
    with RunReader(runs[0]) as reader:
        samples, run_id = reader.samples(0, 100), reader.run.run_id
    assert asked(folder, f"SELECT commanded_ul FROM DATA WHERE run = '{run_id}' ORDER BY time") == [
        (nl / 1000,) for nl in samples["commanded_nl"].tolist()
    ]
    assert not list(folder.glob(".*"))


def test_a_run_that_has_changed_takes_the_place_of_what_it_was(tmp_path: Path) -> None:
    run, folder = over_midnight(tmp_path / "a.run.duckdb"), tmp_path / "set"
    add_to_dataset(run, folder)
    notes = list(folder.glob("notes/*/*/*.parquet"))
    assert len(notes) == 1
    with duckdb.connect(str(run)) as connection:
        connection.execute("DELETE FROM notes")
    add_to_dataset(run, folder)
    assert not list(folder.glob("notes/*/*/*.parquet"))
    assert len(asked(folder, "SELECT 1 FROM DATA")) == 40


def test_every_run_has_a_row_that_says_what_it_is(tmp_path: Path) -> None:
    run, folder = over_midnight(tmp_path / "a.run.duckdb"), tmp_path / "set"
    add_to_dataset(run, folder, interval_us=2 * HOUR_US)
    (found,) = folder.glob("runs/*/*/*.parquet")
    with duckdb.connect() as connection:
        row = connection.execute("SELECT ended, virtual, samples FROM read_parquet($1)", [str(found)]).fetchall()
    assert row == [("test", True, 40)]
    assert len(asked(folder, "SELECT 1 FROM DATA")) == 20


@pytest.mark.parametrize("said", ["../../etc", "a/b", "", "C:\\x", "0" * 15, "00000000C0FFEE07"])
def test_what_a_file_says_of_itself_is_no_path(tmp_path: Path, said: str) -> None:
    with RunReader(over_midnight(tmp_path / "a.run.duckdb")) as reader:
        run = replace(reader.run, device_id=said, run_id=said)
    assert device_of(run) == "unknown"
    assert name_of(run).isalnum()


def test_a_dataset_that_broke_off_is_as_it_was(tmp_path: Path) -> None:
    runs = [over_midnight(tmp_path / "a.run.duckdb"), over_midnight(tmp_path / "b.run.duckdb")]
    folder = tmp_path / "set"
    add_to_dataset(runs[0], folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.parquet")}

    def enough(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_to_dataset(runs[1], folder, progress=enough)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_samples_of_a_pump_that_never_said_its_name_have_a_place(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), replace(make.SESSION, device=None))
    samples = make.samples(0, 3)
    samples["host_us"] = np.iinfo(np.int64).max
    writer.add(Batch(samples))
    writer.finish("test")
    add_to_dataset(run, tmp_path / "set")
    assert len(list((tmp_path / "set").glob("samples/device=unknown/*/*.parquet"))) == 1
