"""The window and its parts on the true firmware, in virtual time, stepped by the test."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog

from firmware_link.clock import SystemClock
from programmer_gui.compose import Parts, compose
from programmer_gui.theme import Theme
from rig.programs.receipt import Order
from rig.targets import open_session
from tests.programmer_gui.replay_desk import live as live
from tests.programmer_gui.replay_desk import recorded_window as recorded_window
from tests.programmer_gui.replay_desk import table as table
from tests.rig.recording.make import make_run

FAST = "sim:?seed=7&speed=max"
TURNS = 1500
RUNS_PAGE = 3


@dataclass
class Desk:
    """Parts without threads: ``until`` turns engine, recorder and bridge until something holds."""

    parts: Parts
    app: QApplication

    def turn(self, seconds: float = 0.2) -> None:
        """One turn of each, ``seconds`` of the rig's time at most."""
        self.parts.engine.step(seconds)
        self.parts.recorder.step()
        self.parts.archive.step()
        self.parts.bridge.tick()
        self.app.processEvents()

    def until(self, done: Callable[[], object], seconds: float = 0.2) -> None:
        """Fails where ``done`` doesn't come true in TURNS turns."""
        for _ in range(TURNS):
            if done():
                return
            self.turn(seconds)
        pytest.fail("it did not happen")

    def connect(self, target: str = FAST) -> None:
        """A virtual pump, online, with its first sample."""
        self.parts.controls.connect(target)
        self.until(lambda: self.parts.models.link.can_control and self.parts.models.pump.readings)

    def program(self, dose: str = "1000 µg/day", order: Order | None = None, **fields: object) -> None:
        """Writes a program and waits until the pump is known to hold it."""
        for field, value in {"dose": dose, **fields}.items():
            self.parts.models.program.edit(field, value)
        before = self.parts.models.program.held
        assert self.parts.controls.write(order)
        self.until(lambda: self.parts.models.program.held is not before)

    def kinds(self) -> list[str]:
        """The log's kinds, in order."""
        return [entry.kind for entry in self.parts.models.log.entries]


@dataclass
class Lasting(Desk):
    """A window for many tests: making one takes longer than most of what they do with it."""

    folder: Path  # where it keeps its recordings

    def leave(self) -> None:
        """Closes and takes away what a test has left in it."""
        parts, window = self.parts, self.parts.window
        parts.controls.disconnect()
        self.until(lambda: parts.models.link.info is None and not parts.models.run.state.recording)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        for problem in list(window.banners.problems):
            window.banners.dismiss(problem.key)
        window.runs.list.text.clear()
        for one in (*self.folder.iterdir(), self.folder.with_name("runs.json")):
            one.unlink(missing_ok=True)
        window.runs.list.folder_chosen.emit(self.folder)
        parts.browsing.settle()
        window.runs.select_later("")  # the newest, as when it begins
        parts.theme.set_mode("light")
        window.show_page(0)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The one theme of the one application."""
    return Theme(qapp, "light")


@pytest.fixture
def parts(bare_parts: Parts) -> Parts:
    """A window on a folder of its own; the test starts its threads, or steps it."""
    bare_parts.complete()
    return bare_parts


@contextmanager
def composed(app: QApplication, theme: Theme, folder: Path) -> Iterator[Parts]:
    """A window as it is right after its first paint, and its end."""
    rng = random.Random(7)
    made = compose(
        app,
        theme,
        folder,
        opener=lambda target: open_session(target, rng=rng),
        clock=SystemClock(),
        recent=lambda: ["sim:?seed=1"],
    )
    made.window.resize(1400, 900)
    made.window.show()
    yield made
    if made.loops:
        assert made.end()
    else:
        made.engine.close()
        made.recorder.close()
        made.browsing.survey.close()
        made.end()
    theme.set_mode("light")
    made.window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def bare_parts(qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Parts]:
    """The same as it is right after its first paint."""
    with composed(qapp, theme, tmp_path / "runs") as made:
        yield made


@pytest.fixture(scope="module")
def lasting(
    qapp: QApplication, theme: Theme, kept: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lasting]:
    """One window for the tests of a file, whose survey has begun."""
    with composed(qapp, theme, tmp_path_factory.mktemp("lasting") / "runs") as made:
        made.complete()
        desk = Lasting(made, qapp, made.browsing.folder)
        desk.folder.mkdir()
        shutil.copy(kept, desk.folder)
        made.window.show_page(RUNS_PAGE)
        made.browsing.settle()
        desk.leave()
        yield desk


@pytest.fixture
def shared(lasting: Lasting) -> Iterator[Lasting]:
    """That window, with nothing open and no recordings."""
    yield lasting
    lasting.leave()


@pytest.fixture
def desk(parts: Parts, qapp: QApplication) -> Desk:
    """The window without threads."""
    return Desk(parts, qapp)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, to be copied: it takes a while to make."""
    path = tmp_path_factory.mktemp("kept") / "kept.run.duckdb"
    make_run(path, 400)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the window keeps its recordings."""
    made = tmp_path / "runs"
    made.mkdir()
    return made
