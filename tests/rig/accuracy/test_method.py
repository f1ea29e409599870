"""The method of IEC 60601-2-24 against the reference vector TV1 of domain.md section 4."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.accuracy import method
from rig.accuracy.method import DENSITY_G_ML, LOW_FLOW, STANDARD

RATE_ML_H, OFFSET, SWING, PERIOD_MIN = 10.0, 0.02, 0.5, 3.3
#: (P min, m, Ep(max) %, Ep(min) %)
TV1 = (
    (2, 117, 26.7881, -22.7881),
    (5, 111, 12.4804, -8.4804),
    (11, 99, 6.1303, -2.1303),
    (19, 83, 3.9054, 0.0946),
    (31, 59, 3.5992, 0.4008),
)


def tv1() -> np.ndarray:
    """(121,) g: every half minute for an hour."""
    t_min = np.arange(121) * 0.5
    swung_min = SWING * PERIOD_MIN / (2 * math.pi) * (1 - np.cos(2 * math.pi * t_min / PERIOD_MIN))
    return DENSITY_G_ML * RATE_ML_H / 60 * ((1 + OFFSET) * t_min + swung_min)


def test_overall_error_of_the_reference_vector() -> None:
    assert method.overall_percent(tv1(), 0.5, RATE_ML_H) == pytest.approx(2.25586, abs=5e-6)


def test_trumpet_of_the_reference_vector() -> None:
    found = method.trumpet(tv1(), STANDARD, RATE_ML_H)
    assert [(one.window_min, one.windows) for one in found] == [row[:2] for row in TV1]
    for one, (_, _, highest, lowest) in zip(found, TV1, strict=True):
        assert (one.highest, one.lowest) == pytest.approx((highest, lowest), abs=5e-5)


def test_start_up_flows_average_to_the_overall_error() -> None:
    flows = method.flows_ml_h(tv1(), 0.5)
    assert len(flows) == 120
    assert 100 * (flows.mean() - RATE_ML_H) / RATE_ML_H == pytest.approx(2.25586, abs=5e-6)


@given(st.floats(0.001, 40), st.floats(-90, 300), st.integers(3, 40))
def test_an_even_flow_is_off_by_the_same_in_every_window(rate_ml_h: float, percent: float, count: int) -> None:
    windows = method.windows_for(rate_ml_h)
    mass_g = np.arange(count) * windows.sample_min * rate_ml_h * (1 + percent / 100) / 60 * DENSITY_G_ML
    assert method.overall_percent(mass_g, windows.sample_min, rate_ml_h) == pytest.approx(percent, abs=1e-6)
    for one in method.trumpet(mass_g, windows, rate_ml_h):
        assert (one.highest, one.lowest) == pytest.approx((percent, percent), abs=1e-6)
        assert one.windows == count - round(one.window_min / windows.sample_min)


def test_masses_that_were_not_read_begin_and_end_no_window() -> None:
    mass_g = tv1()
    mass_g[40:60] = np.nan
    assert len(method.errors_percent(mass_g, 0.5, 2, RATE_ML_H)) == 117 - 24
    assert math.isfinite(method.overall_percent(mass_g, 0.5, RATE_ML_H))
    mass_g[:] = np.nan
    assert math.isnan(method.overall_percent(mass_g, 0.5, RATE_ML_H))
    assert method.trumpet(mass_g, STANDARD, RATE_ML_H) == ()


def test_windows_that_the_run_does_not_reach_over_are_left_out() -> None:
    short = tv1()[:10]  # 4.5 min
    assert [one.window_min for one in method.trumpet(short, STANDARD, RATE_ML_H)] == [2]


def test_low_flows_are_weighed_less_often() -> None:
    assert method.windows_for(0.999) is LOW_FLOW
    assert method.windows_for(1.0) is STANDARD
    assert method.windows_for(0.99995) is STANDARD  # 24 mL/day, counted over a minute
