"""Moments of a recording as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.replay.times import at_text, parse_at, utc_text

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
    assert utc_text(START_US + 250_000) == "2026-01-05T08:00:00.250Z"
    assert utc_text(1 << 62) == ""
