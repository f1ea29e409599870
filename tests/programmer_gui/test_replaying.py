"""A recording in the window: what it had live it shows again, at any moment, however it got there."""

import hashlib
import math

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from rig.recording.reader import RunReader
from rig.session import LinkState
from tests.programmer_gui.replay_desk import lines, shown

MOMENTS = (0.0, 0.08, 0.27, 0.38, 0.5, 0.61, 0.77, 0.9, 1.0)  # of the whole: link lost, stalled, after the reset


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


def test_looking_at_a_recording_records_nothing_and_changes_no_byte(live, table, recorded_window):
    _, folder = recorded_window
    made = set(folder.iterdir())
    before = {path: hashlib.sha256(path.read_bytes()).digest() for path in live.path.parent.iterdir()}
    table.open(live.path)
    for share in MOMENTS:
        table.seek(share)
    table.play_to(table.parts.models.player.end_us, math.inf)
    table.parts.controls.disconnect()
    table.turn(turns=2)
    assert {path: hashlib.sha256(path.read_bytes()).digest() for path in live.path.parent.iterdir()} == before
    assert set(folder.iterdir()) == made


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


def test_the_playhead_stands_on_the_sample_that_the_fields_show(live, table):
    table.open(live.path)
    with RunReader(live.path) as reader:
        rows = reader.samples(0, 10_000)
    for share in MOMENTS[1:3]:  # before any restart
        at_us = table.seek(share)
        there = rows[rows["host_us"] <= at_us]
        axis_s = (int(there["t_us"][-1]) - int(rows["t_us"][0])) / 1e6
        assert table.parts.charts.stack.canvas.playhead == axis_s
        assert table.parts.models.pump.readings.commanded_nl == there["commanded_nl"][-1]
