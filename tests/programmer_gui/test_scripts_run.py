"""Test scripts run in the window, on the true firmware: what is shown, kept, remembered and found again."""

import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent

from programmer_gui.messages import CancelScript
from programmer_gui.models.case_run import CaseRun
from programmer_gui.models.script_steps import LIMITS, MEASURED, TITLE, VERDICT
from programmer_gui.script_saving import ScriptSaving
from programmer_gui.views.scripts_head import PUMP
from rig.qa.running.driving import drive
from rig.qa.telling import history
from rig.recording.reader import RunReader
from rig.session import LinkState, SessionInfo
from rig.targets import open_session
from tests.programmer_gui.conftest import FAST
from tests.programmer_gui.scripts_desk import ASKS, FAILS, FLOWS, HEAD, PASSES, WAITS, words_of
from tests.programmer_gui.scripts_desk import bench as bench

TABLE = "table:\n  - {flow: 24 mL/day}\n  - {flow: 12 mL/day}\n"
ASKS_A_NUMBER = """\
  - ask: What does the barometer show?
    answer: number
    at-least: 900 hPa
    unattended: 1013 hPa
"""
OF_TABLE = "  - do: program\n    flow: ${flow}\n    confirm: Bench test with water\n"


def test_a_script_that_passes_is_run_recorded_and_remembered(bench):
    run = bench.run("good", FLOWS + WAITS + PASSES)
    band = bench.page.run.band
    assert run.verdict == "pass"
    assert words_of(run) == ["pass"] * 4  # the usual cleanup stops the pump
    assert band.word.text() == "PASS"
    assert band.moment.isHidden()
    with RunReader(run.run) as reader:
        assert [(case.phase, case.verdict) for case in reader.cases()] == [("begin", ""), ("end", "pass")]
        assert [step.verdict for step in reader.steps() if step.phase == "end"] == ["pass"] * 4
        assert reader.run.ended == "the test script ended"
    (kept,) = history.entries(bench.state)
    assert (kept.name, kept.verdict, kept.run, kept.target) == ("good", "pass", str(run.run), run.target)
    assert bench.desk.parts.models.link.info is None  # the rig was the script's own
    headless = drive(run.script, open_session(run.target))
    assert [step.judged.measurements for step in headless.steps][2] == run.steps[2].measurements


def test_a_failed_expectation_says_value_and_limit_and_opens_its_moment(bench):
    run = bench.run("bad", FLOWS + WAITS + FAILS + WAITS.replace("steady", "later"))
    table, desk = bench.page.run.table, bench.desk
    assert words_of(run) == ["pass", "pass", "fail", "skipped", "pass"]
    assert bench.page.run.band.word.text() == "FAIL"
    assert table.step is run.steps[2]
    shown = [table.steps.index(2, column).data() for column in (VERDICT, MEASURED, LIMITS)]
    assert shown[0] == "FAIL"
    assert shown[1].endswith(" kPa")
    assert shown[2] == "at least 50 kPa"
    (kept,) = history.entries(bench.state)
    assert kept.moment.startswith("00:00:30")
    bench.page.run.band.moment.click()
    player = desk.parts.models.player
    desk.until(lambda: player.is_open)
    assert player.path == run.run
    desk.until(lambda: abs(player.at_us - run.steps[2].moment_us) <= 1_000_000)
    assert desk.parts.window.pages.currentIndex() == 0


def test_a_question_is_seen_on_every_page_answered_by_key_and_no_time_passes_meanwhile(bench, qtbot):
    run = bench.begin("asks", FLOWS + ASKS + WAITS)
    desk, prompt = bench.desk, bench.page.run.prompt
    desk.until(lambda: run.asks is not None)
    assert prompt.isVisible()
    assert prompt.question.text() == "Is the tube clamped?"
    desk.parts.window.show_page(0)
    (problem,) = desk.parts.window.banners.problems
    assert problem.remedy == "Is the tube clamped?"
    before_s = desk.parts.engine.clock.monotonic()
    for _ in range(20):
        desk.turn()
    assert desk.parts.engine.clock.monotonic() == before_s
    desk.parts.window.banners.acted.emit(problem.key)
    assert bench.page.isVisible()
    qtbot.keyClick(prompt.yes, Qt.Key.Key_Y)
    bench.end()
    assert run.verdict == "pass"
    assert prompt.isHidden()


