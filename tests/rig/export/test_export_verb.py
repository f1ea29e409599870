"""The verb export: its words, what it refuses, and that nothing is left of an export that didn't come to its end."""

import json
import random
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from firmware_link.errors import PumpError, UsageError
from rig.cli import app
from rig.export import blocks
from rig.export.columns import TABLES
from rig.export.exporting import ABOUT, export
from rig.export.order import (
    CSV,
    FORMATS,
    MCAP,
    PARQUET,
    Order,
    default_output,
    parse_channels,
    parse_interval_us,
)
from rig.export.verb import Words, export_runs
from tests.rig.recording import make


def told(*words: object) -> dict[str, list[dict[str, Any]]]:
    """What ``export WORDS --json`` prints."""
    result = CliRunner().invoke(app, ["export", *map(str, words), "--json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    answer: dict[str, list[dict[str, Any]]] = json.loads(result.stdout)
    return answer


def test_without_more_words_it_makes_a_folder_of_parquet_beside_the_run(run: Path) -> None:
    (made,) = told(run)["exported"]
    names = {f"{table}.parquet" for table in TABLES} | {ABOUT}
    assert {Path(file).name for file in made["files"]} == names
    assert {path.name for path in (run.parent / "bench.parquet").iterdir()} == names
    assert made["rows"]["samples"] == 400


def test_one_table_is_one_file(run: Path) -> None:
    told(run, "--format", "csv", "--table", "events")
    assert (run.parent / "bench.events.csv").read_text(encoding="utf-8").count("\n") == 5


def test_bounds_of_time_are_counted_from_the_first_sample(run: Path) -> None:
    (made,) = told(run, "-f", "csv", "--from", "00:00:10", "--to", "20 s", "--rate", "2 Hz", "-o", run.parent / "x")[
        "exported"
    ]
    assert made["rows"]["samples"] == 20


def test_several_runs_go_into_one_folder_and_one_that_is_damaged_stops_no_other(run: Path, tmp_path: Path) -> None:
    other, broken = tmp_path / "other.run.duckdb", tmp_path / "broken.run.duckdb"
    make.make_run(other, 20)
    broken.write_bytes(b"no database at all" * 1000)
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["export", str(run), str(broken), str(other), "-f", "mcap", "-o", str(out)])
    assert isinstance(result.exception, PumpError)
    assert "broken.run.duckdb is not a run file" in str(result.exception)
    assert sorted(path.name for path in out.iterdir()) == ["bench.mcap", "other.mcap"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "xlsx"], "no format"),
        (["--table", "frames"], "no table"),
        (["--channels", "speed"], "no channel"),
        (["--rate", "0 Hz"], "no samples"),
        (["--rate", "often"], "duration"),
        (["--utc-offset", "+25:00"], "not an offset"),
        (["--from", "1 min", "--to", "30 s"], "isn't after"),
        (["--to-dataset", "set", "--from", "1 min"], "--from isn't for a dataset"),
        (["--to-dataset", "set", "--format", "csv"], "--format isn't for a dataset"),
    ],
)
def test_words_that_make_no_sense_are_refused_with_a_sentence(run: Path, words: list[str], said: str) -> None:
    before = sorted(run.parent.iterdir())
    result = CliRunner().invoke(app, ["export", str(run), *words])
    assert isinstance(result.exception, UsageError)
    assert said in result.exception.sentence()
    assert result.exception.remedy
    assert sorted(run.parent.iterdir()) == before


def test_channels_are_known_by_column_field_or_title() -> None:
    assert parse_channels("Flow, delivered_ul,pressure_pa") == ("measured_nl", "flow_pl_s", "pressure_pa")
    assert parse_channels("") == ()


def test_rates_as_people_write_them() -> None:
    assert [parse_interval_us(text) for text in ("2 Hz", "0.1Hz", "10/s", "5 min")] == [
        500_000,
        10**7,
        10**5,
        3 * 10**8,
    ]


# -- whole or not at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_written_over_unless_it_is_asked_for(run: Path, format: str) -> None:
    order = Order(run, default_output(run, format), format)
    before = {path: path.read_bytes() for path in export(order).files}
    with pytest.raises(UsageError, match="exists already"):
        export(order)
    assert {path: path.read_bytes() for path in before} == before
    beside = run.parent / "bench.csv" / "mine.txt"
    if format == CSV:
        beside.write_text("mine")
    export(Order(run, order.output, format, end_s=10.0, force=True))
    assert any(path.read_bytes() != old for path, old in before.items())
    assert format != CSV or beside.read_text() == "mine"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("after", [0, 3])
