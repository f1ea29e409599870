"""When the writer commits, what it calls durable, and what it refuses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from firmware_link.clock import ManualClock
from rig.recording.digest import Verified
from rig.recording.errors import RecordingError, RunFileError
from rig.recording.health import HealthLog
from rig.recording.reader import RunReader
from rig.recording.writer import COMMIT_EVERY_S, RunWriter
from rig.session import Batch, LinkCounters, SessionInfo
from tests.rig.recording import make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.run.duckdb"


@pytest.fixture
def writer(path: Path) -> Iterator[RunWriter]:
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        yield writer


def test_an_event_is_durable_only_after_the_commit(writer: RunWriter) -> None:
    writer.add(Batch(events=(make.event(1), make.event(2))))
    assert writer.durable_event == 0
    assert writer.commit_if_due(0.0)
    assert writer.durable_event == 2
    writer.add(Batch(events=(make.event(3),)))
    assert not writer.commit_if_due(COMMIT_EVERY_S / 2)
    assert writer.durable_event == 2
    assert writer.commit_if_due(COMMIT_EVERY_S)
    assert writer.durable_event == 3


def test_nothing_new_is_no_commit(writer: RunWriter) -> None:
    assert not writer.commit_if_due(0.0)
    writer.note("here")
    assert writer.commit_if_due(1.0)
    assert not writer.commit_if_due(100.0)


def test_much_at_once_does_not_wait(writer: RunWriter) -> None:
    writer.add(Batch(samples=make.samples(0, 10)))
    assert writer.commit_if_due(0.0)
    writer.add(Batch(samples=make.samples(10, 70_000)))
    assert writer.commit_if_due(0.01)
    assert writer.durable_samples == 70_010


def test_words_that_are_no_text_do_not_end_a_recording(writer: RunWriter, path: Path) -> None:
    writer.note("caf\udce9")
    writer.finish("\ud800")
    with RunReader(path) as reader:
        assert reader.notes()[0].text == "caf?"
        assert reader.run.ended == "?"
        assert reader.verify() is Verified.MATCHES


def test_a_checkpoint_folds_the_wal_every_30_s(writer: RunWriter, path: Path) -> None:
    wal = path.with_name(path.name + ".wal")
    for step in range(6):
        writer.add(Batch(samples=make.samples(step * 1000, 1000)))
        writer.commit_if_due(step * 5.0)
    assert wal.stat().st_size > 300_000
    writer.add(Batch(samples=make.samples(6000, 1000)))
    writer.commit_if_due(30.0)
    assert not wal.exists() or wal.stat().st_size < 1000


def test_an_event_sent_again_is_recorded_once(writer: RunWriter, path: Path) -> None:
    own = make.event(0)
    writer.add(Batch(events=(make.event(1), make.event(2), own)))
    writer.add(Batch(events=(make.event(2), make.event(3), own)))
    assert writer.finish("test").events == 5
    with RunReader(path) as reader:
        assert [event.number for event in reader.events()] == [1, 2, 0, 3, 0]


def test_the_links_health_is_kept_once_a_second_where_it_changed_and_at_the_end(path: Path) -> None:
    clock = ManualClock(make.UTC_US)
    writer = RunWriter(path, clock, make.SESSION)
    for bytes_in, after_s in ((0, 1.0), (10, 0.0), (20, 0.9), (30, 0.1), (30, 5.0), (40, 5.0), (50, 0.5)):
        clock.advance(after_s)
        writer.add(Batch(counters=LinkCounters(bytes_in=bytes_in, frames_bad=bytes_in // 10, bytes_unsent=7)))
    writer.finish("test")
    with RunReader(path) as reader:
        kept = [(health.host_us - make.UTC_US, health.bytes_in, health.frames_bad) for health in reader.health()]
    assert kept == [(1_000_000, 10, 1), (2_000_000, 30, 3), (12_000_000, 40, 4), (12_500_000, 50, 5)]


def test_a_computers_clock_that_jumps_back_does_not_silence_the_links_health() -> None:
    log = HealthLog()
    assert len(log.read(LinkCounters(bytes_in=1), make.UTC_US)) == 1
    assert len(log.read(LinkCounters(bytes_in=2), make.UTC_US - 3_600_000_000)) == 1


def test_a_pump_that_answers_later_is_identified(path: Path) -> None:
    session = SessionInfo("auto", "", None, can_control=True, can_seek=False, virtual=False)
    writer = RunWriter(path, ManualClock(), session)
    with writer.reader() as reader:
        assert reader.run.device_id is None
        writer.identify(replace(make.DEVICE, boot_count=9))
        writer.commit()
        assert (reader.run.device_id, reader.run.boot_count) == (make.DEVICE.device_id, 9)
    writer.finish("test")


def test_what_is_committed_can_be_read_while_recording(writer: RunWriter) -> None:
    writer.add(Batch(samples=make.samples(0, 5000)))
    with writer.reader() as reader:
        assert reader.summary().samples == 0
        writer.commit()
        assert reader.summary().samples == 5000
        assert reader.rollup()["rows"].tolist() == [4096, 904]


def test_a_finished_run_is_one_file_and_takes_no_more(writer: RunWriter, path: Path) -> None:
    writer.add(Batch(samples=make.samples(0, 50)))
    writer.finish("operator")
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(RecordingError, match="closed"):
        writer.add(Batch())
    with RunReader(path) as reader:
        assert not reader.cut_short


def test_the_file_opens_in_the_oldest_duckdb_we_support(writer: RunWriter, path: Path) -> None:
    writer.finish("test")
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path IS NOT NULL"
        assert "v1.4" in str(connection.execute(query).fetchone())


@pytest.mark.parametrize("taken", ["a.run.duckdb", "a.run.duckdb.wal"])
def test_nothing_is_overwritten(path: Path, taken: str) -> None:
    (path.parent / taken).write_bytes(b"evidence")
    with pytest.raises(RunFileError, match="exists already"):
        RunWriter(path, ManualClock(), make.SESSION)
    assert (path.parent / taken).read_bytes() == b"evidence"


def test_a_run_in_the_making_is_not_opened_twice_by_one_program(writer: RunWriter, path: Path) -> None:
    with pytest.raises(RunFileError, match="is being recorded by this program") as refused:
        RunReader(path)
    assert refused.value.busy
    assert not refused.value.damaged
    with pytest.raises(RunFileError, match="exists already"):
        RunWriter(path, ManualClock(), make.SESSION)
    writer.note("still works")
    writer.commit()


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="the folder doesn't exist"):
        RunWriter(tmp_path / "no" / "a.run.duckdb", ManualClock(), make.SESSION)


@contextmanager
def nobody() -> Iterator[None]:
    """As a user without privileges, where this is root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of another kind")
def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    closed = [folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & 0o001]
    for folder in closed:
        folder.chmod(0o555)
    try:
        with nobody(), pytest.raises(RunFileError, match="this user may not"):
            RunWriter(tmp_path / "a.run.duckdb", ManualClock(), make.SESSION)
    finally:
        for folder in closed:
            folder.chmod(0o700)
