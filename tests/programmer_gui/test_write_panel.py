"""Comparing and writing on the page: what is listed, what has to be confirmed, and how far it is."""

import pytest
from PySide6.QtCore import Qt

from programmer_gui import updating
from programmer_gui.views.compare_table import DRAFT, MARK, PUMP, TITLE, breakable
from programmer_gui.views.program_page import WRITE
from rig.programs.receipt import Order
from rig.resources import resource
from rig.setting_words import setting_title
from rig.therapy.modes import Bolus
from rig.therapy.program_file import load_document

CONTINUOUS, STOPPED = "continuous-100ug", "stopped"


@pytest.fixture
def panel(desk):
    """The page for writing, in sight."""
    desk.parts.window.show_page(1)
    desk.parts.window.program.show_part(WRITE)
    return desk.parts.window.program.panel


def load(desk, name=CONTINUOUS, **edits):
    document, text = load_document(resource(f"programs/{name}.yaml"))
    model = desk.parts.models.program
    model.load(document, text)
    for path, value in edits.items():
        model.edit(path, value)
    model.plan_now()


def write(desk, panel, qtbot):
    """Presses the button and waits for the proof."""
    update = desk.parts.models.update
    qtbot.mouseClick(panel.write, Qt.MouseButton.LeftButton)
    desk.until(lambda: update.update is not None and update.update.stage == "done" and not update.active)
    desk.until(lambda: panel.result.isVisible())


def lines(panel):
    """(title, pump, draft, mark) of each row shown, groups left out."""
    table = panel.table
    rows = [at for at in range(table.rowCount()) if table.columnSpan(at, TITLE) == 1]
    text = [[table.item(at, section).text().replace("\u200b", "") for section in range(4)] for at in rows]
    return [tuple(row) for row in text]


def changed(panel):
    return {row[TITLE] for row in lines(panel) if row[MARK] == "◆ changes"}


def test_every_setting_is_shown_and_only_what_changes_is_marked(desk, panel, qtbot):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    desk.until(lambda: not changed(panel))
    assert panel.count.text() == "Nothing would change"
    assert "written from this computer" in panel.origin.whole
    shown = {row[TITLE] for row in lines(panel)}
    assert {setting_title(name) for name in desk.parts.models.program.settings} <= shown
    load(desk, dose="110 ug/day")
    desk.until(lambda: changed(panel))
    assert changed(panel) == {"Dose", "A day of the cycle", "All the time", "Digest"}
    row = next(row for row in lines(panel) if row[TITLE] == "Dose")
    assert (row[PUMP], row[DRAFT]) == ("100 µg/day", "110 µg/day")
    strong = next(at for at in range(panel.table.rowCount()) if panel.table.item(at, TITLE).text() == "Dose")
    assert panel.table.item(strong, DRAFT).font().bold()
    assert not panel.table.item(strong, PUMP).font().bold()
    panel.only_changes.setChecked(True)
    assert {row[TITLE] for row in lines(panel)} == changed(panel)


def test_a_program_that_was_written_elsewhere_is_shown_as_the_pump_holds_it(desk, panel, qtbot):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    desk.until(lambda: "written from this computer" in panel.origin.whole)
    panel.set_known(None)
    assert "Written elsewhere" in panel.origin.whole
    assert {row[MARK] for row in lines(panel) if row[TITLE] == "Dose"} == {"? not known"}


def test_a_value_is_never_cut_off_in_a_narrow_window(desk, panel):
    load(desk)
    desk.parts.window.resize(1024, 700)
    desk.app.processEvents()
    table = panel.table
    metrics = table.fontMetrics()
    for at in range(table.rowCount()):
        for section in (PUMP, DRAFT):
            words = table.item(at, section).text().replace("\u200b", " ").split()
            if table.columnSpan(at, TITLE) == 1:
                widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
                assert widest <= table.columnWidth(section)
    assert breakable("f45e6e6803960984") == "f45e6e68\u200b03960984"


def test_each_soft_limit_needs_a_reason_of_its_own(desk, panel, qtbot):
    desk.connect()
    load(desk, dose="2000 ug/day")
    reasons = panel.confirming.reasons
    soft = [one for one in desk.parts.models.program.evaluated.findings if one.severity == "soft"]
    assert len(reasons) == len(soft) >= 1
    assert not panel.write.isEnabled()
    assert "give a reason" in panel.effect.text()
    assert not desk.parts.controls.write(Order())
    for number, one in enumerate(reasons):
        assert not panel.write.isEnabled()
        one.line.setText(f"Reason {number}")
    assert panel.write.isEnabled()
    write(desk, panel, qtbot)
    receipt = desk.parts.wiring.asking.dialogs.find("receipt")
    text = receipt.text.toPlainText()
    assert all(one.what in text for one in soft)
    assert "Reason 0" in text


