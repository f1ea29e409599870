"""The balance against the figures of domain.md section 5."""

import math
import statistics
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rig.physics.balance import Balance
from rig.virtual.parameters import load

S = 1_000_000
DAY_US = 86_400 * S
ROOM_C = 22.0
GOOD, POOR = load("bench").balance, load("poor-balance").balance
NONE: dict[str, Any] = {
    "noise_mg": 0,
    "wander_mg": 0,
    "drift_mg_c": 0,
    "creep_percent": 0,
    "digit_mg": 0.001,
    "evaporation_mg_day": 0,
    "bursts_day": 0,
}


def balance(seed: int = 1, **errors: Any) -> Balance:
    """One that has no errors but these."""
    return Balance(replace(GOOD, **NONE | errors), seed, ROOM_C)


def mg(balance: Balance, t_us: int, received_nl: float = 0.0, celsius: float = ROOM_C, **how: float) -> float:
    """What it shows, as mg."""
    return balance.reading_nl(received_nl, celsius, t_us, how.get("louder", 1.0), how.get("shaken_mg", 0.0)) * 0.998e-3


def test_the_rigs_balances_are_within_what_balances_are_like() -> None:
    for figures in (GOOD, POOR):
        assert 0.2 <= figures.noise_mg <= 5
        assert 0.1 <= figures.digit_mg <= 10
        assert figures.drift_mg_c == 1.5


def test_without_errors_it_shows_the_water_that_came() -> None:
    assert balance().reading_nl(0, ROOM_C, 0, 1.0, 0.0) == 0
    assert balance().reading_nl(1e6, ROOM_C, DAY_US, 1.0, 0.0) == 1_000_000


@pytest.mark.parametrize("digit_mg", [0.1, 1.0, 10.0])
def test_it_shows_whole_digits_and_is_off_by_half_of_one_at_most(digit_mg: float) -> None:
    shown = balance(digit_mg=digit_mg)
    errors = []
    for i in range(2000):
        received_nl = i * 77_777 * math.pi
        value = mg(shown, 0, received_nl)
        digits = value / digit_mg
        assert digits == pytest.approx(round(digits), abs=0.01)  # nanolitres are coarser than nothing
        errors.append(value - received_nl * 0.998e-3)
    assert max(map(abs, errors)) <= digit_mg / 2 + 0.001
    assert statistics.pstdev(errors) == pytest.approx(digit_mg / math.sqrt(12), rel=0.05)


