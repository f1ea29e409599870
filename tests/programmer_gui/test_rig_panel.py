"""The rig panel on a real window over a virtual rig: what truly happens, and faults by hand."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from programmer_gui.views.device_page import PUMP, RIG
from rig.session import SessionInfo
from rig.virtual.fault_kinds import GROUPS, KINDS
from tests.programmer_gui.rig_desk import Panel, at_the_rig

DEADLINE_MS = 20_000
CELL_PAD = 8  # px of the style sheet, at either side of a cell


@pytest.fixture
def panel(desk, qtbot: QtBot) -> Panel:
    return at_the_rig(desk, qtbot)


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


def test_a_time_may_be_written_as_it_is_told_and_a_number_as_its_range(panel):
    panel.inject("worn_tube", amount="120 000", begin="NOW")
    panel.inject("stall", duration="1 h 30 min", begin="in 2 h 5 min")
    (line,) = panel.rig.standing.lines
    assert line.time.whole == "Begins in 2 h 5 min, for 1 h 30 min"
    assert panel.rig.log.lines()[0][2] == "Worn tube, compressions 120\u202f000"


def test_what_is_to_come_is_called_off_even_where_it_would_happen_at_once(panel):
    panel.inject("reset", begin="in 1 h")
    panel.inject("stall", begin="in 2 h")
    panel.click(panel.rig.standing.lines[0].end)
    panel.desk.until(lambda: [one.fault.what for one in panel.rig.standing.lines] == ["stall"])
    panel.inject("clock_jump", begin="in 1 h")
    panel.click(panel.rig.standing.all)
    panel.desk.until(lambda: not panel.rig.standing.lines)


def test_the_keys_stay_near_what_they_ended(panel, qtbot: QtBot):
    for name in ("leak", "vibration"):
        panel.inject(name)
    panel.rig.standing.lines[0].end.setFocus()
    for left in (1, 0):
        qtbot.keyClick(panel.desk.app.focusWidget(), Qt.Key.Key_Space)
        panel.desk.until(lambda left=left: len(panel.rig.standing.lines) == left)
    assert panel.rig.faults.inject.hasFocus()


def test_lines_that_stay_are_the_same_when_others_come_and_go(panel):
    panel.inject("stall", begin="in 1 h")
    (line,) = panel.rig.standing.lines
    panel.inject("leak")
    assert line in panel.rig.standing.lines
    panel.click(panel.rig.standing.all)
    panel.desk.until(lambda: not panel.rig.standing.lines)


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


def test_tables_take_their_items_out_before_they_are_filled_anew(panel):
    panel.inject("reset")
    panel.desk.until(lambda: panel.rig.log.lines())
    settings = panel.desk.parts.window.device.settings
    old = [panel.rig.log.table.item(0, 2), settings.item(0, 0)]
    panel.desk.parts.controls.disconnect()
    panel.desk.until(lambda: not panel.rig.log.lines())
    assert all(shiboken6.isValid(item) for item in old)  # what Qt deletes itself crashes the binding later
    assert settings.item(0, 0) is not old[1]


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


def test_another_rig_begins_with_nothing_known(panel):
    panel.inject("leak")
    panel.desk.parts.controls.disconnect()
    panel.desk.until(lambda: panel.model.rows == ())
    assert panel.rig.standing.lines == []
    assert panel.rig.log.lines() == []
    assert not panel.rig.faults.save.isEnabled()
    assert "Nothing is known" in panel.rig.truth.note.text()


def test_nothing_of_the_rig_panel_is_cut_off(panel):
    panel.inject("leak")
    panel.inject("disconnect")  # refused: the sentence needs its room
    panel.desk.until(lambda: panel.model.rows, 10)
    for size in ((1400, 900), (1024, 700)):
        panel.desk.parts.window.resize(*size)
        panel.desk.turn(0.05)
        check_whole(panel)


def check_whole(panel: Panel) -> None:
    table = panel.rig.truth.table
    for at in range(table.rowCount()):
        for section in range(table.columnCount()):
            item = table.item(at, section)
            if not table.isColumnHidden(section):
                need = QFontMetrics(item.font()).horizontalAdvance(item.text()) + 2 * CELL_PAD
                assert need <= table.columnWidth(section), item.text()
    for one in panel.rig.findChildren(QAbstractButton) + panel.rig.findChildren(QLabel):
        if one.isVisible() and one.text():
            need = one.heightForWidth(one.width()) if isinstance(one, QLabel) and one.wordWrap() else 0
            assert one.width() >= one.minimumSizeHint().width(), one.text()
            assert one.height() >= need, one.text()
    assert panel.rig.width() <= panel.desk.parts.window.width()


def test_with_threads_a_fault_begins_and_ends_at_a_click(parts, qtbot: QtBot):
    parts.start()
    parts.controls.connect("sim:?seed=7&speed=60")
    rig, models = parts.window.device.rig, parts.models
    qtbot.waitUntil(lambda: models.link.can_control and bool(models.rig.rows), timeout=DEADLINE_MS)
    parts.window.show_page(4)
    parts.window.device.show_part(RIG)
    rig.faults.chooser.choose("leak")
    qtbot.mouseClick(rig.faults.inject, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(rig.standing.lines) == 1, timeout=DEADLINE_MS)
    qtbot.mouseClick(rig.standing.lines[0].end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(rig.log.lines()) == 2, timeout=DEADLINE_MS)
    assert rig.standing.lines == []
