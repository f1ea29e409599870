"""The user guide: its tables are those of the program, and it has what a guide must have."""

import pytest

from firmware_link import vocabulary
from rig import guide
from rig.words import ALARMS


def test_the_tables_in_the_guide_are_those_of_the_program():
    assert guide.source() == guide.renewed(guide.source()), "run: make guide"


def test_every_table_is_in_it_once():
    assert sorted(guide.TABLES) == sorted(guide._BLOCK.findall(guide.source()))


def test_every_alarm_has_a_row_with_its_cause_action_and_remedy():
    for _, name, _, action, _ in vocabulary.ALARMS:
        (row,) = [line for line in guide._alarms().splitlines() if line.startswith(f"| {ALARMS[name].title} |")]
        assert ALARMS[name].cause in row
        assert ALARMS[name].remedy in row
        assert ("stopped" in row) >= (action == vocabulary.TO_STOP)


def test_what_is_read_has_no_marks():
    assert "<!--" not in guide.text()


@pytest.mark.parametrize(
    "heading", ["Connect", "Program", "Check", "Write", "Watch", "Refill", "Alarms", "Record", "Command line", "Files"]
)
def test_the_guide_is_whole(heading):
    assert heading in guide.headings()


def test_a_mark_of_no_table_is_an_error():
    with pytest.raises(KeyError, match="nonsense"):
        guide.renewed("<!-- table: nonsense -->\n<!-- end -->")
