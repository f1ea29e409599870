"""A recording that was cut short gets its end, and keeps all that it had."""

import random
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest

from firmware_link.errors import PortLost
from rig.recording import annotate, finish
from rig.recording.digest import Verified
from rig.recording.errors import RunFileError
from rig.recording.finish import finish_recording
from rig.recording.reader import RunReader
from rig.recording.records import Note
from rig.recording.summary import CUT_SHORT, FINISHED_LATER
from rig.recording.wal import beside
from rig.recording.writer import RunWriter
from rig.session import Batch, Gap, LinkChange, LinkState
from tests.rig.recording import make, make_bad

NOW_US = make.UTC_US + 10**12


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_bad.killed(tmp_path / "a.run.duckdb")


def test_a_finished_run_is_one_file_with_all_it_had(run: Path) -> None:
    with RunReader(run) as reader:
        before = reader.summary(), reader.events(), reader.samples(0, 2000), reader.rollup(), reader.gaps()
        assert (reader.verify(), reader.cut_short) == (Verified.NONE_KEPT, True)
    told: list[tuple[int, int]] = []
    summary = finish_recording(run, NOW_US, lambda done, total: told.append((done, total)))
    assert list(run.parent.iterdir()) == [run]
    assert told[-1] == (1000, 1000)
    with RunReader(run) as reader:
        assert (reader.verify(), reader.cut_short) == (Verified.MATCHES, False)
        assert reader.summary() == summary
        assert (summary.samples, summary.events, summary.ended) == (1000, 4, FINISHED_LATER)
        assert summary.ended.startswith(CUT_SHORT)
        assert reader.events() == before[1]
        assert np.array_equal(reader.samples(0, 2000), before[2])
        assert np.array_equal(reader.rollup(), before[3])
        assert reader.gaps() == before[4]
        last_us = int(before[2]["host_us"][-1])
        assert reader.run.ended_us == last_us
        assert reader.notes() == (Note(last_us, "The recording was cut short here, and finished later.", "", NOW_US),)


def test_finishing_again_changes_nothing(run: Path) -> None:
    summary = finish_recording(run, NOW_US)
    before = run.read_bytes()
    assert finish_recording(run, NOW_US + 1) == summary
    assert run.read_bytes() == before


def test_a_finished_run_takes_notes(run: Path) -> None:
    finish_recording(run, NOW_US)
    annotate.add(run, "Power cut.", NOW_US, "", NOW_US)
    with RunReader(run) as reader:
        assert reader.notes()[-1].text == "Power cut."
        assert reader.verify() is Verified.MATCHES


