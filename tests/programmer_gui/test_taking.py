"""A session driven in the real window becomes a script that runs by itself, elsewhere."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from programmer_gui.models.proposed import LEAST, MOST, WHAT
from programmer_gui.taking import ABOUT, UNSAVED
from programmer_gui.views.taking_dialog import TakingDialog
from programmer_gui.views.taking_strip import TakingStrip
from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.targets import open_session
from rig.virtual.faults import Fault
from tests.programmer_gui.conftest import Desk


def press(desk: Desk) -> None:
    desk.parts.window.actions_["record_script"].trigger()


def strip(desk: Desk) -> TakingStrip:
    return desk.parts.window.findChild(TakingStrip)


def begin(desk: Desk) -> None:
    """A pump that sends a sample a second, and Record pressed."""
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", 1000)
    desk.until(lambda: desk.parts.models.pump.care.settings["sample_interval_ms"] == 1000)
    press(desk)
    desk.until(lambda: strip(desk).isVisible())


def dialog(desk: Desk) -> TakingDialog:
    """The dialog, once what was taken down is judged, on a thread of its own."""
    desk.until(lambda: not strip(desk).isVisible())
    for thread in threading.enumerate():
        if thread.name == ABOUT:
            thread.join(20)
    desk.until(lambda: desk.parts.wiring.asking.dialogs.find(ABOUT))
    made = desk.parts.wiring.asking.dialogs.find(ABOUT)
    assert isinstance(made, TakingDialog)
    return made


def let(desk: Desk, seconds: float) -> None:
    """The pump goes on; the window sees it at the end."""
    engine = desk.parts.engine
    end_s = engine.clock.monotonic() + seconds
    engine.step()
    while (left_s := end_s - engine.clock.monotonic()) > 0:
        engine.step(left_s)
    desk.turn(0.0)


def morning(desk: Desk) -> None:
    """Program, a blocked outlet until the alarm, and on again."""
    desk.program("1000 µg/day", concentration="50 ug/mL", name="Fast")
    let(desk, 298)
    desk.parts.controls.inject(Fault("occlusion"))
    for _ in range(60):
        if "occlusion" not in desk.kinds():
            let(desk, 15)
    desk.parts.controls.inject(Fault("occlusion", ends=True))
    let(desk, 5)
    desk.parts.controls.clear_alarms()
    let(desk, 5)
    desk.parts.controls.start()
    let(desk, 120)
    desk.parts.controls.stop()
    let(desk, 5)


def test_a_session_in_the_window_is_recorded_saved_and_passes_by_itself(desk: Desk, bot: QtBot) -> None:
    begin(desk)
    assert "Recording a script since" in strip(desk).words.text()
    morning(desk)
    bot.mouseClick(strip(desk).end, Qt.MouseButton.LeftButton)
    made = dialog(desk)
    made.name.setText("A morning")
    path = made.script_path
    bot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    desk.turn()
    (script,) = script_file.load(path)
    assert script.name == "A morning"
    assert script.interval_ms == 1000
    for target in ("sim:?seed=7&speed=max", "sim:?seed=4&speed=max"):
        rig = open_session(target)
        ended = drive(script, rig)
        rig.close()
        assert ended.verdict == "pass", [one.judged.detail for one in ended.steps]


def test_limits_are_accepted_left_out_and_edited_in_the_table(desk: Desk, bot: QtBot) -> None:
    begin(desk)
    desk.program("1000 µg/day", concentration="50 ug/mL", name="Fast")
    let(desk, 300)
    press(desk)
    made = dialog(desk)
    model = made.model
    volume = next(at for at in range(model.rowCount()) if "volume" in str(model.index(at, WHAT).data()))
    assert model.setData(model.index(volume, MOST), "12 %")
    assert model.setData(model.index(volume, LEAST), "−12")
    refused: list[str] = []
    model.refused.connect(refused.append)
    assert not model.setData(model.index(volume, MOST), "3 min")
    assert "not a unit of this" in refused[0]
    assert made.wrong.isVisible()
    quiet = next(at for at in range(model.rowCount()) if "priority" in str(model.index(at, WHAT).data()))
    model.setData(model.index(quiet, WHAT), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    path = made.script_path
    bot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    text = path.read_text("utf-8")
    assert "tolerance: 12 %" in text
    assert "no-event" not in text


def test_over_a_script_that_is_there_it_says_what_differs_and_asks(desk: Desk, bot: QtBot) -> None:
    begin(desk)
    desk.program("1000 µg/day", concentration="50 ug/mL", name="Fast")
    let(desk, 120)
    press(desk)
    made = dialog(desk)
    path = made.script_path
    bot.mouseClick(made.ok, Qt.MouseButton.LeftButton)
    press(desk)
    desk.until(lambda: strip(desk).isVisible())
    let(desk, 60)
    desk.parts.controls.stop()
    let(desk, 5)
    press(desk)
    again = dialog(desk)
    again.path.setText(str(path))
    assert not again.ok.isEnabled()
    assert "differences from the script that is there" in again.differs.text()
    assert "added: Stop the pump" in again.changes.toPlainText()
    again.over.setChecked(True)
    bot.mouseClick(again.ok, Qt.MouseButton.LeftButton)
    assert "do: stop" in path.read_text("utf-8")


def test_what_was_recorded_can_be_discarded(desk: Desk, bot: QtBot) -> None:
    begin(desk)
    bot.mouseClick(strip(desk).drop, Qt.MouseButton.LeftButton)
    desk.until(lambda: not strip(desk).isVisible())
    assert desk.parts.wiring.asking.dialogs.find(ABOUT) is None
    assert not desk.parts.window.actions_["record_script"].isChecked()


def test_it_ends_with_the_session_and_what_there_was_is_a_script(desk: Desk) -> None:
    begin(desk)
    desk.program("1000 µg/day", concentration="50 ug/mL", name="Fast")
    let(desk, 30)
    desk.parts.controls.disconnect()
    made = dialog(desk)
    assert "disconnected" in desk.parts.window.banners.problems[0].what
    made.close()
    desk.turn()
    banners = desk.parts.window.banners
    assert "wasn't saved" in banners.problems[-1].what
    banners.acted.emit(UNSAVED)
    again = desk.parts.wiring.asking.dialogs.find(ABOUT)
    assert isinstance(again, TakingDialog)
    assert UNSAVED not in [one.key for one in banners.problems]
    again.ok.click()
    desk.turn()
    assert UNSAVED not in [one.key for one in banners.problems]


def test_without_a_pump_there_is_nothing_to_record(desk: Desk) -> None:
    assert not desk.parts.window.actions_["record_script"].isEnabled()


def test_a_recording_of_the_runs_page_becomes_a_script(desk: Desk, kept: Path) -> None:
    desk.parts.window.runs.script_asked.emit(kept)
    for thread in threading.enumerate():
        if thread.name == ABOUT:
            thread.join(20)
    desk.until(lambda: desk.parts.window.banners.problems or desk.parts.wiring.asking.dialogs.find(ABOUT))
    made = desk.parts.wiring.asking.dialogs.find(ABOUT)
    assert isinstance(made, TakingDialog)
    assert made.script_path.parent.name == "scripts"


@pytest.fixture
def bot(qtbot: QtBot) -> QtBot:
    return qtbot
