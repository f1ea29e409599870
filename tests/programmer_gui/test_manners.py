"""Manners: keyboard, names for those who can't see, themes, undo, files, closing, a second start."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from programmer_gui.draftkeeper import DraftKeeper
from programmer_gui.models.program import ProgramModel
from programmer_gui.single import SingleInstance
from programmer_gui.theme import style_sheet
from programmer_gui.tokens import DARK, LIGHT
from programmer_gui.views.actions import ACTIONS
from programmer_gui.views.help_dialogs import NOTICE, shortcut_rows
from programmer_gui.views.rail import PAGES
from rig.resources import resource
from rig.therapy import profiles, program_file

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QAbstractItemView)
DIALOGS = (
    "ask_target",
    "ask_note",
    "ask_bolus",
    "find_action",
    "show_shortcuts",
    "show_guide",
    "show_about",
)
ACTION_DIALOGS = ("refill", "battery", "tube")


def controls(parent: QWidget) -> list[QWidget]:
    """What the operator can use, without the parts that Qt makes by itself."""
    found = [one for kind in CONTROLS for one in parent.findChildren(kind)]
    return [
        one for one in found if not one.objectName().startswith("qt_") and one.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


def opened(desk) -> list[QWidget]:
    """The window and every dialog."""
    asking = desk.parts.wiring.asking
    for name in DIALOGS:
        getattr(asking, name)()
    for name in ACTION_DIALOGS:
        desk.parts.window.actions_[name].trigger()
    keys = ("connect", "note", "bolus", *ACTION_DIALOGS, "finder", "shortcuts", "guide", "about")
    return [desk.parts.window, *(asking.dialogs.find(key) for key in keys)]


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(desk):
    desk.connect()
    nameless = [
        f"{type(one).__name__} in {type(one.parent()).__name__} in {type(window).__name__}: {one.objectName()}"
        for window in opened(desk)
        for one in controls(window)
        if not one.accessibleName()
        and not (isinstance(one, QAbstractButton) and one.text())
        and not isinstance(one.parent(), (QComboBox, QAbstractSpinBox, QLineEdit))
        and not isinstance(one.parent().parent(), QComboBox)  # its list
    ]
    assert not nameless, "\n".join(nameless)


def test_no_dialog_keeps_stop_from_being_pressed(desk):
    desk.connect()
    for window in opened(desk):
        assert not window.isModal()


def test_tab_visits_the_stop_button_and_the_pages(desk, qtbot: QtBot):
    window = desk.parts.window
    seen = set()
    window.bar.target.setFocus()
    for _ in range(40):
        focus = window.focusWidget()
        seen.add(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert window.bar.stop in seen
    (rail,) = [one for one in seen if one.property("role") == "rail"]
    rail.setFocus()
    for page in range(1, len(PAGES)):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Down)
        assert window.pages.currentIndex() == page


def test_no_key_is_used_twice_and_every_key_is_in_the_help(desk):
    keys = [spec.keys for spec in ACTIONS if spec.keys]
    assert len(keys) == len(set(keys))
    rows = shortcut_rows(desk.parts.window.actions_, desk.parts.window.bench.chart_keys())
    assert set(keys) <= {row[2] for row in rows}
    assert ("In the charts", "Fit", "Home") in rows


def test_every_action_does_something(desk):
    for spec, action in desk.parts.window.actions_.rows():
        assert action.receivers("2triggered(bool)") > 0, spec.id


def test_the_finder_finds_by_words_and_does_it(desk, qtbot: QtBot):
    desk.parts.wiring.asking.find_action()
    finder = desk.parts.wiring.asking.dialogs.find("finder")
    qtbot.keyClicks(finder.text, "page dev")
    assert finder.found.count() == 1
    qtbot.keyClick(finder.text, Qt.Key.Key_Return)
    assert desk.parts.window.pages.currentIndex() == 4


def test_the_finder_says_that_nothing_fits(desk, qtbot: QtBot):
    desk.parts.wiring.asking.find_action()
    finder = desk.parts.wiring.asking.dialogs.find("finder")
    qtbot.keyClicks(finder.text, "refill")  # not without a pump
    assert "Nothing" in finder.found.item(0).text()
    assert not finder.ok.isEnabled()


def test_both_themes_fill_the_whole_style_sheet_and_icons(desk, theme):
    for tokens in (LIGHT, DARK):
        assert "@" not in style_sheet(tokens)
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        assert theme.tokens.name == mode
        assert not desk.parts.window.grab().isNull()
    with pytest.raises(ValueError, match="purple"):
        theme.set_mode("purple")


def drop(window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_program_dropped_anywhere_is_opened_and_saved_again_whole(desk, tmp_path):
    window, model = desk.parts.window, desk.parts.models.program
    drop(window, resource("programs/bolus-then-continuous.yaml"))
    assert window.pages.currentIndex() == 1
    assert model.name == "Bolus, then continuous"
    assert not window.isWindowModified()
    model.edit("name", "Bolus µ: “mine”")
    assert window.isWindowModified()
    path = tmp_path / "saved.yaml"
    desk.parts.filing.save(path)
    assert program_file.load(path) == model.evaluated.program
    assert not window.isWindowModified()
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ""] == ["saved.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("old.yaml", "pump-program: 1\nname: x\nmode: single bolus\n", "old.yaml:1: pump-program"),
        ("newer.yaml", "name: x\npump-program: 3\n", "newer.yaml:2: pump-program"),
        ("bad.yaml", "pump-program: 2\nname: x\nmode: warp\n", "bad.yaml:3: mode"),
        ("list.yaml", "- a\n", "list.yaml"),
    ],
)
def test_a_file_that_cannot_be_opened_is_a_banner_and_changes_nothing(desk, tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text)
    before = desk.parts.models.program.document
    drop(desk.parts.window, path)
    (problem,) = desk.parts.window.banners.problems
    assert words in problem.what
    assert desk.parts.models.program.document == before


def test_saving_where_it_cannot_be_written_or_what_cannot_be_read_yet_is_said(desk, tmp_path):
    (tmp_path / "file").touch()
    desk.parts.filing.save(tmp_path / "file" / "folder.yaml")
    assert "can't be written" in desk.parts.window.banners.problems[0].what
    desk.parts.models.program.edit("dose", "lots")
    desk.parts.filing.save(tmp_path / "a.yaml")
    assert "dose: lots" in (tmp_path / "a.yaml").read_text()  # nothing is lost
    assert "can't be written to a pump yet" in desk.parts.window.footer.said.whole


def test_undo_and_redo_are_actions(desk):
    actions, model = desk.parts.window.actions_, desk.parts.models.program
    assert not actions["undo"].isEnabled()
    model.edit("dose", "150 ug/day")
    assert actions["undo"].text() == "Undo change of dose"
    actions["undo"].trigger()
    assert model.document["dose"] == "100 ug/day"
    actions["redo"].trigger()
    assert model.document["dose"] == "150 ug/day"


def test_undo_by_key_in_a_field_undoes_in_the_editor(desk, qtbot: QtBot):
    window, model = desk.parts.window, desk.parts.models.program
    window.show_page(1)
    window.activateWindow()
    line = window.program.form.rows["dose"].input
    line.setFocus()
    qtbot.keyClicks(line, "0")
    assert model.document["dose"] == "100 ug/day0"
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert model.document["dose"] == "100 ug/day"
    assert line.text() == "100 µg/day"


def test_the_picture_pauses_and_the_data_goes_on(desk):
    desk.connect()
    stack = desk.parts.charts.stack
    desk.parts.window.actions_["pause"].trigger()
    assert stack.view.paused
    shown, held = stack.data.extent, desk.parts.models.run.state.samples
    desk.until(lambda: desk.parts.models.run.state.samples > held)
    assert stack.data.extent == shown
    desk.parts.window.actions_["follow"].trigger()
    desk.turn()
    assert stack.data.extent[1] > shown[1]
    assert not desk.parts.window.actions_["pause"].isChecked()


def test_the_about_box_says_what_it_is_not_for():
    assert "Not a medical device" in NOTICE


def test_a_second_start_hands_over_and_raises_the_first(qtbot: QtBot, tmp_path):
    first, second = SingleInstance("pump-test", str(tmp_path)), SingleInstance("pump-test", str(tmp_path))
    asked: list[tuple[str, str, str]] = []
    first.asked.connect(lambda *words: asked.append(words))
    try:
        assert not first.hand_over("", "")
        assert second.hand_over("", "/a/day.run.duckdb", "00:12:31")
        qtbot.waitUntil(lambda: asked == [("", "/a/day.run.duckdb", "00:12:31")], timeout=5000)
    finally:
        first.close()
        second.close()


def test_the_draft_is_kept_without_asking_and_comes_back(desk, qtbot: QtBot, tmp_path):
    model, path = desk.parts.models.program, tmp_path / "config" / "draft.yaml"
    keeper = DraftKeeper(model, path)
    model.edit("dose", "175 ug/day")
    qtbot.waitUntil(path.exists, timeout=5000)
    model.edit("dose", "lots")
    keeper.keep()
    again = ProgramModel(profiles.standard)
    kept = DraftKeeper(again, path)
    assert again.document["dose"] == "lots"
    assert not again.undo_stack.canUndo()
    assert kept.parent() is again


def test_a_kept_draft_that_was_damaged_is_left_out(desk, tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text("dose: [")
    before = desk.parts.models.program.document
    keeper = DraftKeeper(desk.parts.models.program, path)
    assert keeper.parent() is desk.parts.models.program
    assert desk.parts.models.program.document == before
