"""Of a damaged run file, all is saved that can still be read, and the rest is named."""

import random
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rig.recording.digest import Verified
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.records import Note
from rig.recording.rescue import RESCUED, rescue
from rig.recording.rollup import rolled_up
from rig.recording.summary import CUT_SHORT
from rig.recording.wal import beside
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.recording import make, make_bad

NOW_US = make.UTC_US + 10**12
ROWS = 300_000
SAMPLES = make.samples(0, ROWS)
SAMPLES["pressure_pa"] = np.random.default_rng(3).integers(0, 2**31, ROWS)  # so that one block doesn't hold all of it


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A run of three of DuckDB's row groups."""
    path = tmp_path_factory.mktemp("whole") / "a.run.duckdb"
    with RunWriter(path, make.ManualClock(make.UTC_US), make.SESSION) as writer:
        writer.add(Batch(samples=SAMPLES, events=tuple(make.event(number) for number in range(1, 60))))
        writer.note("Kinked by hand.", make.UTC_US, "Bench 2")
        writer.finish("operator", planned_nl=7)
    return path.read_bytes()


def block_of(path: Path, table: str, column: str, row: int) -> int:
    """Where the file keeps what the row has in a column."""
    with duckdb.connect(str(path), read_only=True) as connection:
        query = f"""SELECT block_id, block_offset FROM pragma_storage_info('{table}')
            WHERE column_name = '{column}' AND segment_type <> 'VALIDITY' AND persistent AND block_id >= 0
            AND row_group_id * 122880 + start <= {row} AND row_group_id * 122880 + start + count > {row}"""
        block, offset = connection.execute(query).fetchall()[0]
        (size,) = connection.execute("SELECT block_size FROM pragma_database_size()").fetchall()[0]
    return 3 * 4096 + int(block) * int(size) + 8 + int(offset)


def damaged(path: Path, whole: bytes, at: int) -> None:
    broken = bytearray(whole)
    broken[at] ^= 4
    path.write_bytes(broken)


def test_lost_samples_leave_a_gap_and_a_note(tmp_path: Path, whole: bytes) -> None:
    path, output = tmp_path / "a.run.duckdb", tmp_path / "saved.run.duckdb"
    path.write_bytes(whole)
    damaged(path, whole, block_of(path, "samples", "pressure_pa", 150_000))
    broken = path.read_bytes()
    with RunReader(path) as reader:
        (lost,) = reader.damage()
        assert len(reader.events()) == 59
        with pytest.raises(RunFileError, match="is damaged"):
            reader.verify()
    assert lost.table == "samples"
    assert 0 < lost.first_row <= 150_000 < lost.first_row + lost.rows < ROWS
    told: list[int] = []
    rescued = rescue(path, output, NOW_US, told.append)
    assert path.read_bytes() == broken
    assert sorted(tmp_path.iterdir()) == [path, output]
    assert rescued.lost == (lost.sentence(),)
    assert rescued.summary.samples == told[-1] == ROWS - lost.rows
    rows = SAMPLES
    left = np.concatenate([rows[: lost.first_row], rows[lost.first_row + lost.rows :]])
    with RunReader(output) as reader:
        assert reader.verify() is Verified.MATCHES
        assert reader.damage() == ()
        assert np.array_equal(reader.samples(0, ROWS), left)
        assert np.array_equal(reader.rollup("flow_pl_s")["row"], rolled_up(left, 0)["row"])
        (gap,) = reader.gaps()
        before, after = rows[lost.first_row - 1], rows[lost.first_row + lost.rows]
        assert (gap.start_us, gap.end_us, gap.missing) == (before["t_us"], after["t_us"], lost.rows)
        assert len(reader.events()) == 59
        assert reader.notes() == (
            Note(make.UTC_US, "Kinked by hand.", "Bench 2", make.UTC_US),
            Note(make.UTC_US, lost.sentence(), "", NOW_US),
        )
        assert (reader.run.ended, reader.run.planned_nl) == (f"operator, {RESCUED}", 7)


@pytest.mark.parametrize(("table", "column"), [("run", "run_id"), ("run", "settings"), ("events", "kind")])
def test_the_samples_survive_whatever_else_is_lost(tmp_path: Path, whole: bytes, table: str, column: str) -> None:
    path, output = tmp_path / "a.run.duckdb", tmp_path / "saved.run.duckdb"
    path.write_bytes(whole)
    damaged(path, whole, block_of(path, table, column, 0))
    assert rescue(path, output, NOW_US).lost
    with RunReader(output) as reader:
        assert reader.verify() is Verified.MATCHES
        assert len(reader.samples(0, ROWS)) == ROWS


def test_whatever_bit_flips_there_is_a_sentence_or_what_is_left_is_true(tmp_path: Path, whole: bytes) -> None:
    path, output = tmp_path / "a.run.duckdb", tmp_path / "saved.run.duckdb"
    rng, saved = random.Random(11), 0
    for _ in range(4):
        output.unlink(missing_ok=True)
        damaged(path, whole, rng.randrange(len(whole)))
        refused: RunFileError | None = None
        try:
            rescue(path, output, NOW_US)
        except RunFileError as error:
            refused = error
        if refused is not None:
            assert refused.damaged or "nothing to rescue" in refused.remedy, refused.sentence()
            assert [file.name for file in tmp_path.iterdir()] == [path.name]
            continue
        saved += 1
        with RunReader(output) as reader:
            kept = reader.samples(0, ROWS)
            assert reader.verify() is Verified.MATCHES
        assert np.array_equal(kept, SAMPLES[kept["index"]])
    assert saved > 0


def test_a_damaged_log_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path, output = make_bad.killed(tmp_path / "a.run.duckdb"), tmp_path / "saved.run.duckdb"
    log = bytearray(beside(path).read_bytes())
    log[-300] ^= 1
    beside(path).write_bytes(log)
    with pytest.raises(RunFileError, match=r"can't be read with the \.wal beside it") as refused:
        RunReader(path)
    assert refused.value.damaged
    rescued = rescue(path, output, NOW_US)
    assert beside(path).read_bytes() == log
    assert rescued.lost[0].startswith("Of the .wal beside the file, ")
    with RunReader(output) as reader:
        assert reader.summary().samples == 500
        assert reader.run.ended == f"{CUT_SHORT}, {RESCUED}"
        assert reader.verify() is Verified.MATCHES


def test_an_older_format_is_rescued_into_the_present_one(tmp_path: Path) -> None:
    path, output = tmp_path / "a.run.duckdb", tmp_path / "saved.run.duckdb"
    make.make_run(path)
    with duckdb.connect(str(path)) as connection:
        make_bad.take_back(connection, 2)
    whole = path.read_bytes()
    damaged(path, whole, block_of(path, "samples", "t_us", 0))
    assert rescue(path, output, NOW_US).summary.events == 4
    with RunReader(output) as reader:
        assert reader.verify() is Verified.MATCHES


def test_a_whole_file_needs_no_rescue(tmp_path: Path) -> None:
    path, output = tmp_path / "a.run.duckdb", tmp_path / "saved.run.duckdb"
    make.make_run(path)
    with pytest.raises(RunFileError, match="can be read"):
        rescue(path, output, NOW_US)
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    before = path.read_bytes()
    with pytest.raises(RunFileError, match="exists already"):
        rescue(path, path, NOW_US)
    assert path.read_bytes() == before
