"""The rig panel on a real window over a virtual rig: what truly happens, and faults by hand and from files."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from programmer_gui.views.device_page import PUMP, RIG
from rig.session import SessionInfo
from rig.virtual import fault_file
from rig.virtual.fault_kinds import GROUPS, KINDS

SAMPLE_MS = 10_000  # a turn of the desk ends with a sample
NIGHT = """\
faults: 1
name: A bad hour
steps:
  - {at: 0 s, what: leak, how-much: 60 %}
  - {at: 10 min, what: stall, how-long: 2 min}
"""


class Panel:
    """Somebody at the rig panel."""

    def __init__(self, desk, bot: QtBot) -> None:
        self.desk, self.bot = desk, bot
        self.rig = desk.parts.window.device.rig
        self.model = desk.parts.models.rig

    def inject(self, name: str, **fields: str) -> None:
        faults = self.rig.faults
        faults.chooser.choose(name)
        for field, text in fields.items():
            widget = getattr(faults.fields, field)
            (widget.setText if field == "amount" else widget.setEditText)(text)
        self.click(faults.inject)

    def click(self, widget) -> None:
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.desk.turn(0.05)

    def note(self, field: str) -> str:
        note = self.rig.faults.fields.notes[field]
        return note.text() if note.isVisible() else ""

    def in_force(self) -> list[str]:
        return [line.fault.what for line in self.rig.standing.lines if line.fault.begun]

    def coming(self) -> list[str]:
        return [line.fault.what for line in self.rig.standing.lines if not line.fault.begun]


@pytest.fixture
def panel(desk, qtbot: QtBot) -> Panel:
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", SAMPLE_MS)
    desk.until(lambda: desk.parts.models.pump.care.settings["sample_interval_ms"] == SAMPLE_MS)
    window = desk.parts.window
    window.show_page(4)
    window.device.show_part(RIG)
    desk.turn(0.05)
    return Panel(desk, qtbot)


def test_every_fault_can_be_made_to_happen_and_is_ended_by_its_button(panel):
    panel.desk.program()
    panel.desk.turn(10)
    for kind in KINDS:
        if kind.name == "wrong_fill":
            panel.inject("fill_reservoir")  # it was emptied before
        panel.inject(kind.name)
        fields = panel.rig.faults.fields
        assert not any(note.isVisible() for note in fields.notes.values()), kind.name
        panel.desk.until(lambda kind=kind: kind.title in panel.rig.log.lines()[0][2])
        assert panel.rig.log.lines()[0][1] == ("begins" if kind.lasts else "happens")
        if kind.lasts:
            assert panel.in_force() == [kind.name]
            panel.click(panel.rig.standing.lines[0].end)
            panel.desk.until(lambda: not panel.rig.standing.lines)
            assert panel.rig.log.lines()[0][1:] == ("ends", kind.title)
        assert panel.in_force() == []
    assert panel.rig.standing.none.isVisible()


def test_all_groups_are_listed_and_typing_finds(panel, qtbot: QtBot):
    chooser = panel.rig.faults.chooser
    texts = [chooser.list.item(at).text() for at in range(chooser.list.count())]
    assert [text for text in texts if text in GROUPS] == list(GROUPS)
    assert [text for text in texts if text not in GROUPS] == [kind.title for kind in KINDS]
    qtbot.keyClicks(chooser.text, "noisy press")
    assert chooser.kind.name == "pressure_noisy"
    qtbot.keyClick(chooser.text, Qt.Key.Key_Return)
    assert panel.rig.faults.fields.amount.hasFocus()
    chooser.text.setText("unicorn")
    assert chooser.kind is None
    assert not panel.rig.faults.inject.isEnabled()
    assert "other words" in panel.rig.faults.what.text()
    chooser.text.clear()
    assert chooser.kind is not None


def test_up_and_down_while_searching_pass_the_headings(panel, qtbot: QtBot):
    chooser = panel.rig.faults.chooser
    chooser.text.setText("catheter")
    names = []
    for _ in range(3):
        names.append(chooser.kind.name)
        qtbot.keyClick(chooser.text, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.text, Qt.Key.Key_Up)
    assert len(set(names)) == 3
    assert chooser.kind is not None


def test_a_contradiction_is_told_and_nothing_happens(panel):
    panel.inject("leak")
    panel.inject("disconnect")
    assert "can't be together with “Leak”" in panel.note("what")
    assert "End it" in panel.note("what")
    assert panel.in_force() == ["leak"]
    panel.inject("leak")
    assert "given twice" in panel.note("what")


WRONG = (
    ("occlusion", "amount", "120", "Give 1 to 100 %"),
    ("occlusion", "amount", "lots", "not an amount"),
    ("occlusion", "amount", "", "not an amount"),
    ("occlusion", "amount", "80 mL", "not a unit"),
    ("link_split", "amount", "1.5", "whole number"),
    ("wrong_fill", "amount", "-30", "Give -"),
    ("stall", "duration", "a while", "Write “10 min”"),
    ("stall", "duration", "10", "Write “10 min”"),
    ("stall", "begin", "tomorrow", "Write “in 10 min”"),
    ("stall", "begin", "in 9000 d", "out of range"),
)


def test_what_is_wrong_is_told_beside_its_field(panel):
    fields = panel.rig.faults.fields
    inputs = {"amount": fields.amount, "duration": fields.duration, "begin": fields.begin}
    for name, field, text, words in WRONG:
        panel.inject(name, **{"duration": "1 min", "begin": "now", field: text})
        assert words in panel.note(field), (name, field, text)
        assert inputs[field].property("bad") == "true"
        assert panel.rig.standing.lines == []


def test_typing_takes_back_what_was_wrong(panel, qtbot: QtBot):
    panel.inject("occlusion", amount="120")
    qtbot.keyClick(panel.rig.faults.fields.amount, Qt.Key.Key_Backspace)
    assert panel.note("amount") == ""
    qtbot.keyClick(panel.rig.faults.fields.amount, Qt.Key.Key_Return)  # 12 %
    panel.desk.until(panel.in_force)
    assert panel.rig.standing.lines[0].title.whole == "Blocked outlet, 12 %"


def test_other_units_of_an_amount_are_read(panel):
    panel.inject("fill_reservoir", amount="15000 uL")
    panel.desk.until(lambda: panel.rig.log.lines())
    assert panel.rig.log.lines()[0][2] == "Fill reservoir, 15 mL"


def test_a_fault_to_come_begins_at_its_time_and_ends_after_its_duration(panel):
    panel.inject("stall", duration="1 min", begin="in 2 min")
    (line,) = panel.rig.standing.lines
    assert panel.coming() == ["stall"]
    assert line.end.text() == "Cancel"
    assert line.time.whole == "Begins in 2 min, for 1 min"
    panel.desk.until(panel.in_force, 10)
    (line,) = panel.rig.standing.lines
    assert line.end.text() == "End"
    assert line.time.whole.startswith("In force for ")
    assert line.time.whole.endswith(" left")
    panel.desk.until(lambda: not panel.rig.standing.lines, 10)
    assert [text[1] for text in panel.rig.log.lines()] == ["ends", "begins"]


def test_what_is_to_come_can_be_cancelled_and_all_be_ended(panel):
    panel.inject("stall", begin="in 1 h")
    panel.click(panel.rig.standing.lines[0].end)
    panel.desk.until(lambda: not panel.rig.standing.lines)
    assert panel.rig.log.lines() == []
    for name, begin in (("leak", "now"), ("vibration", "now"), ("stall", "in 1 h")):
        panel.inject(name, begin=begin)
    assert len(panel.rig.standing.lines) == 3
    panel.click(panel.rig.standing.all)
    panel.desk.until(lambda: not panel.rig.standing.lines)


def test_the_truth_of_a_healthy_rig_is_what_its_pump_believes(panel):
    panel.desk.program()
    panel.desk.until(lambda: panel.model.rows and float(panel.model.rows[0].true) > 10, 20)
    assert panel.rig.truth.differing == []
    assert panel.rig.truth.count.text() == "All agree"
    assert "No sensor shows this" in panel.rig.truth.note.text()


def test_a_leak_shows_in_the_truth_which_the_pump_does_not_know(panel):
    panel.desk.program()
    panel.inject("leak", amount="90")
    panel.desk.until(lambda: "Delivered (steps)" in panel.rig.truth.differing, 20)
    assert "Leaked" in panel.rig.truth.differing
    assert "differ" in panel.rig.truth.count.text()
    rows = {row.title: row for row in panel.model.rows}
    assert float(rows["Delivered (steps)"].true) < 0.5 * float(rows["Delivered (steps)"].believed)
    assert rows["Delivered (balance)"].mark[0] == "agrees"
    at = [row.title for row in panel.model.rows].index("Leaked")
    assert panel.rig.truth.table.item(at, 5).text() == "≠ unseen"


def test_while_the_link_is_lost_the_truth_goes_on(panel):
    panel.desk.program()
    panel.inject("unplug")
    panel.desk.until(lambda: "link is lost" in panel.rig.truth.note.text())
    panel.desk.until(lambda: panel.model.rows[0].mark[0] == "not heard", 5)
    before = panel.model.rows[0]
    panel.desk.until(lambda: panel.model.rows[0].true != before.true, 30)
    assert panel.model.rows[0].believed == before.believed
    panel.click(panel.rig.standing.lines[0].end)
    panel.desk.until(lambda: panel.model.rows[0].mark[0] == "agrees", 5)


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


def test_without_a_pump_or_with_a_real_one_there_is_no_rig(desk):
    device = desk.parts.window.device
    desk.parts.window.show_page(4)
    assert not device.head.isVisible()
    desk.connect()
    assert device.head.isVisible()
    device.show_part(RIG)
    info = desk.parts.models.link.info
    real = SessionInfo("auto", "/dev/ttyACM0", info.device, can_control=True, can_seek=False, virtual=False)
    desk.parts.models.link.opened(real)
    assert not device.head.isVisible()
    assert device.parts.currentIndex() == PUMP


def test_a_file_of_faults_for_no_rig_is_a_banner(desk, tmp_path):
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT)
    drop(desk.parts.window, path)
    desk.turn(0.05)
    assert "No pump is connected" in desk.parts.window.banners.problems[0].what


def test_another_rig_begins_with_nothing_known(panel):
    panel.inject("leak")
    panel.desk.parts.controls.disconnect()
    panel.desk.until(lambda: panel.model.rows == ())
    assert panel.rig.standing.lines == []
    assert panel.rig.log.lines() == []
    assert not panel.rig.faults.save.isEnabled()
    assert "Nothing is known" in panel.rig.truth.note.text()
