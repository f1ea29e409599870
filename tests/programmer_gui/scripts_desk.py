"""Test scripts in a window that many tests share: written, listed, run to their end."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop

from programmer_gui.models.case_run import CaseRun
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.script_files import Entry
from programmer_gui.views.scripts_head import PUMP, RIG, RUN
from programmer_gui.views.scripts_page import ScriptsPage
from tests.programmer_gui.conftest import Lasting

HEAD = "qa: 1\nname: {name}\ntags: [mine]\nduration: 1 d\ninterval: 1 s\n"
FLOWS = "  - do: program\n    flow: 24 mL/day\n    confirm: Bench test with water\n"
WAITS = "  - wait: 30 s\n    as: steady\n"
PASSES = "  - expect: volume\n    of: commanded\n    at-least: 1 uL\n    during: steady\n"
FAILS = "  - expect: field\n    field: pressure\n    at-least: 50 kPa\n"
ASKS = "  - ask: Is the tube clamped?\n    answer: yes or no\n    expected: 'yes'\n"
SCRIPTS_PAGE = 2


@dataclass
class Bench:
    """The Scripts page of a lasting window, with scripts of the test's own."""

    desk: Lasting

    @property
    def page(self) -> ScriptsPage:
        return self.desk.parts.window.scripts

    @property
    def scripts(self) -> ScriptsModel:
        return self.desk.parts.models.scripts

    @property
    def folder(self) -> Path:
        """Where one's own scripts are."""
        return self.desk.folder.with_name("scripts")

    @property
    def state(self) -> Path:
        """Where the history is."""
        return self.desk.folder.with_name("state")

    def write(self, name: str, steps: str, more: str = "") -> Path:
        """A script of one's own."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{name}.qa.yaml"
        path.write_text(f"{HEAD.format(name=name)}{more}steps:\n{steps}")
        return path

    def settle(self) -> None:
        """Lets what is done in the background come to its end."""
        while self.desk.parts.scripting.chores.busy:
            self.desk.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def look_at(self, name: str, steps: str, more: str = "", on: str = RIG) -> Entry:
        """Writes a script, lists it and looks at it."""
        path = self.write(name, steps, more)
        self.desk.parts.window.show_page(SCRIPTS_PAGE)
        self.desk.parts.filing.open(path)
        self.settle()
        assert self.scripts.entry is not None
        assert (self.scripts.entry.path, self.scripts.entry.faults) == (path, ())
        self.page.show_part(RUN)
        self.page.head.target.setCurrentIndex((PUMP, RIG).index(on))
        return self.scripts.entry

    def begin(self, name: str, steps: str, more: str = "", on: str = RIG) -> CaseRun:
        """Looks at a new script and presses Run."""
        self.look_at(name, steps, more, on)
        self.page.head.run.click()
        assert self.scripts.shown is not None
        return self.scripts.shown

    def end(self) -> None:
        """Until all that runs has ended, was kept and is remembered."""
        self.desk.until(lambda: not self.scripts.busy, seconds=0.5)
        self.desk.turn()
        self.settle()

    def run(self, name: str, steps: str, more: str = "", on: str = RIG) -> CaseRun:
        """A new script, run to its end."""
        run = self.begin(name, steps, more, on)
        self.end()
        return run

    def leave(self) -> None:
        """Takes away what the test has left."""
        if self.scripts.busy:
            self.page.run.band.cancel_asked.emit()
            self.end()
        for path in self.scripts.entries:
            self.desk.parts.scripting.texts.drop(path.path)
        for folder in (self.folder, self.state):
            for path in folder.glob("*"):
                path.unlink()
        self.scripts.show_entries(())
        self.page.library.text.clear()


@pytest.fixture
def bench(lasting: Lasting) -> Iterator[Bench]:
    """The lasting window's Scripts page."""
    made = Bench(lasting)
    yield made
    made.leave()
    lasting.leave()


def words_of(run: CaseRun) -> list[str]:
    """How its steps ended."""
    return [row.state for row in run.steps]
