"""Offsets from UTC by the names that programs give."""

import pytest

from rig.zones import offset_at

WINTER, SUMMER = 1_768_478_400, 1_784_116_800  # 2026-01-15 and 2026-07-15, 12:00 UTC


@pytest.mark.parametrize(
    ("zone", "winter", "summer"), [("Europe/Paris", 60, 120), ("UTC", 0, 0), ("Asia/Kolkata", 330, 330)]
)
def test_a_named_zone_follows_its_summer_time(zone, winter, summer):
    assert (offset_at(zone)(WINTER), offset_at(zone)(SUMMER)) == (winter, summer)


@pytest.mark.parametrize(("zone", "minutes"), [("+01:00", 60), ("-03:30", -210), ("+00:00", 0)])
def test_a_fixed_zone_does_not(zone, minutes):
    assert (offset_at(zone)(WINTER), offset_at(zone)(SUMMER)) == (minutes, minutes)


def test_without_a_zone_it_is_this_computer_s(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        assert (offset_at("")(WINTER), offset_at("")(SUMMER)) == (60, 120)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_unknown_zone_is_refused():
    with pytest.raises(KeyError):
        offset_at("Nowhere/Atlantis")
