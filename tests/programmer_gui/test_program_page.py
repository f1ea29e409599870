"""The Program page in the window: what it knows of the pump, its two parts, templates, saving."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from programmer_gui.views.program_page import EDIT, WRITE
from rig.resources import resource


def test_the_check_knows_the_pump_as_finely_as_it_needs(desk):
    model = desk.parts.models.program
    assert model.context.settings == {}
    desk.connect()
    desk.until(lambda: model.context.reservoir_nl is not None and model.context.tube_permille is not None)
    assert model.context.device_id == desk.parts.models.link.device.device_id
    assert model.context.reservoir_nl % 100_000 == 0
    assert model.context.now_utc_s % 900 == 0
    count = []
    model.changed.connect(lambda: count.append(1))
    for _ in range(20):
        desk.turn()
    assert len(count) <= 3  # samples come by the hundred; the program isn't checked anew with each
    model.plan_now()
    assert model.evaluated.forecast.refill_utc_s is not None
    desk.parts.controls.disconnect()
    desk.until(lambda: model.context.settings == {})
    assert model.context.reservoir_nl is None


def test_its_two_parts_change_by_a_switch_and_writing_by_key_shows_the_comparison_first(desk, qtbot: QtBot):
    page = desk.parts.window.program
    desk.connect()
    assert page.parts.currentIndex() == EDIT
    desk.parts.window.actions_["write"].trigger()
    assert desk.parts.window.pages.currentIndex() == 1
    assert page.parts.currentIndex() == WRITE
    assert desk.parts.models.program.held is None
    page.show_part(EDIT)
    assert page.parts.currentWidget() is page.editor


def test_the_verdict_is_in_sight_in_both_parts_and_goes_to_the_worst(desk, qtbot: QtBot):
    window, page = desk.parts.window, desk.parts.window.program
    window.show_page(1)
    assert "Checked" in page.verdict.text()
    desk.parts.models.program.edit("dose", "lots")
    page.show_part(WRITE)
    assert page.verdict.text() == "■ 1 can't be read"
    assert "lots" in page.verdict.toolTip()
    qtbot.mouseClick(page.verdict, Qt.MouseButton.LeftButton)
    assert page.parts.currentIndex() == EDIT
    assert page.form.rows["dose"].input.hasFocus()


def dialog(desk, key: str):
    found = desk.parts.wiring.asking.dialogs.find(key)
    assert found is not None
    assert not found.isModal()
    return found


def test_a_template_is_searched_for_begun_with_and_undone(desk, qtbot: QtBot):
    model, window = desk.parts.models.program, desk.parts.window
    before = model.document
    window.actions_["template"].trigger()
    chooser = dialog(desk, "template")
    qtbot.keyClicks(chooser.search, "flex week")
    assert "Flex week" in chooser.list.currentItem().text()
    qtbot.mouseClick(chooser.ok, Qt.MouseButton.LeftButton)
    assert model.document["mode"] == "flex week"
    assert model.source == ""
    assert "#" in model.text
    assert window.isWindowModified()
    assert window.actions_["undo"].text().startswith("Undo beginning with")
    window.actions_["undo"].trigger()
    assert model.document == before


def test_a_program_becomes_a_template_under_a_name_that_is_free(desk, qtbot: QtBot):
    window = desk.parts.window
    window.actions_["save_template"].trigger()
    saver = dialog(desk, "save_template")
    saver.name.setText("Quiet nights")
    qtbot.mouseClick(saver.ok, Qt.MouseButton.LeftButton)
    assert "quiet-nights" in window.footer.said.whole
    window.actions_["save_template"].trigger()
    saver = dialog(desk, "save_template")
    saver.name.setText("Quiet nights")
    qtbot.mouseClick(saver.ok, Qt.MouseButton.LeftButton)
    assert saver.isVisible()
    assert "already" in saver.note.text()
    saver.close()
    window.actions_["template"].trigger()
    texts = [dialog(desk, "template").list.item(row).text() for row in range(dialog(desk, "template").list.count())]
    assert any("Quiet nights" in text and "Your own" in text for text in texts)


def test_save_goes_where_it_came_from_and_examples_stay_as_they_are(desk, tmp_path):
    window, model, filing = desk.parts.window, desk.parts.models.program, desk.parts.filing
    path = tmp_path / "mine.yaml"
    path.write_text(resource("programs/flex-day.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    filing.open(path)
    model.edit("name", "Mine")
    window.actions_["save_program"].trigger()
    assert "name: Mine" in path.read_text(encoding="utf-8")
    assert "#" in path.read_text(encoding="utf-8")
    assert not window.isWindowModified()
    example = resource("programs/flex-day.yaml")
    before = example.read_text(encoding="utf-8")
    filing.open(example)
    model.edit("name", "Mine")
    window.actions_["save_program"].trigger()
    (asking,) = window.findChildren(QFileDialog)
    assert not asking.isModal()
    asking.close()
    assert example.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", ["flex-day", "bridge", "screening"])
def test_every_control_of_the_page_has_a_name_and_takes_the_keyboard(desk, name):
    from tests.programmer_gui.test_manners import controls

    desk.parts.filing.open(resource(f"programs/{name}.yaml"))
    desk.turn()
    page = desk.parts.window.program
    found = [one for one in controls(page) if one.isVisible()]
    assert len(found) > 10
    nameless = [one for one in found if not one.accessibleName() and not getattr(one, "text", str)()]
    assert nameless == []
