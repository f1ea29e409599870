"""A week of steps: days that are alike, copied, separated, empty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from programmer_gui import files
from programmer_gui.models import schedule
from rig.resources import resource
from tests.programmer_gui.schedule_desk import LEFT, card_of, drag


@pytest.fixture
def week(qtbot: QtBot, qapp: QApplication, theme):
    made = card_of(qtbot, theme, files.load_document(resource("programs/flex-week.yaml"))[0])
    yield made
    made.close()


def test_a_week_has_seven_strips_and_days_that_are_alike_change_together(week, qtbot):
    assert week.model.lanes == 7
    drag(qtbot, week, 7 * 60, 8 * 60, lane=2)
    assert week.model.lane == 2
    assert "Wednesday" in week.day.text()
    assert "Mon, Tue, Thu, Fri" in week.total.whole
    starts = {block.lane: block.start for block in week.model.blocks if block.path == "days[0].steps[0]"}
    assert starts == dict.fromkeys(range(5), 7 * 60)


def test_a_day_is_copied_by_its_menu_of_days(week, qtbot):
    before = week.model.program.document
    week.model.select("", 0)
    qtbot.mouseClick(week.copy, LEFT)
    assert week.copy_bar.isVisible()
    assert not week.copy_bar.do.isEnabled()
    week.copy_bar._tick(range(5, 7))
    week.copy_bar.alike.setChecked(False)
    qtbot.mouseClick(week.copy_bar.do, LEFT)
    assert not week.copy_bar.isVisible()
    assert schedule.steps_of(week.model.program.document, 6) == before["days"][0]["steps"]
    drag(qtbot, week, 7 * 60, 8 * 60, lane=6)
    assert schedule.steps_of(week.model.program.document, 0) == before["days"][0]["steps"]
    week.model.program.undo_stack.undo()
    week.model.program.undo_stack.undo()
    assert week.model.program.document == before


def test_a_separated_day_changes_alone(week, qtbot):
    week.model.select("", 1)
    qtbot.mouseClick(week.separate, LEFT)
    assert not week.separate.isVisible()
    drag(qtbot, week, 7 * 60, 8 * 60, lane=1)
    starts = {block.lane: block.start for block in week.model.blocks if block.start < 9 * 60}
    assert starts[1] == 7 * 60
    assert starts[0] == 6 * 60


def test_a_step_is_drawn_on_an_empty_day_and_the_day_goes_with_its_last_step(week, qtbot):
    week.model.program.edit("days[1]", None)
    drag(qtbot, week, 600, 720, lane=5)
    assert week.model.program.document["days"][1]["weekdays"] == ["sat"]
    week.model.remove()
    assert len(week.model.program.document["days"]) == 1


def test_page_keys_go_from_day_to_day(week, qtbot):
    week.view.setFocus()
    week.model.select("", 6)
    qtbot.keyClick(week.view, Qt.Key.Key_PageDown)
    assert week.model.lane == 0
    qtbot.keyClick(week.view, Qt.Key.Key_PageUp)
    assert week.day.text() == "Sunday"
