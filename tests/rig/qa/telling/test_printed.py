"""The operator's questions on the terminal, and lines in colour."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig.qa.calling import calling
from rig.qa.deeds import Ask
from rig.qa.files import script_file
from rig.qa.limits import Limits
from rig.qa.telling.printed import Operator, coloured
from rig.terminal import progress_bar
from tests.rig.qa.files.scripts_of import write

ASKS = """\
qa: 1
name: Questions
duration: 1 min
interval: 1 s
steps:
  - ask: Is the tube clamped?
    answer: yes or no
  - ask: How far did it rise?
    answer: number
    at-most: 1 mm
"""
CLAMPED = Ask("Is the tube clamped?", "yes or no")


def until(answer: Callable[[], str | None]) -> str:
    """What is answered in the end."""
    deadline = time.monotonic() + 10
    while (said := answer()) is None:
        assert time.monotonic() < deadline
    return said


def test_nobody_waits_for_the_operator(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as terminal, os.fdopen(writing, "w") as keyboard:
        monkeypatch.setattr("sys.stdin", terminal)
        operator = Operator()
        assert [operator.answer(CLAMPED) for _ in range(3)] == [None] * 3
        assert capsys.readouterr().err == "\n? Is the tube clamped?  [yes or no] "  # once
        keyboard.write("yes\n")
        keyboard.flush()
        assert until(lambda: operator.answer(CLAMPED)) == "yes\n"
        assert operator.answer(CLAMPED) is None  # which is asked again, where that was no answer
        keyboard.write("no\n")
        keyboard.flush()
        assert until(lambda: operator.answer(CLAMPED)) == "no\n"


def test_a_number_is_asked_for_with_its_unit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1.5\n"))
    ask = Ask("How far \x1b[2J did it rise?", "number", limits=Limits(1, 2, "mm"))
    operator = Operator()
    assert until(lambda: operator.answer(ask)) == "1.5\n"
    assert capsys.readouterr().err == "\n? How far \ufffd[2J did it rise?  [a number in mm] "


def test_the_operator_answers_a_script_and_the_time_of_the_rig_stands_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("perhaps\nyes\n1.5\n"))
    (script,) = script_file.load(write(tmp_path, ASKS, "asks"))
    lines: list[str] = []
    with progress_bar("") as bar:
        (result,) = calling.carry_out([script], calling.Wanted("sim:?seed=7", attended=True), lines.append, bar)
    assert result.verdict == "fail"
    assert [step.judged.verdict for step in result.steps] == ["pass", "fail", "pass"]
    assert result.steps[0].judged.detail == "yes"
    assert result.ended_us - result.began_us < 20e6


def test_an_input_that_has_ended_is_no_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    operator = Operator()
    with pytest.raises(UsageError, match="Nobody answers"):
        until(lambda: operator.answer(Ask("Ready?")))


def test_the_verdict_is_in_colour_where_colours_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert coloured("FAIL  7  The volume") == "\x1b[31m\x1b[1mFAIL\x1b[0m  7  The volume"
    assert coloured("delivered: 7 µL") == "delivered: 7 µL"
    monkeypatch.setenv("NO_COLOR", "1")
    assert coloured("FAIL  7  The volume") == "FAIL  7  The volume"
