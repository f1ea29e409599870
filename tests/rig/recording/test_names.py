"""What recordings may be called, links to them, and what is no file at all."""

import os
from pathlib import Path

import pytest

from firmware_link.clock import ManualClock
from rig.recording.errors import RunFileError
from rig.recording.finish import finish_recording
from rig.recording.reader import RunReader
from rig.recording.rescue import rescue
from rig.recording.wal import beside
from rig.recording.writer import RunWriter
from tests.rig.recording import make, make_bad

NOW_US = make.UTC_US + 10**12


@pytest.mark.parametrize("name", ["md:a", "~", "a:b", "*", "[a]", "100%", "a b\nc", "'; DROP TABLE run; --", '"', "µ✓"])
def test_a_name_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(f"{name}.run.duckdb")
    make.make_run(path, 20)
    with RunReader(path) as reader:
        assert reader.summary().samples == 20
    assert os.listdir() == [path.name]


@pytest.mark.parametrize("name", [b"a?b", b"a\\b", b"a\xff"])
def test_a_name_that_the_database_takes_for_another_is_refused(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name + b".run.duckdb")
    with pytest.raises(RunFileError, match="under this name"):
        RunWriter(path, ManualClock(make.UTC_US), make.SESSION)
    assert not list(tmp_path.iterdir())
    make.make_run(tmp_path / "a.run.duckdb", 20)
    (tmp_path / "a.run.duckdb").rename(path)
    with pytest.raises(RunFileError, match="under this name"):
        RunReader(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    os.mkfifo(path)
    with pytest.raises(RunFileError, match="is not a run file"):
        RunReader(path)


def test_the_log_of_a_link_is_beside_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    path = make_bad.killed(tmp_path / "far" / "a.run.duckdb")
    link = tmp_path / "b.run.duckdb"
    link.symlink_to("far/a.run.duckdb")
    with RunReader(link) as reader:
        assert (reader.summary().samples, reader.doubts()) == (1000, ())
    finish_recording(link, NOW_US)
    assert list((tmp_path / "far").iterdir()) == [path]


def test_a_link_to_a_damaged_run_is_rescued(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    path = make_bad.killed(tmp_path / "far" / "a.run.duckdb")
    log = beside(path)
    whole = bytearray(log.read_bytes())
    whole[len(whole) // 2] ^= 1
    log.write_bytes(whole)
    link = tmp_path / "b.run.duckdb"
    link.symlink_to("far/a.run.duckdb")
    rescued = rescue(link, tmp_path / "c.run.duckdb", NOW_US)
    assert "can't be read" in rescued.lost[0]
    assert (path.stat().st_size > 0, log.read_bytes()) == (True, bytes(whole))
