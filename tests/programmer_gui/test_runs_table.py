"""The table of recordings: its order, its search, its filter."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from programmer_gui.models import run_words as say
from programmer_gui.models.runs import RunTable
from rig.recording.catalog import CUT_SHORT, FINISHED, Card, Found

CARDS = {
    "2026-01-01_100000_aaaaaa": Card(FINISHED, device="aaaaaa", duration_us=3_000_000, levels=(5, 0, 0, 1), failed=1),
    "2026-01-02_100000_bbbbbb": Card(CUT_SHORT, device="bbbbbb", duration_us=1_000_000, programs=("Night",)),
    "2026-01-03_100000_cccccc": Card(FINISHED, device="cccccc", notes=((0, "A kink"),), note_count=1),
    "2026-01-04_100000_dddddd": None,
}


@pytest.fixture
def table(theme, qtmodeltester) -> RunTable:
    runs = RunTable(theme.tokens)
    runs.watch = QAbstractItemModelTester(runs, QAbstractItemModelTester.FailureReportingMode.Fatal)
    runs.show_found(Path("/runs"), [Found(f"{name}.run.duckdb", at, at) for at, name in enumerate(CARDS)])
    runs.show_cards({f"{name}.run.duckdb": card for name, card in CARDS.items() if card})
    return runs


def order(runs: RunTable) -> str:
    """The last letters of the rows."""
    return "".join(row.title[-1] for row in runs.shown)


def test_the_newest_is_first_and_what_isnt_known_is_last(table):
    assert order(table) == "dcba"
    table.sort(say.STARTED, Qt.SortOrder.AscendingOrder)
    assert order(table) == "abcd"
    table.sort(say.DURATION, Qt.SortOrder.AscendingOrder)
    assert order(table) == "badc"
    table.sort(say.DURATION, Qt.SortOrder.DescendingOrder)
    assert order(table) == "abdc"
    table.sort(say.EVENTS, Qt.SortOrder.DescendingOrder)
    assert order(table)[0] == "a"


@pytest.mark.parametrize("column", range(len(say.COLUMNS)))
@pytest.mark.parametrize("direction", list(Qt.SortOrder))
def test_every_column_sorts(table, column, direction):
    table.sort(column, direction)
    assert sorted(order(table)) == list("abcd")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", "dcba"),
        ("NIGHT", "b"),
        ("bbb night", "b"),
        ("night aaa", ""),
        ("kink", "c"),
        ("2026-01-0", "dcba"),
        ("cut", "b"),
    ],
)
def test_search_finds_all_words_anywhere(table, text, rows):
    table.set_text(text)
    assert order(table) == rows


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("All recordings", "dcba"),
        ("With alarms", "a"),
        ("With notes", "c"),
        ("Failed checks", "a"),
        ("Cut short", "b"),
        ("Damaged", ""),
    ],
)
def test_kinds_are_filtered(table, kind, rows):
    table.set_kind(kind)
    assert order(table) == rows


def test_what_is_found_later_goes_where_it_belongs(table):
    table.sort(say.DURATION, Qt.SortOrder.AscendingOrder)
    name = "2026-01-04_100000_dddddd.run.duckdb"
    table.show_cards({name: Card(FINISHED, duration_us=2_000_000)})
    assert order(table) == "bdac"
