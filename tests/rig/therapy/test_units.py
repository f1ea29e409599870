import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.therapy import units


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("100 ug/day", units.DOSE_RATE, 100_000),
        ("100 µg/day", units.DOSE_RATE, 100_000),  # micro sign
        ("100 μg/day", units.DOSE_RATE, 100_000),  # Greek mu
        ("100mcg/d", units.DOSE_RATE, 100_000),
        ("0.1 mg/day", units.DOSE_RATE, 100_000),
        ("2 mg/mL", units.CONCENTRATION, 2_000_000),
        ("0.5 mL", units.VOLUME, 500_000_000),
        ("20 mL/day", units.FLOW, 20_000_000_000),
        ("1 mL/h", units.FLOW, 24_000_000_000),
        ("10 min", units.DURATION, 600_000),
        ("1.5 h", units.DURATION, 5_400_000),
        (".5 ug", units.DOSE, 500),
    ],
)
def test_quantities_are_read_as_people_write_them(text: str, kind: units.Kind, value: int) -> None:
    assert units.parse(text, kind) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "100",
        "ug/day",
        "-5 ug/day",
        "nan ug/day",
        "inf ug/day",
        "1e400 ug/day",
        "9**9**9 ug",
        "100 ug",
        "1 foo/day",
        "100 ug/day/day",
    ],
)
def test_what_is_no_dose_a_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="dose a day") as caught:
        units.parse(text, units.DOSE_RATE)
    assert "100 ug/day" in caught.value.remedy


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert 0 <= units.parse(text, units.VOLUME) <= 10**18


@given(st.integers(0, 10**9))
def test_a_shown_dose_reads_back_to_six_digits(ng_day: int) -> None:
    back = units.parse(units.dose_rate_text(ng_day), units.DOSE_RATE)
    assert abs(back - ng_day) <= ng_day * 5e-6 + 0.5


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0 s"), (600_000, "10 min"), (90_061_000, "1 d 1 h"), (1500, "1 s 500 ms"), (86_400_000, "1 d")],
)
def test_durations_are_shown_by_their_two_largest_parts(ms: int, text: str) -> None:
    assert units.duration_text(ms) == text
