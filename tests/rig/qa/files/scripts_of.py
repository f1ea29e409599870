"""A small script in files, with a case that passes, one that fails and one that nobody can judge."""

import signal
from pathlib import Path

import pytest

from rig.interrupt import Interrupt

SCRIPT = """\
qa: 1
name: Short
about: Two minutes at a rate, then the flow.
tags: [quick, flow-accuracy]
duration: 3 min
interval: 5 s
table:
  - {rate: 24 mL/day, least: 10 mL/day}
  - {rate: 12 mL/day, least: 20 mL/day}
  - {rate: 11 mL/day, least: 11 mL/day}
steps:
  - do: program
    flow: ${rate}
    confirm: a bench rate
  - do: start
  - wait: 2 min
    as: steady
  - expect: flow
    title: The flow is enough
    of: measured
    at-least: ${least}
    during: steady
"""
PASSES, FAILS, UNSURE = (
    "rate 24 mL/day, least 10 mL/day",
    "rate 12 mL/day, least 20 mL/day",
    "rate 11 mL/day, least 11 mL/day",
)
FLOW_LINE = 18  # of the step that decides


def write(folder: Path, text: str = SCRIPT, name: str = "short") -> Path:
    """The script as a file."""
    path = folder / f"{name}.qa.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def press_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the first script waits."""
    checks = iter(range(10**9))
    check = Interrupt.check

    def pressed(self: Interrupt) -> None:
        if next(checks) == 30:
            signal.raise_signal(signal.SIGINT)
        check(self)

    monkeypatch.setattr(Interrupt, "check", pressed)
