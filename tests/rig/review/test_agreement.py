"""Agreement of two judges: kappa from exact counts, and exact intervals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.review.agreement import agreement, interval

VERDICTS = st.sampled_from(["pass", "fail", "inconclusive"])


def test_kappa_of_a_table_worked_out_by_hand() -> None:
    pairs = [("pass", "pass")] * 20 + [("pass", "fail")] * 5 + [("fail", "pass")] * 10 + [("fail", "fail")] * 15
    found = agreement(pairs)
    assert (found.n, found.same, found.kappa) == (50, 35, Fraction(2, 5))
    assert not found.small


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(13, 25, 31.3, 72.2), (17, 25, 46.5, 85.1), (6, 11, 23.4, 83.3), (3, 11, 6.0, 61.0), (5, 13, 13.9, 68.4)],
)
def test_the_interval_is_that_of_the_published_series(successes: int, n: int, low: float, high: float) -> None:
    """domain.md, section 6."""
    found = interval(successes, n)
    assert (round(100 * found[0], 1), round(100 * found[1], 1)) == (low, high)


def test_where_there_is_nothing_to_disagree_about_kappa_is_not_defined() -> None:
    assert agreement([("pass", "pass")] * 12).kappa is None
    assert agreement([]).kappa is None
    assert agreement([]).percent is None
    assert agreement([("pass", "pass")] * 29).small


@given(st.lists(st.tuples(VERDICTS, VERDICTS), min_size=1, max_size=60))
def test_kappa_is_at_most_one_and_the_same_for_both(pairs: list[tuple[str, str]]) -> None:
    found, turned = agreement(pairs), agreement([(other, one) for one, other in pairs])
    assert found.kappa == turned.kappa
    assert found.kappa is None or -1 <= found.kappa <= 1
    assert sum(many for _, many in found.counts) == found.n
    low, high = found.interval_percent
    assert 0 <= low <= found.percent <= high <= 100
    if found.kappa == 1:
        assert found.same == found.n
