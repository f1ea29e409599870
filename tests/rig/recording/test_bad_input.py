"""Recordings in bad places, of bad clocks and bad intentions: opened as far as they can be, and never worse after."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pytest

from firmware_link import telemetry
from firmware_link.clock import ManualClock
from rig.recording import annotate
from rig.recording.access import open_to_edit
from rig.recording.digest import Verified
from rig.recording.errors import RunFileError, translated
from rig.recording.finish import finish_recording
from rig.recording.reader import RunReader
from rig.recording.rescue import rescue
from rig.recording.wal import beside
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.recording import make, make_bad

NOW_US = make.UTC_US + 10**12


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@contextmanager
def full_disk(path: Path, room: int) -> Iterator[None]:
    """No file may be longer than the run file ``path`` is now, and ``room`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut short"])
def test_a_read_only_folder_is_read_and_left_as_it_is(tmp_path: Path, cut: bool) -> None:
    path = tmp_path / "a.run.duckdb"
    make_bad.killed(path) if cut else make.make_run(path)
    for file in tmp_path.iterdir():
        file.chmod(0o444)
    before = contents(tmp_path)
    with make_bad.read_only(tmp_path), RunReader(path) as reader:
        assert reader.summary().samples == 1000
        assert reader.verify() is (Verified.NONE_KEPT if cut else Verified.MATCHES)
        assert reader.damage() == ()
    assert contents(tmp_path) == before


def test_a_full_disk_finishes_nothing_and_loses_nothing(tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    with full_disk(path, -4096), pytest.raises(RunFileError, match="may not grow further"):
        finish_recording(path, NOW_US)
    with RunReader(path) as reader:
        assert reader.summary().samples == 1000
    assert finish_recording(path, NOW_US).samples == 1000


def test_a_full_disk_takes_no_note_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    with full_disk(path, 4096 - path.stat().st_size), pytest.raises(RunFileError, match="may not grow further"):
        annotate.add(path, "x" * 9000, make.UTC_US, "", NOW_US)
    with RunReader(path) as reader:
        assert len(reader.notes()) == 1
        assert reader.verify() is Verified.MATCHES


def test_a_full_disk_leaves_no_half_of_a_rescued_run(tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    log = bytearray(beside(path).read_bytes())
    log[-300] ^= 1
    beside(path).write_bytes(log)
    before = contents(tmp_path)
    with full_disk(path, -4096), pytest.raises(RunFileError, match="may not grow further"):
        rescue(path, tmp_path / "saved.run.duckdb", NOW_US)
    assert contents(tmp_path) == before


def jumps() -> np.ndarray:
    """The pump's clock jumps ahead and back within a boot, and this computer's does."""
    rows = make.samples(0, 3000)
    rows["t_us"][1000:] += 3_600_000_000
    rows["t_us"][2000:] -= 7_200_000_000
    rows["host_us"][1500:] -= 86_400_000_000
    return rows


def resets() -> np.ndarray:
    """Each boot begins at 0 again, and one comes twice."""
    return np.concatenate([make.samples(0, 500, boot=boot) for boot in (1, 2, 3, 1, 2**32 - 1)])


def at_once() -> np.ndarray:
    """All at one moment, by both clocks."""
    rows = make.samples(0, 2000)
    rows["t_us"], rows["host_us"] = 5, make.UTC_US
    return rows


@pytest.mark.parametrize("made", [jumps, resets, at_once])
def test_clocks_that_jump_and_times_that_overlap_are_shown(tmp_path: Path, made: Callable[[], np.ndarray]) -> None:
    path, rows = tmp_path / "a.run.duckdb", made()
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        for part in np.array_split(rows, 7):
            writer.add(Batch(samples=part))
            writer.commit()
        written = writer.finish("test")
    with RunReader(path) as reader:
        assert reader.summary() == written
        assert reader.info()["samples"] == len(rows)
        assert reader.verify() is Verified.MATCHES
        boots = reader.boots()
        assert sum(boot.rows for boot in boots) == len(rows)
        begin = boots[0].start_us + boots[0].epoch_us
        for channel in telemetry.CHANNELS:
            assert reader.window(channel.field, begin, begin + 10**10, 100).low.shape == (100,)


def test_a_million_events_in_a_second_are_summarised(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, why=None)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """INSERT INTO events SELECT 4 + n, 'occlusion', 2, 1, n, n, 1700000000, 5, 0, ? + n
            FROM range(1, 1000001) AS _(n)""",
            [make.UTC_US],
        )
    with RunReader(path) as reader:
        info = reader.info()
        assert (info["events"], info["events_by_kind"]["occlusion"]) == (1_000_004, 1_000_001)
        assert [event.number for event in reader.events(999_999, 3)] == [1_000_000, 1_000_001, 1_000_002]
        assert reader.events(1_000_003)[0].number == 1_000_004


def test_an_edit_gives_a_hostile_file_no_more_than_a_look(tmp_path: Path) -> None:
    path, secret = tmp_path / "a.run.duckdb", tmp_path / "secret.txt"
    secret.write_text("the key to the lab")
    make.make_run(path, why=None)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE VIEW leak AS SELECT content FROM read_text('{secret}')")
        connection.execute("CREATE TABLE rows AS SELECT 1 AS host_us, 'planted' AS text")
        connection.execute("CREATE TABLE bound AS FROM rows")
    finish_recording(path, NOW_US)
    annotate.add(path, "x", make.UTC_US, "", NOW_US)
    with RunReader(path) as reader:
        assert sorted(note.text for note in reader.notes())[-1] == "x"
        assert len(reader.notes()) == 3
    with open_to_edit(path) as connection:
        for attempt in (
            "FROM leak",
            f"COPY run TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "SET enable_external_access = true",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(attempt)
    assert sorted(contents(tmp_path)) == ["a.run.duckdb", "secret.txt"]


def test_macros_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, why=None)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE MACRO coalesce(x, y) AS 7")
    before = contents(tmp_path)
    for edit in (lambda: finish_recording(path, NOW_US), lambda: annotate.add(path, "x", make.UTC_US, "", NOW_US)):
        with pytest.raises(RunFileError, match="holds macros"):
            edit()
    assert contents(tmp_path) == before


def test_a_log_of_another_run_is_a_sentence_and_changes_neither(tmp_path: Path) -> None:
    path = make_bad.killed(tmp_path / "a.run.duckdb")
    other = make_bad.killed(tmp_path / "b.run.duckdb", 1)
    beside(other).replace(beside(path))
    before = contents(tmp_path)
    for look in (RunReader, lambda path: finish_recording(path, NOW_US)):
        with pytest.raises(RunFileError, match="damaged or of another file"):
            look(path)
    assert contents(tmp_path) == before


def test_ctrl_c_while_much_is_read_stays_one() -> None:
    with pytest.raises(KeyboardInterrupt), translated(Path("a.run.duckdb")):
        raise RuntimeError("Query interrupted")  # as DuckDB does
    with pytest.raises(RuntimeError, match="something else"), translated(Path("a.run.duckdb")):
        raise RuntimeError("something else")