def test_a_reason_stays_while_its_limit_does(desk, panel):
    desk.connect()
    load(desk, dose="2000 ug/day")
    first = panel.confirming.reasons[0]
    first.line.setText("Kept")
    desk.parts.models.program.edit("name", "Another name")
    assert panel.confirming.reasons[0].line.text() == "Kept"
    desk.parts.models.program.edit("dose", "2100 ug/day")  # another excess, another reason
    assert panel.confirming.reasons[0].line.text() == ""


def test_what_is_forbidden_is_listed_and_can_not_be_written(desk, panel):
    desk.connect()
    load(desk, dose="90000 ug/day")
    assert not panel.write.isEnabled()
    assert "can't be written" in panel.effect.text()
    assert not panel.confirming.complete
    assert not desk.parts.controls.write(Order())


def test_it_says_what_will_happen_and_asks_why_a_pump_is_left_stopped(desk, panel, qtbot):
    desk.connect()
    load(desk)
    assert "started with it" in panel.effect.text()
    panel.leave.setChecked(True)
    assert not panel.write.isEnabled()
    assert "why" in panel.effect.text()
    panel.because.setText("The catheter is changed")
    assert "stays stopped" in panel.effect.text()
    write(desk, panel, qtbot)
    assert desk.parts.models.pump.state == "stopped"
    assert "left stopped" in panel.result.text()
    text = desk.parts.wiring.asking.dialogs.find("receipt").text.toPlainText()
    assert "The catheter is changed" in text


def test_a_stopped_program_is_left_stopped_for_its_own_reason(desk, panel, qtbot):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    desk.until(lambda: desk.parts.models.pump.state == "running")
    load(desk, STOPPED)
    for one in panel.confirming.reasons:
        one.line.setText("It is meant to stop")
    assert not panel.run.isEnabled()
    assert not panel.because.isVisible()
    write(desk, panel, qtbot)
    desk.until(lambda: desk.parts.models.pump.state == "stopped")
    load(desk)
    assert panel.run.isEnabled()
    assert panel.run.isChecked()  # nor is the next one, for the same reason


def test_without_a_pump_nothing_can_be_written(desk, panel):
    load(desk)
    assert not panel.write.isEnabled()
    assert "Connect to a pump" in panel.effect.text()
    assert "No pump is read" in panel.origin.whole


def test_a_bolus_under_way_is_waited_for(desk, panel, qtbot):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    load(desk, dose="110 ug/day")
    assert panel.write.isEnabled()
    desk.parts.controls.bolus(Bolus(5000, 60_000))
    desk.until(lambda: desk.parts.models.pump.state == "bolus")
    assert "A bolus is being delivered" in panel.effect.text()
    assert not panel.write.isEnabled()
    panel.leave.click()
    panel.because.setText("Bench test over")
    assert panel.write.isEnabled()  # which stops it first
    panel.run.click()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    assert panel.write.isEnabled()


def test_the_receipt_is_saved_as_a_pdf(desk, panel, qtbot, tmp_path):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    dialog = desk.parts.wiring.asking.dialogs.find("receipt")
    dialog.save_to(tmp_path / dialog.name)
    assert (tmp_path / dialog.name).read_bytes().startswith(b"%PDF-")
    said = []
    dialog.failed.connect(said.append)
    (tmp_path / "taken").touch()
    dialog.save_to(tmp_path / "taken" / "a.pdf")
    assert "can't be written" in said[0].what
    desk.parts.wiring.asking.dialogs.close("receipt")
    qtbot.mouseClick(panel.receipt, Qt.MouseButton.LeftButton)
    assert desk.parts.wiring.asking.dialogs.find("receipt") is not None


def test_clicking_twice_writes_once(desk, panel, qtbot, monkeypatch):
    monkeypatch.setattr(updating, "_double_click_ms", lambda: 60_000)
    desk.connect()
    load(desk)
    for click in (qtbot.mouseClick, qtbot.mouseClick, qtbot.mouseDClick):
        click(panel.write, Qt.MouseButton.LeftButton)
    desk.parts.window.actions_["write"].trigger()
    desk.until(lambda: panel.receipt.isVisible())
    qtbot.mouseClick(panel.write, Qt.MouseButton.LeftButton)  # the last of three, after a fast pump's answer
    for _ in range(20):
        desk.turn()
    assert desk.kinds().count("program_committed") == 1
    assert panel.write.isEnabled()
    assert not desk.parts.window.banners.problems


def test_nothing_said_of_one_pump_is_left_for_the_next(desk, panel, qtbot):
    desk.connect()
    load(desk)
    write(desk, panel, qtbot)
    desk.parts.window.actions_["demand"].trigger()
    desk.until(lambda: desk.parts.window.banners.problems)
    desk.parts.controls.connect("sim:?seed=8&speed=max")
    desk.until(lambda: desk.parts.models.link.target.endswith("8&speed=max") and desk.parts.models.link.can_control)
    assert panel.result.isHidden()
    assert panel.receipt.isHidden()
    desk.until(lambda: panel.origin.whole == "The pump holds no program.")
    assert not desk.parts.window.banners.problems