def test_the_wrong_answer_fails(bench):
    run = bench.begin("denied", ASKS)
    bench.desk.until(lambda: run.asks is not None)
    bench.page.run.prompt.no.click()
    bench.end()
    assert run.verdict == "fail"


def test_a_number_is_asked_for_in_its_unit_with_what_nobody_there_would_answer(bench, qtbot):
    run = bench.begin("barometer", ASKS_A_NUMBER)
    prompt = bench.page.run.prompt
    bench.desk.until(lambda: run.asks is not None)
    assert prompt.line.text() == "1013"
    assert prompt.unit.text() == "hPa"
    prompt.line.setText("a lot")
    assert not prompt.enter.isEnabled()
    prompt.line.setText("880 hPa")
    qtbot.keyClick(prompt.line, Qt.Key.Key_Return)
    bench.end()
    assert run.verdict == "fail"
    assert run.steps[0].measurements[0].value == 880


@pytest.mark.parametrize("by", ["cancel", "stop"])
def test_cancelling_does_the_cleanup_and_so_does_stop(bench, by):
    bench.desk.connect(FAST)
    run = bench.begin("long", FLOWS + "  - wait: 20 h\n", on=PUMP)
    desk = bench.desk
    desk.until(lambda: run.current is run.steps[1])
    if by == "cancel":
        bench.page.run.band.cancel.click()
    else:
        desk.parts.controls.stop()
    bench.end()
    assert run.ended.why == "cancelled"
    assert run.ended.verdict == "skipped"
    assert run.steps[-1].cleanup
    assert run.steps[-1].state == "pass"
    assert bench.page.run.band.word.text() == "CANCELLED"
    assert bench.page.run.band.how.whole.startswith("1 of 2 steps")
    desk.until(lambda: desk.parts.models.pump.state == "stopped")
    assert desk.parts.models.link.can_control  # the pump that was connected still is
    desk.until(lambda: desk.parts.models.run.state.path != run.run)  # and is recorded into another file


def test_a_rig_that_is_not_the_one_is_refused_before_anything_is_sent(bench):
    run = bench.run("elsewhere", FLOWS, "needs:\n  device: 0123456789abcdef\n")
    assert run.refused is not None
    assert "0123456789abcdef" in run.refused.sentence()
    assert bench.page.run.band.word.text() == "NOT STARTED"
    assert not history.entries(bench.state)


def test_without_a_pump_it_says_so_and_offers_to_connect(bench):
    bench.look_at("any", FLOWS, on=PUMP)
    head = bench.page.head
    assert head.on == PUMP
    assert not head.run.isEnabled()
    assert head.connect_pump.isVisible()


def test_all_cases_of_a_table_run_one_after_the_other_and_are_reported_together(bench, tmp_path):
    bench.look_at("table", OF_TABLE + WAITS + PASSES, TABLE)
    head = bench.page.head
    head.case.setCurrentIndex(head.case.count() - 1)
    head.run.click()
    bench.end()
    entry = bench.scripts.entry
    assert [bench.scripts.run_of(case).verdict for case in entry.cases] == ["pass", "pass"]
    assert head.case.itemText(1).startswith("✓")
    assert len(history.entries(bench.state)) == 2
    saving = bench.desk.parts.wiring.findChild(ScriptSaving)
    for kind, name in (("junit", "out.xml"), ("report", "out.html")):
        saving.save(kind, tmp_path / name)
    bench.settle()
    cases = ElementTree.parse(tmp_path / "out.xml").getroot().iter("testcase")
    assert len(list(cases)) == 2
    assert "12 mL/day" in (tmp_path / "out.html").read_text()


