"""What a pump needs somebody for, in the window and on the true firmware: boluses on demand, alarms, stops, parts."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from firmware_link import telemetry, vocabulary
from programmer_gui import care
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.alarm_banner import AlarmBanner, since_text
from programmer_gui.views.care_cards import test_words as words_of_test
from rig.session import Batch, Event
from rig.virtual.faults import Fault

ON_DEMAND = {
    "pump-program": 2,
    "name": "On demand",
    "mode": "on-demand bolus",
    "drug": "water",
    "concentration": "500 ug/mL",
    "base": "100 ug/day",
    "on-demand": {"dose": "20 ug", "duration": "5 min", "max-per-day": 2, "lockout": "30 min"},
}


def problems(desk) -> dict[str, str]:
    return {problem.key: problem.what for problem in desk.parts.window.banners.problems}


def patiently(desk, done) -> None:
    """As ``desk.until``, for what takes the better part of an hour: the pump says so once a second."""
    for _ in range(4000):
        if done():
            return
        desk.turn(60)
    pytest.fail("it did not happen within the hour")


@pytest.fixture
def on_demand(desk):
    """The window on a pump that runs a program with on-demand boluses."""
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    desk.parts.models.program.load(ON_DEMAND)
    assert desk.parts.controls.write(), desk.parts.models.program.evaluated.remarks
    desk.until(lambda: desk.parts.models.pump.state == "running" and desk.parts.models.pump.care.demand)
    return desk


def test_the_card_says_what_a_press_gives_and_when_the_next_may_be_given(on_demand):
    desk, card = on_demand, on_demand.parts.window.device.demand
    assert card.value.text() == "20 µg  (40 µL) over 5 min"
    desk.until(lambda: "0 of 2 given in 24 h" in card.wait.text())
    assert "may be given now" in card.wait.text()
    card.request.click()
    desk.until(lambda: "bolus_ended" in desk.kinds(), 20)
    desk.until(lambda: "At least 30 min apart." in card.note.text())
    desk.until(lambda: "1 of 2 given in 24 h.  Next in " in card.wait.text(), 5)
    patiently(desk, lambda: "may be given now" in card.wait.text())
    card.press.click()
    desk.until(lambda: desk.kinds().count("demand_granted") == 2)


def test_an_early_request_is_refused_in_words_and_logged(on_demand):
    desk, card = on_demand, on_demand.parts.window.device.demand
    card.press.click()
    desk.until(lambda: "bolus_ended" in desk.kinds(), 20)
    card.request.click()
    desk.until(lambda: care.DEMAND in problems(desk))
    assert problems(desk)[care.DEMAND].startswith("Too early: ")
    assert problems(desk)[care.DEMAND].endswith("of the lockout left.")
    entry = next(one for one in desk.parts.models.log.entries if one.kind == "demand_refused")
    assert entry.level == "low"
    assert "too early" in entry.details


def test_the_number_in_24_h_is_refused_in_words_too(on_demand):
    desk, card = on_demand, on_demand.parts.window.device.demand
    for count in (1, 2):
        patiently(desk, lambda: "may be given now" in card.wait.text())
        card.request.click()
        desk.until(lambda count=count: desk.kinds().count("bolus_ended") == count, 20)
    desk.until(lambda: "2 of 2 given in 24 h.  Next in 23 h" in card.wait.text(), 60)
    card.request.click()
    desk.until(lambda: care.DEMAND in problems(desk))
    assert "All on-demand boluses of these 24 h are given" in problems(desk)[care.DEMAND]


def test_a_program_without_on_demand_boluses_says_so(desk):
    desk.connect()
    desk.until(lambda: "has none" in desk.parts.window.device.demand.note.text())
    desk.parts.window.actions_["demand"].trigger()
    desk.until(lambda: care.DEMAND in problems(desk))


@pytest.fixture
def stalled(desk):
    """The window on a pump whose rotor is held."""
    desk.connect()
    desk.program()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    desk.parts.controls.inject(Fault("stall"))
    desk.until(lambda: desk.parts.models.pump.alarm_bits, 20)
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    desk.turn(2)
    return desk


@pytest.fixture
def banner(desk):
    return desk.parts.window.findChild(AlarmBanner)


def test_an_alarm_stands_across_the_window_until_it_is_cleared(stalled, banner):
    desk = stalled
    title, what, since = banner.rows[0]
    assert banner.isVisible()
    assert title.text() == "■ High  Motor stalled"
    assert what.text() == "The pump stopped. Free the rotor, clear the alarm, then start."
    assert "noticed" in since.text()
    assert banner.hidden.isHidden()  # a critical one can't be hidden
    desk.parts.controls.inject(Fault("stall", ends=True))
    desk.turn(2)
    banner.clear.click()
    desk.until(lambda: not desk.parts.models.pump.alarm_bits)
    assert not banner.isVisible()
    assert "alarms_cleared" in desk.kinds()


def test_tones_are_silent_for_ten_minutes_and_counted(stalled, banner):
    desk, said = stalled, lambda: stalled.parts.models.pump.care.said
    desk.until(lambda: said().tones)
    banner.silence.click()
    desk.until(lambda: said().silence_left_s)
    assert banner.silence.text().startswith("Silent for 9 min") or banner.silence.text() == "Silent for 10 min"
    assert not banner.silence.isEnabled()
    assert "silenced" in desk.kinds()
    desk.until(lambda: "silence_ended" in desk.kinds(), 30)
    desk.until(lambda: banner.silence.isEnabled(), 5)
    assert "tone" in stalled.parts.window.device.alarm.note.text()


def test_what_is_not_critical_can_be_hidden_and_does_not_wait_to_be_cleared(desk, banner):
    desk.connect()
    desk.parts.controls.inject(Fault("battery_step", amount=6))
    desk.until(lambda: desk.parts.models.pump.alarm_bits, 20)
    assert banner.rows[0][0].text() == "● Low  Battery near its end"
    desk.turn(2)
    assert not banner.clear.isEnabled()
    banner.hidden.click()
    assert not banner.isVisible()


def test_a_balance_that_was_taken_away_can_be_cleared_in_the_banner(desk, banner):
    desk.connect()
    desk.parts.controls.inject(Fault("balance_dead"))
    desk.until(lambda: desk.parts.models.pump.alarm_bits, 20)
    assert banner.rows[0][0].text() == "▲ Medium  Sensor fault"
    assert banner.clear.isEnabled()
    banner.clear.click()
    desk.until(lambda: not desk.parts.models.pump.alarm_bits, 20)


def test_the_self_test_says_its_result(desk):
    desk.connect()
    card = desk.parts.window.device.alarm
    desk.parts.window.actions_["self_test"].trigger()
    desk.until(lambda: "passed" in card.test.text())
    assert desk.kinds().count("self_test_passed") >= 1
    for name in ("memory", "program", "sensors", "values computed twice"):
        assert name in card.test.text()


def test_a_failed_self_test_names_what_failed():
    bit = 1 << vocabulary.SELF_TESTS.index("sensors")
    assert words_of_test(bit).startswith("The self-test failed: sensors.")


def test_a_stopped_pump_says_for_how_long_and_what_comes_next(desk, banner):
    desk.connect()
    desk.program()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    desk.parts.controls.stop()
    card, bar = desk.parts.window.device.delivery, desk.parts.window.bar
    desk.parts.controls.change_setting("sample_interval_ms", 10_000)
    desk.until(lambda: card.value.text().startswith("Stopped for 2 min"), 5)
    assert card.note.text().startswith("It reminds every 1 h, first in 5")
    assert card.note.text().endswith(" min. Critical alarm in 1 d 23 h.")
    assert bar.activity.whole.startswith("Delivers nothing for 2 min, reminds in 5")
    card.minutes.setValue(5)
    card.set.click()
    desk.until(lambda: desk.parts.models.link.device.settings["reminder_min"] == 5)
    desk.until(lambda: "stopped_reminder" in desk.kinds(), 20)
    assert banner.rows[0][0].text() == "● Low  Still stopped"


def test_nobody_heard_when_it_was_stopped_is_said_too(desk):
    desk.connect()
    desk.until(lambda: desk.parts.window.device.delivery.value.text() == "Stopped, since before this connection")


@pytest.mark.parametrize(("action", "event"), [("battery", "battery_replaced"), ("tube", "tube_replaced")])
def test_a_new_part_is_confirmed_with_what_is_known_of_the_old_one(desk, action, event):
    desk.connect()
    desk.until(lambda: desk.parts.models.pump.care.said)
    desk.parts.window.actions_[action].trigger()
    dialog = desk.parts.wiring.asking.dialogs.find(action)
    old, new = dict(dialog.rows).values()
    assert "%" in old
    assert ("years" if action == "battery" else "compressions") in new
    dialog.ok.click()
    desk.until(lambda: event in desk.kinds())


def test_help_is_the_guide_offline(desk, qtbot: QtBot):
    desk.parts.window.actions_["guide"].trigger()
    dialog = desk.parts.wiring.asking.dialogs.find("guide")
    assert "Motor stalled" in dialog.text.toPlainText()
    assert "<!--" not in dialog.text.toPlainText()
    dialog.contents.setCurrentRow(dialog.headings.index("Alarms"))
    assert dialog.text.textCursor().block().text() == "Alarms"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


# -- the model alone -------------------------------------------------------------------------------------------


def sample(state: str, *alarms: str) -> np.ndarray:
    row = np.zeros(1, telemetry.SAMPLE_DTYPE)
    row["state"] = vocabulary.STATES.index(state)
    row["alarms"] = sum(1 << vocabulary.ALARM_BITS[name] for name in alarms)
    return row


def event(kind: str, utc_s: int = 1_700_000_000, late_us: int = 0) -> Event:
    return Event(1, kind, 3, 1, 5_000_000, 5_000_000 + late_us, utc_s, 0, 0, 1_700_000_009_000_000)


def test_an_alarm_says_when_it_occurred_and_when_it_was_noticed(qapp):
    pump = PumpModel()
    pump.take(Batch(samples=sample("stopped", "occlusion"), events=(event("occlusion", late_us=4_200_000),)))
    (standing,) = pump.care.standing
    assert since_text(standing) == "Since 2023-11-14 22:13:20 UTC, noticed 4.2 s later"
    pump.take(Batch(samples=sample("stopped"), events=(event("occlusion_over"),)))
    assert pump.care.standing == []
    pump.take(Batch(samples=sample("stopped", "occlusion")))
    assert since_text(pump.care.standing[0]) == "Since before this connection"


def test_without_the_pumps_clock_this_computers_is_taken(qapp):
    pump = PumpModel()
    pump.take(Batch(samples=sample("stopped", "occlusion"), events=(event("occlusion", utc_s=0),)))
    assert since_text(pump.care.standing[0]) == "Since 2023-11-14 22:13:29 UTC, noticed at once"


def test_the_most_urgent_alarm_comes_first(qapp):
    pump = PumpModel()
    pump.take(Batch(samples=sample("stopped", "low_reservoir", "free_flow", "tube_service")))
    assert pump.care.standing[0].alarm.name == "free_flow"
