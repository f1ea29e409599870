"""A recording's curves: what the samples say, to the number, from the rollup, from pieces, and beside a live pump."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import telemetry, wire
from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.linkstate import LinkCounters
from rig.recording import linkhealth
from rig.recording.curves import RunCurves, broken, columns_of
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch
from rig.tracker import Tracker
from tests.benchmarks import _long
from tests.rig.recording import make

ROWS = 30_000
#: A plan is interpolated over what it is asked for at once: good to a picolitre.
PLANNED, PLAN_UL = ("planned", "low", "high"), 3e-6


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a reset, two gaps, a program and its start."""
    path = tmp_path_factory.mktemp("curves") / "long.run.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_long, "BOOT_EVERY", 20_000)
        patch.setattr(_long, "GAP_EVERY", 8_000)
        _long.make(path, ROWS, event_every=500)
    return path


@pytest.fixture(scope="module")
def curves(path: Path) -> Iterator[RunCurves]:
    curves = RunCurves(path)
    yield curves
    curves.let_go()


def test_all_samples_are_placed_as_a_live_pump_has_them(curves: RunCurves, path: Path) -> None:
    tracker = Tracker()
    tracker.program(_long.PROGRAM)
    with RunReader(path) as reader:
        samples, events = reader.samples(0, ROWS), reader.events()
    tracker.add(Batch(samples=samples[:1]))
    tracker.add(Batch(events=events))
    placed = tracker.add(Batch(samples=samples[1:]))
    expected = columns_of(samples[1:], placed, curves.capacity_nl)
    piece = curves.piece(0, ROWS, 1)
    assert piece is not None
    known = ~np.isnan(piece.columns["measured"])
    assert piece.t_s[known][1:].tolist() == placed.t_s.tolist()
    for name, values in expected.items():
        apart = PLAN_UL if name in PLANNED else 0.0
        np.testing.assert_allclose(piece.columns[name][known][1:], values, rtol=0, atol=apart)
    assert expected["planned"][-1] > 400.0


def test_the_outline_has_the_extremes_of_all_samples(curves: RunCurves) -> None:
    whole, outline = curves.piece(0, ROWS, 1), curves.overview()
    assert whole is not None
    assert outline.every == 4096
    assert len(outline.t_s) < 60
    for name, values in whole.columns.items():
        assert np.nanmin(outline.columns[name]) == np.nanmin(values)
        assert np.nanmax(outline.columns[name]) == np.nanmax(values)
    assert (np.diff(outline.t_s) >= 0).all()
    assert outline.t_s[[0, -1]].tolist() == whole.t_s[[0, -1]].tolist()


def test_each_gap_breaks_the_curves_between_the_samples_at_its_sides(curves: RunCurves) -> None:
    whole = curves.piece(0, ROWS, 1)
    assert whole is not None
    assert len(curves.gaps) == 3
    at = np.flatnonzero(np.isnan(whole.columns["measured"]))
    assert whole.t_s[at].tolist() == whole.t_s[at - 1].tolist() == curves.gaps[:, 0].tolist()
    assert whole.t_s[at + 1].tolist() == curves.gaps[:, 1].tolist()


@pytest.mark.parametrize("every", [1, 64])
def test_a_piece_is_that_part_of_the_whole(curves: RunCurves, every: int) -> None:
    whole = curves.piece(0, ROWS, every)
    first, stop = curves.rows_between(900.0, 1500.0)
    piece = curves.piece(first, stop, every)
    assert whole is not None
    assert piece is not None
    assert piece.begin_s <= 900.0
    assert piece.end_s >= 1500.0
    if every == 1:
        inside = (whole.t_s >= 900.0) & (whole.t_s <= 1500.0)
        of_piece = (piece.t_s >= 900.0) & (piece.t_s <= 1500.0)
        assert whole.t_s[inside].tolist() == piece.t_s[of_piece].tolist()
        for name in whole.columns:
            apart = PLAN_UL if name in PLANNED else 0.0
            np.testing.assert_allclose(whole.columns[name][inside], piece.columns[name][of_piece], rtol=0, atol=apart)


@given(begin=st.floats(-1e4, 1e4), length=st.floats(0.0, 1e4))
def test_rows_reach_around_any_stretch_of_time(curves: RunCurves, begin: float, length: float) -> None:
    first, stop = curves.rows_between(begin, begin + length)
    assert curves.whole_stretches(first, stop) == (first, stop)
    assert 0 <= first < stop <= ROWS
    piece = curves.piece(first, stop, 1)
    assert piece is not None
    assert piece.begin_s <= max(begin, 0.0) or first == 0
    assert piece.end_s >= begin + length


def test_what_is_not_wanted_any_more_is_not_read(curves: RunCurves) -> None:
    assert curves.piece(0, ROWS, 1, lambda: False) is None


