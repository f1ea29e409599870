import pytest

from firmware_link.errors import UsageError
from rig.physics.sensor import Sensor


def test_a_sensor_shows_its_reading_until_something_is_wrong_with_it() -> None:
    sensor = Sensor[int | None](None)
    assert sensor.shows(5) == 5
    sensor.set("stuck", 1.0, 5)
    assert [sensor.shows(reading) for reading in (6, 7)] == [5, 5]
    sensor.set("dead", 1.0, 5)
    assert sensor.shows(8) is None
    sensor.set("", 1.0, 5)
    assert sensor.shows(9) == 9


def test_only_a_noisy_one_is_louder() -> None:
    sensor = Sensor(0)
    for how, louder in (("noisy", 30.0), ("dead", 1.0), ("noisy", 2.0), ("", 1.0)):
        sensor.set(how, 30.0 if louder == 30 else 2.0, 5)
        assert sensor.louder == louder
    assert sensor.shows(9) == 9


def test_another_word_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        Sensor(0).set("asleep", 1.0, 0)
    assert "stuck" in caught.value.remedy
