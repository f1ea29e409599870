"""The laboratory balance in the real window, beside a virtual pump."""

import pytest

from programmer_gui.models.weighing import BalanceModel
from programmer_gui.views.balance_card import BalanceCard, mass_text
from programmer_gui.views.connect_dialog import ConnectDialog
from rig.balancestate import BalanceState
from rig.session import Batch
from rig.weighing import weighings
from tests.programmer_gui.conftest import FAST, Desk

BALANCE = "mt-sics:sim?cup=open"


def test_it_is_there_where_one_weighs_and_can_be_tared(desk: Desk) -> None:
    card = desk.parts.window.device.balance
    assert card.isHidden()
    desk.connect(f"{FAST} with {BALANCE}")
    desk.until(lambda: card.value.text().startswith("\N{MINUS SIGN}0.000"))  # it dries
    assert not card.isHidden()
    assert "Virtual 0" in card.note.text()
    assert BALANCE in card.note.text()
    desk.until(lambda: card.value.text() < "\N{MINUS SIGN}0.0011")
    card.tare.click()
    desk.until(lambda: any(entry.kind == "host_balance_tared" for entry in desk.parts.models.log.entries))
    assert "from \N{MINUS SIGN}" in desk.parts.models.log.entries[-1].details.replace("-", "\N{MINUS SIGN}")
    desk.parts.controls.disconnect()
    desk.until(lambda: card.isHidden())


def test_what_is_wrong_with_it_is_a_sentence(qtbot) -> None:
    model = BalanceModel()
    card = BalanceCard(model)
    qtbot.addWidget(card)
    model.address = "sbi:COM5"
    why = "The laboratory balance: it doesn't answer. Check its cable."
    model.take(Batch(balance=BalanceState("sbi:COM5", "online", "silent", why)))
    assert card.warning.text() == why
    assert card.value.text() == "–"
    model.take(Batch(balance=BalanceState("sbi:COM5", "online", mass_ug=1_234_560, digit_ug=10, stable=True)))
    assert card.warning.isHidden()
    assert (card.value.text(), card.tare.isEnabled()) == ("1.23456 g", True)
    card.set_free(False)  # a test script is at work with it
    assert not card.tare.isEnabled()


def test_of_a_recording_it_shows_what_was_weighed_then(qtbot) -> None:
    model = BalanceModel()
    card = BalanceCard(model)
    qtbot.addWidget(card)
    model.take(Batch(weighings=weighings([(1, 5_000, True), (2, 12_345_600, False)])), recorded=True)
    assert not card.isHidden()
    assert (card.value.text(), card.tare.isHidden()) == ("12.3456 g", True)
    model.open(None)
    assert card.isHidden()


@pytest.mark.parametrize(
    ("mass_ug", "digit_ug", "text"),
    [(0, 100, "0.0000 g"), (-100, 100, "\N{MINUS SIGN}0.0001 g"), (12_000_000, 1000, "12.000 g"), (5, 1, "0.000005 g")],
)
def test_a_mass_has_the_digits_that_it_shows(mass_ug: int, digit_ug: int, text: str) -> None:
    assert mass_text(mass_ug, digit_ug) == text


def test_the_dialog_that_connects_names_both(qtbot, desk: Desk) -> None:
    recent = ["/dev/ttyACM0 with sbi:/dev/ttyUSB1?baud=1200"]
    dialog = ConnectDialog(desk.parts.window, desk.parts.window.theme, list, recent)
    qtbot.addWidget(dialog)
    assert (dialog.address.text(), dialog.balance.text()) == ("/dev/ttyACM0", "sbi:/dev/ttyUSB1?baud=1200")
    assert dialog.target() == recent[0]
    dialog.balance.clear()
    assert dialog.target() == "/dev/ttyACM0"
