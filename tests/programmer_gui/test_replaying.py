"""A recording in the window: what it had live it shows again, at any moment, however it got there."""

import hashlib
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firmware_link.clock import ManualClock
from programmer_gui.compose import Parts, compose
from programmer_gui.theme import Theme
from rig.recording.reader import RunReader
from rig.session import LinkState, Session
from rig.targets import open_session
from rig.therapy.modes import Bolus
from rig.virtual.faults import Fault

FAST = "sim:?seed=7&speed=max"
MOMENTS = (0.0, 0.08, 0.27, 0.38, 0.5, 0.61, 0.77, 0.9, 1.0)  # of the whole: link lost, stalled, after the reset


def shown(parts: Parts) -> dict[str, Any]:
    """All that the window's fields are made of."""
    models = parts.models
    pump, care, rig = models.pump, models.pump.care, models.rig
    return {
        "state": (pump.state, pump.activity, pump.alarm_bits, pump.digest, pump.clock_set, pump.bolus_left_ms),
        "readings": pump.readings,
        "progress": pump.progress,
        "clock": pump.clock,
        "care": (care.said, care.stopped_us, care.standing, care.settings, care.demand),
        "link": (models.link.state, models.link.counters),
        "truth": rig.rows,
        "faults": [(fault.what, fault.amount) for fault in rig.faults],
        "held": models.program.held and models.program.held.digest(),
    }


@dataclass
class Table:
    """A window whose time is the test's."""

    parts: Parts
    clock: ManualClock
    app: QApplication
    taken: list[Any] = field(default_factory=list)

    def turn(self, seconds: float = 0.0, turns: int = 1) -> None:
        for _ in range(turns):
            self.clock.advance(seconds)
            self.parts.engine.step(0.0)
            self.parts.recorder.step()
            self.parts.archive.step()
            self.parts.bridge.tick()
            self.app.processEvents()

    def let(self, seconds: float) -> None:
        """So much time of a rig."""
        engine = self.parts.engine
        end_s = engine.clock.monotonic() + seconds
        while (left_s := end_s - engine.clock.monotonic()) > 0:
            engine.step(min(left_s, 20.0))
            self.parts.recorder.step()
        self.parts.bridge.tick()

    def open(self, path: Path, at: str = "") -> None:
        self.parts.replaying.open(path, at)
        self.turn(turns=6)
        assert self.parts.models.player.is_open
        assert self.parts.models.player.landmarks is not None

    def seek(self, share: float) -> int:
        player = self.parts.models.player
        player.seek(player.start_us + round(share * (player.end_us - player.start_us)))
        self.turn(turns=2)
        return player.at_us

    def play_to(self, at_us: int, speed: float = 300.0) -> None:
        """Plays on from where it is, and pauses exactly there."""
        player = self.parts.models.player
        player.set_speed(speed)
        player.play()
        self.turn()
        while player.at_us < at_us and player.playing:
            left_s = (at_us - player.at_us) / 1e6
            if left_s > 2.0 or speed == math.inf:
                self.turn(min(0.1, (left_s - 1.0) / speed))
            else:
                player.set_speed(1.0)
                self.turn()
                self.turn((at_us - player.at_us) / 1e6)
        player.pause()
        self.turn(turns=2)


def laid(app: QApplication, theme: Theme, folder: Path) -> Table:
    clock, rng = ManualClock(1_767_600_000_000_000), random.Random(7)

    def opener(target: str) -> Session:
        return open_session(target, rng=rng, clock=clock)

    parts = compose(app, theme, folder, opener=opener, clock=clock)
    parts.window.resize(1400, 900)
    parts.window.show()
    parts.complete()
    return Table(parts, clock, app)


def cleared(table: Table) -> None:
    table.parts.engine.close()
    table.parts.recorder.close()
    table.parts.end()
    table.parts.window.deleteLater()
    table.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@dataclass
class Live:
    """A run as its window showed it when it ended."""

    path: Path
    shown: dict[str, Any]
    log: list[tuple[Any, ...]]
    totals: Any


def lines(table: Table) -> list[tuple[Any, ...]]:
    """The log as it reads."""
    return sorted(entry[:7] for entry in table.parts.models.log.entries)


