"""The next change of local time: against known dates, and against a second-by-second search."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.localtime import offset_at
from rig.therapy.daylight import YEAR_S, Transition, next_transition

NOVEMBER = int(datetime(2026, 11, 21, tzinfo=UTC).timestamp())


def moment(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Europe/Paris", NOVEMBER, Transition(moment(2027, 3, 28, 1), 60, 120)),
        ("Europe/Paris", moment(2027, 3, 28, 1), Transition(moment(2027, 10, 31, 1), 120, 60)),
        ("Europe/Paris", moment(2027, 3, 28, 1) - 1, Transition(moment(2027, 3, 28, 1), 60, 120)),
        ("America/New_York", NOVEMBER, Transition(moment(2027, 3, 14, 7), -300, -240)),
        ("Australia/Lord_Howe", NOVEMBER, Transition(moment(2027, 4, 3, 15), 660, 630)),  # half an hour
        ("Asia/Tokyo", NOVEMBER, None),
        ("UTC", NOVEMBER, None),
        ("-03:30", NOVEMBER, None),
    ],
)
def test_the_next_change_is_known_to_the_second(zone: str, now: int, expected: Transition | None) -> None:
    assert next_transition(offset_at(zone), now) == expected


def test_a_change_beyond_the_horizon_is_not_told() -> None:
    change = moment(2027, 3, 28, 1)
    paris = offset_at("Europe/Paris")
    assert next_transition(paris, NOVEMBER, change - NOVEMBER - 1) is None
    assert next_transition(paris, NOVEMBER, change - NOVEMBER) is not None


@given(st.integers(0, YEAR_S), st.integers(-720, 840), st.integers(-180, 180).filter(bool))
def test_any_single_change_is_found_exactly(after_s: int, before_min: int, shift_min: int) -> None:
    change = NOVEMBER + after_s

    def offset(utc_s: int) -> int:
        return before_min if utc_s < change else before_min + shift_min

    expected = Transition(change, before_min, before_min + shift_min) if after_s else None
    assert next_transition(offset, NOVEMBER) == expected


@pytest.mark.parametrize(("zone", "minutes"), [("+01:00", 60), ("-03:30", -210), ("+14:00", 840), ("+00:00", 0)])
def test_a_fixed_offset_is_what_it_says(zone: str, minutes: int) -> None:
    assert offset_at(zone)(NOVEMBER) == minutes


def test_this_computers_zone_is_the_one_without_a_name() -> None:
    local = datetime.fromtimestamp(NOVEMBER, UTC).astimezone().utcoffset()
    assert local is not None
    assert offset_at()(NOVEMBER) == local.total_seconds() // 60


@pytest.mark.parametrize(
    "zone", ["+14:01", "-23:00", "+1:00", "+01:60", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "Europe", " "]
)
def test_an_absurd_zone_is_refused(zone: str) -> None:
    with pytest.raises(UsageError):
        offset_at(zone)
