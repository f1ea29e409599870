"""How much is known of a number, said beside it and with no more digits than that."""

from pathlib import Path

import numpy as np
import pytest

from rig.accuracy import judging, method
from rig.recording.reader import RunReader
from rig.report import saying
from rig.report.accuracy import Steady, steadiest
from rig.report.blocks import Facts, Report
from rig.report.evidence import Evidence, Options
from tests.rig.recording import make


@pytest.mark.parametrize(
    ("nl", "uncertainty_nl", "said"),
    [
        (25_149.0, 5_395.0, "25.1 ± 5.4 µL"),
        (1_319.7, 5_229.2, "1.3 ± 5.2 µL"),
        (644_304.7, 12_734.2, "644 ± 13 µL"),
        (-400.0, 20.0, "−0.400 ± 0.020 µL"),
        (25e6, 12_345.0, "25.000 ± 0.012 mL"),
        (25_149.0, 0.0, "25.15 ± 0.00 µL"),
    ],
)
def test_no_more_digits_than_are_known(nl: float, uncertainty_nl: float, said: str) -> None:
    assert saying.known(nl, uncertainty_nl) == said


def test_windows_are_known_to_what_the_balance_the_cup_and_the_room_leave_open() -> None:
    celsius = np.array([20.0, 20.0, 20.5, 22.0, 22.0])
    settings = make.DEVICE.settings
    steady = Steady(0, 0, 0.5, method.LOW_FLOW, np.zeros(5), celsius, settings, 1.0, 0, None)
    for window_min, warmer_c in ((15, 1.5), (30, 2.0), (60, 2.0), (930, 2.0)):
        unsure_nl = judging.uncertainty_nl(settings, window_min * 60_000_000, warmer_c)
        assert steady.known_to(window_min) == pytest.approx(100 * unsure_nl / (0.5e6 * window_min / 60))


def test_the_error_over_whole_turns_is_that_of_the_samples(report: Report, run_file: Path) -> None:
    with RunReader(run_file) as reader:
        evidence = Evidence(reader, Options())
        steady = steadiest(evidence)
        rows = reader.samples(0, 10**6)
    assert isinstance(steady, Steady)
    assert steady.over_turns is not None
    assert steady.turns >= 1
    at_us = steady.start_us + np.array([0, steady.turns * steady.turn_us])
    began_nl, ended_nl = np.interp(at_us, rows["t_us"] + evidence.boots[0].epoch_us, rows["measured_nl"])
    span_us = steady.turns * steady.turn_us
    came_nl = ended_nl - began_nl + judging.evaporated_nl(evidence.settings, round(span_us))
    wanted_nl = steady.rate_ml_h * 1e6 * span_us / 3.6e9
    assert steady.over_turns.percent == pytest.approx(100 * (came_nl / wanted_nl - 1), abs=1e-3)
    rotor_nl = evidence.settings["revolution_pl"] / 1e3
    assert wanted_nl == pytest.approx(steady.turns * rotor_nl, rel=1e-6)
    section = next(section for section in report.sections if section.title == "Flow accuracy")
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    assert dict(facts.rows)["Over whole turns"].startswith(saying.signed(steady.over_turns.percent, 2))


def test_a_link_that_says_twice_why_it_is_lost_was_lost_once(report: Report, run_file: Path) -> None:
    with RunReader(run_file) as reader:
        states = [link.state for link in reader.links()]
    assert states.count("lost") > 1
    section = next(section for section in report.sections if section.title == "Link and clock")
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    assert dict(facts.rows)["Link lost"] == "1 time"