@pytest.mark.parametrize("noise_mg", [0.2, 5.0])
def test_its_noise_is_white_and_as_strong_as_said(noise_mg: float) -> None:
    shown = balance(noise_mg=noise_mg)
    values = [mg(shown, t * S // 10) for t in range(10_000)]
    assert statistics.pstdev(values) == pytest.approx(noise_mg, rel=0.03)
    assert statistics.correlation(values[1:], values[:-1]) == pytest.approx(0, abs=0.04)
    louder = [mg(shown, t * S // 10, louder=30) for t in range(10_000)]
    assert statistics.pstdev(louder) == pytest.approx(30 * noise_mg, rel=0.03)


def test_it_wanders_like_1_over_f() -> None:
    """As much power in each decade of frequency, within what a handful of sines can do."""
    shown = balance(wander_mg=100.0)
    every_s, count = 20, 1 << 15  # 7.6 days
    values = np.array([mg(shown, t * every_s * S) for t in range(count)])
    power = np.abs(np.fft.rfft(values * np.hanning(count))) ** 2
    hertz = np.fft.rfftfreq(count, every_s)
    decades = [power[(low <= hertz) & (hertz < 10 * low)].sum() for low in (1e-5, 1e-4, 1e-3)]
    assert max(decades) < 3 * min(decades)
    assert values.std() == pytest.approx(100, rel=0.1)


def test_it_drifts_a_milligram_and_a_half_with_each_degree() -> None:
    shown = balance(drift_mg_c=GOOD.drift_mg_c)
    assert mg(shown, 0, celsius=ROOM_C) == 0
    assert mg(shown, 0, celsius=ROOM_C + 1) == pytest.approx(1.5, abs=0.001)
    assert mg(shown, DAY_US, celsius=ROOM_C - 10) == pytest.approx(-15, abs=0.001)


def test_an_open_cup_loses_more_than_a_pump_delivers_at_a_ml_a_day() -> None:
    shown = balance(evaporation_mg_day=POOR.evaporation_mg_day)
    assert mg(shown, DAY_US) == pytest.approx(-2400, abs=0.01)
    assert mg(shown, DAY_US, received_nl=1e6) < 0


def test_an_oil_film_lets_next_to_nothing_through() -> None:
    shown = balance(evaporation_mg_day=GOOD.evaporation_mg_day)
    assert 0 < -mg(shown, DAY_US) <= 2400 / 999


def test_a_load_creeps_in_with_its_time() -> None:
    shown = balance(creep_percent=1.0, creep_s=600.0)
    shown.settle(1e6, 1)  # 998 mg at once
    for elapsed_s in (0, 60, 600, 6000):
        missing_mg = 998 - mg(shown, 1 + elapsed_s * S, received_nl=1e6)
        assert missing_mg == pytest.approx(9.98 * math.exp(-elapsed_s / 600), abs=0.002)


@given(
    st.lists(st.tuples(st.integers(1, 20_000), st.floats(0, 1e6)), min_size=1, max_size=6),
    st.lists(st.integers(0, 20_000), max_size=4),
)
def test_creep_agrees_with_stepping_and_looks_change_nothing(
    pieces: list[tuple[int, float]], looks_s: list[int]
) -> None:
    """Against Euler's steps of a second, for a load that grows evenly between breaks."""
    seen, blind = balance(creep_percent=5.0, creep_s=600.0), balance(creep_percent=5.0, creep_s=600.0)
    late_mg = load_mg = 0.0
    t_s, received_nl = 0, 0.0
    for lasts_s, grows_nl in pieces:
        for look_s in sorted(look_s for look_s in looks_s if look_s < lasts_s):
            mg(seen, (t_s + look_s) * S, received_nl + grows_nl * look_s / lasts_s)
        per_s = grows_nl * 0.998e-3 / lasts_s
        for _ in range(lasts_s):
            late_mg += (load_mg + per_s / 2 - late_mg) * -math.expm1(-1 / 600)
            load_mg += per_s
        t_s, received_nl = t_s + lasts_s, received_nl + grows_nl
        for each in (seen, blind):
            each.settle(received_nl, t_s * S)
    assert mg(seen, t_s * S, received_nl) == mg(blind, t_s * S, received_nl)
    assert mg(seen, t_s * S, received_nl) == pytest.approx(load_mg - 0.05 * (load_mg - late_mg), abs=0.05)


def test_bursts_come_as_often_as_said_and_end() -> None:
    shown = balance(bursts_day=50, burst_mg=50.0, burst_s=8.0)
    shaken = [(t, mg(shown, t * S)) for t in range(86_400)]
    shaken = [(t, value) for t, value in shaken if value]
    begins = [after for (before, _), (after, _) in pairwise([(-100, 0.0), *shaken]) if after - before > 8]
    assert len(begins) == pytest.approx(50, abs=3 * math.sqrt(50))
    assert all(any(begin <= t < begin + 8 for begin in begins) for t, _ in shaken)
    assert 40 < max(abs(value) for _, value in shaken) <= 50


def test_a_shaken_bench_shows_up_to_the_amplitude_and_nothing_on_average() -> None:
    shown = balance()
    values = [mg(shown, t * S // 10, shaken_mg=300) for t in range(5000)]
    assert 290 < max(values) <= 300
    assert -300 <= min(values) < -290
    assert statistics.mean(values) == pytest.approx(0, abs=10)


@given(st.integers(0, 2**63), st.lists(st.integers(0, 3650 * DAY_US), min_size=1, max_size=5))
def test_a_reading_depends_on_seed_and_moment_alone(seed: int, moments: list[int]) -> None:
    first, second = Balance(POOR, seed, ROOM_C), Balance(POOR, seed, ROOM_C)
    seen = {t: mg(first, t, 1e6) for t in moments}
    assert {t: mg(second, t, 1e6) for t in reversed(moments)} == seen
