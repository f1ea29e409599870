"""Updates that break off, pumps that are let go of before anything is proven, and clocks that have changed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from pytestqt.qtbot import QtBot

from programmer_gui import jobs
from programmer_gui.messages import Run
from programmer_gui.updating import ABOUT, CLOCKS
from programmer_gui.views.program_page import WRITE
from rig.firmware.program import Program
from rig.places import programs_folder
from rig.programs.receipt import Order
from rig.programs.update import STOPPED
from rig.programs.written import WrittenPrograms
from rig.recording.reader import RunReader
from rig.resources import resource
from rig.session import LinkState
from rig.therapy.modes import Bolus
from rig.therapy.program_file import load_document
from rig.virtual.faults import Fault
from rig.zones import offset_at

DAY_MS = 86_400_000


@pytest.fixture
def written(desk):
    """A pump that runs with a program that the window wrote."""
    desk.connect()
    load(desk, "continuous-100ug")
    assert desk.parts.controls.write()
    desk.until(lambda: desk.parts.models.update.update and desk.parts.models.update.update.stage == "done")
    desk.until(lambda: desk.parts.models.program.held is not None)
    desk.parts.wiring.asking.dialogs.close("receipt")
    return desk


def load(desk, name, **edits):
    document, text = load_document(resource(f"programs/{name}.yaml"))
    desk.parts.models.program.load(document, text)
    for path, value in edits.items():
        desk.parts.models.program.edit(path, value)


def break_off_at(desk, stage, *faults):
    """Writes a program, and pulls the cable for long before its ``stage``."""
    update = desk.parts.models.update
    load(desk, "continuous-100ug", dose="120 ug/day")
    desk.parts.window.program.panel.write.click()
    desk.until(lambda: update.active and update.update.stage == stage)
    assert update.unproven
    for fault in (Fault("unplug", duration_s=60), *faults):
        desk.parts.controls.inject(fault)
    desk.until(lambda: update.broken)


def banner(desk, about=ABOUT):
    return next((one for one in desk.parts.window.banners.problems if one.key == about), None)


def act(desk, about, qtbot):
    """Presses the button of the banner."""
    shown = desk.parts.window.banners._up[about]
    press = next(one for one in buttons(shown) if one.text() == shown.problem.action)
    qtbot.mouseClick(press, Qt.MouseButton.LeftButton)


def buttons(widget):
    from PySide6.QtWidgets import QPushButton

    return widget.findChildren(QPushButton)


def test_a_link_lost_before_the_commit_leaves_the_old_program_and_that_is_said(written, qtbot: QtBot):
    desk = written
    old = desk.parts.models.program.held.digest()
    break_off_at(desk, "compare")
    assert "is not in force" in banner(desk).what
    assert "as soon as the link is back" in banner(desk).remedy
    desk.until(lambda: desk.parts.models.update.standing is not None)
    assert desk.parts.models.update.standing.holds == "old"
    assert not desk.parts.models.update.unproven  # it goes on as before
    assert "not in force" in banner(desk).what
    assert desk.parts.models.pump.digest == old
    assert desk.parts.models.pump.state == "running"
    act(desk, ABOUT, qtbot)
    assert desk.parts.window.program.parts.currentIndex() == WRITE
    assert desk.parts.controls.write()
    desk.until(lambda: desk.parts.models.pump.digest != old and not desk.parts.models.update.active)
    assert banner(desk) is None


def test_a_pump_that_was_reset_with_the_new_program_is_not_proven_until_it_is_started(written, qtbot: QtBot):
    desk = written
    break_off_at(desk, "confirm", Fault("reset"))
    assert "may be in force" in banner(desk).what
    update = desk.parts.models.update
    desk.until(lambda: update.standing is not None)
    assert update.standing.holds == "new"
    assert update.broken
    assert banner(desk).level == "high"
    assert "minimum rate" in banner(desk).what
    act(desk, ABOUT, qtbot)
    desk.until(lambda: not update.unproven)
    assert desk.parts.models.pump.state == "running"
    assert banner(desk) is None
    assert desk.parts.wiring.asking.dialogs.find("receipt") is not None


def test_a_link_that_comes_back_in_time_lets_the_update_go_on(written):
    desk, update = written, written.parts.models.update
    load(desk, "continuous-100ug", dose="120 ug/day")
    assert desk.parts.controls.write()
    desk.until(lambda: update.active and update.update.stage == "commit")
    desk.parts.controls.inject(Fault("unplug", duration_s=2))
    desk.until(lambda: desk.parts.models.link.state is LinkState.LOST)
    desk.until(lambda: update.update.stage == "done" and not update.unproven)
    assert desk.parts.wiring.asking.dialogs.find("receipt") is not None


def test_why_a_pump_that_is_busy_with_a_bolus_was_not_written_to_is_said_at_the_end_too(written):
    desk, update = written, written.parts.models.update
    desk.parts.controls.bolus(Bolus(20_000, 600_000))
    desk.until(lambda: desk.parts.models.pump.state == "bolus")
    load(desk, "continuous-100ug", dose="120 ug/day")
    assert desk.parts.controls.write()  # as where the bolus was asked for at the last moment
    desk.until(lambda: update.standing is not None)
    assert "not in force" in banner(desk).what
    assert "A bolus is being delivered" in banner(desk).details
    assert "A bolus is being delivered" in desk.parts.window.program.panel.result.text()


@pytest.mark.parametrize("why", ["stop", "unplug"])
def test_what_the_pump_holds_is_asked_again_where_the_question_was_cut_off(written, why):
    desk, model = written, written.parts.models.program
    load(desk, "continuous-100ug", dose="120 ug/day")
    assert desk.parts.controls.write()
    desk.until(lambda: not desk.parts.models.update.busy)
    model.set_held(None)
    desk.parts.controls.read_program()
    if why == "stop":
        desk.parts.controls.stop()
    else:
        desk.parts.controls.inject(Fault("unplug", duration_s=60))
    desk.until(lambda: model.held is not None)
    assert desk.parts.controls.known().mode == model.evaluated.program.mode


def test_stop_in_the_middle_is_a_deliberate_end(written):
    desk, update = written, written.parts.models.update
    load(desk, "continuous-100ug", dose="120 ug/day")
    assert desk.parts.controls.write()
    desk.until(lambda: update.active and update.update.stage == "stage")
    desk.parts.controls.stop()
    desk.until(lambda: desk.parts.models.pump.state == "stopped" and update.standing is not None)
    assert not update.unproven
    assert "stopped" in banner(desk).what


def close(desk):
    event = QCloseEvent()
    desk.parts.window.closeEvent(event)
    return event.isAccepted()


def unproven(desk):
    break_off_at(desk, "confirm", Fault("reset"))
    desk.until(lambda: desk.parts.models.update.standing is not None)
    assert not close(desk)
    return desk.parts.wiring.asking.dialogs.find("unproven")


def test_the_window_does_not_close_over_a_program_that_is_not_proven(written, qtbot: QtBot):
    dialog = unproven(written)
    assert "minimum rate" in dialog.what.text()
    qtbot.mouseClick(dialog.prove, Qt.MouseButton.LeftButton)
    written.until(lambda: not written.parts.models.update.unproven)
    assert written.parts.wiring.asking.dialogs.find("unproven") is None
    assert close(written)


def test_stop_settles_it_too(written, qtbot: QtBot):
    dialog = unproven(written)
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    written.until(lambda: written.parts.models.pump.state == "stopped")
    written.until(lambda: not written.parts.models.update.unproven)
    assert written.parts.wiring.asking.dialogs.find("unproven") is None
    assert close(written)


def test_whoever_closes_anyway_leaves_a_note(written, qtbot: QtBot):
    dialog = unproven(written)
    path = written.parts.models.run.state.path
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    written.until(lambda: not written.parts.window.isVisible())
    written.turn()
    written.parts.engine.close()
    written.parts.recorder.close()
    with RunReader(path) as reader:
        assert any("wasn't proven" in note.text for note in reader.notes())


@pytest.mark.parametrize("go", ["disconnect", "connect"])
def test_no_session_is_let_go_of_either(written, go, qtbot: QtBot):
    break_off_at(written, "confirm", Fault("reset"))
    written.until(lambda: written.parts.models.update.standing is not None)
    controls = written.parts.controls
    if go == "disconnect":
        controls.disconnect()
    else:
        controls.connect("sim:?seed=8&speed=max")
    written.turn()
    dialog = written.parts.wiring.asking.dialogs.find("unproven")
    assert written.parts.models.link.can_control
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    written.until(
        lambda: written.parts.models.link.target.endswith("8&speed=max") or not written.parts.models.link.info
    )
    assert not written.parts.models.update.unproven


def test_an_update_under_way_is_not_let_go_of_silently(written):
    update = written.parts.models.update
    load(written, "continuous-100ug", dose="120 ug/day")
    assert written.parts.controls.write()
    written.until(lambda: update.active)
    assert not close(written)
    dialog = written.parts.wiring.asking.dialogs.find("unproven")
    assert "under way" in dialog.what.text()
    written.until(lambda: not update.unproven)
    assert written.parts.wiring.asking.dialogs.find("unproven") is None


# -- the clocks ----------------------------------------------------------------------------------------------------


def at_another_offset(desk, ensure="running"):
    """The pump gets a program that goes by an hour less than the clocks here."""
    utc_s = desk.parts.controls.utc_s()
    here_min = offset_at()(utc_s)
    held = Program(
        utc_s // 86_400 * 86_400, here_min - 60, [], [(100_000_000, DAY_MS // 4), (50_000_000, DAY_MS * 3 // 4)]
    )
    desk.parts.engine.submit(Run(jobs.SHIFT, lambda at: jobs.reprogram(at, held, ensure)))
    desk.until(lambda: desk.parts.models.program.held and desk.parts.models.program.held.digest() == held.digest())
    return held, here_min


def test_a_program_that_nobody_knows_is_reprogrammed_at_the_same_local_times(desk, qtbot: QtBot):
    desk.connect()
    held, here_min = at_another_offset(desk)
    assert "The clocks have changed" in banner(desk, CLOCKS).what
    assert "as the pump holds it" in banner(desk, CLOCKS).remedy
    act(desk, CLOCKS, qtbot)
    desk.until(lambda: desk.parts.models.program.held.utc_offset_min == here_min)
    now = desk.parts.models.program.held
    assert now.cycle == held.cycle
    assert now.anchor_utc_s == held.anchor_utc_s - 3600
    assert banner(desk, CLOCKS) is None
    assert desk.parts.models.pump.state == "running"


def test_a_stopped_pump_stays_stopped_when_it_is_reprogrammed(desk, qtbot: QtBot):
    desk.connect()
    _, here_min = at_another_offset(desk, STOPPED)
    act(desk, CLOCKS, qtbot)
    desk.until(lambda: desk.parts.models.program.held.utc_offset_min == here_min)
    desk.until(lambda: not desk.parts.models.update.active)
    assert desk.parts.models.pump.state == "stopped"


def test_a_program_that_was_written_here_is_compared_and_confirmed_again(desk, tmp_path, qtbot: QtBot):
    desk.connect()
    held, _ = at_another_offset(desk)
    text = resource("programs/flex-day.yaml").read_text(encoding="utf-8").replace("time-zone", "# time-zone")
    WrittenPrograms(programs_folder(tmp_path / "runs")).keep(held.digest(), text)
    desk.parts.models.program.set_held(None)
    desk.parts.controls.read_program()
    desk.until(lambda: desk.parts.models.program.held is not None)
    act(desk, CLOCKS, qtbot)
    assert desk.parts.window.program.parts.currentIndex() == WRITE
    assert desk.parts.models.program.document["name"] == "Evening and night"


def test_an_even_flow_goes_by_any_clock(desk):
    desk.connect()
    load(desk, "continuous-100ug")
    assert desk.parts.controls.write(Order())
    desk.until(lambda: desk.parts.models.program.held is not None)
    assert banner(desk, CLOCKS) is None
