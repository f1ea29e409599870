"""Hands on the window while it shows a recording, and what it leaves out then."""

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from programmer_gui.views.pump_dialogs import NoteDialog
from rig.recording.card import card_of
from tests.programmer_gui.replay_desk import FAST, word_colours
from tests.rig.recording import make_bad


def test_what_a_recording_cannot_have_is_disabled_and_says_why(live, table, qtbot: QtBot):
    table.open(live.path)
    window = table.parts.window
    for name in ("start", "bolus", "write", "clear_alarms", "refill", "pause", "follow"):
        assert not window.actions_[name].isEnabled(), name
        assert "This is a recording" in window.actions_[name].toolTip(), name
    assert not window.bar.stop.isEnabled()
    assert "This is a recording" in window.bar.stop.toolTip()
    assert word_colours(window) == {table.parts.theme.tokens.muted}
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
    assert word_colours(window) == {table.parts.theme.tokens.stop_text}
    assert window.bar.target.accessibleName().count("replay:") == 0
    assert window.bench.views.currentWidget() is window.bench.welcome
    table.parts.controls.connect(FAST)
    table.turn(turns=3)
    assert window.actions_["disconnect"].text() == "Disconnect"


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


def test_another_speed_at_the_moment_when_the_end_is_reached_does_not_begin_anew(live, table):
    table.open(live.path)
    player = table.parts.models.player
    table.seek(0.99)
    player.set_speed(math.inf)
    player.play()
    table.turn()
    for _ in range(20):  # to the end
        table.parts.engine.step(0.0)
    assert player.playing  # the window doesn't know yet
    player.set_speed(10.0)
    table.turn(turns=3)
    assert (player.playing, player.at_us) == (False, player.end_us)


def test_a_recording_that_is_gone_when_a_note_was_to_be_added_is_closed_and_says_why(live, table, tmp_path):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    table.open(path)
    table.seek(0.2)
    path.unlink()
    table.parts.models.player.play()
    table.turn()
    table.parts.replaying.note("Gone")
    table.turn(turns=6)
    assert not table.parts.models.player.is_open
    assert all("There is no file" in problem.what for problem in table.parts.window.banners.problems)
    assert {problem.key for problem in table.parts.window.banners.problems} == {"annotation", "connect"}
    table.open(live.path)
    assert table.parts.window.banners.problems == []


@pytest.mark.parametrize("target", [None, FAST])
def test_what_is_closed_while_a_note_is_written_stays_closed(live, table, tmp_path, target):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    table.open(path)
    parts = table.parts
    parts.replaying.note("Late")
    parts.engine.step(0.0)
    parts.bridge.tick()
    parts.archive.step()  # written; the window doesn't know yet
    if target is None:
        parts.controls.disconnect()
    else:
        parts.controls.connect(target)
    table.turn(turns=3)
    assert not parts.models.player.is_open
    assert not parts.window.player.isVisible()
    assert (parts.models.link.info is None) == (target is None)
    assert parts.window.banners.problems == []


def test_what_may_be_missing_of_a_recording_is_said(live, table, tmp_path):
    path = make_bad.killed(tmp_path / "killed.run.duckdb")
    with path.with_name(f"{path.name}.wal").open("r+b") as log:
        log.truncate(log.seek(0, 2) - 7)
    table.open(path)
    (problem,) = table.parts.window.banners.problems
    assert "can't be read" in problem.what
    assert "can't be read" in card_of(path).what
    table.open(live.path)
    assert table.parts.window.banners.problems == []


def test_leaving_a_recording_of_a_running_pump_leaves_no_pump(live, table):
    table.open(live.path, "00:02:00")
    assert table.parts.models.pump.running
    assert table.parts.window.close()
    assert table.parts.wiring.asking.dialogs.find("close") is None
    table.parts.window.show()


def test_the_log_shows_the_moment_at_which_a_recording_is_opened(live, table):
    table.open(live.path, "00:07:30")
    log, shown = table.parts.models.log, table.parts.window.bench.panel.table
    latest = max(row for row, entry in enumerate(log.entries) if entry.at_us <= table.parts.models.player.at_us)
    place = shown.visualRect(shown.model().index(latest, 0))
    assert shown.viewport().rect().contains(place)


def test_ctrl_enter_keeps_a_note(live, table, tmp_path, qtbot: QtBot):
    path = tmp_path / live.path.name
    path.write_bytes(live.path.read_bytes())
    table.open(path)
    table.parts.window.actions_["note"].trigger()
    (dialog,) = table.parts.window.findChildren(NoteDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClicks(dialog.text, "Air")
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    table.turn(turns=6)
    assert "Air" in [note.text for note in table.parts.models.player.landmarks.notes]


@pytest.mark.parametrize(("at", "why"), [("nonsense", "not a duration"), ("99h", "isn't in this recording")])
def test_a_moment_that_it_does_not_have_is_told_and_the_recording_shown(live, table, at, why):
    table.open(live.path, at)
    (problem,) = table.parts.window.banners.problems
    assert why in problem.what
