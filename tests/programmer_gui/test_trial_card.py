"""An infusion trial: the stage that the pump is in, by its own clock, and its end with a verdict."""

import pytest

from programmer_gui.models import trial
from programmer_gui.views.trial_card import IDLE
from rig.programs.receipt import Confirmed, Order
from rig.therapy import modes, profiles
from rig.therapy.compile import compile_program
from rig.therapy.program import Program

HOUR_S = 3600
DOCUMENT = {
    "pump-program": 2,
    "name": "Trial",
    "mode": "infusion trial",
    "drug": "baclofen",
    "concentration": "50 ug/mL",
    "maximum": "200 ug/day",
}


def program() -> Program:
    known = profiles.standard()
    mode = modes.InfusionTrial(100_000, 50_000, 12 * HOUR_S * 1000, 200_000)
    return Program("Trial", "baclofen", 50_000, mode, known.pumps["bench-20ml"], known.catheters["intrathecal-110cm"])


def status(hours: float, held, **fields: int) -> dict[str, int]:
    began_us = 5_000_000
    t_us = began_us + round(hours * HOUR_S * 1e6)
    return {"t_us": t_us, "program_start_us": began_us, "state": 1, "digest": held.digest()} | fields


@pytest.mark.parametrize(
    ("hours", "words", "left_s"),
    [
        (0, "stage 1 of 3, 100 µg/day", 12 * HOUR_S),
        (11.9999, "stage 1 of 3, 100 µg/day", 1),
        (12, "stage 2 of 3, 150 µg/day", 12 * HOUR_S),
        (24, "stage 3 of 3, 200 µg/day", None),
        (1000, "stage 3 of 3, 200 µg/day", None),
    ],
)
def test_a_stage_is_told_by_the_clock_of_the_pump(hours, words, left_s):
    device = compile_program(program(), 1_767_600_000, 0)
    found = trial.standing(program(), device, device, status(hours, device))
    assert found is not None
    assert (found.words, found.left_s) == (words, left_s)


@pytest.mark.parametrize("fields", [{"digest": 7}, {"state": 0}, {"program_start_us": 0}])
def test_a_pump_that_does_something_else_is_in_no_stage(fields):
    device = compile_program(program(), 1_767_600_000, 0)
    assert trial.standing(program(), device, device, status(1, device) | fields) is None
    assert trial.standing(program(), device, None, status(1, device)) is None


def test_the_trial_is_stopped_with_a_verdict(desk):
    models, card = desk.parts.models, desk.parts.window.program.editor.trial
    desk.connect()
    assert card.isHidden()
    models.program.load(DOCUMENT)
    assert card.where.text() == IDLE
    soft = [one for one in models.program.evaluated.findings if one.severity == "soft"]
    assert desk.parts.controls.write(Order(confirmed=tuple(Confirmed(one.field, one.what, "bench") for one in soft)))
    models.program.plan_now()
    desk.until(lambda: card.standing is not None)
    assert card.where.text() == "▶ The pump is at stage 1 of 3, 100 µg/day."
    assert not card.stop.isEnabled()
    card.seen.setText("less spasm")
    card.stop.click()
    desk.until(lambda: models.pump.state == "stopped")
    desk.until(lambda: "host_note" in desk.kinds())
    notes = [one.details for one in models.log.entries if one.kind == "host_note"]
    assert "Infusion trial stopped at stage 1 of 3, 100 µg/day: less spasm" in notes
    desk.until(lambda: card.where.text() == IDLE)
