import statistics

import pytest

from rig.physics import noise
from rig.physics.balance import Balance, BalanceFigures
from rig.physics.battery import Cell
from rig.physics.drive import Drive

DAY_US = 86_400_000_000


def test_white_noise_is_white_and_repeats() -> None:
    key = noise.stream(7, "balance")
    values = [noise.white(key, t * 100_000) for t in range(20_000)]
    assert statistics.mean(values) == pytest.approx(0, abs=0.03)
    assert statistics.stdev(values) == pytest.approx(1, abs=0.03)
    assert statistics.correlation(values[1:], values[:-1]) == pytest.approx(0, abs=0.03)
    assert [noise.white(key, t * 100_000) for t in range(100)] == values[:100]


def test_seeds_and_sensors_have_noise_of_their_own() -> None:
    keys = {noise.stream(seed, name) for seed in range(100) for name in ("balance", "pressure")}
    assert len(keys) == 200


def test_drift_has_its_deviation() -> None:
    drift = noise.Wander(5, 2.0, (100.0, 300.0, 1000.0))
    assert statistics.pstdev(drift.at(t * 3.7) for t in range(20_000)) == pytest.approx(2.0, rel=0.03)


def test_balance_shows_volume_in_digits_of_a_tenth_mg() -> None:
    balance = Balance(BalanceFigures(noise_mg=0, drift_mg=0, evaporation_mg_day=0), 1)
    assert balance.reading_nl(0, 0) == 0
    assert balance.reading_nl(138_889, 0) == pytest.approx(138_889, abs=51)  # half a digit
    assert balance.reading_nl(138_889, 0) == balance.reading_nl(138_910, 0)


def test_balance_loses_what_the_oil_film_lets_through() -> None:
    balance = Balance(BalanceFigures(noise_mg=0, drift_mg=0), 1)
    lost_nl = balance.reading_nl(1e6, 0) - balance.reading_nl(1e6, DAY_US)
    assert lost_nl == pytest.approx(2400, abs=110)


@pytest.mark.parametrize(("ml_day", "years"), [(0.5, 6.5), (1.0, 5.65), (1.5, 5.0), (4.0, 3.2)])
def test_cell_lasts_as_the_domain_says(ml_day: float, years: float) -> None:
    cell, step_nl = Cell(), Drive().step_nl
    daily_c = cell.idle_a * 86_400 + ml_day * 1e6 / step_nl * cell.step_c(step_nl)
    assert cell.capacity_c / daily_c / 365.25 == pytest.approx(years, abs=0.06)


def test_cell_falls_under_load_below_the_marks_near_its_end() -> None:
    cell = Cell()
    assert cell.voltage_v(1.0, True) > 3.5
    assert cell.voltage_v(0.08, True) > 3.3 > cell.voltage_v(0.04, True)
    assert cell.voltage_v(0.02, True) > 2.8 > cell.voltage_v(0.005, True)
    assert cell.voltage_v(0.04, False) > 3.5
