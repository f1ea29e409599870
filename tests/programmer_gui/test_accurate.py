"""The accuracy of a recording, asked for on the Runs page."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from programmer_gui import accurate
from programmer_gui.views.accuracy_dialog import READING, AccuracyDialog
from programmer_gui.views.runs_deeds import DEEDS
from rig.measured import Curve
from rig.report.accurate import Accuracy
from tests.programmer_gui.conftest import Lasting
from tests.programmer_gui.replay_desk import Live, Table
from tests.rig.recording import make

WAIT_MS = 20_000
TRUMPET = Curve("trumpet", "Trumpet", "window, min", "error, %", (2.0, 5.0), (("most", (3.0, 1.0)),))


@pytest.fixture
def desk(shared: Lasting) -> Lasting:
    return shared


def asked(desk: Lasting, run: Path) -> AccuracyDialog:
    desk.parts.window.runs.accuracy_asked.emit(run)
    found = desk.parts.wiring.asking.dialogs.find(accurate.ABOUT)
    assert isinstance(found, AccuracyDialog)
    return found


def test_a_run_is_read_on_a_thread_and_then_told(desk: Lasting, qtbot: QtBot, tmp_path: Path) -> None:
    run = tmp_path / "bench.run.duckdb"
    make.make_run(run, 600)
    dialog = asked(desk, run)
    assert dialog.plots.nothing.text() == READING
    qtbot.waitUntil(lambda: dialog.plots.nothing.text() != READING, timeout=WAIT_MS)
    assert "What was planned" in dialog.plots.nothing.text()
    dialog.close()


def test_a_run_that_cannot_be_read_is_said_in_the_window(desk: Lasting, qtbot: QtBot, tmp_path: Path) -> None:
    run = tmp_path / "gone.run.duckdb"
    asked(desk, run)
    banners = desk.parts.window.banners
    qtbot.waitUntil(lambda: desk.parts.wiring.asking.dialogs.find(accurate.ABOUT) is None, timeout=WAIT_MS)
    banners.dismiss(accurate.ABOUT)


def test_curves_and_facts_are_shown(desk: Lasting, qtbot: QtBot) -> None:
    dialog = AccuracyDialog(desk.parts.window, desk.parts.theme, "bench.run.duckdb")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.show_accuracy(Accuracy((("Overall error", "+1.2 %"),), (TRUMPET,)))
    assert [plot.accessibleName() for plot in dialog.plots.plots] == ["Trumpet"]
    assert not dialog.said.isVisible()
    dialog.show_accuracy(Accuracy((), (TRUMPET,), "What was planned isn't known."))
    assert dialog.said.isVisible()


def test_it_is_among_what_can_be_done_with_a_recording() -> None:
    assert "accuracy" in [deed.id for deed in DEEDS]


def test_of_a_recording_that_is_open_it_is_in_the_replay_menu(live: Live, table: Table, qtbot: QtBot) -> None:
    action = table.parts.window.actions_["accuracy"]
    assert not action.isEnabled()
    table.open(live.path)
    action.trigger()
    dialog = table.parts.wiring.asking.dialogs.find(accurate.ABOUT)
    assert isinstance(dialog, AccuracyDialog)
    qtbot.waitUntil(lambda: dialog.plots.nothing.text() != READING, timeout=WAIT_MS)
    dialog.close()
