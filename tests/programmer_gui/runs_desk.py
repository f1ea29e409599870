"""What tests of the Runs page do with it."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from tests.programmer_gui.conftest import Desk, Lasting

RUNS_PAGE = 3


@pytest.fixture
def desk(shared: Lasting) -> Lasting:
    """The window that the tests of a file share."""
    return shared


@pytest.fixture
def folder(shared: Lasting) -> Path:
    """Where it keeps its recordings."""
    return shared.folder


def put(kept: Path, folder: Path, *names: str) -> None:
    for name in names:
        os.link(kept, folder / f"{name}.run.duckdb")


def settle(desk: Desk) -> None:
    """The page is shown, until the survey has nothing left to do and all of it is seen."""
    browsing = desk.parts.browsing
    desk.parts.window.show_page(RUNS_PAGE)
    desk.app.processEvents()
    browsing.look()
    browsing.settle()
    desk.app.processEvents()


def names(desk: Desk) -> list[str]:
    return [row.title for row in desk.parts.window.runs.runs.shown]


def cell(desk: Desk, name: str, column: int) -> str:
    runs = desk.parts.window.runs.runs
    return str(runs.index(names(desk).index(name), column).data())


def problems(desk: Desk) -> dict[str, str]:
    return {problem.key: problem.what for problem in desk.parts.window.banners.problems}


def press(desk: Desk, words: str) -> None:
    """A button of a banner."""
    buttons = desk.parts.window.banners.findChildren(QPushButton)
    (found,) = [one for one in buttons if one.text() == words and one.isVisible()]
    found.click()
