"""The refill rule, on both sides of each of its limits, and how long a filling lasts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.firmware.program import Program
from rig.firmware.reservoir import is_discrepant
from rig.therapy import refill

VOLUMES = st.integers(0, 50_000_000)
DAY_MS = 86_400_000


def test_twelve_millilitres_out_of_fifteen_are_to_be_evaluated():
    found = refill.discrepancy(15_000_000, 12_000_000, 5_000_000)
    assert found.to_evaluate
    assert (found.difference_nl, found.permille) == (3_000_000, 600)
    assert "3 mL more than it counted" in found.sentence


@given(VOLUMES, VOLUMES, VOLUMES)
def test_the_window_judges_as_the_pump_does(expected_nl, withdrawn_nl, delivered_nl):
    found = refill.discrepancy(expected_nl, withdrawn_nl, delivered_nl)
    assert found.to_evaluate == is_discrepant(expected_nl, withdrawn_nl, delivered_nl)
    assert found.to_evaluate == (abs(found.difference_nl) > found.allowed_nl)


@pytest.mark.parametrize(
    ("delivered_nl", "allowed_nl"),
    [(0, 100_000), (10_000_000, 1_450_000), (13_793_104, 2_000_000), (40_000_000, 2_000_000)],
)
def test_what_is_explained_is_the_accuracy_between_the_syringe_and_two_millilitres(delivered_nl, allowed_nl):
    for sign in (-1, 1):
        at = refill.discrepancy(20_000_000, 20_000_000 - sign * allowed_nl, delivered_nl)
        beyond = refill.discrepancy(20_000_000, 20_000_000 - sign * (allowed_nl + 1), delivered_nl)
        assert (at.to_evaluate, beyond.to_evaluate) == (False, True)


def test_of_next_to_nothing_there_is_no_ratio():
    assert refill.permille(344_828, 689_655) is None  # 14.5 % of it are less than 0.1 mL
    assert refill.permille(344_828, 689_656) == 500


@pytest.mark.parametrize(
    ("filled_ml", "ug_ml", "ug_day", "days"),
    [(40, 2000, 500, 152.0), (20, 500, 200, 45.0), (20, 2000, 350, 102.9), (40, 500, 800, 23.8), (20, 2000, 100, 180)],
)
def test_reference_values_of_the_alarm_date(filled_ml, ug_ml, ug_day, days):
    program = Program(0, 0, [], [(ug_day * 1_000_000_000 // ug_ml, DAY_MS)])
    assert refill.lasts_days(program, (filled_ml - 2) * 1_000_000, 0, 180) == pytest.approx(days, abs=0.051)


def test_every_allotted_bolus_is_counted_in_and_what_is_over_is_not():
    base = [(200_000_000, DAY_MS)]
    program = Program(0, 0, [(5_000_000_000, DAY_MS)], base, (50_000_000, 600_000, 7200, 4))
    assert refill.worst_flow_pl_day(program) == 400_000_000
    assert refill.worst_flow_pl_day(Program(0, 0, [], base)) == 200_000_000
    assert refill.lasts_days(program, 18_000_000, 0, 180) == pytest.approx(45)


def test_what_delivers_nothing_lasts_for_ever():
    for nothing in (None, Program(0, 0, [], []), Program(0, 0, [], [(0, DAY_MS)])):
        assert refill.worst_flow_pl_day(nothing) == 0
        assert refill.lasts_days(nothing, 18_000_000, 0, 180) is None
    assert refill.lasts_days(Program(0, 0, [], [(1000, DAY_MS)]), -1, 0, 180) == 0
