"""The next change of local time: known dates, and any single change."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.therapy.daylight import YEAR_S, Transition, next_transition
from rig.zones import offset_at

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
