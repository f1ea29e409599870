"""What is written is what is read."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from firmware_link.clock import ManualClock
from firmware_link.errors import PortLost
from rig.firmware.program import Program
from rig.programs.receipt import Receipt
from rig.recording import schema
from rig.recording.reader import RunReader
from rig.recording.records import Link, Verdict
from rig.recording.rollup import RollupBuilder, rolled_up
from rig.recording.writer import RunWriter
from rig.session import Batch, ControlFrame, Event, Gap, LinkChange, LinkState, Status, no_samples
from rig.truth import TRUTH_DTYPE, Strike, no_truth
from tests.rig.recording import make

I64 = st.integers(-(2**63), 2**63 - 1)
U32 = st.integers(0, 2**32 - 1)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)

EVENTS = st.builds(Event, st.just(0), WORDS, U32, U32, I64, I64, U32, I64, U32, I64)
GAPS = st.builds(Gap, WORDS, U32, I64, I64, I64)
STRIKES = st.builds(Strike, I64, WORDS, st.booleans(), st.none() | st.floats(allow_nan=False))
TRUTH = npst.arrays(TRUTH_DTYPE, st.integers(0, 5), elements=npst.from_dtype(TRUTH_DTYPE, allow_nan=False))
FRAMES = st.builds(ControlFrame, I64, st.booleans(), WORDS, U32, st.binary(max_size=40))


@st.composite
def any_samples(draw: st.DrawFn) -> NDArray[np.void]:
    """Any values at all, in stretches of successive samples."""
    rows: NDArray[np.void] = draw(npst.arrays(telemetry.SAMPLE_DTYPE, st.integers(0, 12)))
    lost = draw(npst.arrays("?", len(rows)))
    rows["index"] = np.cumsum(1 + lost)
    rows["boot"] = draw(st.integers(0, 2**32 - 1))
    return rows


def batches() -> st.SearchStrategy[list[Batch]]:
    batch = st.builds(
        Batch,
        samples=any_samples(),
        events=st.lists(EVENTS, max_size=3).map(tuple),
        gaps=st.lists(GAPS, max_size=3).map(tuple),
        frames=st.lists(FRAMES, max_size=3).map(tuple),
        truth=TRUTH,
        strikes=st.lists(STRIKES, max_size=3).map(tuple),
    )
    return st.lists(batch, max_size=4)


@settings(max_examples=15)
@given(batches(), st.data())
def test_any_batches_come_back_as_they_were(written: list[Batch], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run.duckdb"
        writer = RunWriter(path, ManualClock(), make.SESSION)
        for batch in written:
            writer.add(batch)
            if data.draw(st.booleans()):
                writer.commit()
        summary = writer.finish("test")
        with RunReader(path) as reader:
            all_samples = np.concatenate([no_samples(), *(batch.samples for batch in written)])
            assert np.array_equal(reader.samples(0, 1000), all_samples)
            assert reader.events() == tuple(event for batch in written for event in batch.events)
            for first, rows in ((1, 2), (0, 0), (5, None)):
                assert reader.events(first, rows) == reader.events()[first : None if rows is None else first + rows]
            assert reader.records(Gap) == tuple(gap for batch in written for gap in batch.gaps)
            assert reader.records(ControlFrame) == tuple(frame for batch in written for frame in batch.frames)
            assert np.array_equal(reader.truth(), np.concatenate([no_truth(), *(batch.truth for batch in written)]))
            assert reader.records(Strike) == tuple(strike for batch in written for strike in batch.strikes)
            assert reader.summary() == summary
            channels = [channel.field for channel in telemetry.CHANNELS]
            assert np.array_equal(reader.rollup(*channels), rolled_up(all_samples, 0))


@given(st.lists(any_samples(), max_size=5))
def test_rollup_is_the_same_however_the_samples_come(parts: list[NDArray[np.void]]) -> None:
    builder = RollupBuilder()
    pieces = [builder.add(part) for part in parts] + [builder.finish()]
    whole = rolled_up(np.concatenate([no_samples(), *parts]), 0)
    assert np.array_equal(np.concatenate(pieces), whole)


def test_rollup_says_what_the_samples_say() -> None:
    rows = np.concatenate([make.samples(0, 5000), make.samples(5100, 100), make.samples(0, 7, boot=2)])
    rows["measured_nl"][[0, 10, 4999]] = wire.MISSING
    rows["measured_nl"][5100:] = wire.MISSING
    whole = rolled_up(rows, 0)
    assert whole["row"].tolist() == [0, 4096, 5000, 5100]
    assert whole["rows"].tolist() == [4096, 904, 100, 7]
    assert whole["boot"].tolist() == [1, 1, 1, 2]
    assert whole["pressure_pa_max"][0] == rows["pressure_pa"][:4096].max()
    assert whole["measured_nl_min"][0] == rows["measured_nl"][1:4096][rows["measured_nl"][1:4096] != wire.MISSING].min()
    assert whole["measured_nl_first"][0] == whole["measured_nl_last"][1] == wire.MISSING
    assert whole["measured_nl_min"][3] == whole["measured_nl_max"][3] == wire.MISSING


def test_programs_notes_links_verdicts_and_identity_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    clock = ManualClock(make.UTC_US)
    demand = (50_000_000, 300_000, 7200, 4)
    program = Program(1_700_000_000, -300, [(250_000_000, 60_000)], [(20_000_000_000, 86_400_000)], demand, 30)
    receipt = Receipt(program.digest(), 2, "running", 5_000_000)
    status = {"state": 1, "anchor_us": 5, "commanded_pl": 2**63 + 1}
    error = PortLost("The cable is out.", "Plug it in.")
    writer = RunWriter(path, clock, make.SESSION)
    writer.add(Batch(status=Status(status, make.UTC_US)))
    writer.add(Batch(status=Status({"state": 0}, make.UTC_US)))
    clock.advance(2)
    writer.program("Continuous", "name: Continuous\n# µ", program, receipt)
    writer.note("first seen", make.UTC_US + 7)
    writer.note("earlier", make.UTC_US + 3)
    writer.verdict("delivery", False, "8 % low")
    writer.add(Batch(links=(LinkChange(LinkState.LOST, 9, error),)))
    writer.finish("operator", 7)
    with RunReader(path) as reader:
        (record,) = reader.programs()
        assert (record.name, record.source, record.receipt) == ("Continuous", "name: Continuous\n# µ", receipt)
        assert record.program().pack() == program.pack()
        assert record.digest == f"{program.digest():016x}"
        assert [note.text for note in reader.notes()] == ["earlier", "first seen"]
        assert reader.records(Link) == (Link(9, "lost", error.sentence()),)
        assert reader.records(Verdict) == (Verdict(make.UTC_US + 2_000_000, "delivery", False, "8 % low"),)
        run = reader.run
        assert run.found == status
        assert (run.started_us, run.ended_us) == (make.UTC_US, make.UTC_US + 2_000_000)
        assert (run.ended, run.planned_nl, run.target) == ("operator", 7, make.SESSION.target)
        assert (run.device_id, run.capabilities) == (make.DEVICE.device_id, make.DEVICE.capabilities)
        assert run.settings == make.DEVICE.settings


def test_info_has_the_numbers_of_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    summary = make.make_run(path, 1000)
    assert summary is not None
    with RunReader(path) as reader:
        info: dict[str, Any] = reader.info()
    rows = np.concatenate([batch.samples for batch in make.batches(1000)])
    expected = {
        "samples": 1000,
        "events": 4,
        "commanded_nl": int(rows["commanded_nl"][-1] - rows["commanded_nl"][0]),
        "measured_nl": int(rows["measured_nl"][-1] - rows["measured_nl"][0]),
        "planned_nl": 23148,
        "gaps": 1,
        "ended": "duration",
    }
    assert summary.to_json() == expected
    assert expected.items() <= info.items()
    assert info["events_by_kind"] == {"boot": 1, "started": 1, "occlusion": 1, "occlusion_over": 1}
    assert info["device_id"] == make.DEVICE.device_id
    assert info["schema_version"] == schema.SCHEMA_VERSION


def test_no_balance_means_no_measured_volume(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    writer = RunWriter(path, ManualClock(), make.SESSION)
    writer.add(Batch(samples=make.samples(0, 20, balance=False)))
    assert writer.finish("test").measured_nl is None
    with RunReader(path) as reader:
        assert reader.summary().measured_nl is None
        assert (reader.samples(0, 20)["measured_nl"] == wire.MISSING).all()


def test_an_empty_run_has_no_volumes(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    written = RunWriter(path, ManualClock(), make.SESSION).finish("nothing came")
    assert (written.samples, written.commanded_nl, written.measured_nl) == (0, None, None)
    with RunReader(path) as reader:
        assert reader.summary() == written
        assert reader.boots() == ()
        assert np.isnan(reader.window("flow_pl_s", 0, 10, 3).low).all()


def test_a_long_run_comes_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    rows = make.samples(0, 400_000)  # several of DuckDB's row groups, read by two threads
    with RunWriter(path, ManualClock(), make.SESSION) as writer:
        for part in np.array_split(rows, 7):
            writer.add(Batch(samples=part))
            writer.commit()
        with writer.reader() as reader:
            assert np.array_equal(reader.samples(0, 400_000), rows)
        writer.finish("test")
    with RunReader(path) as reader:
        assert np.array_equal(reader.samples(0, 400_000), rows)
        assert np.array_equal(reader.samples(130_000, 200_000), rows[130_000:330_000])
        assert np.array_equal(reader.rollup("flow_pl_s")["row"], np.arange(0, 400_000, schema.ROLLUP_ROWS))
