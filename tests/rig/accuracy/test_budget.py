"""What a value isn't known to, and the verdict on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.accuracy import budget

VALUES = st.floats(-1e6, 1e6)
AMOUNTS = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("value", "off", "low", "high", "verdict"),
    [
        (100.0, 4.9, 95.0, 105.0, "pass"),
        (95.0, 0.0, 95.0, 105.0, "pass"),  # ends are included
        (99.0, 4.1, 95.0, 105.0, "inconclusive"),
        (100.0, 6.0, 95.0, 105.0, "inconclusive"),  # limits nearer to each other than anything is known
        (94.0, 1.0, 95.0, 105.0, "inconclusive"),
        (93.9, 1.0, 95.0, 105.0, "fail"),
        (106.1, 1.0, 95.0, 105.0, "fail"),
        (1e9, 1.0, 95.0, None, "pass"),
        (-1e9, 1.0, None, 105.0, "pass"),
        (0.0, 1.0, None, None, "pass"),
    ],
)
def test_near_a_limit_nothing_is_concluded(
    value: float, off: float, low: float | None, high: float | None, verdict: str
) -> None:
    assert budget.verdict(value, off, low, high) == verdict


@given(VALUES, AMOUNTS, VALUES, AMOUNTS, st.floats(-1, 1))
def test_a_verdict_holds_wherever_in_its_uncertainty_the_truth_is(
    value: float, off: float, low: float, width: float, where: float
) -> None:
    verdict = budget.verdict(value, off, low, low + width)
    truth = min(max(value + where * off, value - off), value + off)
    if verdict == "pass":
        assert low <= truth <= low + width
    if verdict == "fail":
        assert not low <= truth <= low + width
    if verdict == "inconclusive":
        assert off > 0


@given(VALUES, AMOUNTS, VALUES, AMOUNTS, AMOUNTS)
def test_knowing_less_never_decides_more(value: float, off: float, low: float, width: float, more: float) -> None:
    before, after = (budget.verdict(value, one, low, low + width) for one in (off, off + more))
    assert after in (before, "inconclusive")


@given(VALUES, AMOUNTS, VALUES, AMOUNTS, AMOUNTS)
def test_wider_limits_never_fail_what_passed(value: float, off: float, low: float, width: float, more: float) -> None:
    order = ("fail", "inconclusive", "pass")
    before = budget.verdict(value, off, low, low + width)
    after = budget.verdict(value, off, low - more, low + width + more)
    assert order.index(after) >= order.index(before)


def test_parts_of_one_name_are_one_and_nothing_is_left_out() -> None:
    parts = budget.joined((("balance", 5.0), ("gaps", 0.0)), (("balance", 1.0), ("timing", 2.0)))
    assert parts == (("balance", 6.0), ("timing", 2.0))
    assert budget.total(parts) == 8.0
    assert budget.scaled(parts, -0.5) == (("balance", 3.0), ("timing", 1.0))
    assert budget.total(()) == 0.0
