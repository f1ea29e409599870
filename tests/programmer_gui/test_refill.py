"""The refill wizard on the true firmware: what is asked, what is refused, what is kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from programmer_gui import care
from programmer_gui.ledgers import Ledgers
from programmer_gui.views.care_refill import ReadStep
from programmer_gui.views.refill_wizard import CONFIRM, FILL, READ, RECEIPT, WATCH, WITHDRAW, RefillWizard
from rig import ledger
from rig.recording.reader import RunReader
from rig.session import DeviceInfo, SessionInfo
from rig.therapy.modes import Bolus
from rig.virtual.faults import Fault

ML = 1_000_000
FIVE_ML = Bolus(2_500_000, 660_000)  # at 500 ug/mL


def opened(desk) -> RefillWizard:
    """A wizard that has read the pump."""
    desk.parts.window.actions_["refill"].trigger()
    wizard = desk.parts.wiring.asking.dialogs.find("refill")
    desk.until(lambda: wizard.read.ready)
    return wizard


def at_fill(desk, withdrawn: str = "20 mL") -> RefillWizard:
    """A wizard before whose third step nothing is left to say."""
    wizard = opened(desk)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText(withdrawn)
    wizard.next.click()
    assert wizard.at == FILL
    return wizard


def record(desk, wizard: RefillWizard) -> None:
    """From the third step to the pump's word."""
    wizard.next.click()
    assert wizard.at == CONFIRM
    wizard.next.click()
    desk.until(lambda: wizard.at == WATCH)


@pytest.fixture
def five_out(desk):
    """The window on a pump that has delivered 5 of its 20 mL."""
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    desk.program()
    desk.parts.controls.run(care.BOLUS, lambda one: care.give_bolus(one, FIVE_ML, 500_000, ""))
    desk.until(lambda: "bolus_ended" in desk.kinds(), 60)
    desk.parts.controls.stop()
    desk.until(lambda: desk.parts.models.pump.state == "stopped")
    return desk


def test_twelve_millilitres_out_of_an_expected_fifteen_raise_the_discrepancy_event(five_out):
    desk = five_out
    wizard = opened(desk)
    assert wizard.read.expected_nl == pytest.approx(15 * ML, abs=100_000)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText("12 mL")
    assert "To be evaluated" in wizard.withdraw.verdict.text()
    assert not wizard.next.isEnabled()
    wizard.withdraw.evaluation.setText("Leak at the connector")
    wizard.next.click()
    record(desk, wizard)
    desk.until(lambda: "refill_discrepancy" in desk.kinds())
    entry = next(one for one in desk.parts.models.log.entries if one.kind == "refill_discrepancy")
    assert entry.level == "medium"
    assert entry.details.startswith(("2.9", "3"))
    desk.until(lambda: desk.parts.models.pump.readings.reservoir_nl == 20 * ML, 20)
    wizard.next.click()
    rows = dict(wizard.receipt.rows)
    assert rows["Evaluation"] == "Leak at the connector"
    assert "to be evaluated" in rows["Discrepancy"]
    assert "at the earliest" in rows["Reservoir low"]
    wizard.next.click()
    assert "%" in opened(desk).withdraw.trend.accessibleDescription()
    desk.parts.controls.disconnect()
    desk.until(lambda: not desk.parts.models.run.state.recording)
    with RunReader(desk.parts.models.run.state.path) as reader:
        (note,) = [one.text for one in reader.notes() if one.text.startswith("Refill: ")]
    assert "Evaluation Leak at the connector" in note


def test_what_the_accuracy_explains_needs_no_evaluation_and_is_no_event(five_out):
    desk = five_out
    wizard = opened(desk)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText("14.6 mL")
    assert "explained" in wizard.withdraw.verdict.text()
    assert wizard.withdraw.evaluation.isHidden()
    wizard.next.click()
    record(desk, wizard)
    desk.until(lambda: "refilled" in desk.kinds())
    for _ in range(5):
        desk.turn()
    assert "refill_discrepancy" not in desk.kinds()


@pytest.mark.parametrize(
    ("volume", "allowed"), [("20 mL", True), ("20.001 mL", False), ("0 mL", False), ("-1 mL", False)]
)
def test_no_more_is_filled_than_the_reservoir_holds(desk, volume, allowed):
    desk.connect()
    wizard = at_fill(desk)
    wizard.fill.filled.line.setText(volume)
    assert wizard.next.isEnabled() == allowed
    assert wizard.fill.problem.isHidden() == (allowed or volume.startswith("-"))


@pytest.mark.parametrize(("volume", "ready"), [("20 mL", True), ("20.001 mL", False), ("much", False), ("", False)])
def test_no_more_is_withdrawn_than_the_reservoir_holds(desk, volume, ready):
    desk.connect()
    wizard = opened(desk)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText(volume)
    assert wizard.next.isEnabled() == ready


def test_another_concentration_needs_a_reason_or_a_bridge(desk):
    desk.connect()
    desk.program("200 µg/day")
    desk.until(lambda: desk.parts.models.program.held is not None)
    wizard = at_fill(desk)
    fill = wizard.fill
    fill.concentration.line.setText("2000 µg/mL")
    assert not wizard.next.isEnabled()
    fill.how.setCurrentIndex(fill.how.findData("reason"))
    assert not wizard.next.isEnabled()
    fill.reason.setText("The line was flushed")
    assert wizard.next.isEnabled()
    fill.how.setCurrentIndex(fill.how.findData("bridge"))
    record(desk, wizard)
    assert desk.parts.window.pages.currentIndex() == 1
    document = desk.parts.models.program.document
    assert document["mode"] == "bridge"
    assert (document["old-concentration"], document["concentration"]) == ("500 ug/mL", "2000 ug/mL")
    assert document["old-dose"] == document["dose"] == "200 ug/day"
    assert desk.parts.models.pump.concentration_ng_ml == 2_000_000
    assert desk.parts.models.program.evaluated.program is not None


