import statistics

import pytest

from rig.physics import noise


def test_white_noise_is_white_and_repeats() -> None:
    key = noise.stream(7, "balance")
    values = [noise.white(key, t * 100_000) for t in range(20_000)]
    assert statistics.mean(values) == pytest.approx(0, abs=0.03)
    assert statistics.stdev(values) == pytest.approx(1, abs=0.03)
    assert statistics.correlation(values[1:], values[:-1]) == pytest.approx(0, abs=0.03)
    assert [noise.white(key, t * 100_000) for t in range(100)] == values[:100]


def test_even_numbers_are_evenly_spread() -> None:
    values = [noise.even(3, n) for n in range(-5000, 5000)]
    assert 0 <= min(values) < 0.001
    assert 0.999 < max(values) < 1
    assert statistics.mean(values) == pytest.approx(0.5, abs=0.01)
    assert statistics.pstdev(values) == pytest.approx(12**-0.5, abs=0.01)


def test_seeds_and_sensors_have_noise_of_their_own() -> None:
    keys = {noise.stream(seed, name) for seed in range(100) for name in ("balance", "pressure")}
    assert len(keys) == 200


@pytest.mark.parametrize("even", [False, True])
def test_wander_has_its_deviation(even: bool) -> None:
    wander = noise.Wander(5, 2.0, (100.0, 300.0, 1000.0), even=even)
    assert statistics.pstdev(wander.at(t * 3.7) for t in range(20_000)) == pytest.approx(2.0, rel=0.03)
