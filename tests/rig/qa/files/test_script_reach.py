"""Steps that don't make sense together: labels, times, and what could never be reached."""

from pathlib import Path

import pytest

from rig.qa.files import checking
from tests.rig.qa.files.checked import FIRST, HEAD, problems


def test_a_duration_is_at_least_what_the_waits_take() -> None:
    (found,) = checking.check_text(HEAD + "  - wait: 4 h\n", Path("a.qa.yaml"))
    sentence = "The waits alone take 4 h. Give at least 4 h: time-outs and progress come from it."
    assert (found.line, found.field, f"{found.what} {found.remedy}") == (3, "duration", sentence)


def test_more_samples_than_anybody_keeps_are_refused() -> None:
    head = HEAD.replace("3 h", "100 d").replace("1 s", "100 ms")
    (found,) = checking.check_text(head + "  - do: start\n", Path("a.qa.yaml"))
    what = "So long at this interval are 86,400,000 samples; at most 20,000,000 are kept. Give at least 1 s."
    assert (found.line, found.field, f"{found.what} {found.remedy}") == (4, "interval", what)


NEVER = "not both can pass. What comes behind it would never be reached. Correct one of the two."


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ("expect: volume\n    at-least: 5 uL", "expect: volume\n    at-most: 4 uL", "The volume is at least 5 µL"),
        (
            "expect: flow\n    at-most: 1 mL/day",
            "expect: flow\n    is: 3 mL/day\n    tolerance: 5 %",
            "The flow is at most 1 mL/day",
        ),
        (
            "expect: field\n    field: state\n    is: running",
            "expect: field\n    field: state\n    is: stopped",
            "“State” is running",
        ),
        (
            "expect: event\n    event: occlusion\n    within: 5 min\n    since: hold",
            "expect: no-event\n    priority: medium\n    since: hold",
            "“Occlusion” comes within 5 min since “hold”",
        ),
    ],
)
def test_expectations_that_cant_both_pass_are_refused(one: str, other: str, sentence: str) -> None:
    second = one.count("\n") + 4
    steps = f"  - wait: 1 min\n    as: hold\n  - {one}\n  - {other}\n"
    assert problems(steps) == [(second, "steps[2]", f"It contradicts line {FIRST + 2} ({sentence}): {NEVER}")]


@pytest.mark.parametrize("between", ["  - wait: 1 min\n", "  - do: start\n"])
def test_expectations_of_other_moments_may_differ(between: str) -> None:
    running, stopped = (f"  - expect: field\n    field: state\n    is: {word}\n" for word in ("running", "stopped"))
    assert problems(running + between + stopped) == []
    assert problems(running + stopped) != []


def test_a_label_is_known_only_behind_its_step() -> None:
    steps = "  - expect: volume\n    at-least: 5 uL\n    during: hold\n  - wait: 1 min\n    as: hold\n"
    assert problems(steps) == [
        (3, "steps[0].during", f'The step "hold" comes only in line {FIRST + 3}. Use it behind that.')
    ]