def test_what_the_pump_refuses_is_said_and_nothing_is_recorded(desk):
    desk.connect()
    wizard = at_fill(desk)
    wizard.next.click()
    desk.parts.controls.change_setting("reservoir_nl", 10 * ML)
    wizard.next.click()
    desk.until(lambda: wizard.failure.isVisibleTo(wizard))
    assert "refused" in wizard.failure.text()
    assert wizard.at == CONFIRM
    assert wizard.next.isEnabled()
    assert "refilled" not in desk.kinds()


def test_escape_asks_only_where_something_would_be_lost(desk, qtbot: QtBot):
    desk.connect()
    wizard = opened(desk)
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert not wizard.isVisible()
    wizard = opened(desk)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText("12 mL")
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.stay.isVisible()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert wizard.withdraw.withdrawn.line.text() == "12 mL"
    wizard.close()
    wizard.leave.click()
    assert not wizard.isVisible()


def test_one_can_go_back_and_stop_the_pump_meanwhile(desk, qtbot: QtBot):
    desk.connect()
    desk.program()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    wizard = at_fill(desk)
    assert not wizard.isModal()
    wizard.back.click()
    assert wizard.at == WITHDRAW
    wizard.back.click()
    assert (wizard.at, wizard.back.isEnabled()) == (READ, False)
    qtbot.keyPress(wizard.read.again, Qt.Key.Key_F12)
    desk.until(lambda: desk.parts.models.pump.state == "stopped")


def test_a_refill_whose_answer_was_lost_is_not_recorded_twice(desk):
    desk.connect()
    wizard = at_fill(desk)
    wizard.next.click()
    wizard.next.click()
    desk.until(lambda: "refilled" in desk.kinds(), 0.001)
    desk.parts.controls.inject(Fault("unplug", duration_s=60))
    desk.until(lambda: wizard.at == WATCH)
    assert desk.kinds().count("refilled") == 1
    wizard.close()
    desk.until(lambda: desk.parts.models.link.can_control)
    assert "none" not in dict(ReadStep._rows(opened(desk)._supply.kept, 20 * ML)).values()


@pytest.mark.parametrize("over", [False, True])
def test_what_was_entered_for_one_pump_is_not_recorded_on_the_next(desk, over):
    desk.connect()
    wizard = at_fill(desk)
    if over:
        record(desk, wizard)
    desk.parts.controls.disconnect()
    desk.until(lambda: desk.parts.models.link.info is None)
    banners = [one.key for one in desk.parts.window.banners.problems]
    assert (care.REFILL in banners) != over
    assert wizard.at == RECEIPT if over else desk.parts.wiring.asking.dialogs.find("refill") is None
    desk.connect("sim:?seed=8&speed=max")
    assert not desk.parts.window.banners.problems


@pytest.mark.parametrize("name", ["bolus", "battery", "tube"])
def test_what_was_asked_of_one_pump_is_not_asked_of_the_next(desk, name):
    desk.connect()
    desk.until(lambda: desk.parts.models.pump.care.said)
    desk.parts.window.actions_[name].trigger()
    desk.parts.controls.disconnect()
    desk.until(lambda: desk.parts.models.link.info is None)
    assert desk.parts.wiring.asking.dialogs.find(name) is None


def test_after_filling_it_watches_by_the_pumps_time_and_may_be_left(desk):
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    wizard = at_fill(desk)
    record(desk, wizard)
    desk.until(lambda: wizard.watch.bar.value() > 600, 60)
    assert "left" in wizard.watch.left.text()
    desk.until(lambda: wizard.watch.bar.value() == wizard.watch.bar.maximum(), 60)
    assert "Fine" in wizard.watch.sentence.text()
    wizard.next.click()
    assert wizard.at == RECEIPT
    wizard.close()
    assert not wizard.isVisible()


def test_more_than_the_limit_after_filling_is_suspect(desk):
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    wizard = at_fill(desk)
    record(desk, wizard)
    desk.parts.controls.inject(Fault("free_flow", duration_s=1500))
    desk.until(lambda: "Suspect" in wizard.watch.sentence.text(), 20)
    desk.until(lambda: "refill_suspect" in desk.kinds(), 20)


def info(virtual: bool) -> SessionInfo:
    device = DeviceInfo("00c0ffee00c0ffee", "0.2.0", 1, 0, frozenset(), 1, {})
    return SessionInfo("a pump", "a port", device, True, False, virtual)


def test_a_real_pumps_refills_are_kept_in_its_file_a_virtual_ones_while_it_lives(tmp_path: Path):
    refill = ledger.Refill(1, 15 * ML, 12 * ML, 5 * ML, 20 * ML, 500_000, "Leak")
    real, virtual = info(virtual=False), info(virtual=True)
    ledgers = Ledgers(tmp_path)
    ledgers.add(real, refill)
    ledgers.add(virtual, refill)
    assert [path.name for path in tmp_path.iterdir()] == ["00c0ffee00c0ffee.yaml"]
    assert ledgers.of(virtual).refills == (refill,)
    ledgers.forget()
    assert Ledgers(tmp_path).of(real).refills == ledgers.of(real).refills == (refill,)
    assert ledgers.of(virtual).refills == ledgers.of(None).refills == ()
