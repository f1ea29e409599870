"""What the board is shown of the plant, with sensors that work and that don't."""

import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from firmware_link.vocabulary import SENSORS
from rig.truth import TruthLog
from rig.virtual.board import Pins
from rig.virtual.plant import Plant
from tests.rig.virtual.plants import BENCH, S, deliver, plant, rest

FIELDS = ("rotor", "pressure", "balance", "battery", "charge", "temperature")


def shown(rig: Plant) -> dict[str, Any]:
    return dict(zip(FIELDS, rig.sense(), strict=True))


def series(rig: Plant, name: str, count: int = 300) -> list[int]:
    """Each tenth of a second."""
    values = []
    for _ in range(count):
        rest(rig, 0.1)
        values.append(shown(rig)[name])
    return values


def test_sensors_show_the_truth_within_their_errors() -> None:
    rig = plant()
    deliver(rig, 20, 600)
    rest(rig, 600)
    truth, seen = rig.truth(), shown(rig)
    assert seen["rotor"] == truth.rotor_steps
    assert seen["pressure"] == pytest.approx(truth.pressure_pa, abs=100 + 20)
    assert seen["balance"] == pytest.approx(truth.delivered_nl, abs=1500)
    assert seen["battery"] == pytest.approx(truth.battery_v * 1000, abs=4)
    assert seen["charge"] == round(truth.charge * 1000)
    assert seen["temperature"] == pytest.approx(truth.temperature_c * 100, abs=15)


@pytest.mark.parametrize(
    ("name", "dead"), [("pressure", -43_750), ("balance", None), ("battery", 0), ("temperature", -27_315)]
)
def test_a_dead_sensor_shows_what_the_board_reads_of_nothing(name: str, dead: int | None) -> None:
    rig = plant()
    well = shown(rig)
    rig.sensors.set(name, "dead")
    assert shown(rig) == well | {name: dead}
    rest(rig, 100)
    assert shown(rig)[name] == dead
    rig.sensors.set(name, "")
    assert shown(rig)[name] == pytest.approx(well[name], abs=2000)


@pytest.mark.parametrize("name", ["pressure", "balance", "battery", "temperature"])
def test_a_stuck_sensor_shows_its_last_reading_for_ever(name: str) -> None:
    rig = plant()
    deliver(rig, 20, 600)
    rest(rig, 10)
    last = shown(rig)[name]
    rig.sensors.set(name, "stuck")
    assert set(series(rig, name)) == {last}
    rig.sensors.set(name, "")
    assert len(set(series(rig, name))) > 1


@pytest.mark.parametrize("name", ["pressure", "balance", "battery", "temperature"])
def test_a_noisy_sensor_is_so_many_times_as_noisy_and_nothing_else(name: str) -> None:
    rig, sound = (plant(balance={"bursts_day": 0.0, "wander_mg": 0.0}) for _ in range(2))
    rig.sensors.set(name, "noisy", 100)
    noisy, quiet = series(rig, name), series(sound, name)
    assert statistics.pstdev(noisy) == pytest.approx(100 * statistics.pstdev(quiet), rel=0.3)
    others = [field for field in FIELDS if field != name]
    assert [shown(rig)[field] for field in others] == [shown(sound)[field] for field in others]


def test_a_dead_sensor_of_the_rotor_counts_no_further_and_never_catches_up() -> None:
    rig = plant()
    rig.step(1000, 0, 100 * S)
    rest(rig, 10)
    rig.sensors.set("rotor", "dead")
    rest(rig, 20)
    assert shown(rig)["rotor"] == 100
    assert rig.truth().rotor_steps == 300
    rig.sensors.set("rotor", "")
    rest(rig, 10)
    assert shown(rig)["rotor"] == 200


def test_a_boot_counts_from_0_even_while_the_rotors_sensor_is_dead() -> None:
    rig = plant()
    rig.step(1000, 0, 100 * S)
    rest(rig, 10)
    rig.sensors.set("rotor", "dead")
    rest(rig, 10)
    pins = Pins(rig, TruthLog(0))
    assert pins.sense()[0] == 0
    rest(rig, 10)
    rig.sensors.set("rotor", "")
    rest(rig, 10)
    assert pins.sense()[0] == 100


def test_what_came_at_once_creeps_in_from_when_it_came() -> None:
    """A bolus of an hour, an hour ago: had the load grown evenly since the start, more of it would be missing."""
    errors = {"noise_mg": 0.0, "wander_mg": 0.0, "drift_mg_c": 0.0, "evaporation_mg_day": 0.0, "bursts_day": 0.0}
    rig = plant(balance=errors | {"creep_percent": 5.0, "creep_s": 600.0, "digit_mg": 0.1})
    deliver(rig, 24, 3600)
    rest(rig, 3600)
    missing_nl = []
    for _ in range(3):
        missing_nl.append(rig.truth().delivered_nl - (shown(rig)["balance"] or 0))
        rest(rig, 600)
    assert missing_nl[0] == pytest.approx(0.05 * 1e6 * 600 / 3600, rel=0.03)  # what a steady flow is behind by
    assert missing_nl[1] / missing_nl[0] == pytest.approx(0.368, abs=0.02)
    assert missing_nl[2] / missing_nl[1] == pytest.approx(0.368, abs=0.04)


def test_each_reading_leaves_its_truth_behind() -> None:
    rig, truths = Plant(BENCH, 3), TruthLog(0)
    pins = Pins(rig, truths)
    moments = []
    for _ in range(3):
        rest(rig, 1)
        moments.append(pins.now())
        pins.sense()
    noted = truths.take_truth()
    assert list(noted["true_us"]) == [S, 2 * S, 3 * S]
    assert list(noted["t_us"]) == moments
    assert set(noted["boot"]) == {1}


def test_a_shaken_bench_is_the_balances_alone() -> None:
    rig, sound = plant(), plant()
    rig.sensors.vibrate(300.0)
    shaken, still = series(rig, "balance"), series(sound, "balance")
    assert max(shaken) - max(still) == pytest.approx(300_000, rel=0.1)
    rig.sensors.vibrate(0.0)
    assert shown(rig) == shown(sound)


def test_there_are_no_other_sensors() -> None:
    with pytest.raises(UsageError) as caught:
        plant().sensors.set("smell", "dead")
    assert "balance" in caught.value.remedy


@given(
    faults=st.lists(
        st.tuples(
            st.integers(0, 100 * S),
            st.sampled_from(SENSORS),
            st.sampled_from(["", "dead", "stuck", "noisy"]),
            st.floats(2, 1000),
        ),
        max_size=6,
    ),
    looks=st.lists(st.integers(0, 100 * S), max_size=6),
)
def test_what_a_sensor_shows_depends_on_faults_and_moments_and_not_on_looks(
    faults: list[tuple[int, str, str, float]], looks: list[int]
) -> None:
    seen, blind = Plant(BENCH, 5), Plant(BENCH, 5)
    for rig in (seen, blind):
        deliver(rig, 20, 100)
    for at_us, name, how, times in sorted(faults):
        for look_us in sorted(looks):
            if seen.now_us <= look_us <= at_us:
                seen.advance(look_us)
                seen.sense()
        for rig in (seen, blind):
            rig.advance(at_us)
            rig.sensors.set(name, how, times)
    for rig in (seen, blind):
        rig.advance(100 * S)
    assert seen.sense() == blind.sense()