def test_while_a_script_runs_nothing_else_is_told_to_the_pump_and_it_is_not_let_go_of(bench):
    desk = bench.desk
    desk.connect(FAST)
    run = bench.begin("busy", FLOWS + "  - wait: 20 h\n", on=PUMP)
    desk.until(lambda: run.current is run.steps[1])
    assert not desk.parts.window.actions_["start"].isEnabled()
    desk.parts.controls.start()
    desk.until(lambda: desk.parts.window.banners.problems)
    assert "A test script is running" in desk.parts.window.banners.problems[0].what
    desk.parts.controls.disconnect()
    (*_, problem) = desk.parts.window.banners.problems
    assert "“Disconnect” would break off" in problem.what
    desk.turn()
    assert run.running
    desk.parts.controls.send(CancelScript())
    bench.end()
    assert run.ended.why == "cancelled"


def test_a_golden_run_is_laid_beside_what_the_recorder_has_on_its_own_thread(parts, qtbot, tmp_path):
    scripts, head = parts.models.scripts, parts.window.scripts.head
    parts.start()

    def run(name: str, steps: str) -> CaseRun:
        path = tmp_path / f"{name}.qa.yaml"
        path.write_text(f"{HEAD.format(name=name)}steps:\n{steps}")
        parts.filing.open(path)
        qtbot.waitUntil(lambda: scripts.entry is not None and scripts.entry.path == path, timeout=20_000)
        head.run.click()
        qtbot.waitUntil(lambda: not scripts.busy and not parts.scripting.chores.busy, timeout=30_000)
        return scripts.shown

    first = run("first", FLOWS + WAITS)
    qtbot.waitUntil(lambda: not parts.models.run.state.recording, timeout=20_000)
    again = run("again", f"{FLOWS}{WAITS}  - expect: golden\n    run: {first.run}\n")
    assert again.steps[2].state == "pass", again.steps[2].judged
    assert first.run.name in again.steps[2].judged.detail


def test_a_pump_that_is_lost_for_good_ends_the_script_and_says_so(bench):
    desk = bench.desk
    desk.connect(FAST)
    run = bench.begin("broken off", FLOWS + "  - wait: 20 h\n", on=PUMP)
    desk.until(lambda: run.current is run.steps[1])
    desk.parts.engine.close()
    bench.end()
    assert run.verdict == "error"
    assert "let go of" in run.ended.error.sentence()
    with RunReader(run.run) as reader:
        assert [case.verdict for case in reader.cases()] == ["", "error"]


def test_the_window_closes_where_a_cleanup_waits_for_a_pump_that_is_gone(bench):
    desk, window = bench.desk, bench.desk.parts.window
    desk.connect(FAST)
    run = bench.begin("gone", FLOWS + "  - do: unplug\n    for: 1 h\n  - wait: 20 h\n", on=PUMP)
    link = desk.parts.models.link
    desk.until(lambda: run.current is run.steps[2] and link.state is LinkState.LOST)
    link.info = SessionInfo("/dev/ttyACM0", "/dev/ttyACM0", link.device, True, False, virtual=False)
    window.closeEvent(QCloseEvent())
    assert "“Close” would break off" in window.banners.problems[-1].what
    bench.page.run.band.cancel.click()
    window.closeEvent(QCloseEvent())
    assert desk.parts.wiring.asking.dialogs.find("close") is not None  # only asks whether the pump is to go on
    assert run.running


def test_the_step_under_way_stays_in_sight_in_a_small_window(bench):
    run = bench.begin("long", "  - note: one of many\n" * 9 + "  - wait: 20 h\n")
    window, table = bench.desk.parts.window, bench.page.run.table
    bench.desk.until(lambda: run.over == 9)
    window.resize(1024, 700)
    bench.desk.turn()
    assert table.step is run.steps[9]
    assert table.viewport().rect().contains(table.visualRect(table.steps.index(9, TITLE)).center())
    window.resize(1400, 900)


def test_a_judge_that_breaks_costs_its_step_and_not_the_cleanup(bench, monkeypatch):
    def breaks(*asked):
        raise ZeroDivisionError

    monkeypatch.setattr("rig.qa.running.waiting.judge", breaks)
    run = bench.run("breaks", FLOWS + WAITS + PASSES)
    assert words_of(run) == ["pass", "pass", "error", "pass"]  # the cleanup stops the pump all the same
    assert "ZeroDivisionError" in run.steps[2].judged.detail
    assert bench.page.run.band.word.text() == "ERROR"