def test_events_lie_where_they_occurred_and_say_what_they_are(curves: RunCurves, path: Path) -> None:
    happenings = curves.happenings()
    with RunReader(path) as reader:
        events = reader.events()
    assert len(happenings.t_s) == len(events)
    assert (np.diff(happenings.t_s) >= 0).all()
    for at, event in enumerate(events[:50]):
        assert happenings.event(at) == event
        assert happenings.t_s[at] == pytest.approx(curves.seconds(event.boot, event.occurred_us), abs=1e-9)


def test_the_file_is_free_after_it_was_let_go_of(path: Path) -> None:
    curves = RunCurves(path)
    before = path.read_bytes()
    curves.overview()
    curves.let_go()
    with path.open("rb+") as file:
        assert file.read() == before
    assert curves.piece(0, 10, 1) is not None
    curves.let_go()


def test_a_run_without_samples_has_no_curves(tmp_path: Path) -> None:
    path = tmp_path / "empty.run.duckdb"
    RunWriter(path, ManualClock(make.UTC_US), make.SESSION).finish("test")
    curves = RunCurves(path)
    assert len(curves.overview().t_s) == 0
    assert len(curves.happenings().t_s) == 0
    assert len(curves.health()[0]) == 0
    curves.let_go()


def test_a_file_that_is_no_recording_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no.run.duckdb"
    path.write_bytes(b"no recording" * 1000)
    with pytest.raises(UsageError, match="is not a run file"):
        RunCurves(path)


def test_a_run_cut_short_is_drawn_to_its_last_sample(tmp_path: Path) -> None:
    path = tmp_path / "cut.run.duckdb"
    make.make_run(path, 1000, why=None)
    curves = RunCurves(path)
    assert curves.overview().t_s[-1] == pytest.approx(104.9)
    curves.let_go()


def test_without_a_balance_the_commanded_volume_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "plain.run.duckdb"
    writer = RunWriter(path, ManualClock(make.UTC_US), make.SESSION)
    samples = make.samples(0, 5000, balance=False)
    writer.add(Batch(samples=samples))
    writer.finish("test")
    curves = RunCurves(path)
    commanded = telemetry.column(samples, "commanded_nl")
    assert wire.MISSING in samples["measured_nl"]
    assert curves.overview().columns["measured"].max() == pytest.approx(commanded[-1] - commanded[0])
    curves.let_go()


@given(
    steps=st.lists(st.floats(0.1, 50.0), min_size=1, max_size=30),
    gaps=st.lists(st.tuples(st.floats(-10.0, 500.0), st.floats(0.0, 100.0)), max_size=8),
)
def test_broken_curves_keep_their_samples_and_order(steps: list[float], gaps: list[tuple[float, float]]) -> None:
    t_s = np.cumsum(steps)
    spans = np.array(sorted((begin, begin + length) for begin, length in gaps)).reshape(-1, 2)
    for each in (True, False):
        times, columns = broken(t_s, {"a": t_s}, spans, each)
        samples = ~np.isnan(columns["a"])
        assert times[samples].tolist() == t_s.tolist()
        assert (np.diff(times) >= 0).all()
        assert (~samples).sum() <= len(gaps)
        assert not len(gaps) or samples[0]


@given(st.lists(st.tuples(st.floats(1.0, 40.0), st.integers(0, 5)), min_size=1, max_size=40))
def test_health_is_the_same_live_and_recorded(told: list[tuple[float, int]]) -> None:
    t_s = np.cumsum([step for step, _ in told])
    bad = np.cumsum([grown for _, grown in told])
    meter = linkhealth.HealthMeter()
    live = [meter.add(at, LinkCounters(frames_bad=count)) for at, count in zip(t_s, bad.tolist(), strict=True)]
    recorded = linkhealth.a_minute(t_s, bad.astype(float))
    assert [one["bad_frames"] for one in live if one is not None] == pytest.approx(recorded.tolist())


def test_bad_frames_a_minute_are_those_of_the_last_minute() -> None:
    t_s = np.arange(0.0, 200.0)
    totals = np.where(t_s >= 100.0, 3.0, 0.0)
    a_minute = linkhealth.a_minute(t_s, totals)
    assert a_minute[99] == 0.0
    assert a_minute[100] == a_minute[159] == 3.0
    assert a_minute[160] == 0.0
    assert linkhealth.a_minute(np.array([0.0, 600.0]), np.array([0.0, 50.0])).tolist() == [0.0, 5.0]


def test_the_health_of_a_long_run_is_told_in_few_points(curves: RunCurves, monkeypatch: pytest.MonkeyPatch) -> None:
    t_s, columns = curves.health()
    assert len(t_s) == ROWS // 10
    assert columns["bad_frames"].max() >= 1.0
    monkeypatch.setattr(linkhealth, "POINTS_MAX", 100)
    fewer_s, fewer = curves.health()
    assert len(fewer_s) == 100
    assert fewer["round_trip"].max() == columns["round_trip"].max()


def test_the_maker_of_long_runs_does_not_fill_the_disk(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="GB free"):
        _long.make(tmp_path / "huge.run.duckdb", 10**15)
    assert list(tmp_path.iterdir()) == []
