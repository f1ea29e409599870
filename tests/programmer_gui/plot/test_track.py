"""Columns over one time axis: what is refused, what a pixel column gets, what a paused picture shows."""

import numpy as np
import pytest

from programmer_gui.plot.track import Track


def track_of(x: list[float], y: list[float]) -> Track:
    track = Track(("a",))
    track.append(np.array(x), {"a": np.array(y)})
    return track


@pytest.mark.parametrize(
    ("x", "columns"),
    [
        ([0.5, 2.0], {"a": [1.0, 1.0]}),  # before what is there
        ([3.0, 2.0], {"a": [1.0, 1.0]}),
        ([3.0, np.nan], {"a": [1.0, 1.0]}),
        ([3.0, 4.0], {"a": [1.0]}),
        ([3.0], {"b": [1.0]}),
        ([3.0], {"a": [1.0], "b": [1.0]}),
    ],
)
def test_what_does_not_fit_is_refused_whole(x: list[float], columns: dict[str, list[float]]) -> None:
    track = track_of([0.0, 1.0], [5.0, 6.0])
    with pytest.raises(ValueError, match=r"times|column"):
        track.append(np.array(x), {name: np.array(values) for name, values in columns.items()})
    assert track.x.tolist() == [0.0, 1.0]
    assert track.y("a").tolist() == [5.0, 6.0]


def test_a_column_has_the_samples_from_its_edge_up_to_the_next() -> None:
    track = track_of([0.0, 1.0, 1.0, 2.0, 5.0], [3.0, 7.0, 6.0, np.nan, 1.0])
    columns = track.columns("a", track.lookup(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.5])))
    np.testing.assert_array_equal(columns.low, [3, 6, np.nan, np.nan, 1])
    np.testing.assert_array_equal(columns.high, [3, 7, np.nan, np.nan, 1])
    np.testing.assert_array_equal(columns.first, [3, 7, np.nan, np.nan, 1])
    np.testing.assert_array_equal(columns.last, [3, 6, np.nan, np.nan, 1])


def test_nothing_yet_is_no_value_anywhere() -> None:
    track = Track(("a",))
    columns = track.columns("a", track.lookup(np.linspace(0, 1, 5)))
    assert np.isnan([columns.low, columns.high, columns.first, columns.last]).all()


def test_what_comes_while_paused_is_kept_and_not_shown() -> None:
    track = track_of([0.0, 1.0], [5.0, 6.0])
    track.limit = len(track)
    track.append(np.array([2.0]), {"a": np.array([9.0])})
    assert track.x.tolist() == [0.0, 1.0]
    assert track.columns("a", track.lookup(np.array([0.0, 10.0]))).high.tolist() == [6.0]
    track.limit = None
    assert track.y("a").tolist() == [5.0, 6.0, 9.0]
