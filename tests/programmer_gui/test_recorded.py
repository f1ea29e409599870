"""A recording in the charts: the same picture as it had live, its details as they are asked for, and a playhead."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from firmware_link.clock import ManualClock
from firmware_link.errors import PumpError
from programmer_gui import curveloader
from programmer_gui.charts import BenchCharts
from programmer_gui.messages import Received
from programmer_gui.models.eventlog import entry_of
from programmer_gui.models.link import LinkModel
from programmer_gui.plot.stack import ChartStack
from programmer_gui.theme import Theme
from rig.linkstate import LinkCounters
from rig.recording.curves import RunCurves
from rig.recording.writer import RunWriter
from rig.session import Batch, Gap
from rig.tracker import Tracker
from tests.benchmarks import _long
from tests.programmer_gui.plot.hands import lane_of, x_of
from tests.rig.recording import make

STEP_US = 100_000


@pytest.fixture
def charts(qtbot: QtBot, theme: Theme) -> BenchCharts:
    link = LinkModel()
    link.opened(make.SESSION)
    charts = BenchCharts(theme, link)
    qtbot.addWidget(charts.stack)
    charts.stack.resize(900, 700)
    charts.stack.show()
    yield charts
    charts.clear()


@pytest.fixture
def shown(qtbot: QtBot, charts: BenchCharts) -> Callable[..., BenchCharts]:
    """Shows a recording until all is read that will be."""

    def show(path: Path, layers: int = 2) -> BenchCharts:
        charts.show_recording(path)
        until(qtbot, charts, lambda: len(charts.stack.data.layers) >= layers)
        return charts

    return show


def until(qtbot: QtBot, charts: BenchCharts, done: Callable[[], bool]) -> None:
    def turned() -> bool:
        charts.refresh()
        return done()

    qtbot.waitUntil(turned, timeout=20_000)


def batches() -> list[Batch]:
    """A start, a gap, a reset, an alarm, a link that drops frames."""
    reset = make.samples(0, 300, boot=2)
    reset["host_us"] += 90_000_000
    told = LinkCounters(frames_bad=4, resends=2, round_trip_us=3_000)
    return [
        Batch(samples=make.samples(0, 400), events=(make.event(1, "boot"),), counters=LinkCounters()),
        Batch(
            samples=make.samples(450, 200),
            gaps=(Gap("samples", 1, 40_900_000, 46_000_000, 50),),
            events=(make.event(2, "occlusion", 70_000),),
            counters=told,
        ),
        Batch(samples=reset, counters=told),
    ]


def recorded(path: Path, live: BenchCharts) -> None:
    """What ``live`` is shown is recorded into ``path``."""
    clock, tracker = ManualClock(make.UTC_US), Tracker()
    with RunWriter(path, clock, make.SESSION) as writer:
        for batch in batches():
            writer.add(batch)
            live.take(Received(batch, tracker.add(batch), tracker.totals))
            clock.advance(10.0)
        writer.finish("test")
    live.refresh()


def columns(stack: ChartStack) -> dict[str, list[float]]:
    """All that the curves are drawn from, except the link's health."""
    track = stack.data.track("measured")
    assert track is not None
    return {"x": track.x.tolist()} | {name: np.nan_to_num(track.y(name), nan=-9.0).tolist() for name in track.names}


def test_a_recording_is_drawn_from_the_numbers_that_it_had_live(
    tmp_path: Path, charts: BenchCharts, shown: Callable[..., BenchCharts]
) -> None:
    recorded(tmp_path / "a.run.duckdb", charts)
    data = charts.stack.data
    live, gaps = columns(charts.stack), list(data.gaps)
    marks = [(mark.x, mark.title, mark.detail) for mark in data.marks]
    clock = charts.stack.canvas.clock
    assert len(gaps) == 1
    assert len(marks) == 2
    shown(tmp_path / "a.run.duckdb")
    assert columns(charts.stack).keys() == live.keys()
    for name, values in live.items():
        assert columns(charts.stack)[name] == pytest.approx(values, abs=1e-6)
    assert [list(gap) for gap in data.gaps] == [pytest.approx(gap) for gap in gaps]
    assert [(mark.x, mark.title, mark.detail) for mark in data.marks] == [
        (pytest.approx(x), *told) for x, *told in marks
    ]
    assert charts.stack.canvas.clock == clock


def test_what_a_replay_brings_changes_nothing_in_the_picture(
    tmp_path: Path, charts: BenchCharts, shown: Callable[..., BenchCharts]
) -> None:
    path = tmp_path / "a.run.duckdb"
    recorded(path, charts)
    shown(path)
    before = columns(charts.stack)
    tracker = Tracker()
    for batch in batches():
        charts.take(Received(batch, tracker.add(batch), tracker.totals))
    assert columns(charts.stack) == before
    charts.clear()
    assert charts.stack.data.extent is None
    charts.take(Received(batches()[0], Tracker().add(batches()[0]), tracker.totals))
    assert charts.stack.data.extent is not None


