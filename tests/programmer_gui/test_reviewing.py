"""Blinded copies and verdicts of people, from the Runs page."""

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from programmer_gui.reviewing import COPY, REVIEW, Reviewing
from programmer_gui.views.review_dialog import ReviewDialog
from rig.recording.reader import RunReader
from rig.review.views import views
from tests.programmer_gui.conftest import Lasting


@pytest.fixture
def run(shared: Lasting, kept: Path) -> Path:
    path = shared.folder / "ward.run.duckdb"
    shutil.copy(kept, path)
    return path


def reviewing(shared: Lasting) -> Reviewing:
    return shared.parts.window.findChild(Reviewing)


def copied(shared: Lasting, run: Path) -> Path:
    output = run.with_name("copy.run.duckdb")
    reviewing(shared).copy(run, output)
    for thread in threading.enumerate():
        if thread.name == COPY:
            thread.join(20)
    shared.until(lambda: any(one.key == COPY for one in shared.parts.window.banners.problems))
    return output


def opened(shared: Lasting, path: Path) -> ReviewDialog:
    shared.parts.window.runs.review_asked.emit(path)
    made = shared.parts.wiring.asking.dialogs.find(REVIEW)
    assert isinstance(made, ReviewDialog)
    return made


def say(dialog: ReviewDialog, bot: QtBot, verdict: str) -> None:
    dialog.by.setText("R. Viewer")
    dialog.reason.setPlainText("Steady all night.")
    bot.mouseClick(dialog.verdicts[verdict], Qt.MouseButton.LeftButton)
    bot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)


def test_a_blinded_copy_is_reviewed_and_its_verdict_comes_back(shared: Lasting, run: Path, qtbot: QtBot) -> None:
    copy = copied(shared, run)
    dialog = opened(shared, copy)
    assert dialog.take.isHidden()
    assert "doesn't say what it is of" in " ".join(one.text() for one in dialog.findChildren(type(dialog.told)))
    say(dialog, qtbot, "fail")
    own = opened(shared, run)
    reviewing(shared).take_over(own, copy)
    assert own.told.text() == "1 blinded review taken over."
    say(own, qtbot, "pass")
    with RunReader(run) as reader:
        found = views(reader)
    assert (found.operator, found.blinded) == ("pass", "fail")


def test_nothing_is_kept_before_a_verdict_is_chosen(shared: Lasting, run: Path) -> None:
    dialog = opened(shared, run)
    assert not dialog.ok.isEnabled()
    assert dialog.ok.toolTip() == "Choose a verdict first."
    dialog.close()


def test_a_copy_of_another_run_is_refused_where_it_was_asked(shared: Lasting, run: Path) -> None:
    dialog = opened(shared, run)
    reviewing(shared).take_over(dialog, run)
    assert "is no blinded copy" in dialog.told.text()
    dialog.close()
