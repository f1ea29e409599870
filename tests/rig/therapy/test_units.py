import contextlib
from datetime import UTC, datetime

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
        ("4 ug/h", units.DOSE_RATE, 96_000),
        ("21 cm", units.LENGTH, 210_000),
        ("0.0026 mL/cm", units.BORE, 260_000),
        ("20 %", units.PERCENT, 2000),
        ("12.5%", units.PERCENT, 1250),
        ("+20 %", units.CHANGE, 2000),
        ("-20 %", units.CHANGE, -2000),
        ("20 %", units.CHANGE, 2000),
        ("12 times", units.COUNT, 12),
        ("00:00", units.TIME, 0),
        ("23:59", units.TIME, 86_340_000),
        ("24:00", units.END, 86_400_000),
        ("00:00", units.END, 0),
        ("2000-01-01T00:00Z", units.MOMENT, units.EARLIEST),
        ("2026-11-20T09:00Z", units.MOMENT, 1_795_165_200),
        ("2026-11-20T10:00:00+01:00", units.MOMENT, 1_795_165_200),
        ("2099-12-31T23:59:59Z", units.MOMENT, units.LATEST - 1),
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
        "1" * 20 + " ug/day",
        "1." + "1" * 13 + " ug/day",
        "1" * 100_000,
        "100 ug/day\n100 ug/day",
        "٣ ug/day",
    ],
)
def test_what_is_no_dose_a_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="dose a day") as caught:
        units.parse(text, units.DOSE_RATE)
    assert "100 ug/day" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("24:00", units.TIME),
        ("24:01", units.END),
        ("23:60", units.TIME),
        ("7:30", units.TIME),
        ("22:30:00", units.TIME),
        ("-1:00", units.TIME),
        ("20", units.PERCENT),
        ("-20 %", units.PERCENT),
        ("+20 %", units.PERCENT),
        ("20.001 %", units.PERCENT),
        ("nan %", units.CHANGE),
        ("--20 %", units.CHANGE),
        ("1e3 %", units.CHANGE),
        ("-4 times", units.COUNT),
        ("1.5 times", units.COUNT),
        ("21 mL", units.LENGTH),
        ("-21 cm", units.LENGTH),
        ("1999-12-31T23:59:59Z", units.MOMENT),
        ("2100-01-01T00:00Z", units.MOMENT),
        ("9999-12-31T23:59-23:59", units.MOMENT),
        ("0001-01-01T00:00+23:59", units.MOMENT),
        ("0000-01-01T00:00Z", units.MOMENT),
        ("2026-02-29T09:00Z", units.MOMENT),
        ("2026-11-20T24:01Z", units.MOMENT),
        ("2026-11-20T09:00+99:00", units.MOMENT),
        ("2026-11-20T09:00", units.MOMENT),
        ("2026-11-20", units.MOMENT),
        ("infinity ms", units.DURATION),
        ("1000000000000000000.5 ng", units.DOSE),
        ("1000000001 kg", units.DOSE),
    ],
)
def test_what_is_none_of_its_kind_is_refused_in_a_sentence(text: str, kind: units.Kind) -> None:
    with pytest.raises(UsageError) as caught:
        units.parse(text, kind)
    assert caught.value.what.endswith(".")
    assert kind.example in caught.value.remedy or "year" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("100 ug/dday", units.DOSE_RATE),
        ("100 mg/kday", units.DOSE_RATE),
        ("1 lb/day", units.DOSE_RATE),
        ("1 gr/day", units.DOSE_RATE),
        ("6 mh", units.DURATION),
    ],
)
def test_units_that_nobody_writes_are_a_slip(text: str, kind: units.Kind) -> None:
    with pytest.raises(UsageError, match=f"is not a unit of {kind.name}"):
        units.parse(text, kind)


KINDS = [kind for kind in vars(units).values() if isinstance(kind, units.Kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.example)
def test_the_example_of_each_kind_is_one(kind: units.Kind) -> None:
    assert units.parse(kind.example, kind) > 0
    assert units.parse(units.write(units.parse(kind.example, kind), kind), kind) == units.parse(kind.example, kind)


@given(st.sampled_from([kind for kind in KINDS if kind.shown]), st.integers(0, units.LARGEST))
def test_any_quantity_reads_back_exactly_as_written(kind: units.Kind, value: int) -> None:
    assert units.parse(units.write(value, kind), kind) == value


@pytest.mark.parametrize(("kind", "unit"), [(kind, unit) for kind in KINDS for unit, _ in kind.shown])
def test_the_usual_units_are_what_pint_says(kind: units.Kind, unit: str) -> None:
    assert units.parse(f"1 {unit}", kind) == units._by_pint("1", unit, kind)


@given(st.integers(-(10**8), 10**8))
def test_any_change_reads_back_exactly_as_written(value: int) -> None:
    assert units.parse(units.write(value, units.CHANGE), units.CHANGE) == value
    assert units.parse(units.write(abs(value), units.PERCENT), units.PERCENT) == abs(value)


@given(st.integers(units.EARLIEST, units.LATEST - 1))
def test_any_moment_reads_back_exactly_as_written(utc_s: int) -> None:
    text = units.write(utc_s, units.MOMENT)
    assert units.parse(text, units.MOMENT) == utc_s
    assert datetime.fromisoformat(text) == datetime.fromtimestamp(utc_s, UTC)


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_text_is_read_or_refused(kind: units.Kind, text: str) -> None:
    with contextlib.suppress(UsageError):
        assert -units.LARGEST <= units.parse(text, kind) <= units.LARGEST


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
