import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rig.physics.room import Room
from rig.virtual.parameters import load

S = 1_000_000
HOUR_US = 3600 * S
FIGURES = load().room
EVEN = replace(FIGURES, wander_c=0, daily_c=0)


def test_it_is_as_warm_as_said_on_average_and_swings_with_the_day() -> None:
    room = Room(FIGURES, 3)
    hours = [room.celsius(hour * HOUR_US) for hour in range(24 * 60)]
    assert statistics.mean(hours) == pytest.approx(FIGURES.mean_c, abs=0.05)
    days = [hours[hour::24] for hour in range(24)]
    daily = [statistics.mean(values) for values in days]
    assert max(daily) - min(daily) == pytest.approx(FIGURES.daily_c, abs=0.2)
    assert 6 <= daily.index(max(daily)) <= 10  # about four in the afternoon


@pytest.mark.parametrize("elapsed_s", [0, 600, 1200, 7200])
def test_it_takes_its_time_to_another_temperature_and_back(elapsed_s: int) -> None:
    room = Room(EVEN, 1)
    room.hold(5.0, HOUR_US)
    left = math.exp(-elapsed_s / FIGURES.lag_s)
    assert room.celsius(HOUR_US + elapsed_s * S) == pytest.approx(5 + (FIGURES.mean_c - 5) * left)
    reached_c = room.celsius(2 * HOUR_US)
    room.hold(None, 2 * HOUR_US)
    assert room.celsius(2 * HOUR_US + elapsed_s * S) == pytest.approx(
        FIGURES.mean_c + (reached_c - FIGURES.mean_c) * left
    )


def test_without_a_lag_it_is_there_at_once() -> None:
    room = Room(replace(EVEN, lag_s=0), 1)
    room.hold(45.0, HOUR_US)
    assert room.celsius(HOUR_US) == 45.0
    room.hold(None, 2 * HOUR_US)
    assert room.celsius(2 * HOUR_US) == FIGURES.mean_c


@given(
    seed=st.integers(0, 2**32),
    changes=st.lists(st.tuples(st.integers(1, 10 * HOUR_US), st.none() | st.floats(5, 45)), max_size=5),
    looks=st.lists(st.integers(0, 10 * HOUR_US), max_size=5),
)
def test_looking_changes_nothing_and_nothing_leaps(
    seed: int, changes: list[tuple[int, float | None]], looks: list[int]
) -> None:
    seen, blind = Room(FIGURES, seed), Room(FIGURES, seed)
    now_us = 0
    for lasts_us, celsius in changes:
        for look_us in looks:
            seen.celsius(now_us + look_us)
        now_us += lasts_us
        before_c = seen.celsius(now_us)
        for room in (seen, blind):
            room.hold(celsius, now_us)
        assert seen.celsius(now_us) == blind.celsius(now_us) == pytest.approx(before_c)