def test_zooming_in_brings_every_sample_and_out_again_the_outline(
    tmp_path: Path, qtbot: QtBot, shown: Callable[..., BenchCharts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curveloader, "WHOLE_ROWS", 0)
    monkeypatch.setattr(curveloader, "_LEAST_ROWS", 8_192)
    monkeypatch.setattr(curveloader, "_MOST_ROWS", 16_384)
    path = tmp_path / "long.run.duckdb"
    _long.make(path, 200_000)
    charts = shown(path, layers=1)
    stack = charts.stack
    drawn = partial(stack.data.track, "pressure")
    stack.view.show(10_000.0, 10_060.0)
    until(qtbot, charts, lambda: len(stack.data.layers) > 1 and stack.data.layers[-1].every == 1)
    charts.refresh()
    inside = (drawn().x >= 10_000.0) & (drawn().x <= 10_060.0)
    expected = _long.samples(0, 200_000)[100_000:100_601]["pressure_pa"] / 1000
    assert drawn().y("pressure")[inside] == pytest.approx(expected)
    stack.view.show(0.0, 20_000.0)
    charts.refresh()
    assert drawn() is stack.data.layers[0].track


def test_the_newest_wish_wins_and_a_reading_is_put_off_for_what_is_near(tmp_path: Path) -> None:
    path = tmp_path / "long.run.duckdb"
    _long.make(path, 50_000)
    loader = curveloader.CurveLoader(path)
    assert loader.step()
    kinds = [type(one).__name__ for one in loader.take()]
    assert kinds == ["Opened", "Health"]
    loader.want(curveloader.Wish(0.0, 10.0, 100))
    loader.want_near((30.0, 4_000.0))
    assert loader.step()
    (near,) = loader.take()
    assert isinstance(near, curveloader.Near)
    assert [layer.covers(at, at) for layer, at in zip(near.layers, (30.0, 4_000.0), strict=True)] == [True, True]
    assert loader.step()
    (whole,) = loader.take()
    assert whole.every == 1
    assert not loader.step()
    loader.close()


def test_a_file_that_cannot_be_drawn_is_told_in_a_sentence(tmp_path: Path, qtbot: QtBot, charts: BenchCharts) -> None:
    path = tmp_path / "bad.run.duckdb"
    path.write_bytes(b"bad" * 10_000)
    told: list[PumpError] = []
    charts.failed.connect(told.append)
    charts.show_recording(path)
    until(qtbot, charts, lambda: bool(told))
    assert "not a run file" in told[0].sentence()
    charts.hold()
    charts.go_on()


def test_closing_waits_for_no_file_that_is_still_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, charts: BenchCharts
) -> None:
    make.make_run(tmp_path / "a.run.duckdb")
    reading, go_on = threading.Event(), threading.Event()

    def slowly(path: Path) -> RunCurves:
        reading.set()
        go_on.wait()
        return RunCurves(path)

    monkeypatch.setattr(curveloader, "RunCurves", slowly)
    charts.show_recording(tmp_path / "a.run.duckdb")
    reading.wait()
    charts.clear()
    go_on.set()
    charts.wait()
    with duckdb.connect(str(tmp_path / "a.run.duckdb")) as connection:  # refused while it is being read
        connection.execute("DELETE FROM notes")


def test_while_it_is_held_the_file_can_be_written_and_then_its_notes_are_read(
    tmp_path: Path, qtbot: QtBot, shown: Callable[..., BenchCharts]
) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    charts = shown(path)
    before = len(charts.stack.data.marks)
    charts.hold()
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO notes SELECT * FROM notes")
    charts.go_on()
    until(qtbot, charts, lambda: len(charts.stack.data.marks) == before + 1)


def test_the_playhead_is_asked_for_by_click_and_drag_and_values_are_those_there(
    tmp_path: Path, qtbot: QtBot, shown: Callable[..., BenchCharts]
) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    charts = shown(path)
    stack, asked = charts.stack, []
    charts.moment_asked.connect(asked.append)
    viewport = stack.canvas.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x_of(stack, 20.0), 200))
    assert asked == []  # there is no playhead yet
    charts.set_playhead(10.0)
    charts.refresh()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x_of(stack, 20.0), 200))
    assert asked == [pytest.approx(20.0, abs=stack.canvas.in_view.per_px * 2)]
    top = round(lane_of(stack).center().y())
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x_of(stack, 10.0), top))
    qtbot.mouseMove(viewport, QPoint(x_of(stack, 25.0), top))
    qtbot.mouseMove(viewport, QPoint(x_of(stack, 30.0), top))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x_of(stack, 30.0), top))
    assert asked[-1] == pytest.approx(30.0, abs=stack.canvas.in_view.per_px * 2)


def test_a_view_goes_along_with_the_playhead_that_leaves_it(tmp_path: Path, shown: Callable[..., BenchCharts]) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    charts = shown(path)
    charts.set_playhead(22.0)
    charts.stack.view.show(20.0, 30.0)
    charts.set_playhead(31.0)
    window = charts.stack.canvas.in_view
    assert window.begin <= 31.0 <= window.end
    assert window.span == pytest.approx(10.0)
    charts.stack.view.show(60.0, 70.0)  # somebody looks elsewhere
    charts.set_playhead(32.0)
    assert charts.stack.canvas.in_view.begin == pytest.approx(60.0, abs=0.1)


def test_a_recording_has_no_picture_to_pause(tmp_path: Path, shown: Callable[..., BenchCharts]) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    charts = shown(path)
    actions = charts.stack.actions_by_name
    assert not actions["pause"].isEnabled()
    assert not actions["follow"].isEnabled()
    charts.clear()
    assert actions["pause"].isEnabled()


def test_a_log_entry_has_its_second_of_the_axis(tmp_path: Path, shown: Callable[..., BenchCharts]) -> None:
    path = tmp_path / "a.run.duckdb"
    make.make_run(path)
    charts = shown(path)
    entry = entry_of(make.event(3, "occlusion", 70_000))
    assert charts.seconds_of(entry) == pytest.approx(-1.0)
    charts.show_moment(entry)
    window = charts.stack.canvas.in_view
    assert window.begin + window.span / 2 == pytest.approx(-1.0, abs=2 * window.per_px)
