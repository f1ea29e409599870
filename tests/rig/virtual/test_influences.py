"""The plant's clock, room and supply, and what they do to the rest of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import HIGH, TONES
from rig.truth import TruthLog
from rig.virtual.board import Pins
from rig.virtual.plant import Plant
from tests.rig.virtual.plants import BENCH, DAY_S, EXACT, S, changed, deliver, plant, rest

HOUR_US = 3600 * S
#: like the bench's, but nothing of the room or a film disturbs what is measured
EVEN_ROOM = {"room": {"mean_c": 25.0, "daily_c": 0.0, "wander_c": 0.0, "lag_s": 0.0}}


# The pump's clock


def test_the_pumps_clock_is_off_by_its_crystals_ppm() -> None:
    rig = Plant(BENCH, 3)
    rest(rig, DAY_S)
    off_ppm = rig.truth().device_us / (DAY_S * S) * 1e6 - 1e6
    assert 0.01 < abs(off_ppm) < 22


def test_a_boot_begins_at_0() -> None:
    rig = plant()
    rest(rig, 100)
    rig.power_on()
    assert rig.truth().device_us == 0
    rest(rig, 5)
    assert rig.truth().device_us == 5 * S


@pytest.mark.parametrize("ppm", [-5000, 200, 5000])
def test_a_drift_runs_the_clock_and_the_rotor_by_the_same_share(ppm: float) -> None:
    rig = plant()
    rig.step(100_000, 0, 1000 * S)
    rest(rig, 100)
    rig.oscillator.drift(ppm)
    rest(rig, 500)
    ticks = 100 * S + 500 * S * (1 + ppm * 1e-6)
    assert rig.truth().device_us == pytest.approx(ticks, abs=1)
    assert rig.truth().rotor_steps == pytest.approx(ticks / (1000 * S) * 100_000, abs=1)
    rig.oscillator.drift(0.0)
    rest(rig, 100)
    assert rig.truth().device_us == pytest.approx(ticks + 100 * S, abs=2)


def test_an_order_under_a_drift_delivers_as_much_in_another_time() -> None:
    slow, sound = plant(), plant()
    for rig in (slow, sound):
        rig.step(100_000, 0, 1000 * S)
    slow.oscillator.drift(-5000)
    rest(slow, 999)
    assert slow.truth().turning
    for rig in (slow, sound):
        rig.advance(round(1000 / 0.995 * S) + 60 * S)
    assert not slow.truth().turning
    assert slow.truth().rotor_steps == sound.truth().rotor_steps == 100_000
    assert slow.truth().delivered_nl == pytest.approx(sound.truth().delivered_nl, rel=1e-3)


def test_a_jump_moves_the_clock_and_not_the_rotor() -> None:
    """Pulses are counted by the crystal, whatever the microseconds say."""
    rig = plant()
    rig.step(1000, 0, 100 * S)
    rest(rig, 50)
    rig.oscillator.jump(60 * S)
    assert rig.truth().device_us == 110 * S
    rest(rig, 25)
    assert rig.truth().device_us == 135 * S
    assert rig.truth().rotor_steps == 750
    assert rig.truth().turning


def test_an_order_is_by_the_clock_of_its_boot_wherever_that_has_jumped() -> None:
    rig = plant()
    rest(rig, 1000)
    pins = Pins(rig, TruthLog(0))
    rig.oscillator.jump(60 * S)
    pins.step(100, 61 * S, 71 * S)
    rest(rig, 1)
    assert pins.sense()[0] == 0
    rest(rig, 5)
    assert pins.sense()[0] == 50
    rest(rig, 5)
    assert pins.now() == 71 * S
    assert pins.sense()[0] == 100


def test_tones_come_by_the_crystal_too() -> None:
    interval_s = dict(TONES)[HIGH]
    rig, sound = plant(), plant()
    rig.oscillator.drift(-5000)
    for each in (rig, sound):
        each.sound(HIGH)
        rest(each, 1000 * interval_s + 1)
    assert sound.truth().tones == 1001
    assert rig.truth().tones == 996


@given(
    drift=st.floats(-5000, 5000),
    jump_us=st.integers(1000, 3600 * S),
    until_us=st.integers(1, HOUR_US),
    wanted_us=st.integers(0, 5 * HOUR_US),
)
def test_a_moment_of_the_pump_is_found_in_the_rigs_time(
    drift: float, jump_us: int, until_us: int, wanted_us: int
) -> None:
    rig = Plant(BENCH, 3)
    rig.oscillator.drift(drift)
    rig.advance(until_us)
    rig.oscillator.jump(jump_us)
    at_us = rig.oscillator.at_us(wanted_us)
    assert at_us >= until_us
    if at_us > until_us:
        rig.advance(at_us - 1)
        assert rig.truth().device_us < wanted_us
    rig.advance(at_us)
    assert rig.truth().device_us >= wanted_us


# The room


def test_a_cold_room_takes_three_permille_of_the_flow_with_each_degree() -> None:
    """Domain: about 0.3 % for each degree below 22 C; all else alike."""
    delivered = []
    for celsius in (22.0, 12.0):
        rig = plant(**EVEN_ROOM)
        rig.room.set(celsius)
        deliver(rig, 10, 3600)
        rest(rig, 3600)
        delivered.append(rig.truth().delivered_nl)
    assert delivered[1] / delivered[0] == pytest.approx(0.97, abs=0.0005)


def test_a_room_is_felt_by_the_flow_the_clock_the_balance_and_the_thermometer() -> None:
    rig = Plant(changed(**EVEN_ROOM, crystal={"curve_ppm_c2": 0.034}, balance={"bursts_day": 0.0}), 3)
    before = rig.sense()
    rig.room.set(5.0)
    rest(rig, 1000)
    after = rig.sense()
    assert rig.truth().temperature_c == 5.0
    assert after[5] == pytest.approx(500, abs=15)
    assert (after[2] or 0) - (before[2] or 0) == pytest.approx(-30_000, abs=2000)  # 20 degrees of 1.5 mg
    assert rig.truth().device_us - 1000 * S == pytest.approx(-0.034 * 20**2 * 1000, abs=1)
    rig.room.set(None)
    assert rig.truth().temperature_c == 25.0


def test_flow_follows_a_room_that_takes_its_time() -> None:
    """The first hour after a window was opened: 0.3 % for each degree that it is really colder."""
    rig = plant(
        room={"mean_c": 22.0, "daily_c": 0.0, "wander_c": 0.0, "lag_s": 1200.0},
        tube={"run_in_share": 0.0, "fatigue_per_million": 0.0},
        circuit={"back_pressure_per_mmhg": 0.0},
    )
    rig.room.set(5.0)
    deliver(rig, 24, 3600)
    rest(rig, 3600)
    colder_c = 17 * (1 - 1200 / 3600 * -math.expm1(-3600 / 1200))  # on average
    assert rig.truth().pumped_nl / 1e6 == pytest.approx(1 - 0.003 * colder_c, abs=0.0005)


# The supply


@pytest.mark.parametrize(("ml_day", "years"), [(0.5, 6.5), (1.0, 5.65), (1.5, 5.0), (4.0, 3.2)])
def test_a_cell_lasts_as_the_domain_says(ml_day: float, years: float) -> None:
    """21.875/(2.875 + f) years, by what 60 days take."""
    rig = plant()
    deliver(rig, ml_day, 60 * DAY_S)
    rest(rig, 60 * DAY_S)
    taken = 1 - rig.truth().charge
    assert 60 / 365.25 / taken == pytest.approx(21.875 / (2.875 + ml_day), rel=1e-4)
    assert 60 / 365.25 / taken == pytest.approx(years, abs=0.03)


def test_a_cell_is_empty_at_the_end_of_its_life_and_no_less_than_that() -> None:
    rig = plant()
    deliver(rig, 1.0, 6 * 365.25 * DAY_S)
    rest(rig, 5.6 * 365.25 * DAY_S)
    assert 0.005 < rig.truth().charge < 0.01
    rest(rig, 0.1 * 365.25 * DAY_S)
    assert rig.truth().charge == 0


def test_without_a_board_a_cell_loses_less_than_a_percent_a_year() -> None:
    rig = plant()
    rig.power_off()
    rest(rig, 365.25 * DAY_S)
    assert 1 - rig.truth().charge == pytest.approx(0.009)
    rig.power_on()
    before = rig.truth().charge
    rest(rig, 365.25 * DAY_S)
    assert before - rig.truth().charge == pytest.approx(2.875 / 21.875, rel=1e-4)


def test_a_stored_pump_dips_as_it_starts_and_is_well_within_half_a_minute() -> None:
    rig = plant()
    rest(rig, 30 * DAY_S)
    standing_v = rig.truth().battery_v
    deliver(rig, 1.0, 3600)
    start_v = rig.truth().battery_v
    film_v = EXACT.battery.film_v * (1 - math.exp(-30 / EXACT.battery.film_days))
    rest(rig, 5)
    assert rig.truth().battery_v - start_v == pytest.approx(film_v * (1 - math.exp(-1)), rel=0.01)
    rest(rig, 25)
    assert standing_v - rig.truth().battery_v == pytest.approx(0.004 * 14, abs=0.01)  # what the load takes by itself


def test_a_passivated_cell_dips_by_so_much_at_the_next_start() -> None:
    rig = plant()
    rest(rig, 10)
    standing_v = rig.truth().battery_v
    rig.power.passivate(0.8)
    assert rig.truth().battery_v == pytest.approx(standing_v)
    deliver(rig, 1.0, 60)
    assert standing_v - rig.truth().battery_v == pytest.approx(0.8 + 0.004 * 14, abs=0.01)


def test_a_held_rotor_loads_its_cell_all_the_same() -> None:
    rig = plant()
    standing_v = rig.truth().battery_v
    rig.set_stalled(True)
    deliver(rig, 1.0, 60)
    assert not rig.truth().turning
    assert standing_v - rig.truth().battery_v > 0.05


def test_steps_that_are_lost_take_their_charge_all_the_same() -> None:
    held, missing, sound = plant(), plant(), plant()
    held.set_stalled(True)
    missing.set_missed(0.9)
    for rig in (held, missing, sound):
        deliver(rig, 24, DAY_S)
        rest(rig, DAY_S / 2)
        deliver(rig, 4, DAY_S)
        rest(rig, DAY_S)
    taken = (1.5 * 2.875 + 24 / 2 + 4) / (21.875 * 365.25)
    assert held.truth().charge == missing.truth().charge == sound.truth().charge == pytest.approx(1 - taken, rel=1e-5)


def test_a_supply_in_the_cells_place_is_what_the_gauge_shows() -> None:
    rig = plant()
    rig.power.set_supply(2.5)
    assert rig.truth().battery_v == 2.5
    assert rig.sense()[3] == pytest.approx(2500, abs=4)
    rig.power.set_supply(None)
    assert rig.truth().battery_v > 3.5


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 5 * HOUR_US), st.sampled_from(["drift", "jump", "room", "boot", "cell"])), max_size=5
    ),
    looks=st.lists(st.integers(0, 5 * HOUR_US), max_size=8),
)
def test_looking_changes_nothing_whatever_clock_room_and_supply_do(
    changes: list[tuple[int, str]], looks: list[int]
) -> None:
    seen, blind = Plant(BENCH, 3), Plant(BENCH, 3)
    for rig in (seen, blind):
        deliver(rig, 4, 4 * 3600)
    act = {
        "drift": lambda rig: rig.oscillator.drift(-3000),
        "jump": lambda rig: rig.oscillator.jump(S),
        "room": lambda rig: rig.room.set(8.0),
        "boot": lambda rig: (rig.power_off(), rig.power_on()),
        "cell": lambda rig: (rig.power.passivate(0.5), rig.power.set_charge(0.3)),
    }
    for at_us, what in sorted([*changes, (5 * HOUR_US, "room")]):
        for look_us in sorted(looks):
            if seen.now_us <= look_us <= at_us:
                seen.advance(look_us)
                seen.sense()
                seen.oscillator.at_us(look_us)
        for rig in (seen, blind):
            rig.advance(at_us)
            act[what](rig)
    assert seen.truth() == blind.truth()
    assert seen.sense() == blind.sense()
