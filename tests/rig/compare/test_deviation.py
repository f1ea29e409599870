"""How far one curve is from another."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rig.compare.deviation import deviating, widened

VALUES = arrays(np.float64, st.integers(9, 60), elements=st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)))


def curve(values: list[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(values, float), np.array(values, float)


def test_a_step_that_comes_a_little_later_is_no_deviation_and_one_that_is_too_high_is() -> None:
    golden = curve([0, 0, 0, 5, 5, 5, 5, 5])
    late = deviating(golden, curve([0, 0, 0, 5, 5, 5]), 1, 0.01, 0.1)
    assert not late.beyond.any()
    high = deviating(golden, curve([0, 0, 0, 6, 6, 6]), 1, 0.01, 0.1)
    assert high.deviation.tolist() == [0, 0, 0, 1, 1, 1]
    assert high.beyond.tolist() == [False] * 3 + [True] * 3
    assert high.worst == 3


def test_what_is_allowed_is_the_larger_of_share_and_least() -> None:
    found = deviating(curve([1, 1, 100, 100, 1000, 1000, 1000]), curve([1, 100, 100, 1000, 1000]), 1, 0.01, 2.0)
    assert found.allowed.tolist() == [2, 2, 10, 10, 10]


def test_a_pulse_is_an_extent_and_only_what_leaves_it_deviates() -> None:
    golden = np.full(10, 0.0), np.full(10, 4.0)
    found = deviating(golden, (np.full(8, 1.0), np.full(8, 3.0)), 1, 0, 0)
    assert not found.deviation.any()
    found = deviating(golden, (np.full(8, -0.5), np.full(8, 3.0)), 1, 0, 0)
    assert (found.deviation == -0.5).all()
    assert (found.golden == 0).all()
    assert (found.new == -0.5).all()


@given(VALUES, st.integers(0, 4))
def test_widening_takes_the_extremes_of_all_around(values: np.ndarray, columns: int) -> None:
    low, high = widened(values, values, columns)
    assert len(low) == len(high) == len(values) - 2 * columns
    for at in range(len(low)):
        around = values[at : at + 2 * columns + 1]
        known = around[np.isfinite(around)]
        assert np.array_equal(low[at], known.min() if len(known) else np.nan, equal_nan=True)
        assert np.array_equal(high[at], known.max() if len(known) else np.nan, equal_nan=True)


@given(VALUES, st.integers(1, 4))
def test_a_curve_never_deviates_from_itself(values: np.ndarray, columns: int) -> None:
    inner = values[columns : len(values) - columns]
    found = deviating((values, values), (inner, inner), columns, 0.0, 0.0)
    assert not np.nan_to_num(found.deviation).any()
    assert not found.beyond.any()
    assert (np.isnan(found.deviation) == np.isnan(inner)).all()


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_a_constant_offset_is_told_as_it_is(level: float, by: float) -> None:
    flat = np.full(9, level)
    for sign in (1, -1):
        moved = flat[2:] + sign * by
        found = deviating((flat, flat), (moved, moved), 1, 0.0, 0.0)
        assert np.allclose(found.deviation, sign * by)
        assert found.beyond.all()
