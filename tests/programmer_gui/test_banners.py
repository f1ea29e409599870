"""What goes wrong, as the window tells it: what happened, why, what to do, and nothing lost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

from programmer_gui import jobs
from programmer_gui.compose import Parts
from programmer_gui.messages import EngineFault, StopNotSent
from programmer_gui.views.banners import Problem
from rig.therapy.modes import Bolus
from rig.virtual.faults import Fault


def problems(parts: Parts) -> dict[str, str]:
    return {problem.key: problem.what for problem in parts.window.banners.problems}


def dialog(parts: Parts, key: str) -> QDialog:
    found = parts.wiring.asking.dialogs.find(key)
    assert found is not None
    return found


def test_what_the_pump_refuses_is_a_banner(desk):
    desk.connect()
    desk.parts.controls.start()
    desk.until(lambda: jobs.START in problems(desk.parts))
    assert "holds no program" in problems(desk.parts)[jobs.START]
    assert desk.parts.window.banners.problems[0].remedy


def test_an_unplugged_pump_is_a_banner_until_it_is_back(desk):
    desk.connect()
    desk.parts.controls.inject(Fault("unplug", duration_s=10))
    desk.until(lambda: "lost" in problems(desk.parts))
    window = desk.parts.window
    assert "reconnecting" in window.bar.activity.whole
    assert not window.actions_["start"].isEnabled()
    assert window.bar.stop.isEnabled()
    desk.until(lambda: "lost" not in problems(desk.parts))
    desk.until(lambda: window.bar.state.whole == "Stopped")
    assert "host_link_lost" in desk.kinds()
    assert desk.parts.models.run.state.recording


def test_a_target_that_does_not_exist_is_a_banner_with_a_way_out(desk):
    desk.parts.controls.connect("/dev/no-such-port")
    desk.until(lambda: "connect" in problems(desk.parts))
    problem = desk.parts.window.banners.problems[0]
    assert "no-such-port" in problem.what
    assert problem.remedy
    assert problem.details
    desk.parts.window.banners.acted.emit("connect")
    assert dialog(desk.parts, "connect").isVisible()
    desk.connect()
    assert problems(desk.parts) == {}


def test_a_recording_that_fails_is_a_banner_and_in_the_footer(desk, tmp_path):
    (tmp_path / "runs").write_text("in the way")
    desk.connect()
    desk.until(lambda: "recording" in problems(desk.parts))
    assert "Not recording" in desk.parts.window.footer.recording.whole


def test_a_fault_of_this_program_is_a_sentence(desk):
    desk.parts.outbox.put(EngineFault("Something broke.", "Traceback ..."))
    desk.turn()
    assert problems(desk.parts) == {"fault": "Something broke."}


def test_stop_that_did_not_go_out_is_seen(desk):
    desk.parts.outbox.put(StopNotSent("STOP is not sent: the port takes no data."))
    desk.turn()
    assert desk.parts.window.bar.stop_note.text() == "NOT SENT"
    assert "stop" in problems(desk.parts)
    for key in ("one", "two", "three", "four"):
        desk.parts.window.banners.show_problem(Problem(key, "medium", key))
    assert set(problems(desk.parts)) == {"stop", "two", "three", "four"}


def test_stop_that_did_not_go_out_stays_until_the_pump_is_seen_stopped(desk):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    pump, window = desk.parts.models.pump, desk.parts.window
    desk.until(lambda: pump.state == "running")
    desk.parts.outbox.put(StopNotSent("STOP is not sent: the port takes no data."))
    desk.turn()
    desk.parts.controls.bolus(Bolus(10_000, 300_000))
    desk.until(lambda: pump.state == "bolus")
    assert window.bar.stop_note.text() == "NOT SENT"
    assert "stop" in problems(desk.parts)
    desk.parts.controls.stop()
    desk.until(lambda: pump.state == "stopped")
    desk.until(lambda: "stop" not in problems(desk.parts))
    assert "NOT" not in window.bar.stop_note.text()


def test_stop_that_did_not_go_out_outlives_the_link_and_ends_when_it_is_dismissed(desk, qtbot):
    desk.connect()
    desk.parts.controls.disconnect()
    desk.until(lambda: desk.parts.models.link.info is None)
    desk.parts.controls.stop()
    desk.until(lambda: "stop" in problems(desk.parts))
    desk.parts.models.pump.reset()
    window = desk.parts.window
    assert window.bar.stop_note.text() == "NOT SENT"
    (dismiss,) = [one for one in window.banners.findChildren(QPushButton) if one.text() == "Dismiss"]
    qtbot.mouseClick(dismiss, Qt.MouseButton.LeftButton)
    assert window.bar.stop_note.text() == ""
    assert problems(desk.parts) == {}


def test_stop_while_the_link_is_lost_is_not_called_sent(desk):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    pump, window = desk.parts.models.pump, desk.parts.window
    desk.until(lambda: pump.state == "running")
    desk.parts.controls.inject(Fault("unplug", duration_s=30))
    desk.until(lambda: "lost" in problems(desk.parts))
    assert window.bar.activity.whole.startswith("Was running.")
    desk.parts.controls.stop()
    desk.until(lambda: "stop" in problems(desk.parts))
    assert window.bar.stop_note.text().startswith("NOT")
    desk.until(lambda: pump.state == "stopped")
    desk.until(lambda: "stop" not in problems(desk.parts))


def test_an_address_without_end_does_not_widen_the_window(desk):
    desk.parts.controls.connect("sim:" * 2000)
    desk.until(lambda: "connect" in problems(desk.parts))
    window = desk.parts.window
    desk.turn()
    assert window.minimumSizeHint().width() <= 1024
    assert window.banners.height() < 200
