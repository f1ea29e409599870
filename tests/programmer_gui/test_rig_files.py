"""Faults from files on a real window over a virtual rig, and what was done by hand saved as one."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from rig.resources import resource
from rig.virtual import fault_file
from tests.programmer_gui.rig_desk import Panel, at_the_rig

NIGHT = """\
faults: 1
name: A bad hour
steps:
  - {at: 0 s, what: leak, how-much: 60 %}
  - {at: 10 min, what: stall, how-long: 2 min}
"""


@pytest.fixture
def panel(desk, qtbot: QtBot) -> Panel:
    return at_the_rig(desk, qtbot)


def test_a_file_of_faults_happens_from_now_on(panel, tmp_path):
    panel.desk.turn(30)
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT)
    panel.click(panel.rig.faults.from_file)
    (dialog,) = panel.desk.parts.window.findChildren(QFileDialog)
    assert not dialog.isModal()
    dialog.fileSelected.emit(str(path))
    dialog.close()
    panel.desk.until(panel.in_force)
    assert (panel.in_force(), panel.coming()) == (["leak"], ["stall"])
    assert panel.rig.standing.lines[0].time.whole.startswith("Begins in 10 min, for 2 min")


def drop(widget, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.mark.parametrize("where", ["panel", "window"])
def test_a_file_of_faults_can_be_dropped(panel, tmp_path, where):
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT)
    drop(panel.rig.faults if where == "panel" else panel.desk.parts.window, path)
    panel.desk.until(panel.in_force)
    assert panel.in_force() == ["leak"]


def test_what_is_wrong_with_a_file_is_told_with_its_line(panel, tmp_path):
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT.replace("leak", "leek"))
    drop(panel.rig.faults, path)
    panel.desk.turn(0.05)
    note = panel.rig.faults.file_note
    assert note.isVisible()
    assert "night.yaml:4" in note.text()
    assert '"leak" meant' in note.text()
    assert panel.rig.standing.lines == []
    panel.inject("leak")
    assert not note.isVisible()


def test_what_was_done_by_hand_is_saved_and_can_be_done_again(panel, tmp_path):
    assert not panel.rig.faults.save.isEnabled()
    panel.inject("leak", amount="40")
    panel.inject("stall", begin="in 1 h", duration="5 min")
    panel.desk.until(lambda: panel.model.now_us > 60_000_000, 10)
    panel.click(panel.rig.standing.lines[-1].end)
    panel.click(panel.rig.faults.save)
    (dialog,) = panel.desk.parts.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "mine.yaml"))
    dialog.close()
    leak, stall = fault_file.load(str(tmp_path / "mine.yaml")).faults
    assert (leak.what, leak.amount) == ("leak", 40)
    assert 50 < leak.duration_s < 120
    assert (stall.what, stall.duration_s) == ("stall", 300)
    assert stall.at_s - leak.at_s == pytest.approx(3600, abs=5)


def test_a_file_of_faults_for_no_rig_is_a_banner(desk, tmp_path):
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT)
    drop(desk.parts.window, path)
    desk.turn(0.05)
    assert "No pump is connected" in desk.parts.window.banners.problems[0].what
    assert "Took" not in desk.parts.window.footer.said.whole


def test_what_a_file_holds_that_is_refused_is_counted(panel, tmp_path):
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT)
    panel.inject("stall")
    drop(panel.rig.faults, path)
    panel.desk.until(lambda: panel.in_force() == ["stall", "leak"])
    panel.desk.turn(0.05)
    assert "Took 1 of 2 faults from night.yaml" in panel.desk.parts.window.footer.said.whole
    assert "A fault was refused: Stalled rotor" in panel.rig.faults.file_note.text()
    assert "given twice" in panel.rig.faults.file_note.text()


def test_the_files_that_come_with_it_are_taken_whole(panel):
    for path in sorted(resource("faults").glob("*.yaml")):
        drop(panel.rig.faults, path)
        panel.desk.turn(0.05)
        assert not panel.rig.faults.file_note.isVisible(), path.name
        many = len(fault_file.load(str(path)).faults)
        assert panel.desk.parts.window.footer.said.whole.startswith(f"Took {many} faults from {path.name}")
        panel.desk.parts.controls.disconnect()
        panel.desk.until(lambda: not panel.rig.standing.lines)
        panel.desk.connect()
