"""What a curve does at and between two cursors."""

import numpy as np
import pytest

from programmer_gui.plot.cursors import Cursors, measure, value_at
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.data import PlotData
from programmer_gui.plot.timeview import Window
from programmer_gui.plot.track import Track

CURVE = CurveSpec("a", "A", "flow")
STEPS = CurveSpec("a", "A", "flow", step=True)


def track_of(x: list[float], y: list[float]) -> Track:
    track = Track(("a",))
    track.append(np.array(x), {"a": np.array(y)})
    return track


def data_of(track: Track) -> PlotData:
    data = PlotData()
    data.append(track.x, {"a": track.y("a")})
    return data


@pytest.mark.parametrize(
    ("spec", "x", "value"),
    [
        (CURVE, 0.0, 0.0),
        (CURVE, 0.5, 5.0),
        (STEPS, 0.5, 0.0),
        (CURVE, 1.5, np.nan),  # towards a missing value
        (STEPS, 1.5, 10.0),
        (STEPS, 2.5, np.nan),
        (CURVE, 4.0, 40.0),
        (CURVE, 4.1, np.nan),
        (CURVE, -0.1, np.nan),
    ],
)
def test_value_at(spec: CurveSpec, x: float, value: float) -> None:
    track = track_of([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 10.0, np.nan, 30.0, 40.0])
    np.testing.assert_equal(value_at(track, spec, x), value)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_reading_is_that_of_the_samples_between(swapped: bool) -> None:
    values = np.random.default_rng(5).standard_normal(50_000)
    values[1_000:1_500] = np.nan
    track = track_of(list(np.arange(50_000) / 100), list(values))
    cursors = Cursors()
    cursors.at = [300.0, 5.0] if swapped else [5.0, 300.0]
    reading = measure(data_of(track), CURVE, cursors)
    between = values[500:30_001]
    assert reading.lowest == np.nanmin(between)
    assert reading.highest == np.nanmax(between)
    assert reading.mean == pytest.approx(np.nanmean(between))
    assert reading.difference == pytest.approx((values[30_000] - values[500]) * (-1 if swapped else 1))


def test_nothing_between_is_no_value() -> None:
    cursors = Cursors()
    cursors.at = [0.2, 0.4]
    reading = measure(data_of(track_of([0.0, 1.0], [1.0, 2.0])), CURVE, cursors)
    assert np.isnan([reading.lowest, reading.mean, reading.highest]).all()
    assert reading.at_a == pytest.approx(1.2)
    assert np.isnan(measure(PlotData(), CURVE, cursors).at_a)


def test_showing_brings_cursors_into_view_and_leaves_those_that_are() -> None:
    cursors = Cursors()
    cursors.at = [15.0, 500.0]
    cursors.show(Window(10.0, 0.1, 100))
    assert cursors.at[0] == 15.0
    assert 10.0 < cursors.at[1] < 20.0
