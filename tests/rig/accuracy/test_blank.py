"""Evaporation from a blank."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.accuracy import blank

OPEN_CUP_UG_S = 2.4e6 / 86_400  # domain.md section 5


@given(st.floats(-100, 100), st.integers(3, 200), st.floats(1, 3600), st.floats(0, 1e6))
def test_an_even_loss_is_found_as_it_is(rate_ug_s: float, count: int, step_s: float, off_ug: float) -> None:
    at_s = np.arange(count) * step_s
    found = blank.evaporation(at_s, 5e5 - rate_ug_s * at_s, off_ug)
    assert found is not None
    assert found[0] == pytest.approx(rate_ug_s, abs=1e-6)
    assert found[1] == pytest.approx(off_ug / at_s[-1], abs=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_what_scatters_is_within_what_it_is_known_to(seed: int) -> None:
    noise = np.random.default_rng(seed)
    at_s = np.arange(0.0, 1800.0, 5.0)
    found = blank.evaporation(at_s, -OPEN_CUP_UG_S * at_s + noise.normal(0, 200, len(at_s)), 100.0)
    assert found is not None
    assert abs(found[0] - OPEN_CUP_UG_S) < found[1] < 0.2


def test_too_few_readings_tell_nothing() -> None:
    assert blank.evaporation(np.array([0.0, 1.0]), np.array([0.0, -1.0]), 0.0) is None
    assert blank.evaporation(np.array([0.0, 1.0, 2.0]), np.array([0.0, np.nan, -1.0]), 0.0) is None
    assert blank.evaporation(np.zeros(3), np.zeros(3), 0.0) is None
