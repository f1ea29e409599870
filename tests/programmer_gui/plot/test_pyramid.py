"""The pyramid against brute force: whatever the values, the blocks they came in and the columns asked for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.arrays import Growing
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.pyramid import BLOCK, Pyramid
from programmer_gui.plot.track import Track


def brute(values: np.ndarray, bounds: np.ndarray) -> tuple[list[float], list[float]]:
    parts = [values[begin:end] for begin, end in pairwise(bounds)]
    known = [part[~np.isnan(part)] for part in parts]
    return [part.min() if len(part) else np.nan for part in known], [
        part.max() if len(part) else np.nan for part in known
    ]


def assert_exact(pyramid: Pyramid, values: np.ndarray, bounds: np.ndarray) -> None:
    low, high = pyramid.extremes(Lookup(bounds))
    expected_low, expected_high = brute(values, bounds)
    np.testing.assert_array_equal(low, expected_low)
    np.testing.assert_array_equal(high, expected_high)


def in_blocks(values: np.ndarray, cuts: list[int]) -> Pyramid:
    pyramid = Pyramid()
    for part in np.split(values, sorted(cuts)):
        pyramid.append(part)
    return pyramid


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 20_000),
    lost=st.sampled_from([0.0, 0.05, 0.95, 1.0]),
    cuts=st.lists(st.integers(0, 20_000), max_size=8),
    columns=st.integers(1, 40),
    clustered=st.booleans(),
)
def test_extremes_are_those_of_brute_force(
    seed: int, count: int, lost: float, cuts: list[int], columns: int, clustered: bool
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(-50, 50, count).astype(float)
    values[rng.random(count) < lost] = np.nan
    bounds = np.sort(rng.integers(0, count + 1, columns + 1))
    if clustered:  # dense columns beside sparse ones, as when the sampling interval changes
        bounds = np.sort(np.concatenate((bounds, bounds[0] + np.arange(20)))).clip(0, count)
    assert_exact(in_blocks(values, cuts), values, bounds)


@pytest.mark.parametrize("at", [0, 15, 16, 255, 256, 65_535, 65_536, 150_000, 199_999])
def test_one_sample_among_many_is_found_in_its_column_and_in_no_other(at: int) -> None:
    values = np.zeros(200_000)
    values[at] = 1.0
    pyramid = in_blocks(values, [1, 70_000, 70_001])
    bounds = np.linspace(0, len(values), 101).astype(np.intp)
    _, high = pyramid.extremes(Lookup(bounds))
    assert np.flatnonzero(high).tolist() == [int(np.searchsorted(bounds, at, side="right")) - 1]


def test_columns_beyond_the_top_level_are_exact_too() -> None:
    values = np.random.default_rng(1).standard_normal(70 * BLOCK)
    assert_exact(in_blocks(values, []), values, np.array([3, 5, 60 * BLOCK + 7, 60 * BLOCK + 7, len(values)]))


def test_summaries_cost_an_eighth_of_the_samples() -> None:
    pyramid = in_blocks(np.zeros(3_000_000), [])
    assert pyramid.nbytes < 1.15 * 8 * 3_000_000


def test_growing_keeps_what_it_is_given_and_forgets_from_the_front() -> None:
    growing, expected = Growing(), np.empty(0)
    for count in range(200):
        growing.append(np.full(count, float(count)))
        expected = np.append(expected, np.full(count, float(count)))
        if count % 3 == 0:
            growing.forget(count // 2)
            expected = expected[count // 2 :]
        np.testing.assert_array_equal(growing.values, expected)
    assert growing.nbytes < 4 * expected.nbytes


def test_a_bounded_track_forgets_whole_blocks_and_stays_exact() -> None:
    track, keep = Track(("a", "b"), keep=100_000), 100_000
    rng = np.random.default_rng(2)
    values, sizes = rng.standard_normal(600_000), []
    for begin in range(0, 600_000, 1_000):
        part = values[begin : begin + 1_000]
        track.append(np.arange(begin, begin + 1_000) * 0.1, {"a": part, "b": -part})
        sizes.append(track.nbytes)
    assert keep <= len(track) <= keep + 2 * BLOCK
    assert max(sizes) == max(sizes[:300])  # it has stopped growing
    assert max(sizes) < 1.25 * (keep + 2 * BLOCK) * 8 * 3
    kept = values[600_000 - len(track) :]
    np.testing.assert_array_equal(track.y("a"), kept)
    bounds = np.linspace(0, len(track), 50).astype(np.intp)
    columns = track.columns("b", Lookup(bounds))
    expected_low, expected_high = brute(-kept, bounds)
    np.testing.assert_array_equal(columns.low, expected_low)
    np.testing.assert_array_equal(columns.high, expected_high)