@pytest.fixture(scope="module")
def live(qapp: QApplication, theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Half an hour with a bolus, a note, a lost link, a stall, a reset and a low battery."""
    table = laid(qapp, theme, tmp_path_factory.mktemp("live"))
    parts, models = table.parts, table.parts.models
    taken: list[Any] = []
    parts.bridge.received.connect(taken.append)
    parts.controls.connect(FAST)
    while not models.link.can_control:
        table.turn()
        table.let(0.5)
    parts.controls.change_setting("sample_interval_ms", 1000)
    models.program.edit("dose", "900 µg/day")
    parts.controls.write()
    table.let(60)
    parts.controls.note("Water, 0.51 mm tube")
    parts.controls.bolus(Bolus(10_000, 120_000))
    table.let(360)
    parts.controls.inject(Fault("unplug", duration_s=120.0))
    table.let(150)
    parts.controls.inject(Fault("stall", duration_s=240.0))
    table.let(400)
    parts.controls.clear_alarms()
    parts.controls.start()
    table.let(200)
    parts.controls.inject(Fault("reset"))
    table.let(100)
    parts.controls.inject(Fault("battery_step", amount=6.0))
    table.let(400)
    told = Live(models.run.state.path, shown(parts), lines(table), taken[-1].totals)
    cleared(table)
    return told


@pytest.fixture
def table(qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Table]:
    made = laid(qapp, theme, tmp_path / "runs")
    yield made
    cleared(made)


def test_at_its_end_a_recording_shows_what_the_window_showed_live(live, table):
    table.open(live.path)
    clock = {"clock": None}  # read off fewer moments than came live
    assert shown(table.parts) | clock == live.shown | clock
    assert table.parts.models.player.at_us == table.parts.models.player.end_us
    assert lines(table) == live.log


def test_seeking_to_any_moment_shows_what_playing_there_shows(live, table):
    table.open(live.path)
    sought = {}
    for share in MOMENTS[::-1]:  # backwards, so that nothing is left of what was known
        at_us = table.seek(share)
        sought[at_us] = shown(table.parts)
    table.seek(0.0)
    for at_us in sorted(sought):
        table.play_to(at_us)
        assert table.parts.models.player.at_us == at_us
        assert shown(table.parts) == sought[at_us]
    assert {pump["link"][0] for pump in sought.values()} == {LinkState.ONLINE, LinkState.LOST}


def test_looking_at_a_recording_records_nothing_and_changes_no_byte(live, table, tmp_path):
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in live.path.parent.iterdir()}
    table.open(live.path)
    for share in MOMENTS:
        table.seek(share)
    table.play_to(table.parts.models.player.end_us, math.inf)
    table.parts.controls.disconnect()
    table.turn(turns=2)
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in live.path.parent.iterdir()} == before
    assert not list((tmp_path / "runs").glob("*.duckdb*"))


def test_the_log_has_all_entries_and_those_to_come_are_muted(live, table):
    table.open(live.path)
    log, panel = table.parts.models.log, table.parts.window.bench.panel
    brush = Qt.ItemDataRole.ForegroundRole
    table.seek(0.5)
    last = log.rowCount() - 1
    muted = log.data(log.index(last, 4), brush)
    assert muted is not None
    assert log.data(log.index(0, 4), brush) is None
    stall = next(row for row, entry in enumerate(log.entries) if entry.kind == "motor_stall")
    panel.moment_chosen.emit(log.entry(stall))
    table.turn(turns=2)
    assert table.parts.models.player.at_us == log.entry(stall).at_us
    assert [one.alarm.name for one in table.parts.models.pump.care.standing] == ["motor_stall"]


def test_what_a_recording_cannot_have_is_disabled_and_says_why(live, table, qtbot: QtBot):
    table.open(live.path)
    window = table.parts.window
    for name in ("start", "bolus", "write", "clear_alarms", "refill", "pause", "follow"):
        assert not window.actions_[name].isEnabled(), name
        assert "This is a recording" in window.actions_[name].toolTip(), name
    assert not window.bar.stop.isEnabled()
    assert "This is a recording" in window.bar.stop.toolTip()
    qtbot.keyClick(window, Qt.Key.Key_F12)
    (problem,) = window.banners.problems
    assert "STOP went nowhere" in problem.what
    assert window.actions_["play"].isEnabled()
    assert live.path.name in window.windowTitle()


def test_the_recording_that_is_being_made_is_ended_and_then_opened(table):
    parts, models = table.parts, table.parts.models
    parts.controls.connect(FAST)
    while not models.link.can_control:
        table.turn()
        table.let(0.5)
    table.let(20)
    assert models.run.state.recording
    table.open(models.run.state.path)
    assert not models.run.state.recording
    assert models.player.landmarks.run.ended == "disconnected"
    assert parts.window.banners.problems == []


def test_closing_a_recording_leaves_a_window_that_waits_for_a_pump(live, table, qtbot: QtBot):
    table.open(live.path)
    window = table.parts.window
    qtbot.mouseClick(window.player.leave, Qt.MouseButton.LeftButton)
    table.turn(turns=2)
    assert not window.player.isVisible()
    assert not window.actions_["play"].isEnabled()
    assert table.parts.models.log.rowCount() == 0
    assert window.bar.stop.isEnabled()
    assert window.bench.views.currentWidget() is window.bench.welcome
    table.parts.controls.connect(FAST)
    table.turn(turns=3)
    assert window.actions_["disconnect"].text() == "Disconnect"


def test_a_marker_is_set_at_the_playhead_and_the_evidence_stays(live, table, tmp_path, qtbot: QtBot):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    with RunReader(path) as reader:
        digest, events = reader.run.digest, reader.events()
    table.open(path)
    at_us = table.seek(0.4)
    qtbot.keyClick(table.parts.window.player.strip, Qt.Key.Key_M)
    table.parts.replaying.note("Looks like air in the tube")
    table.turn(turns=8)
    assert table.parts.window.banners.problems == []
    with RunReader(path) as reader:
        marker, note = [note for note in reader.notes() if note.made_us][-2:]
        assert (reader.run.digest, reader.events()) == (digest, events)
    assert (marker.host_us, marker.marker, marker.text) == (at_us, True, "")
    assert (note.host_us, note.marker, note.text) == (at_us, False, "Looks like air in the tube")
    titles = [entry.title for entry in table.parts.models.log.entries if entry.at_us == at_us]
    assert titles == ["Marker", "Note"]
    assert table.parts.models.player.at_us == at_us
    assert table.seek(0.6) == table.parts.models.player.at_us  # it goes on


def test_a_note_is_taken_out_by_its_line_in_the_log_and_put_back(live, table, tmp_path, qtbot: QtBot):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    table.open(path)
    log, panel = table.parts.models.log, table.parts.window.bench.panel
    rows = log.rowCount()
    row = next(row for row, entry in enumerate(log.entries) if "Water" in entry.details)
    table.parts.window.activateWindow()
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.filter.mapFromSource(log.index(row + 1, 0)))
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)  # of an event: evidence
    table.turn(turns=4)
    assert log.rowCount() == rows
    panel.table.setCurrentIndex(panel.filter.mapFromSource(log.index(row, 0)))
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    table.turn(turns=4)
    (problem,) = table.parts.window.banners.problems
    assert problem.action == "Put it back"
    assert log.rowCount() == rows - 1
    table.parts.window.banners.acted.emit("note taken out")
    table.turn(turns=4)
    assert any("Water" in entry.details for entry in log.entries)


def test_a_note_that_cannot_be_kept_says_why_and_playing_goes_on(live, table, tmp_path):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    table.open(path)
    table.seek(0.2)
    table.parts.replaying.note("x" * 100_000)
    table.turn(turns=6)
    assert len(table.parts.window.banners.problems) == 1
    at_us = table.parts.models.player.at_us
    table.play_to(at_us + 60_000_000)
    assert table.parts.models.player.at_us == at_us + 60_000_000


def test_it_opens_at_the_moment_that_was_asked_for(live, table):
    table.open(live.path, "00:07:30")
    assert table.parts.models.player.at_us == table.parts.models.player.start_us + 450_000_000
    table.open(live.path, "half past")
    (problem,) = table.parts.window.banners.problems
    assert "half past" in problem.what


@pytest.mark.parametrize(("name", "content"), [("empty", b""), ("text", b"hello" * 1000), ("none", None)])
def test_a_file_that_is_no_recording_is_a_sentence(table, tmp_path, name, content):
    path = tmp_path / f"{name}.run.duckdb"
    if content is not None:
        path.write_bytes(content)
    table.parts.filing.open(path)
    table.turn(turns=3)
    (problem,) = table.parts.window.banners.problems
    assert problem.what
    assert problem.remedy
    assert not table.parts.models.player.is_open


def test_a_hand_on_the_strip_seeks_and_space_plays_and_pauses(live, table, qtbot: QtBot):
    table.open(live.path)
    window, player = table.parts.window, table.parts.models.player
    strip = window.player.strip
    middle = QPoint(strip.width() // 2, strip.height() // 2)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(strip, QPoint(strip.width() // 4, middle.y()))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=middle)
    table.turn(turns=3)
    share = (player.at_us - player.start_us) / (player.end_us - player.start_us)
    assert 0.2 < share < 0.55
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    table.turn(0.5, turns=3)
    assert player.playing
    window.player.leave.setFocus()  # by a click: the space bar still plays
    qtbot.keyClick(window.player.leave, Qt.Key.Key_Space)
    table.turn(turns=2)
    assert not player.playing
    assert player.is_open


def test_the_space_bar_presses_a_button_that_tab_went_to(live, table, qtbot: QtBot):
    table.open(live.path)
    window, player = table.parts.window, table.parts.models.player
    window.bench.panel.level.setFocus()
    window.activateWindow()
    qtbot.keyClick(window.bench.panel.level, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.bench.panel.note
    qtbot.keyClick(window.bench.panel.note, Qt.Key.Key_Space)
    table.turn(turns=2)
    assert not player.playing
    assert table.parts.wiring.asking.dialogs.find("note") is not None
