"""Files that are not what they should be: each gets a sentence, and none gets its way."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from firmware_link.clock import ManualClock
from rig import described
from rig.firmware.program import Program
from rig.recording.access import open_read_only
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch, LinkCounters
from tests.rig.recording import make, make_bad


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path, 2000)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a.run.duckdb"
    make.make_run(path, 2000)
    return path.read_bytes()


@contextmanager
def altered(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(path)) as connection:
        yield connection


def everything(path: Path) -> Any:
    """All that a reader gives."""
    with RunReader(path) as reader:
        rows = (reader.samples(0, 10_000).tobytes(), reader.rollup("pressure_pa").tobytes())
        return reader.info(), reader.events(), reader.notes(), rows, reader.truth().tobytes(), reader.hindsight()


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="There is no file"):
        RunReader(tmp_path / "a.run.duckdb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\0", b"not a database " * 1000], ids=["empty", "a byte", "text"])
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(content)
    with pytest.raises(RunFileError, match="is not a run file"):
        RunReader(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="is a folder"):
        RunReader(tmp_path)


def test_somebody_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    with altered(path) as connection:
        connection.execute("CREATE TABLE run (name VARCHAR)")
    with pytest.raises(RunFileError, match="is not a run file"):
        RunReader(path)


def test_a_newer_format(run: Path) -> None:
    with altered(run) as connection:
        connection.execute("UPDATE run SET schema_version = 6")
        connection.execute("ALTER TABLE samples ADD COLUMN humidity INTEGER")
    with pytest.raises(RunFileError, match="has format 6, and this program knows up to 5") as refused:
        RunReader(run)
    assert refused.value.remedy == "Update this program."


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_run_of_an_older_format_opens_without_what_it_lacks(tmp_path: Path, version: int) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    writer.add(Batch(samples=make.samples(0, 10), counters=LinkCounters(bytes_in=9)))
    writer.program("found", "", Program(0, 0, [], [(1000, 60_000)]), None)
    writer.note("Kinked by hand.", make.UTC_US, "Bench 2", marker=True)
    writer.finish("operator", 0)
    with RunReader(run) as reader:
        info, programs = reader.info(), reader.programs()
        assert len(reader.health()) == 1
    with altered(run) as connection:
        make_bad.take_back(connection, version)
    with RunReader(run) as reader:
        digest = info["digest"] if version == 4 else None
        assert reader.info() == info | {"schema_version": version, "digest": digest}
        assert reader.programs() == programs
        (note,) = reader.notes()
        assert note.text == "Kinked by hand."
        assert note.marker is (version == 4)
        assert len(reader.truth()) == len(reader.strikes()) == len(reader.weighings()) == 0
        assert len(reader.health()) == (version == 4)
        assert reader.cases() == reader.steps() == reader.reviews() == ()
        assert len(reader.samples(0, 100)) == 10


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE notes",
        "DROP TABLE truth",
        "ALTER TABLE strikes DROP COLUMN amount",
        "ALTER TABLE programs DROP COLUMN demand",
        "ALTER TABLE samples DROP COLUMN t_us",
        "ALTER TABLE samples ALTER pressure_pa TYPE VARCHAR",
        "DELETE FROM run",
        "INSERT INTO run SELECT * FROM run",
        "UPDATE run SET schema_version = NULL",
    ],
)
def test_tables_of_another_shape(run: Path, change: str) -> None:
    with altered(run) as connection:
        connection.execute(change)
    with pytest.raises(RunFileError, match="is not a run file"):
        RunReader(run)


def test_strikes_that_cannot_be_are_told_all_the_same(run: Path) -> None:
    with altered(run) as connection:
        connection.execute(f"INSERT INTO truth SELECT boot, t_us, host_us{', 0' * 17} FROM samples")
        for moment in (-(2**63), 2**63 - 1):
            connection.execute("INSERT INTO strikes VALUES (?, 'no such fault', true, 'NaN')", [moment])
    _, text = described.of_run(run, truth=True)
    assert text.count("fault no such fault") == 2
    assert "a time that can't be" in text


def test_moments_beyond_all_numbers_are_a_sentence(run: Path) -> None:
    with altered(run) as connection:
        connection.execute("INSERT INTO strikes VALUES (0, 'stall', true, NULL)")
        connection.execute(f"INSERT INTO truth VALUES (1, 0, 9223372036854775807{', 0' * 17})")
        connection.execute("UPDATE events SET kind = 'motor_stall', detected_us = 9223372036854775807")
        connection.execute("UPDATE events SET host_us = 9223372036854775807")
        connection.execute("UPDATE samples SET host_us = 9223372036854775807, t_us = -9223372036854775808")
    described.of_run(run)
    with pytest.raises(RunFileError, match="can't be used"):
        described.of_run(run, truth=True)


@pytest.mark.parametrize("settings", ["{", "[1]", '{"rollers": "six"}'])
def test_structures_of_another_shape(run: Path, settings: str) -> None:
    with altered(run) as connection:
        connection.execute("UPDATE run SET settings = ?", [settings])
    with RunReader(run) as reader, pytest.raises(RunFileError, match="was altered: table run"):
        reader.info()


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM samples WHERE rowid = 5", "UPDATE samples SET boot = NULL", "UPDATE events SET number = NULL"],
)
def test_rows_and_values_that_are_missing_are_a_sentence(run: Path, change: str) -> None:
    with altered(run) as connection:
        connection.execute(change)
    with pytest.raises(RunFileError, match="was altered: "):
        everything(run)


@pytest.mark.parametrize(
    "change",
    [
        "digest = 'no digest'",
        "cycle = '[[-1, 60000]]'",
        "prelude = '[[1, 0]]'",
        "demand = '[1, -60, 3, 4]'",
        "anchor_utc_s = -1",
        "utc_offset_min = 9223372036854775807",
    ],
)
def test_programs_that_cannot_be_are_a_sentence(tmp_path: Path, change: str) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    writer.program("found", "", Program(0, 0, [], [(1000, 60_000)]), None)
    writer.finish("operator", 0)
    with altered(run) as connection:
        connection.execute(f"UPDATE programs SET {change}")
    with RunReader(run) as reader, pytest.raises(RunFileError, match="was altered: it holds a"):
        reader.programs()


@pytest.mark.parametrize("found", ["{}", '{"digest": 0}', '{"digest": -99999999999999999999, "state": 1}'])
def test_a_status_that_lacks_something_gives_no_plan(run: Path, found: str) -> None:
    with altered(run) as connection:
        connection.execute("UPDATE run SET found = ?, planned_nl = NULL", [found])
    with RunReader(run) as reader:
        assert reader.summary().planned_nl is None


def test_a_view_in_a_tables_place_reads_nothing(run: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key to the lab")
    with altered(run) as connection:
        connection.execute("DROP TABLE notes")
        connection.execute(f"CREATE VIEW notes AS SELECT 1::BIGINT host_us, content AS text FROM read_text('{secret}')")
        assert "the key" in str(connection.execute("FROM notes").fetchall())
    with pytest.raises(RunFileError, match="is not a run file"):
        RunReader(run)


def test_further_views_open_and_read_nothing(run: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key to the lab")
    with altered(run) as connection:
        connection.execute(f"CREATE VIEW leak AS SELECT content FROM read_text('{secret}')")
    assert everything(run)
    with open_read_only(run) as connection:
        for attempt in (
            "FROM leak",
            f"FROM '{secret}'",
            f"COPY run TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "SET enable_external_access = true",
            "SET autoload_known_extensions = true",
            "INSTALL httpfs",
            "DELETE FROM samples",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(attempt)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.run.duckdb", "secret.txt"]


def test_macros_that_change_what_a_query_means_are_refused(run: Path) -> None:
    with altered(run) as connection:
        connection.execute("CREATE MACRO count(x) AS 7")
    with pytest.raises(RunFileError, match="holds macros"):
        RunReader(run)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path: Path, whole: bytes, share: float) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(RunFileError, match=r"is cut off|is not a run file"):
        everything(path)


def test_a_flipped_bit_never_changes_what_is_read(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(whole)
    truth = everything(path)
    rng = random.Random(5)
    refusals = []
    for _ in range(25):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        try:
            assert everything(path) == truth  # in space that nothing uses
        except RunFileError as error:
            refusals.append(error.what)
    assert len(refusals) > 5
    assert set(refusals) == {"a.run.duckdb is damaged: its checksums don't match."}
