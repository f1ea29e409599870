"""The table of belief and truth, without a window."""

import pytest

from programmer_gui.models.compared import (
    AGREES,
    DIFFERS,
    NOTHING,
    PULSES,
    ROWS,
    STALE,
    UNSEEN,
    Compared,
    compare,
    number,
)


def row(title: str, rows: tuple[Compared, ...]) -> Compared:
    (found,) = [one for one in rows if one.title == title]
    return found


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (12345.6, 2, "12\u202f345.60", "+12\u202f345.60"),
        (-0.25, 2, "\u22120.25", "\u22120.25"),
        (-0.004, 2, "0.00", "±0.00"),
        (0.0, 0, "0", "±0"),
    ],
)
def test_figures_have_their_decimals_thousands_apart_and_no_negative_zero(value, decimals, plain, signed):
    assert number(value, decimals) == plain
    assert number(value, decimals, signed=True) == signed


def test_what_is_within_the_sensors_error_agrees():
    rows = compare({"pressure_pa": 280.0}, {"pressure_pa": 1200.0})
    assert row("Pressure", rows).mark == AGREES
    shown = row("Pressure", rows)
    assert (shown.believed, shown.true, shown.unit, shown.difference) == ("0.28", "1.20", "kPa", "+0.92")


def test_what_is_beyond_it_is_marked_by_a_word_and_a_colour():
    shown = row("Pressure", compare({"pressure_pa": 280.0}, {"pressure_pa": 71_000.0}))
    assert shown.mark == DIFFERS
    assert shown.mark[0] == "≠ differs"
    assert shown.mark[1] in ("low", "medium", "high")
    assert "Marked beyond 1 kPa." in shown.why


def test_a_flow_that_pulses_is_never_said_to_agree_but_marked_where_it_stops():
    believed = {"flow_nl_s": 20.8}
    assert row("Flow", compare(believed, {"flow_nl_s": 9.0})).mark == PULSES
    assert row("Flow", compare(believed, {"flow_nl_s": 0.0})).mark == DIFFERS


def test_what_no_sensor_shows_is_marked_once_it_is_so():
    assert row("Leaked", compare({}, {"leaked_nl": 0.0})).mark == NOTHING
    assert row("Leaked", compare({}, {"leaked_nl": 5_000.0})).mark == UNSEEN


def test_a_pump_that_is_not_heard_believes_nothing_of_now():
    shown = row("Pressure", compare({"pressure_pa": 280.0}, {"pressure_pa": 71_000.0}, stale=True))
    assert (shown.mark, shown.difference) == (STALE, "")


def test_every_row_has_its_unit_and_says_from_when_on_it_is_marked():
    for known, shown in zip(ROWS, compare({}, {}), strict=True):
        assert shown.believed == shown.true == "–"
        assert "Marked beyond" in shown.why
        assert shown.unit or known.true == "compressions"


def test_a_balance_that_is_missing_is_a_dash():
    shown = row("Delivered (balance)", compare({"measured_nl": None}, {"delivered_nl": 41_310.0}))
    assert (shown.believed, shown.true, shown.difference, shown.mark) == ("–", "41.31", "", NOTHING)
