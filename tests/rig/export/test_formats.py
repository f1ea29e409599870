"""The three exports of one run agree with it, and with each other."""

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from firmware_link import telemetry
from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.export.blocks import Thinning
from rig.export.columns import CHANNEL_OF, TABLES
from rig.export.exporting import ABOUT, export
from rig.export.order import CSV, FORMATS, MCAP, PARQUET, Order, default_output
from rig.firmware.program import Program
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch, Gap
from tests.rig.recording import make

LOST = 50  # samples that make.batches leaves out in the middle

Rows = list[dict[str, Any]]


def exported(run: Path, format: str, **fields: Any) -> Path:
    """Where ``run`` was exported to."""
    output = default_output(run, format, fields.get("table", ""))
    export(Order(run, output, format, **fields))
    return output


def from_parquet(path: Path, table: str) -> Rows:
    """As DuckDB reads it; times in ISO 8601."""
    with duckdb.connect() as connection:
        kinds = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet($1)", [str(path / f"{table}.parquet")]
        ).fetchall()
        shown = ", ".join(
            f"strftime(timezone('UTC', \"{name}\"), '%Y-%m-%dT%H:%M:%S.%f+00:00') AS \"{name}\""
            if "TIME" in kind
            else f'"{name}"'
            for name, kind, *_ in kinds
        )
        found = connection.execute(f"SELECT {shown} FROM read_parquet($1)", [str(path / f"{table}.parquet")])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def from_csv(path: Path, table: str) -> Rows:
    """As the standard library reads it, numbers and truth values made of their words; "" for no value."""
    with (path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [{name: _value(text) for name, text in row.items()} for row in csv.DictReader(file)]


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def from_mcap(path: Path, table: str) -> Rows:
    """As the ``mcap`` reader gives it."""
    with path.open("rb") as file:
        return [json.loads(message.data) for _, _, message in make_reader(file).iter_messages(topics=[f"/{table}"])]


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Without what has no value."""
    return {name: value for name, value in row.items() if value not in (None, "")}


def test_three_exports_agree_with_the_run_and_with_each_other(run: Path) -> None:
    parquet, text, messages = (exported(run, format) for format in FORMATS)
    with RunReader(run) as reader:
        samples, events, notes = reader.samples(0, 1000), reader.events(), reader.notes()
    rows = from_parquet(parquet, "samples")
    real = [row for row in rows if row["sample_index"] is not None]
    for name, channel in CHANNEL_OF.items():
        exact = [
            float(raw * Decimal(str(channel.scale)).quantize(Decimal("1e-9")))
            for raw in samples[channel.field].tolist()
        ]
        assert [row[name] for row in real] == exact
        assert np.allclose(exact, telemetry.column(samples, channel.field), rtol=1e-14)
    assert [row["sample_index"] for row in real] == samples["index"].tolist()
    for table in TABLES:
        ours = list(map(said, from_parquet(parquet, table)))
        assert ours == list(map(said, from_csv(text, table)))
        if table == "samples":
            ours = list(map(said, real))
        assert ours == list(map(said, from_mcap(messages, table)))
    assert [row["kind"] for row in from_csv(text, "events")] == [event.kind for event in events]
    assert [row["text"] for row in from_mcap(messages, "notes")] == [note.text for note in notes]


def test_times_are_iso_8601_with_the_offset_that_was_asked_for(run: Path) -> None:
    first = from_csv(exported(run, CSV, offset_min=-210), "samples")[0]
    assert first["time"].endswith("-03:30")
    with RunReader(run) as reader:
        at_us = int(reader.samples(0, 1)["host_us"][0])
    assert datetime.fromisoformat(first["time"]).timestamp() == at_us / 1e6
    assert first["elapsed_s"] == 0


def test_lost_time_is_a_row_with_times_alone_where_it_began(run: Path) -> None:
    rows = from_parquet(exported(run, PARQUET), "samples")
    (lost,) = [at for at, row in enumerate(rows) if row["sample_index"] is None]
    assert {name for name, value in rows[lost].items() if value is not None} == {"time", "elapsed_s"}
    before, after = rows[lost - 1], rows[lost + 1]
    assert after["sample_index"] - before["sample_index"] == LOST + 1
    assert rows[lost]["elapsed_s"] == pytest.approx(before["elapsed_s"] + 1e-6)


def test_gaps_have_their_begin_and_end_on_the_axis_of_the_samples(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    before, after = make.samples(0, 20), make.samples(40, 20)
    gap = Gap("samples", 1, int(before["t_us"][-1]), int(after["t_us"][0]), 20)
    writer.add(Batch(np.concatenate([before, after]), gaps=(gap, Gap("link", 7, 0, 1, 0))))
    writer.finish("test")
    path = exported(run, CSV)
    samples, (gap_row, unplaced) = from_csv(path, "samples"), from_csv(path, "gaps")
    assert (gap_row["time"], gap_row["end_time"]) == (samples[19]["time"], samples[21]["time"])
    assert (gap_row["duration_s"], gap_row["missing"]) == (2.1, 20)
    assert (unplaced["time"], unplaced["kind"], unplaced["missing"]) == ("", "link", "")


def test_a_pump_without_a_balance_has_no_value_there(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    writer.add(Batch(make.samples(0, 5, balance=False)))
    writer.finish("test")
    assert {row["delivered_ul"] for row in from_parquet(exported(run, PARQUET), "samples")} == {None}
    assert {row["delivered_ul"] for row in from_csv(exported(run, CSV), "samples")} == {""}
    assert not any("delivered_ul" in row for row in from_mcap(exported(run, MCAP), "samples"))


def test_mcap_says_what_its_messages_are_and_when(run: Path) -> None:
    with exported(run, MCAP).open("rb") as file:
        summary = make_reader(file).get_summary()
        assert summary is not None
        topics = {channel.topic: summary.schemas[channel.schema_id] for channel in summary.channels.values()}
        assert set(topics) == {f"/{table}" for table in TABLES}
        assert {schema.encoding for schema in topics.values()} == {"jsonschema"}
        schema = json.loads(topics["/samples"].data)
        file.seek(0)
        _, _, first = next(iter(make_reader(file).iter_messages(topics=["/samples"])))
        file.seek(0)
        (about,) = make_reader(file).iter_metadata()
    message = json.loads(first.data)
    assert set(message) <= set(schema["properties"])
    assert {schema["properties"][name]["type"] for name in CHANNEL_OF} == {"number"}
    assert first.log_time == datetime.fromisoformat(message["time"]).timestamp() * 1e9
    assert about.metadata["device_id"] == make.DEVICE.device_id


def test_a_stretch_of_time_some_channels_and_a_lower_rate(run: Path) -> None:
    fields = {"begin_s": 5.0, "end_s": 9.0, "channels": ("flow_pl_s",), "interval_us": 1_000_000}
    path = exported(run, CSV, **fields)
    rows = from_csv(path, "samples")
    assert [row["elapsed_s"] for row in rows] == [5, 6, 7, 8]
    assert set(rows[0]) & set(CHANNEL_OF) == {"flow_ml_day"}
    about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
    assert (about["from_s"], about["to_s"], about["one_sample_each_s"]) == (5, 9, 1)
    assert about["tables"]["samples"]["count"] == 4


def test_a_stretch_from_the_beginning_has_what_came_before_the_first_sample(run: Path) -> None:
    assert len(from_csv(exported(run, CSV, begin_s=0.0, end_s=1.0), "events")) == 4


def test_the_program_that_a_stretch_begins_with_is_part_of_it(tmp_path: Path) -> None:
    run, clock = tmp_path / "a.run.duckdb", ManualClock(make.UTC_US)
    writer = RunWriter(run, clock, make.SESSION)
    for name in ("first", "second", "third"):
        writer.program(name, "", Program(1_700_000_000, 60, [], [(1000, 1000)]), None)
        clock.advance(10)
    writer.add(Batch(make.samples(0, 400)))
    writer.finish("test")
    rows = from_csv(exported(run, CSV, begin_s=12.0, end_s=15.0), "programs")
    assert [row["name"] for row in rows] == ["second"]
    assert {row["time"][-6:] for row in rows} == {"+01:00"}


def test_a_stretch_without_samples_is_refused_and_leaves_nothing(run: Path) -> None:
    before = sorted(run.parent.iterdir())
    with pytest.raises(UsageError, match="no samples in that stretch") as refused:
        exported(run, CSV, begin_s=1000.0)
    assert "44.9 s later" in refused.value.remedy
    assert sorted(run.parent.iterdir()) == before


def test_a_run_without_samples_is_exported_with_empty_tables(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    RunWriter(run, ManualClock(make.UTC_US), make.SESSION).finish("test")
    for format, read in ((PARQUET, from_parquet), (CSV, from_csv), (MCAP, from_mcap)):
        path = exported(run, format)
        assert [read(path, table) for table in TABLES] == [[]] * len(TABLES)


def test_what_a_file_says_becomes_neither_formula_nor_control_character(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    notes = ['=HYPERLINK("http://x")', "+1", "-1", "@sum", "\tTab", "bell\x07 and \x1b[31m", "two\nlines, µL", "-"]
    for note in notes:
        writer.note(note)
    writer.finish("test")
    with (exported(run, CSV) / "notes.csv").open(encoding="utf-8", newline="") as file:
        text = [row["text"] for row in csv.DictReader(file)]
    assert text == [*(f"'{note}" for note in notes[:5]), "bell� and �[31m", "two\nlines, µL", "'-"]
    assert from_parquet(exported(run, PARQUET), "notes")[0]["text"] == notes[0]


def test_times_that_no_calendar_has_are_left_out(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    writer = RunWriter(run, ManualClock(make.UTC_US), make.SESSION)
    extremes = [-(2**63) + 1, -1, 10**18, 2**63 - 1]
    samples = make.samples(0, 10)
    samples["host_us"][2:6] = extremes
    samples["commanded_nl"][2:6] = extremes
    samples["t_us"][6:] = extremes
    writer.add(Batch(samples, events=tuple(make.event(n + 1, host_us=at) for n, at in enumerate(extremes))))
    writer.commit()
    writer.close()
    for format in FORMATS:
        export(Order(run, default_output(run, format), format))
    hosts = [row["host_time"] for row in from_parquet(run.with_name("a.parquet"), "samples")]
    assert hosts[2:6] == [None] * 4
    assert hosts[:2] == [row["host_time"] for row in from_csv(run.with_name("a.csv"), "samples")][:2]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=40), st.integers(0, 7), st.integers(1, 9))
def test_thinning_is_the_same_however_the_samples_come(steps: list[tuple[int, bool]], interval: int, size: int) -> None:
    """Of each interval the first, and of what was lost one row more, in one block or in many."""
    rows = make.samples(0, len(steps))
    rows["index"] = np.cumsum([1 + lost for _, lost in steps], dtype=np.uint32)
    at_us = np.cumsum([step for step, _ in steps], dtype=np.int64)

    def thinned(size: int) -> list[tuple[int, int, bool]]:
        thin, found = Thinning(0, interval), []
        for first in range(0, len(rows), size):
            some, at, real = thin.add(rows[first : first + size], at_us[first : first + size])
            found += list(zip(some["index"].tolist(), at.tolist(), real.tolist(), strict=True))
        return found

    whole = thinned(max(1, len(rows)))
    assert thinned(size) == whole
    lost = sum(lost for _, lost in steps[1:])
    assert sum(not real for _, _, real in whole) == lost
    if not interval:
        assert len(whole) == len(rows) + lost
    cells = [at // interval for _, at, real in whole if real] if interval and not lost else []
    assert len(cells) == len(set(cells))
