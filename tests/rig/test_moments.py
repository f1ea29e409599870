"""Moments of a recording as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.moments import IMPOSSIBLE, at_text, date_text, days_text, iso_text, parse_at, parse_offset_min, utc_text

START_US = 1_767_600_000_000_000  # 2026-01-05T08:00:00Z
S = 1_000_000


@pytest.mark.parametrize(
    ("text", "after_us"),
    [
        ("00:12:31", 751 * S),
        ("12:31", 751 * S),
        (" 100:00:00.25 ", 360_000 * S + 250_000),
        ("12 min", 720 * S),
        ("1.5 h", 5400 * S),
        ("2026-01-05T08:00:01Z", S),
        ("2026-01-05T09:00:01+01:00", S),
        ("2026-01-05 08:00:00.5", S // 2),
        ("2026-01-04T08:00:00Z", -86_400 * S),
    ],
)
def test_what_is_a_moment(text: str, after_us: int) -> None:
    assert parse_at(text, START_US) - START_US == after_us


@pytest.mark.parametrize(
    "text", ["", "12", "00:60:00", "1:2:60", "2026-13-01T00:00:00Z", "soon", "T", "5 µL", "-5 min"]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(UsageError):
        parse_at(text, START_US)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_moment_or_a_sentence(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parse_at(text, START_US), int)


@given(st.integers(0, 10**15))
def test_a_moment_that_is_shown_can_be_typed(after_us: int) -> None:
    shown = at_text(START_US + after_us, START_US)
    assert parse_at(shown, START_US) == START_US + after_us // 1000 * 1000


def test_moments_in_words() -> None:
    assert at_text(START_US - 1_500_000, START_US) == "-00:00:01.500"
    assert days_text(100 * 3600 + 751) == "4 d 04:12:31"
    assert iso_text(START_US + 250_000) == "2026-01-05T08:00:00.250Z"
    assert iso_text(1 << 62) == ""
    assert date_text(START_US, -90) == "2026-01-05 06:30:00"
    assert utc_text(START_US) == "2026-01-05 08:00:00 UTC"
    assert utc_text(1 << 62) == date_text(-(1 << 62)) == IMPOSSIBLE


def test_offsets_as_people_write_them() -> None:
    assert [parse_offset_min(text) for text in ("+02:00", "-0330", "Z", "utc")] == [120, -210, 0, 0]
    for text in ("2", "+25:00", "+02:60", "-12:01", "soon"):
        with pytest.raises(UsageError):
            parse_offset_min(text)
