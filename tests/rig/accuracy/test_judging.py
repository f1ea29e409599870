"""What may be said of an error that isn't known exactly."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.accuracy import judging
from rig.accuracy.judging import DAY_US, Error

SETTINGS = {"balance_uncertainty_nl": 5000, "evaporation_nl_day": 2400}


@pytest.mark.parametrize(
    ("percent", "uncertainty", "judged"),
    [
        (-3.0, 1.0, "within"),
        (14.0, 1.0, "inconclusive"),
        (-14.5, 0.0, "inconclusive"),
        (-15.4, 1.0, "inconclusive"),
        (16.0, 1.0, "outside"),
        (0.0, 50.0, "inconclusive"),  # a balance that knows nothing
    ],
)
def test_near_the_limit_nothing_is_concluded(percent: float, uncertainty: float, judged: str) -> None:
    assert Error(percent, uncertainty).judged(14.5) == judged


@given(st.floats(-200, 200), st.floats(0, 20), st.floats(0, 50))
def test_a_verdict_holds_wherever_in_its_uncertainty_the_truth_is(percent: float, off: float, limit: float) -> None:
    judged = Error(percent, off).judged(limit)
    if judged == "within":
        assert max(abs(percent - off), abs(percent + off)) <= limit + 1e-9
    if judged == "outside":
        assert abs(percent) - off >= limit - 1e-9


def test_the_balance_is_uncertain_as_the_pump_takes_it() -> None:
    assert judging.uncertainty_nl(SETTINGS, 0, 0.0) == 5000
    assert judging.uncertainty_nl(SETTINGS, DAY_US, -1.5) == 5000 + 2400 / 4 + 3000
    assert judging.evaporated_nl(SETTINGS, DAY_US // 2) == 1200
    assert judging.uncertainty_nl({}, DAY_US, 0.0) == 0


def test_of_nothing_no_share_can_be_told() -> None:
    assert judging.error(100, 0, 5000) is None
    found = judging.error(90_000, 100_000, 5000)
    assert found == Error(-10.0, 5.0)


def test_several_errors_come_with_count_mean_and_interval() -> None:
    found = judging.spread([1.0, 2.0, 3.0])
    assert found is not None
    assert (found.count, found.mean, found.least, found.most, found.small) == (3, 2.0, 1.0, 3.0, True)
    assert (found.low, found.high) == pytest.approx((2 - 4.303 / math.sqrt(3), 2 + 4.303 / math.sqrt(3)))
    assert judging.spread([]) is None
    alone = judging.spread([1.0])
    assert alone is not None
    assert math.isnan(alone.low)


@given(st.integers(1, 10_000))
def test_the_interval_is_never_narrower_than_a_normal_one(freedom: int) -> None:
    assert judging.student_95(freedom) >= NormalDist().inv_cdf(0.975)
    assert judging.student_95(freedom + 1) <= judging.student_95(freedom)
