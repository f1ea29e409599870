"""The value axis: takes everything in, holds still, doesn't blow up noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.scale import ValueRange

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


@given(VALUES, VALUES, st.floats(1e-6, 1e6))
def test_whatever_is_in_view_fits(one: float, other: float, least: float) -> None:
    scale = ValueRange(least)
    scale.fit(min(one, other), max(one, other))
    assert scale.low <= min(one, other)
    assert max(one, other) <= scale.high
    assert scale.high - scale.low >= least * (1 - 1e-9)
    assert scale.high - scale.low <= 4 * max(abs(one - other), least) + 1e-6


def test_noise_within_the_range_does_not_move_it() -> None:
    scale, rng, seen = ValueRange(1.0), np.random.default_rng(3), set()
    scale.fit(-4.0, 4.0)
    for _ in range(1_000):
        middle = rng.normal() * 0.2
        scale.fit(middle - 3.5, middle + 3.5)
        seen.add((scale.low, scale.high))
    assert len(seen) == 1


def test_a_growing_curve_moves_it_seldom() -> None:
    scale, seen = ValueRange(1.0, include=(0.0,)), set()
    for top in np.linspace(0, 100, 2_000):
        scale.fit(0.0, top)
        seen.add((scale.low, scale.high))
        assert scale.high >= top
    assert len(seen) < 40
    assert scale.low == 0.0


@pytest.mark.parametrize(("lowest", "highest"), [(0.1, 0.2), (0.0, 100.0), (3.0, 90.0), (0.0, 0.0)])
def test_what_is_never_negative_gets_no_axis_below_zero(lowest: float, highest: float) -> None:
    scale = ValueRange(5.0)
    scale.fit(lowest, highest)
    assert scale.low == 0.0
    assert scale.high >= max(5.0, highest)


def test_it_shrinks_once_mostly_empty() -> None:
    scale = ValueRange(1.0)
    scale.fit(0.0, 100.0)
    wide = scale.high - scale.low
    scale.fit(0.0, 70.0)
    assert scale.high - scale.low == wide
    scale.fit(0.0, 20.0)
    assert scale.high - scale.low <= 30


def test_a_range_set_by_hand_stays_until_told() -> None:
    scale = ValueRange(1.0)
    scale.fit(0.0, 10.0)
    scale.hold(2.5, 7.5)
    scale.fit(0.0, 1_000.0)
    assert (scale.low, scale.high) == (2.5, 7.5)
    scale.auto()
    scale.fit(0.0, 1_000.0)
    assert scale.high >= 1_000.0


def test_nothing_in_view_leaves_it_as_it_is() -> None:
    scale = ValueRange(1.0, include=(5.0,))
    before = (scale.low, scale.high)
    scale.fit(np.nan, np.nan)
    assert (scale.low, scale.high) == before
    assert scale.low <= 5.0 <= scale.high
