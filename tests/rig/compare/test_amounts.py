"""Amounts and moments in words."""

import math

import pytest

from rig.compare.amounts import amount_text, difference_text, moment_text, share_text, span_text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (19.6, "mL/day", "19.6 mL/day"),
        (-0.4, "mL/day", "−0.4 mL/day"),
        (0.0, "kPa", "0 kPa"),
        (-1e-12, "kPa", "0 kPa"),
        (0.00002, "kPa", "0.00002 kPa"),
        (2_089_716.4, "µL", "2089.7 mL"),
        (1234567.0, "", "1234567"),
        (math.nan, "µL", "–"),
        (None, "µL", "–"),
    ],
)
def test_amounts(value: float | None, unit: str, text: str) -> None:
    assert amount_text(value, unit) == text


def test_differences_carry_their_share_where_it_says_something() -> None:
    assert difference_text(-0.4, "mL/day", 20.0) == "−0.4 mL/day (−2 %)"
    assert difference_text(0.4, "mL/day", -20.0) == "+0.4 mL/day (+2 %)"
    assert difference_text(50.2, "kPa", 0.421) == "+50.2 kPa"
    assert difference_text(50.2, "kPa", 0.0) == "+50.2 kPa"
    assert difference_text(0.0, "kPa", 3.0) == ""


def test_shares_are_never_said_to_be_more_than_they_are() -> None:
    assert share_text(1.0) == "100 %"
    assert share_text(0.99999) == "99.99 %"
    assert share_text(0.9) == "90 %"
    assert share_text(0.0) == "0 %"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (751, "0:12:31"), (-2.5, "−0:00:02.5"), (100_800, "1 d 4:00:00"), (0.04, "0:00:00")],
)
def test_moments(seconds: float, text: str) -> None:
    assert moment_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (2, "2 s"), (0.25, "0.25 s"), (-20, "−20 s"), (725, "12 min 5 s"), (86_400, "1 d"), (59.99, "60 s")],
)
def test_spans(seconds: float, text: str) -> None:
    assert span_text(seconds) == text
