"""Marks of axes: round, few enough, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.ticks import Clock, number, time_text, time_ticks, value_ticks

NOON = 1_700_049_600.0  # 2023-11-15 12:00 UTC


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_value_marks_are_in_range_few_and_all_different(low: float, span: float, at_most: int) -> None:
    ticks = value_ticks(low, low + span, at_most)
    assert len(ticks) <= at_most + 1
    assert len({tick.text for tick in ticks}) == len(ticks)
    assert all(low - span * 1e-3 <= tick.at <= low + span * 1.001 for tick in ticks)


@given(st.floats(-1e5, 1e8), st.floats(0.01, 1e8), st.integers(3, 15), st.sampled_from([None, Clock(NOON, -18_000)]))
def test_time_marks_are_in_view_and_few(begin: float, span: float, at_most: int, clock: Clock | None) -> None:
    ticks = time_ticks(begin, begin + span, at_most, clock)
    assert len(ticks) <= at_most + 1
    assert all(begin - span * 1e-3 - 1e-6 <= tick.at <= begin + span * 1.001 + 1e-6 for tick in ticks)


def test_value_marks_share_their_decimals() -> None:
    assert [tick.text for tick in value_ticks(-0.1, 0.3, 5)] == ["−0.1", "0.0", "0.1", "0.2", "0.3"]
    assert [tick.text for tick in value_ticks(0, 4000, 4)] == [
        "0",
        "1\u2009000",
        "2\u2009000",
        "3\u2009000",
        "4\u2009000",
    ]


@pytest.mark.parametrize(
    ("x", "step", "text"),
    [
        (0.0, 1.0, "0:00:00"),
        (3_725.0, 60.0, "1:02:05"),
        (3_725.25, 0.01, "1:02:05.25"),
        (59.999, 0.01, "0:01:00.00"),
        (-5.0, 1.0, "−0:00:05"),
        (200_000.0, 3_600.0, "2 d 7:33:20"),
        (864_000.0, 86_400.0, "10 d"),
    ],
)
def test_session_time(x: float, step: float, text: str) -> None:
    assert time_text(x, step) == text


@pytest.mark.parametrize(
    ("x", "step", "offset_s", "text"),
    [
        (5.0, 1.0, 0, "12:00:05"),
        (60.0, 60.0, 7_200, "14:01"),
        (0.25, 0.01, 0, "12:00:00.25"),
        (43_200.0, 3_600.0, 0, "16 Nov"),
        (43_200.0, 3_600.0, 3_600, "01:00"),
    ],
)
def test_time_of_day(x: float, step: float, offset_s: int, text: str) -> None:
    assert time_text(x, step, Clock(NOON, offset_s)) == text


def test_marks_of_the_clock_lie_on_its_round_times() -> None:
    ticks = time_ticks(0.0, 3_600.0, 6, Clock(NOON + 7 * 60 + 13))
    assert [tick.text for tick in ticks] == ["12:10", "12:20", "12:30", "12:40", "12:50", "13:00"]
    assert [tick.major for tick in ticks] == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.001, "0.00"), (-1.0, "−1.00"), (1_234_567.891, "1\u2009234\u2009567.89"), (float("nan"), "–")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value, 2) == text


@pytest.mark.parametrize(
    ("offset_s", "zone"), [(0, "UTC"), (7200, "UTC+2"), (-12_600, "UTC−3:30"), (20_700, "UTC+5:45")]
)
def test_a_clock_says_which_zone_its_times_are_of(offset_s: int, zone: str) -> None:
    assert Clock(NOON, offset_s).zone == zone
