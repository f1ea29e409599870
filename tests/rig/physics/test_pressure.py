import statistics

import pytest
from msgspec.structs import replace

from rig.physics.pressure import PressureSensor
from rig.virtual.parameters import load

FIGURES = load().pressure
EXACT = replace(FIGURES, noise_pa=0, offset_pa=0, resolution_pa=1)


def test_without_errors_it_shows_the_pressure() -> None:
    assert PressureSensor(EXACT, 1).reading_pa(69_000.4, 0) == 69_000


def test_its_noise_is_as_strong_as_said_and_louder_when_it_fails() -> None:
    sensor = PressureSensor(replace(FIGURES, offset_pa=0), 1)
    for louder in (1.0, 30.0):
        values = [sensor.reading_pa(10_000, t * 100_000, louder) for t in range(10_000)]
        assert statistics.mean(values) == pytest.approx(10_000, abs=louder * 0.2)
        assert statistics.pstdev(values) == pytest.approx(louder * FIGURES.noise_pa, rel=0.04)


def test_each_has_an_offset_of_its_own_that_stays() -> None:
    figures = replace(EXACT, offset_pa=100)
    offsets = [PressureSensor(figures, seed).reading_pa(0, 0) for seed in range(300)]
    assert -100 <= min(offsets) < -95
    assert 95 < max(offsets) <= 100
    assert PressureSensor(figures, 5).reading_pa(0, 10**15) == offsets[5]


def test_it_shows_steps_of_its_resolution() -> None:
    sensor = PressureSensor(replace(EXACT, resolution_pa=100), 1)
    assert [sensor.reading_pa(pressure_pa, 0) for pressure_pa in (49, 51, 149, 69_049)] == [0, 100, 100, 69_000]


def test_it_shows_no_more_than_its_output_can_say() -> None:
    sensor = PressureSensor(EXACT, 1)
    assert sensor.reading_pa(-1e6, 0) == -43_750
    assert sensor.reading_pa(1e6, 0) == 393_750
