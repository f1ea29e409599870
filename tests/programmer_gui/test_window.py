"""The window on the true firmware: what the operator does, and what is then seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from programmer_gui import care
from programmer_gui.compose import Parts
from programmer_gui.views.bar_buttons import STOP_KEY
from rig.programs.receipt import Order
from rig.programs.update import STOPPED
from rig.recording.reader import RunReader
from rig.virtual.faults import Fault
from tests.programmer_gui.replay_desk import word_colours

LIVE = "sim:?seed=7&speed=60"
DEADLINE_MS = 20_000


def problems(parts: Parts) -> dict[str, str]:
    return {problem.key: problem.what for problem in parts.window.banners.problems}


def dialog(parts: Parts, key: str) -> QDialog:
    found = parts.wiring.asking.dialogs.find(key)
    assert found is not None
    return found


def test_before_a_pump_is_connected_everything_says_so(desk, theme):
    window = desk.parts.window
    assert window.bar.state.whole == "No pump"
    assert window.bar.stop.isEnabled()
    assert word_colours(window) == {theme.tokens.stop_text}
    assert window.bench.views.currentWidget() is window.bench.welcome
    for name in ("start", "bolus", "write", "refill", "battery", "clear_alarms"):
        assert not window.actions_[name].isEnabled()


def test_charts_that_come_after_the_pump_take_the_place_kept_for_them(bare_parts, qapp):
    bench = bare_parts.window.bench
    bare_parts.controls.connect("sim:?seed=7&speed=max")
    bare_parts.engine.step()
    bare_parts.bridge.tick()
    assert bench.views.currentWidget() is bench.waiting
    bare_parts.complete()
    assert bench.views.currentWidget() is bench.charts


def test_connecting_shows_identity_state_and_readings(desk):
    desk.connect()
    window = desk.parts.window
    desk.until(lambda: window.bar.state.whole == "Stopped")
    assert window.bar.target.address.whole == "sim:?seed=7&speed=max"
    assert window.bar.reservoir.value.whole == "20.000 mL"
    assert window.device.identity["Device id"].text() == desk.parts.models.link.device.device_id
    assert window.actions_["start"].isEnabled()
    desk.until(lambda: desk.parts.models.run.state.recording)
    assert ".run.duckdb" in window.footer.recording.whole


def test_a_program_is_written_compared_receipted_and_started(desk):
    desk.connect()
    window, models = desk.parts.window, desk.parts.models
    assert "Connect" not in window.program.verdict.text()
    desk.program("1000 µg/day", name="Over the weekend")
    desk.until(lambda: not models.update.active)
    receipt = dialog(desk.parts, "receipt")
    assert receipt.isVisible()
    assert not receipt.isModal()
    models.program.plan_now()
    assert {row.mark for row in window.program.table.rows} == {"same"}
    desk.until(lambda: models.pump.activity == "2 mL/day  (1000 µg/day)")
    models.program.edit("dose", "900 µg/day")
    models.program.plan_now()
    assert "Dose" in [row.title for row in window.program.table.rows if row.changed]
    assert "changes to this one in one step" in window.program.panel.effect.text()


def test_the_bench_says_what_to_do_next_and_does_it(desk, qtbot: QtBot):
    desk.connect()
    bench, models = desk.parts.window.bench, desk.parts.models
    desk.until(lambda: "holds no program" in bench.next.sentence.whole)
    qtbot.mouseClick(bench.next.do, Qt.MouseButton.LeftButton)
    assert desk.parts.window.pages.currentIndex() == 1
    desk.program(order=Order(STOPPED, "To be started by hand"))
    desk.until(lambda: not models.update.active)
    desk.parts.window.show_page(0)
    assert bench.next.do.text() == "Start"
    qtbot.mouseClick(bench.next.do, Qt.MouseButton.LeftButton)
    desk.until(lambda: models.pump.state == "running")
    assert bench.next.sentence.whole == ""
    assert bench.next.do.isHidden()
    assert not desk.parts.window.actions_["start"].isEnabled()
    assert not desk.parts.window.actions_["clear_alarms"].isEnabled()
    desk.parts.controls.inject(Fault("stall", duration_s=1000))
    desk.until(lambda: models.pump.alarm_bits, 60)
    assert bench.next.sentence.whole.startswith("Motor stalled. Free the rotor")
    assert bench.next.do.text() == "Clear alarms"


def test_a_draft_that_is_forbidden_cannot_be_written_and_says_why(desk):
    desk.connect()
    window, program = desk.parts.window, desk.parts.models.program
    program.edit("dose", "5 g/day")
    assert not window.program.write.isEnabled()
    assert not desk.parts.controls.write()
    program.edit("dose", "3000 µg/day")
    assert not window.program.write.isEnabled()
    for reason in window.program.panel.confirming.reasons:
        reason.line.setText("bench test at high flow")
    assert window.program.write.isEnabled()


def test_an_alarm_shows_in_words_symbol_and_log_and_can_be_cleared(desk):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    desk.parts.controls.inject(Fault("stall", duration_s=400))
    desk.until(lambda: desk.parts.models.pump.alarm_bits, 20)
    bar = desk.parts.window.bar
    assert bar.state.property("level") == "high"
    assert bar.activity.whole.startswith("■ Motor stalled")
    assert "motor_stall" in desk.kinds()
    assert desk.parts.window.actions_["clear_alarms"].isEnabled()
    desk.parts.controls.inject(Fault("new_battery"))
    desk.parts.window.actions_["clear_alarms"].trigger()
    desk.until(lambda: not desk.parts.models.pump.alarm_bits, 5)


@pytest.mark.parametrize("how", ["mouse", "key", "key in a dialog"])
def test_stop_stops_by_mouse_and_by_key_wherever_the_focus_is(desk, qtbot: QtBot, how):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    if how == "mouse":
        qtbot.mousePress(desk.parts.window.bar.stop, Qt.MouseButton.LeftButton)
    elif how == "key":
        qtbot.keyPress(desk.parts.window.bench.panel.text, getattr(Qt.Key, f"Key_{STOP_KEY}"))
    else:
        desk.parts.wiring.asking.ask_bolus()
        qtbot.keyPress(dialog(desk.parts, "bolus").dose.line, getattr(Qt.Key, f"Key_{STOP_KEY}"))
    desk.until(lambda: desk.parts.models.pump.state == "stopped")
    assert desk.parts.window.bar.stop_note.text() == "confirmed"
    assert desk.kinds()[-1] == "stopped"


def test_notes_are_in_the_log_and_in_the_run_file(desk):
    desk.connect()
    desk.parts.wiring.asking.ask_note()
    note = dialog(desk.parts, "note")
    assert not note.ok.isEnabled()
    note.text.setPlainText("  a bubble in the tube ")
    note.ok.click()
    desk.until(lambda: "host_note" in desk.kinds())
    assert desk.parts.models.log.entries[-1].details == "a bubble in the tube"
    desk.parts.controls.disconnect()
    desk.until(lambda: not desk.parts.models.run.state.recording)
    with RunReader(desk.parts.models.run.state.path) as reader:
        assert [note.text for note in reader.notes()] == ["a bubble in the tube"]


def test_a_pump_that_was_let_go_leaves_no_level_in_the_device_bar(desk):
    gauges = [cell.gauge for cell in (desk.parts.window.bar.reservoir, desk.parts.window.bar.battery)]
    empty = [gauge.grab().toImage() for gauge in gauges]
    desk.connect()
    assert [gauge.grab().toImage() for gauge in gauges] != empty
    desk.parts.controls.disconnect()
    desk.until(lambda: desk.parts.models.pump.readings is None)
    assert [gauge.grab().toImage() for gauge in gauges] == empty


def test_an_entry_of_the_log_shows_its_moment_in_the_charts(desk, qtbot: QtBot):
    desk.connect()
    desk.parts.controls.note("here")
    desk.until(lambda: "host_note" in desk.kinds())
    stack, table = desk.parts.charts.stack, desk.parts.window.bench.panel.table
    (note,) = [mark for mark in stack.data.marks if mark.title == "Note"]
    for _ in range(50):
        desk.turn()
    table.selectRow(desk.kinds().index("host_note"))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert not stack.view.following
    assert stack.view.end - stack.view.span_s / 2 == pytest.approx(note.x, abs=0.01)
    assert not desk.parts.window.actions_["follow"].isChecked()


def test_what_is_done_by_hand_is_done_on_a_virtual_rig_too(desk):
    desk.connect()
    pump, inject = desk.parts.models.pump, desk.parts.controls.inject
    desk.parts.controls.change_setting("sample_interval_ms", 1000)
    inject(Fault("empty_reservoir"))
    inject(Fault("battery_step", amount=5))
    desk.until(lambda: pump.readings.charge_permille < 100)
    desk.parts.controls.refill(care.RefillOrder(0, 10_000_000, 500_000, 20_000_000))
    desk.parts.controls.run(care.BATTERY, care.battery_replaced)
    desk.until(lambda: pump.readings.charge_permille > 990)
    desk.program()
    desk.parts.controls.start()
    desk.until(lambda: pump.progress and pump.progress.planned_nl > 3_000, seconds=1)
    assert abs(pump.progress.deviation_permille) < 500  # an empty one delivers nothing


def test_a_bolus_is_checked_given_and_logged(desk):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    desk.parts.wiring.asking.ask_bolus()
    bolus = dialog(desk.parts, "bolus")
    bolus.dose.line.setText("nonsense")
    assert not bolus.ok.isEnabled()
    bolus.dose.line.setText("10 µg")
    bolus.duration.line.setText("1 min")
    assert "20 µL" in bolus.volume.text()
    bolus.ok.click()
    desk.until(lambda: desk.parts.models.pump.state == "bolus")
    desk.until(lambda: "bolus_ended" in desk.kinds(), 5)
    assert desk.parts.models.pump.state == "running"


def test_no_warning_about_a_bolus_is_cut_off(desk):
    desk.connect()
    desk.parts.wiring.asking.ask_bolus()
    bolus = dialog(desk.parts, "bolus")
    bolus.dose.line.setText("5 mg")
    for _ in range(3):
        desk.turn(0.01)
    assert "hard limit" in bolus.findings.text()
    assert bolus.findings.height() >= bolus.findings.heightForWidth(bolus.findings.width())


def test_a_setting_is_changed_on_the_pump_and_a_wrong_one_is_refused_in_words(desk):
    desk.connect()
    table = desk.parts.window.device.settings
    table.item(0, 1).setText("5")
    assert "Give 20 to" in problems(desk.parts)["setting"]
    table.item(0, 1).setText("200")
    desk.until(lambda: desk.parts.models.link.device.settings["sample_interval_ms"] == 200)
    assert table.item(0, 1).text() == "200"


def test_faults_are_offered_on_a_virtual_rig_only(desk):
    window = desk.parts.window
    assert window.device.head.isHidden()
    desk.connect()
    assert not window.device.head.isHidden()
    window.device.rig.faults.chooser.choose("battery_step")
    window.device.rig.faults.inject.click()
    desk.until(lambda: "battery_eri" in desk.kinds(), 20)


def test_live_with_threads_it_connects_runs_stops_within_50_ms_and_closes_whole(parts, qtbot: QtBot, tmp_path):
    parts.start()
    models = parts.models
    parts.controls.connect(LIVE)
    qtbot.waitUntil(lambda: models.link.can_control and models.pump.readings is not None, timeout=DEADLINE_MS)
    models.program.edit("dose", "1000 µg/day")
    assert parts.controls.write()
    qtbot.waitUntil(lambda: models.program.held is not None, timeout=DEADLINE_MS)
    parts.controls.start()
    qtbot.waitUntil(lambda: models.pump.state == "running", timeout=DEADLINE_MS)
    shown: list[str] = []
    models.pump.stop_changed.connect(lambda level, text: shown.append(text))
    qtbot.mousePress(parts.window.bar.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: models.pump.state == "stopped", timeout=DEADLINE_MS)
    (sent,) = [text for text in shown if text.startswith("sent in")]
    assert float(sent.split()[2]) < 50
    assert parts.end()
    (path,) = (tmp_path / "runs").glob("*.run.duckdb")
    with RunReader(path) as reader:
        kinds = [event.kind for event in reader.events()]
        assert reader.summary().ended == "closed"
    assert kinds.index("program_committed") < kinds.index("started") < kinds.index("stopped")