def test_long_runs_get_the_rest_of_their_rollup(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    rows = make.samples(0, 150_000)
    with RunWriter(run, make.ManualClock(make.UTC_US), make.SESSION) as writer:
        for part in np.array_split(rows, 4):
            writer.add(Batch(samples=part))
            writer.commit()
    finish_recording(run, NOW_US)
    with RunReader(run) as reader:
        assert int(reader.rollup()["rows"].sum()) == 150_000
        assert reader.verify() is Verified.MATCHES  # which compares the rollup, too


def test_a_pump_that_was_lost_leaves_the_gap_that_a_recorder_would_have_left(tmp_path: Path) -> None:
    lost = Batch(links=(LinkChange(LinkState.LOST, make.UTC_US, PortLost("Gone.", "")),))
    ends = []
    for name, whole in (("whole", True), ("cut", False)):
        run = tmp_path / f"{name}.run.duckdb"
        with RunWriter(run, make.ManualClock(make.UTC_US), make.SESSION) as writer:
            writer.add(Batch(samples=make.samples(0, 20)))
            writer.add(lost)
            writer.finish("operator") if whole else writer.commit()
        if not whole:
            finish_recording(run, NOW_US)
        with RunReader(run) as reader:
            ends.append((reader.gaps(), reader.summary().gaps))
    assert ends[0] == ends[1]
    assert ends[0][0][0].kind == "link"


def test_nothing_was_recorded(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    RunWriter(run, make.ManualClock(make.UTC_US), make.SESSION).close()
    assert finish_recording(run, NOW_US).samples == 0
    with RunReader(run) as reader:
        assert reader.run.ended_us == reader.run.started_us == make.UTC_US
        assert reader.verify() is Verified.MATCHES


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_format_is_finished_as_one(tmp_path: Path, version: int) -> None:
    run = tmp_path / "a.run.duckdb"
    make.make_run(run, why=None)
    with duckdb.connect(str(run)) as connection:
        make_bad.take_back(connection, version)
    assert finish_recording(run, NOW_US).ended == FINISHED_LATER
    with RunReader(run) as reader:
        assert reader.run.schema_version == version
        assert reader.verify() is Verified.NONE_KEPT
        assert int(reader.rollup()["rows"].sum()) == 1000


@pytest.mark.parametrize("step", ["_complete", "_end"])
def test_killed_while_finishing_it_is_still_to_be_finished(
    run: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proper = getattr(finish, step)

    def killed(*given: object) -> None:
        if step == "_complete":
            proper(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(finish, step, killed)
        with pytest.raises(KeyboardInterrupt):
            finish_recording(run, NOW_US)
    with RunReader(run) as reader:
        assert reader.cut_short
    assert finish_recording(run, NOW_US).samples == 1000
    with RunReader(run) as reader:
        assert reader.verify() is Verified.MATCHES
        assert reader.gaps() == (Gap("samples", 1, 50_000_000, 55_000_000, 50),)


def test_a_log_that_ends_within_an_entry_is_kept(run: Path) -> None:
    log = beside(run)
    whole = log.read_bytes()
    log.write_bytes(whole[:-20])
    finish_recording(run, NOW_US)
    kept = run.with_name("a.run.duckdb.wal.torn")
    assert sorted(run.parent.iterdir()) == [run, kept]
    assert kept.read_bytes() == whole[:-20]
    with RunReader(run) as reader:
        assert reader.summary().samples == 500
        assert reader.verify() is Verified.MATCHES
        assert reader.notes()[-1].text.endswith(f"kept in {kept.name}.")


def test_a_log_of_which_nothing_is_read_is_put_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, 20)
    before = path.read_bytes()
    beside(path).write_bytes(b"junk" * 100)
    finish_recording(path, NOW_US)
    kept = tmp_path / "a.run.duckdb.wal.torn"
    assert (sorted(tmp_path.iterdir()), kept.read_bytes(), path.read_bytes()) == ([path, kept], b"junk" * 100, before)
    finish_recording(path, NOW_US)


def test_whatever_happens_to_a_log_what_was_in_it_is_not_destroyed(tmp_path: Path) -> None:
    rng = random.Random(8)
    original = make_bad.killed(tmp_path / "a.run.duckdb")
    main, whole = original.read_bytes(), beside(original).read_bytes()
    for at in [0, 5, 40, *(rng.randrange(len(whole)) for _ in range(12))]:
        for file in tmp_path.iterdir():
            file.unlink()
        broken = bytearray(whole)
        broken[at] ^= 1 << rng.randrange(8)
        original.write_bytes(main)
        beside(original).write_bytes(broken)
        everything = False
        with suppress(RunFileError):
            everything = finish_recording(original, NOW_US).samples == 1000
        assert everything or broken in [file.read_bytes() for file in tmp_path.iterdir()]


def test_a_recording_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    with RunWriter(run, make.ManualClock(), make.SESSION) as writer:
        with pytest.raises(RunFileError, match="is being recorded by this program"):
            finish_recording(run, NOW_US)
        writer.note("still works")
        writer.commit()


def test_a_read_only_folder_is_a_sentence_and_nothing_changes(run: Path) -> None:
    before = {file: file.read_bytes() for file in run.parent.iterdir()}
    with make_bad.read_only(run.parent), pytest.raises(RunFileError, match="can't be changed here"):
        finish_recording(run, NOW_US)
    assert {file: file.read_bytes() for file in run.parent.iterdir()} == before
