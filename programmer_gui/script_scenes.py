"""The Scripts page in the showcase: before, while and after a script runs, a question, an error in the text."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop

from firmware_link.errors import RequestTimeout
from programmer_gui.app import application
from programmer_gui.rig_scenes import pictures
from programmer_gui.views.scripts_head import CURVES, EDIT, HISTORY, RUN
from rig.qa.files.script_file import find

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

PAGE = 2
TURNS = 1000  # in which a script must end
ASKS = """\
qa: 1
name: Prime and look
about: Somebody looks at the line while the pump delivers; then a pressure is wanted that an open line never has.
tags: [bench]
duration: 5 min
interval: 1 s
steps:
  - do: program
    flow: 24 mL/day
    confirm: Bench test with water
  - ask: Is the line clamped behind the pump, and free of air?
    answer: yes or no
    expected: "yes"
  - wait: 2 min
    as: steady
  - expect: volume
    of: measured
    is: 36 uL
    tolerance: 14 %
    during: steady
    on-fail: go on
  - expect: field
    field: pressure
    at-least: 50 kPa
    within: 30 s
"""


def all_states(stage: "Stage") -> None:
    """Everything that the page can show."""
    window, scripts = stage.parts.window, stage.parts.models.scripts
    window.show_page(PAGE)
    settle(stage)
    scripts.select(find("acceptance"))
    pictures(stage, "scripts-idle")
    window.scripts.head.run.click()
    stage.until("the script to be under way", lambda: scripts.running is not None and scripts.running.over >= 8)
    pictures(stage, "scripts-running")
    _end(stage)
    pictures(stage, "scripts-passed")
    _failing(stage)
    scripts.select(find("bolus-series"))
    window.scripts.head.run.click()
    _end(stage)
    window.scripts.show_part(CURVES)
    pictures(stage, "scripts-curves")
    window.scripts.show_part(RUN)


def _failing(stage: "Stage") -> None:
    """A script of one's own, with a question, that fails; its text with a slip; what became of it."""
    window, scripts = stage.parts.window, stage.parts.models.scripts
    page = window.scripts
    path = stage.parts.scripting.editing.folder / "prime.qa.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ASKS, encoding="utf-8")
    stage.parts.filing.open(path)
    settle(stage)
    page.show_part(RUN)
    page.head.run.click()
    stage.until("the question", lambda: scripts.running is not None and scripts.running.asks is not None)
    pictures(stage, "scripts-asks")
    page.run.prompt.yes.click()
    _end(stage)
    pictures(stage, "scripts-failed")
    page.show_part(HISTORY)
    pictures(stage, "scripts-history")
    page.show_part(EDIT)
    page.edit.go_to(14)
    pictures(stage, "scripts-edit")
    page.edit.code.setPlainText(ASKS.replace("within: 30 s", "witin: 30 s"))
    page.edit.standing.emit(page.edit.text)
    settle(stage)
    page.edit.go_to(25)
    pictures(stage, "scripts-wrong")
    page.edit.revert.click()
    settle(stage)
    page.show_part(RUN)


def settle(stage: "Stage") -> None:
    """Lets what is read and checked in the background come to its end."""
    while stage.parts.scripting.chores.busy:
        application().processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _end(stage: "Stage") -> None:
    for _ in range(TURNS):
        if not stage.parts.models.scripts.busy:
            break
        stage.turn()
    else:
        raise RequestTimeout("The showcase waited in vain for the script to end.")
    stage.turn(0.1)
    settle(stage)
