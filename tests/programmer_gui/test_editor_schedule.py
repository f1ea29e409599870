"""Steps drawn and typed, in step: by mouse, by keys, in the table; at most 13 a day; undo of each."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from programmer_gui.models import schedule
from programmer_gui.views.schedule_card import ScheduleCard
from rig.therapy.modes import MAX_STEPS
from tests.programmer_gui.schedule_desk import DAY, LEFT, NONE, NOON, card_of, drag, move

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication, theme):
    made = card_of(qtbot, theme, DAY)
    yield made
    made.close()


def times(card: ScheduleCard, at: int = 0) -> tuple[str, str]:
    step = schedule.steps_of(card.model.program.document, card.model.lane)[at]
    return step["start"], step["end"]


def row_text(card: ScheduleCard, at: int) -> list[str]:
    return [card.table.item(at, column).text() for column in range(6)]


def test_a_step_is_dragged_by_quarters_of_an_hour_and_the_table_follows(card, qtbot):
    drag(qtbot, card, 13 * 60, 15 * 60 + 4)
    assert times(card) == ("14:00", "16:00")
    assert row_text(card, 0)[:3] == ["14:00", "16:00", "2 h"]
    assert card.table.currentRow() == 0
    card.model.program.undo_stack.undo()
    assert card.model.program.document == DAY
    assert not card.model.program.undo_stack.canUndo()
    assert row_text(card, 0)[:2] == ["12:00", "14:00"]


@pytest.mark.parametrize("modifiers", [SHIFT, ALT])
def test_with_shift_or_alt_it_goes_by_minutes(card, qtbot, modifiers):
    card.resize(1500, 500)
    QApplication.processEvents()
    drag(qtbot, card, 13 * 60, 13 * 60 + 67, modifiers)
    start, _ = times(card)
    assert start[:2] == "13"
    assert abs(int(start[3:]) - 7) <= 1


def test_an_edge_is_dragged_to_resize(card, qtbot):
    drag(qtbot, card, 14 * 60, 17 * 60)
    assert times(card) == ("12:00", "17:00")
    drag(qtbot, card, 12 * 60, 10 * 60)
    assert times(card) == ("10:00", "17:00")
    drag(qtbot, card, 17 * 60, 8 * 60)  # never to nothing
    assert times(card) == ("10:00", "10:15")


def test_a_step_that_goes_on_after_midnight_is_dragged_round_the_clock(card, qtbot):
    drag(qtbot, card, 23 * 60, 20 * 60)
    assert times(card, 1) == ("19:00", "02:00")
    drag(qtbot, card, 2 * 60, 4 * 60)  # its end, on the next day
    assert times(card, 1) == ("19:00", "04:00")


def test_a_drag_over_an_empty_place_adds_a_step_as_one_step_to_undo(card, qtbot):
    drag(qtbot, card, 15 * 60, 17 * 60 + 30)
    assert times(card, 1) == ("15:00", "17:30")
    assert card.table.rowCount() == 3
    assert card.model.selected == "steps[1]"
    card.model.program.undo_stack.undo()
    assert card.model.program.document == DAY


def test_escape_takes_a_drag_back(card, qtbot):
    view = card.view
    y = round(view.strip(0).bottom() - 6)
    qtbot.mousePress(view, LEFT, NONE, QPoint(round(view.x_of(780)), y))
    move(view, QPoint(round(view.x_of(900)), y), NONE)
    assert times(card) != ("12:00", "14:00")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert card.model.program.document == DAY
    move(view, QPoint(round(view.x_of(1000)), y), NONE)
    assert card.model.program.document == DAY


def test_a_double_click_adds_a_step_or_types_the_one_there(card, qtbot):
    view = card.view
    y = round(view.strip(0).bottom() - 6)
    qtbot.mouseDClick(view, LEFT, NONE, QPoint(round(view.x_of(16 * 60 + 7)), y))
    assert times(card, 1) == ("16:00", "17:00")
    card.model.select("steps[0]")
    qtbot.mouseDClick(view, LEFT, NONE, QPoint(round(view.x_of(13 * 60)), y))
    assert card.table.findChild(QLineEdit) is not None


@pytest.mark.parametrize(
    ("key", "modifiers", "after"),
    [
        (Qt.Key.Key_Right, NONE, ("12:15", "14:15", "150 ug/day")),
        (Qt.Key.Key_Left, NONE, ("11:45", "13:45", "150 ug/day")),
        (Qt.Key.Key_Left, ALT, ("11:59", "13:59", "150 ug/day")),
        (Qt.Key.Key_Right, SHIFT, ("12:00", "14:15", "150 ug/day")),
        (Qt.Key.Key_Left, SHIFT, ("12:00", "13:45", "150 ug/day")),
        (Qt.Key.Key_Up, NONE, ("12:00", "14:00", "160 ug/day")),
        (Qt.Key.Key_Down, NONE, ("12:00", "14:00", "140 ug/day")),
        (Qt.Key.Key_Down, ALT, ("12:00", "14:00", "149 ug/day")),
    ],
)
def test_keys_move_resize_and_change_the_rate(card, qtbot, key, modifiers, after):
    card.view.setFocus()
    card.model.select("steps[0]")
    qtbot.keyClick(card.view, key, modifiers)
    step = card.model.program.document["steps"][0]
    assert (step["start"], step["end"], step["rate"]) == after
    qtbot.keyClick(card.view, key, modifiers)
    card.model.program.undo_stack.undo()  # both are one step
    assert card.model.program.document == DAY


def test_keys_add_remove_and_go_from_step_to_step(card, qtbot):
    view = card.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert card.model.selected == "steps[0]"
    assert "12:00 to 14:00, 150 µg/day" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert card.model.selected == "steps[1]"
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert not view.hasFocus()
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert card.model.program.document["steps"] == [NOON]
    qtbot.keyClick(view, Qt.Key.Key_Insert)
    assert len(card.model.program.document["steps"]) == 2
    card.model.program.undo_stack.undo()
    card.model.program.undo_stack.undo()
    assert card.model.program.document == DAY


def typed(qtbot: QtBot, card: ScheduleCard, at: int, column: int, text: str) -> None:
    card.table.setCurrentCell(at, column)
    card.table.editItem(card.table.item(at, column))
    line = card.table.findChildren(QLineEdit)[-1]
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_typing_in_the_table_moves_the_drawing_and_a_dose_shows_its_rate(card, qtbot):
    typed(qtbot, card, 0, 0, "11:30")
    (block, _) = card.model.blocks
    assert (block.start, block.end) == (690, 840)
    assert card.view.rects(block)[0].left() == pytest.approx(card.view.x_of(690))
    typed(qtbot, card, 0, 4, "20 µg")
    assert card.model.program.document["steps"][0] == {"start": "11:30", "end": "14:00", "dose": "20 ug"}
    assert row_text(card, 0) == ["11:30", "14:00", "2 h 30 min", "192 µg/day", "20 µg", "40 µL"]
    typed(qtbot, card, 0, 3, "240 µg/day")
    assert row_text(card, 0)[3:] == ["240 µg/day", "25 µg", "50 µL"]
    for _ in range(3):
        card.model.program.undo_stack.undo()
    assert card.model.program.document == DAY


def test_what_is_typed_wrong_is_said_below_the_table_and_marked(card, qtbot):
    typed(qtbot, card, 0, 0, "25:99")
    card.show_remarks([one for one in card.model.program.evaluated.remarks if one.field.startswith("steps")])
    assert "25:99" in card.remarks.text
    assert card.table.verticalHeaderItem(0).text() == "■ 1"
    assert len(card.model.blocks) == 1


def test_steps_that_overlap_are_told(card, qtbot):
    drag(qtbot, card, 23 * 60, 14 * 60)  # 13:00 to 20:00
    assert schedule.overlaps(card.model.blocks) == [(0, 780, 840)]
    (told,) = [one for one in card.model.program.evaluated.remarks if "when step" in one.what]
    assert told.field.startswith("steps[")
    assert not card.model.program.evaluated.writable
    card.model.program.fix(told.fix)
    assert schedule.overlaps(card.model.blocks) == []


def test_at_13_steps_adding_is_off_and_says_why(card, qtbot):
    while card.add.isEnabled():
        qtbot.mouseClick(card.add, LEFT)
    assert len(card.model.program.document["steps"]) == MAX_STEPS
    assert "13" in card.add.toolTip()
    assert "13" in card.add.accessibleDescription()
    qtbot.keyClick(card.view, Qt.Key.Key_Insert)
    drag(qtbot, card, 20 * 60, 21 * 60)
    qtbot.mouseDClick(card.view, LEFT, NONE, QPoint(round(card.view.x_of(20 * 60)), 100))
    assert len(card.model.program.document["steps"]) == MAX_STEPS
    assert not next(action for action in card.view.menu().actions() if action.text() == "Add a step").isEnabled()
    card.model.remove()
    assert card.add.isEnabled()


def test_the_menu_does_what_the_keys_do(card, qtbot):
    card.model.select("steps[0]")
    actions = {action.text(): action for action in card.view.menu().actions()}
    actions["Raise its rate"].trigger()
    assert card.model.program.document["steps"][0]["rate"] == "160 ug/day"
    actions["Remove it"].trigger()
    assert len(card.model.program.document["steps"]) == 1
    middle = card.view.rect().center()
    QApplication.sendEvent(
        card.view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, card.view.mapToGlobal(middle))
    )
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
