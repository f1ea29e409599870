"""The pump's crystal: ticks against the rig's microseconds, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rig.physics.oscillator import HOUR_US, Crystal, Oscillator
from rig.physics.room import Room
from rig.virtual.parameters import load

DAY_US = 24 * HOUR_US
CRYSTAL, ROOM = load().crystal, load().room
IDEAL = Crystal(tolerance_ppm=0, curve_ppm_c2=0, turnover_c=25)

moments = st.integers(0, 30 * DAY_US)


def in_a_room(seed: int = 1, crystal: Crystal = CRYSTAL) -> Oscillator:
    return Oscillator(crystal, seed, Room(ROOM, seed).celsius)


def at(celsius: float, crystal: Crystal = CRYSTAL) -> Oscillator:
    return Oscillator(crystal, 1, lambda t_us: celsius)


@given(seed=st.integers(0, 2**32), drift=st.floats(-5000, 5000), from_us=moments, ticks=moments)
def test_the_moment_of_a_tick_is_the_first_that_has_it(seed: int, drift: float, from_us: int, ticks: int) -> None:
    crystal = in_a_room(seed)
    crystal.set_drift(drift, from_us)
    at_us = crystal.at_us(ticks)
    assert at_us >= from_us
    assert crystal.ticks(at_us) >= ticks
    if at_us > from_us:
        assert crystal.ticks(at_us - 1) < ticks


@given(st.lists(moments, min_size=2, max_size=20), st.floats(-5000, 5000))
def test_ticks_never_go_back_and_don_t_depend_on_what_was_asked(asked: list[int], drift: float) -> None:
    crystal, other = in_a_room(), in_a_room()
    for each in (crystal, other):
        each.set_drift(drift, 0)
    ticks = [crystal.ticks(t_us) for t_us in sorted(asked)]
    assert ticks == sorted(ticks)
    assert [other.ticks(t_us) for t_us in sorted(asked, reverse=True)] == ticks[::-1]


@given(seed=st.integers(0, 2**32))
def test_what_a_day_drifts_by_is_the_integral_of_its_ppm(seed: int) -> None:
    crystal = in_a_room(seed)
    ahead_us = crystal.ticks(DAY_US) - DAY_US
    assert ahead_us == pytest.approx(sum(crystal.ppm(hour * HOUR_US) * 3600 for hour in range(24)), abs=24)


def test_crystals_are_within_their_tolerance_and_all_over_it() -> None:
    ppms = [Oscillator(CRYSTAL, seed, lambda t_us: CRYSTAL.turnover_c).ppm(0) for seed in range(500)]
    assert -20 <= min(ppms) < -19
    assert 19 < max(ppms) <= 20


@pytest.mark.parametrize(("celsius", "slower_ppm"), [(25.0, 0.0), (22.6, 0.196), (35.0, 3.4), (5.0, 13.6)])
def test_warmer_or_colder_than_at_its_top_it_is_slower(celsius: float, slower_ppm: float) -> None:
    assert at(25.0).ppm(0) - at(celsius).ppm(0) == pytest.approx(slower_ppm, abs=0.0011)


def test_an_ideal_crystal_has_the_rigs_time() -> None:
    crystal = in_a_room(crystal=IDEAL)
    for t_us in (0, 1, HOUR_US, HOUR_US + 1, 7 * DAY_US + 12_345):
        assert crystal.ticks(t_us) == t_us == crystal.at_us(t_us)


def test_a_drift_begins_at_its_moment_and_adds_to_its_own() -> None:
    crystal, sound = at(25.0), at(25.0)
    before = sound.ppm(0)
    crystal.set_drift(200.0, HOUR_US // 2)
    assert crystal.ticks(HOUR_US // 2) == sound.ticks(HOUR_US // 2)
    assert crystal.ppm(HOUR_US) == pytest.approx(before + 200, abs=0.0011)
    ahead_us = crystal.ticks(10 * HOUR_US) - sound.ticks(10 * HOUR_US)
    assert ahead_us == pytest.approx(9.5 * 3600 * 200, abs=2)
    crystal.set_drift(0.0, 10 * HOUR_US)
    assert crystal.ticks(DAY_US) - sound.ticks(DAY_US) == pytest.approx(ahead_us, abs=2)


def test_what_is_behind_can_be_forgotten() -> None:
    crystal, other = in_a_room(), in_a_room()
    for hour in range(100):
        crystal.forget(hour * HOUR_US + 5)
    assert crystal.ticks(100 * HOUR_US) == other.ticks(100 * HOUR_US)
    assert crystal.at_us(other.ticks(101 * HOUR_US)) == other.at_us(other.ticks(101 * HOUR_US))


def test_a_room_that_changes_changes_what_is_to_come_only() -> None:
    room = Room(replace(ROOM, lag_s=0), 1)
    crystal, sound = Oscillator(CRYSTAL, 1, room.celsius), in_a_room()
    assert crystal.at_us(2 * DAY_US) == sound.at_us(2 * DAY_US)
    room.hold(5.0, DAY_US)
    crystal.renew(DAY_US)
    assert crystal.ticks(DAY_US) == sound.ticks(DAY_US)
    assert crystal.ppm(DAY_US) == pytest.approx(at(5.0).ppm(0))
    assert crystal.at_us(2 * DAY_US) > sound.at_us(2 * DAY_US)


def test_ages_ahead_are_answered_at_once() -> None:
    assert in_a_room().at_us(1 << 62) == pytest.approx(1 << 62, rel=25e-6)


def test_a_tick_that_spans_a_full_hour_has_its_first_moment_before_it() -> None:
    spanning = 0
    for from_us in range(1, 2000):
        crystal = at(25.0)
        crystal.set_drift(-5000.0, from_us)
        ticks = crystal.ticks(HOUR_US)
        assert crystal.ticks(crystal.at_us(ticks) - 1) < ticks
        spanning += crystal.at_us(ticks) < HOUR_US
    assert spanning
