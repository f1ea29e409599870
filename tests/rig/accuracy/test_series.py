"""Series of boluses and of flows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.accuracy import series


def test_boluses_have_a_mean_and_extremes_in_per_cent_of_what_was_asked_for() -> None:
    found = series.boluses([9_900, 10_100, 10_300], 10_000, 150)
    assert found is not None
    assert found.errors == pytest.approx((-1.0, 1.0, 3.0))
    assert (found.spread.mean, found.spread.least, found.spread.most) == pytest.approx((1.0, -1.0, 3.0))
    assert found.off == pytest.approx(1.5)
    assert found.mean_off == pytest.approx(4.303 * 2 / 3**0.5)  # Student's: they scatter by more than the balance does
    assert series.boluses([], 10_000, 150) is None


@given(st.integers(1, 40), st.floats(0, 1e5))
def test_even_boluses_leave_of_the_balance_what_one_is_of_all(count: int, off_nl: float) -> None:
    found = series.boluses([10_000.0] * count, 10_000, off_nl)
    assert found is not None
    assert found.mean_off == pytest.approx(found.off / count)


@given(
    st.floats(0.1, 10), st.floats(0, 0.05), st.floats(0.1, 10), st.floats(0, 0.05), st.floats(-1, 1), st.floats(-1, 1)
)
def test_a_flow_against_another_is_known_as_well_as_both(
    flow: float, off: float, free: float, free_off: float, where: float, free_where: float
) -> None:
    percent, known = series.against(flow, off, free, free_off)
    truth, free_truth = flow + where * off, free + free_where * free_off
    exact = 100 * (truth / free_truth - 1)
    second_order = 1 / (1 - free_off / free)  # the budget is linear
    assert abs(exact - percent) <= known * second_order + 1e-9
