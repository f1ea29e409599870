"""The card of a screening, by a clock that the test moves: where each bolus stands, verdicts, and what follows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from programmer_gui.models.program import ProgramModel
from programmer_gui.theme import Theme
from programmer_gui.views.screening_card import ScreeningCard
from rig.therapy import profiles, units

HOUR_S = 3600
FIRST_S = units.parse("2026-11-19T09:00Z", units.MOMENT)
NEW = {
    "pump-program": 2,
    "name": "Screening",
    "mode": "screening",
    "drug": "baclofen",
    "concentration": "50 ug/mL",
    "duration": "10 min",
    "time-zone": "Europe/Paris",
}
GIVEN = {"dose": "50 ug", "at": "2026-11-19T09:00Z"}


@dataclass
class Bench:
    """A card, its program and its clock."""

    program: ProgramModel
    card: ScreeningCard
    now_s: int = FIRST_S

    def go(self, given: list[dict[str, str]], hours: float = 0) -> None:
        """Opens a screening so far, ``hours`` after the first bolus."""
        self.program.load(NEW | ({"given": given} if given else {}))
        self.after(hours)

    def after(self, hours: float) -> None:
        """So many hours after the first bolus."""
        self.now_s = FIRST_S + round(hours * HOUR_S)
        self.program.set_context(replace(self.program.context, now_utc_s=self.now_s))
        self.card.model.tick()

    def judge(self, response: bool, effect: str = "") -> None:
        """Says what was seen."""
        entry = self.card.entry
        (entry.response if response else entry.none).setChecked(True)
        entry.effect.line.setText(effect)

    @property
    def rows(self) -> list[str]:
        """What the card says, a bolus a line."""
        return self.card.rows.text.splitlines()

    @property
    def given(self) -> list[dict[str, str]]:
        """What the document says."""
        return list(self.program.document.get("given", []))


@pytest.fixture
def bench(qapp: QApplication, theme: Theme) -> Iterator[Bench]:
    program = ProgramModel(profiles.standard)
    made = Bench(program, ScreeningCard(program))
    made.card.model.begin(lambda: made.now_s)
    program.begin()
    made.card.show()
    yield made
    made.card.deleteLater()
    program.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_new_screening_begins_with_the_first_step_of_the_protocol(bench: Bench) -> None:
    bench.go([])
    assert bench.rows == [
        "▶ 50 µg in 1 mL: May be given now: write the program.",
        "○ 75 µg in 1.5 mL: Not reached.",
        "○ 100 µg in 2 mL: Not reached.",
    ]
    assert bench.card.entry.isHidden()
    assert bench.card.start.isHidden()


def test_other_programs_have_no_such_card(bench: Bench) -> None:
    bench.go([])
    bench.program.set_mode("minimum rate")
    assert bench.card.isHidden()


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "● 50 µg in 1 mL: Observing: 0 s of 4 to 8 h; 4 h to go at least."),
        (3.99, "● 50 µg in 1 mL: Observing: 3 h 59 min of 4 to 8 h; 36 s to go at least."),
        (4, "▲ 50 µg in 1 mL: A verdict is due: observed for 4 h of 4 to 8 h."),
        (8, "▲ 50 µg in 1 mL: A verdict is due: observed for 8 h of 4 to 8 h."),
        (8.5, "▲ 50 µg in 1 mL: The verdict is missing: 8 h 30 min have gone by."),
        (-1, "■ 50 µg in 1 mL: Noted for a time that is still to come."),
    ],
)
def test_a_bolus_is_observed_by_the_clock(bench: Bench, hours: float, words: str) -> None:
    bench.go([GIVEN], hours)
    assert bench.rows[0] == f"{words} Given 19 Nov 2026, 10:00 (09:00 UTC)"
    assert bench.rows[1].startswith("○ 75 µg in 1.5 mL: Waits for the verdict on the 50 µg. Not before 20 Nov 2026")


def test_time_goes_on_without_an_edit(bench: Bench) -> None:
    bench.go([GIVEN], 1)
    bench.now_s += 4 * HOUR_S
    bench.card.model.tick()
    assert "A verdict is due: observed for 5 h" in bench.rows[0]


def test_a_verdict_opens_the_next_step_a_day_later(bench: Bench) -> None:
    bench.go([GIVEN], 5)
    assert not bench.card.entry.enter.isEnabled()
    bench.judge(response=False)
    bench.card.entry.enter.click()
    assert bench.given == [GIVEN | {"verdict": "no response"}]
    assert bench.rows[0].startswith("✕ 50 µg in 1 mL: No response.")
    assert bench.rows[1] == (
        "◷ 75 µg in 1.5 mL: Next allowed in 19 h. At 20 Nov 2026, 10:00 (09:00 UTC), 24 h after the last"
    )
    assert bench.card.entry.isHidden()
    assert not bench.program.evaluated.writable
    bench.after(24)
    assert bench.rows[1].startswith("▶ 75 µg in 1.5 mL: May be given now")
    assert bench.program.evaluated.writable


def test_an_early_verdict_has_to_be_meant(bench: Bench) -> None:
    bench.go([GIVEN], 2)
    entry = bench.card.entry
    bench.judge(response=False)
    assert "observed for 2 h only" in entry.hasty.text()
    assert not entry.enter.isEnabled()
    entry.enter.click()
    assert bench.given == [GIVEN]
    entry.sure.setChecked(True)
    entry.enter.click()
    assert bench.given[0]["verdict"] == "no response"


def test_correcting_is_no_way_around_the_observation(bench: Bench) -> None:
    bench.go([GIVEN], 2)
    bench.card.correct.click()
    bench.judge(response=False)
    assert not bench.card.entry.enter.isEnabled()


@pytest.mark.parametrize("effect", ["", "6", "0 h", "six hours"])
def test_a_response_says_how_long_it_lasted(bench: Bench, effect: str) -> None:
    bench.go([GIVEN], 7)
    bench.judge(response=True, effect=effect)
    assert not bench.card.entry.enter.isEnabled()


def test_an_effect_can_not_be_longer_than_the_time_since(bench: Bench) -> None:
    bench.go([GIVEN], 5)
    bench.judge(response=True, effect="6 h")
    bench.card.entry.enter.click()
    assert bench.given == [GIVEN]
    assert "longer than the time since the bolus" in bench.card.entry.wrong.text()


def test_a_verdict_is_undone_like_every_edit(bench: Bench) -> None:
    bench.go([GIVEN], 7)
    bench.judge(response=True, effect="6 h")
    bench.card.entry.enter.click()
    assert bench.program.undo_stack.undoText() == "verdict on 50 µg: response"
    bench.program.undo_stack.undo()
    assert bench.given == [GIVEN]
    assert not bench.card.entry.isHidden()
    bench.program.undo_stack.redo()
    assert bench.given == [GIVEN | {"verdict": "response", "effect": "6 h"}]


def test_a_verdict_and_a_time_can_be_corrected(bench: Bench) -> None:
    bench.go([GIVEN | {"verdict": "no response"}], 10)
    bench.card.correct.click()
    entry = bench.card.entry
    assert entry.none.isChecked()
    entry.at.line.setText("2026-11-19T08:30Z")
    bench.judge(response=True, effect="7 h")
    entry.enter.click()
    assert bench.given == [{"dose": "50 ug", "at": "2026-11-19T08:30Z", "verdict": "response", "effect": "7 h"}]
    assert entry.isHidden()


def test_a_time_alone_can_be_corrected(bench: Bench) -> None:
    bench.go([GIVEN], -1)
    bench.card.correct.click()
    bench.card.entry.at.line.setText("2026-11-19T07:00Z")
    bench.card.entry.enter.click()
    assert bench.given == [GIVEN | {"at": "2026-11-19T07:00Z"}]
    assert bench.rows[0].startswith("● 50 µg in 1 mL: Observing: 1 h of 4 to 8 h")


@pytest.mark.parametrize(("effect", "dose"), [("6 h", "100 ug/day"), ("8 h", "100 ug/day"), ("9 h", "50 ug/day")])
def test_a_response_offers_the_start_dose(bench: Bench, effect: str, dose: str) -> None:
    bench.go([GIVEN], 9)
    bench.judge(response=True, effect=effect)
    bench.card.entry.enter.click()
    assert bench.card.outcome.text().startswith(f"Response to 50 µg, for {effect}: implant, start with")
    assert "– 75 µg in 1.5 mL: Not needed" in bench.rows[1]
    screening = bench.program.document
    assert bench.card.start.concentration.currentText() == "500 µg/mL"
    bench.card.start.concentration.setCurrentIndex(1)
    bench.card.start.do.click()
    made = bench.program.document
    assert (made["mode"], made["dose"], made["concentration"]) == ("simple continuous", dose, "1000 ug/mL")
    assert (made["drug"], made["time-zone"]) == ("baclofen", "Europe/Paris")
    assert bench.program.source == ""
    assert bench.card.isHidden()
    bench.program.undo_stack.undo()
    assert bench.program.document == screening


def test_no_response_to_the_last_step_means_no_pump(bench: Bench) -> None:
    bench.go([{"dose": "100 ug", "at": "2026-11-19T09:00Z"}], 6)
    bench.judge(response=False)
    bench.card.entry.enter.click()
    assert bench.card.outcome.text() == "No response to 100 µg: no pump."
    assert bench.card.start.isHidden()
    assert not bench.program.evaluated.writable


def test_the_check_leads_to_the_verdict_that_is_missing(bench: Bench) -> None:
    bench.go([GIVEN], 5)
    [finding] = [one for one in bench.program.evaluated.findings if one.severity == "hard"]
    assert bench.card.focus(finding.field)
    assert not bench.card.entry.isHidden()
    bench.card.show_remarks([one for one in bench.program.evaluated.remarks if one.field.startswith("given")])
    assert bench.card.remarks.isHidden()  # the card says it itself
    assert "There is no verdict on the 50 µg yet." in bench.card.next.text()


def test_what_can_not_be_read_is_said(bench: Bench) -> None:
    bench.go([GIVEN | {"at": "yesterday"}], 5)
    assert bench.rows == []
    assert "see the marked fields" in bench.card.outcome.text()