def test_an_export_that_is_ended_leaves_nothing(
    run: Path, monkeypatch: pytest.MonkeyPatch, format: str, after: int
) -> None:
    monkeypatch.setattr(blocks, "ROWS", 100)
    before, heard = sorted(run.parent.iterdir()), []

    def follow(*so_far: object) -> None:
        heard.append(so_far)
        if len(heard) > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(Order(run, default_output(run, format), format, table="" if format == MCAP else "samples"), follow)
    assert sorted(run.parent.iterdir()) == before


def test_ctrl_c_ends_it_at_the_next_block_and_leaves_nothing(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 100)
    before = sorted(run.parent.iterdir())
    with pytest.raises(KeyboardInterrupt):
        export_runs([run], Words(table="samples"), None, None, lambda *_: signal.raise_signal(signal.SIGINT))
    assert sorted(run.parent.iterdir()) == before


def test_progress_goes_from_nothing_to_all(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 100)
    for format in FORMATS:
        heard: list[tuple[int, int | None, str]] = []
        export(Order(run, default_output(run, format), format), lambda *so_far, heard=heard: heard.append(so_far))
        parts = [done / (total or 1) for done, total, _ in heard]
        assert parts == sorted(parts)
        assert 0 < parts[-1] <= 1


def test_many_blocks_are_the_same_file_as_one(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def rows(name: str) -> list[tuple[object, ...]]:
        path = run.with_name(name)
        export(Order(run, path, PARQUET, table="samples"))
        assert export(Order(run, path.with_suffix(".events"), PARQUET, table="events")).rows == {"events": 4}
        with duckdb.connect() as connection:
            columns = "* EXCLUDE (time, host_time), epoch_us(time), epoch_us(host_time)"
            return connection.execute(f"SELECT {columns} FROM read_parquet($1)", [str(path)]).fetchall()

    whole = rows("one.parquet")
    monkeypatch.setattr(blocks, "ROWS", 130)
    monkeypatch.setattr(blocks, "RECORDS_ROWS", 3)
    assert rows("many.parquet") == whole
    csv_whole = export(Order(run, run.with_name("many.csv"), CSV, table="samples")).files[0].read_bytes()
    monkeypatch.undo()
    assert export(Order(run, run.with_name("one.csv"), CSV, table="samples")).files[0].read_bytes() == csv_whole


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 2 KiB, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield resource.setrlimit(resource.RLIMIT_FSIZE, (2048, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("format", FORMATS)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    run: Path, small_files: None, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    before = sorted(run.parent.iterdir())
    with pytest.raises(UsageError, match="may not grow further") as refused:
        export(Order(run, default_output(run, format), format))
    assert refused.value.remedy
    assert sorted(run.parent.iterdir()) == before


@pytest.mark.parametrize("seed", range(4))
def test_of_a_damaged_recording_there_is_all_or_nothing(run: Path, seed: int) -> None:
    rng = random.Random(seed)
    with run.open("r+b") as file:
        for _ in range(10):
            file.seek(rng.randrange(12_288, run.stat().st_size))
            file.write(bytes([rng.randrange(256)]))
    before = sorted(run.parent.iterdir())
    made, left = (), before
    with suppress(PumpError):  # no other error comes of it
        made = export(Order(run, default_output(run, CSV), CSV)).files
        left = sorted([*before, default_output(run, CSV)])
    assert all(path.is_file() for path in made)
    assert sorted(run.parent.iterdir()) == left


def test_a_missing_library_is_a_sentence(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcap.writer", None)
    with pytest.raises(UsageError, match="isn't installed") as refused:
        export(Order(run, default_output(run, MCAP), MCAP))
    assert "pump-programmer[mcap]" in refused.value.remedy


def test_names_with_signs_that_a_database_reads_are_names(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 100)
    for format in FORMATS:
        made = export(Order(run, run.parent / "it's [1]*?" / f"a 'b' {format}", format, table="samples"))
        assert all(path.is_file() for path in made.files)
