"""What of a curve is drawn: many samples and few, gaps, steps, dashes, bands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.band import BandSpec, band_trace
from programmer_gui.plot.curve import CurveSpec, Trace, trace
from programmer_gui.plot.lookup import Lookup
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track

CURVE = CurveSpec("a", "A", "flow")
STEPS = CurveSpec("a", "A", "flow", step=True)
WIDE = Window(0.0, 1.0, 100)


def shown(x: np.ndarray, y: np.ndarray, spec: CurveSpec = CURVE, window: Window = WIDE) -> Trace:
    track = Track(("a",))
    track.append(x, {"a": y})
    return trace(track, _lookup(track, window), window, spec)


def _lookup(track: Track, window: Window) -> Lookup:
    return track.lookup(window.begin + window.per_px * np.arange(window.width + 1))


def test_many_samples_are_one_upright_a_column_from_lowest_to_highest() -> None:
    y = np.random.default_rng(1).standard_normal(10_000)
    one = shown(np.arange(10_000) / 100, y)
    assert one.at.tolist() == list(range(100))
    assert len(one.lines) == 0
    parts = y.reshape(100, 100)
    previous = np.concatenate((parts[:1, 0], parts[:-1, -1]))  # each reaches the end of the one before
    np.testing.assert_array_equal(one.low, np.minimum(parts.min(axis=1), previous))
    np.testing.assert_array_equal(one.high, np.maximum(parts.max(axis=1), previous))


def test_few_samples_are_joined_from_one_to_the_next() -> None:
    one = shown(np.array([0.0, 10.0, 20.0]), np.array([1.0, 3.0, 2.0]))
    assert one.lines.tolist() == [[0, 1, 10, 3], [10, 3, 20, 2]]
    assert one.extent == (1.0, 3.0)


def test_few_samples_in_steps_hold_each_value_until_the_next() -> None:
    one = shown(np.array([0.0, 10.0, 20.0]), np.array([1.0, 3.0, 2.0]), STEPS)
    assert one.lines.tolist() == [[0, 1, 10, 1], [10, 1, 10, 3], [10, 3, 20, 3], [20, 3, 20, 2]]


def test_a_line_that_leaves_the_view_counts_only_as_far_as_it_is_in_view() -> None:
    one = shown(np.array([-100.0, 100.0, 300.0]), np.array([0.0, 100.0, 0.0]), window=Window(0.0, 1.0, 200))
    assert one.lines.tolist() == [[0, 50, 100, 100], [100, 100, 200, 50]]
    assert one.extent == (50.0, 100.0)


@pytest.mark.parametrize("count", [50, 100_000])
def test_a_gap_is_neither_bridged_nor_hides_what_is_beside_it(count: int) -> None:
    x = np.linspace(0, 100, count, endpoint=False)
    y = np.where((x > 40) & (x < 60), np.nan, 1.0)
    one = shown(x, y)
    covered = np.zeros(100, bool)
    covered[one.at] = True
    for x1, _, x2, _ in one.lines:
        covered[int(x1) : int(np.ceil(x2))] = True
    assert not covered[43:57].any()
    assert covered[:38].all()
    assert covered[62:98].all()


def test_a_gap_of_one_missing_sample_among_dense_ones_is_not_joined() -> None:
    x = np.concatenate((np.linspace(0, 20, 5_000), [20.5], np.linspace(80, 100, 5_000)))
    y = np.concatenate((np.zeros(5_000), [np.nan], np.ones(5_000)))
    one = shown(x, y)
    assert len(one.lines) == 0
    assert one.low[one.at >= 80].tolist() == [1.0] * 20


@pytest.mark.parametrize(
    ("spec", "lines"), [(CURVE, [[20.5, 0, 80.5, 1]]), (STEPS, [[20.5, 0, 80.5, 0], [80.5, 0, 80.5, 1]])]
)
def test_samples_far_apart_among_dense_ones_are_joined(spec: CurveSpec, lines: list[list[float]]) -> None:
    x = np.concatenate((np.linspace(0, 20.9, 5_000), np.linspace(80, 99, 5_000)))
    assert shown(x, np.repeat([0.0, 1.0], 5_000), spec).lines.tolist() == lines


def test_a_value_alone_is_a_dot() -> None:
    one = shown(np.array([10.0, 20.0, 30.0]), np.array([np.nan, 5.0, np.nan]))
    assert len(one.lines) == 1
    assert one.extent == (5.0, 5.0)


@pytest.mark.parametrize("count", [30, 100_000])
@pytest.mark.parametrize(("style", "share"), [("dash", 9 / 14), ("dot", 2 / 5)])
def test_dashes_belong_to_the_time_axis_and_scroll_with_it(count: int, style: str, share: float) -> None:
    x, spec = np.linspace(0, 2_000, count), CurveSpec("a", "A", "flow", style)

    def columns(begin: float) -> np.ndarray:
        one = shown(x, np.ones(count), spec, Window(begin, 1.0, 1_000))
        covered = np.zeros(1_000, bool)
        covered[one.at] = True
        for x1, _, x2, _ in one.lines:
            covered[round(x1) : round(x2)] = True
        return covered

    before, after = columns(100.0), columns(107.0)
    np.testing.assert_array_equal(before[7:], after[:-7])
    assert before.mean() == pytest.approx(share, abs=0.02)


@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 100, 5_000]), st.sampled_from(["solid", "dash"]), st.booleans())
def test_nothing_drawn_is_without_value_or_out_of_lookup(seed: int, count: int, style: str, step: bool) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-50, 150, count))
    y = rng.standard_normal(count)
    y[rng.random(count) < rng.choice([0, 0.3, 1])] = np.nan
    one = shown(x, y, CurveSpec("a", "A", "flow", style, step=step))
    assert np.isfinite(one.lines).all()
    assert np.isfinite([one.low, one.high]).all()
    assert (one.low <= one.high).all()
    if len(one.lines):
        assert one.lines[:, ::2].min() >= -1
        assert one.lines[:, ::2].max() <= 101
    if len(one.lines) + len(one.at):
        assert np.nanmin(y) <= one.extent[0] <= one.extent[1] <= np.nanmax(y)


@pytest.mark.parametrize("count", [3, 10_000])
def test_a_band_covers_each_column_from_its_lower_to_its_upper_edge(count: int) -> None:
    track = Track(("low", "high"))
    x = np.linspace(0, 50, count)
    track.append(x, {"low": x - 1, "high": x + 1})
    one = band_trace(track, _lookup(track, WIDE), WIDE, BandSpec("low", "high", "Tolerance"))
    assert one.at[:50].tolist() == list(range(50))
    assert one.at.max() <= 50
    np.testing.assert_allclose(one.low[:50], np.arange(50) - 0.5, atol=0.51)
    np.testing.assert_allclose(one.high[:50], np.arange(50) + 1.5, atol=0.51)
