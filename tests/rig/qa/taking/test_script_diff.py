"""Two versions of a script, and what people are told of the difference."""

from pathlib import Path

import pytest

from rig.qa.files.script_file import loads
from rig.qa.taking.script_diff import changes

BEFORE = """\
qa: 1
name: Occlusion
duration: 1 h
interval: 1 s
steps:
  - do: program
    flow: 1 mL/day
  - wait: 10 min
  - do: fault
    what: occlusion
    as: blocked
  - expect: event
    event: occlusion
    within: 4 min
    since: blocked
  - do: end-fault
    what: occlusion
  - do: clear-alarms
  - do: stop
"""


def told(after: str, before: str = BEFORE) -> list[str]:
    (old,), (new,) = loads(before, Path("a.qa.yaml")), loads(after, Path("a.qa.yaml"))
    return [change.sentence() for change in changes(old, new)]


def test_the_same_text_differs_in_nothing() -> None:
    assert told(BEFORE + "# with a comment\n") == []


def test_another_value_is_told_with_the_one_before() -> None:
    assert told(BEFORE.replace("within: 4 min", "within: 5 min")) == [
        "Step 4 changed: “Occlusion” comes within 5 min since “blocked” (within 5 min, was 4 min)"
    ]


def test_a_step_that_came_and_one_that_went() -> None:
    assert told(BEFORE.replace("  - do: clear-alarms\n", "")) == ["Step 6 gone: Clear all alarms"]
    assert told(BEFORE.replace("  - do: clear-alarms\n", ""), BEFORE) != told(BEFORE)
    assert told(BEFORE.replace("  - do: stop\n", "  - do: silence\n  - do: stop\n")) == [
        "Step 7 added: Silence the tones"
    ]


def test_a_step_that_moved_is_neither_gone_nor_new() -> None:
    moved = BEFORE.replace("  - do: clear-alarms\n", "").replace("  - do: fault", "  - do: clear-alarms\n  - do: fault")
    assert told(moved) == ["Step 3 moved, was step 6: Clear all alarms"]


def test_what_the_script_says_of_itself() -> None:
    assert told(BEFORE.replace("interval: 1 s", "interval: 100 ms")) == [
        "Script changed: what it says of itself (interval 100 ms, was 1 s)"
    ]


@pytest.mark.parametrize("line", ["  - wait: 12 min\n", "  - wait: 3 turns\n"])
def test_another_wait_is_the_same_step(line: str) -> None:
    (said,) = told(BEFORE.replace("  - wait: 10 min\n", line))
    assert said.startswith("Step 2 changed: Wait ")
    assert "was 10 min" in said
