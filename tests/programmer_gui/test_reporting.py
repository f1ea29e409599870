"""Reports and diagnostic bundles from the window: asked for, made on a thread, and opened."""

import shutil
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from pytestqt.qtbot import QtBot

from programmer_gui import bundling, reporting
from programmer_gui.bundling import Bundling
from programmer_gui.views.bundle_dialogs import BundleDialog, OpenedBundleDialog
from programmer_gui.views.report_dialog import ReportDialog
from rig.bundle import bundle
from tests.programmer_gui.conftest import Desk, Lasting
from tests.rig.recording import make

WAIT_MS = 20_000


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "bench.run.duckdb"
    make.make_run(path, 600)
    return path


@pytest.fixture
def desk(shared: Lasting) -> Lasting:
    return shared


T = TypeVar("T", bound=QObject)


def part(desk: Desk, kind: type[T]) -> T:
    return next(child for child in desk.parts.wiring.children() if isinstance(child, kind))


def dialog(desk: Desk, about: str, kind: type[T]) -> T:
    found = desk.parts.wiring.asking.dialogs.find(about)
    assert isinstance(found, kind)
    return found


def asked(desk: Desk, run: Path) -> ReportDialog:
    desk.parts.window.runs.report_asked.emit(run)
    return dialog(desk, reporting.ABOUT, ReportDialog)


@pytest.mark.parametrize(("name", "begin"), [("r.pdf", b"%PDF-"), ("r.html", b"<!DOCTYPE html>")])
def test_a_report_is_made_of_a_run_and_its_verdict_shown(
    desk: Desk, qtbot: QtBot, run: Path, tmp_path: Path, name: str, begin: bytes
) -> None:
    before = run.read_bytes()
    made = asked(desk, run)
    assert made.suggested == tmp_path / "bench.pdf"
    made.limit.setText("20 %")
    made.save_to(tmp_path / name)
    assert not made.ok.isEnabled()
    qtbot.waitUntil(made.ok.isEnabled, timeout=WAIT_MS)
    assert (tmp_path / name).read_bytes().lstrip().startswith(begin)
    assert "Limit ±20 %" in made.said.text()
    assert made.show_it.isVisibleTo(made)
    assert run.read_bytes() == before


def test_a_report_can_go_without_the_check_of_the_digest(desk: Desk, qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    made = asked(desk, run)
    made.verify.setChecked(False)
    made.save_to(tmp_path / "r.html")
    qtbot.waitUntil(made.ok.isEnabled, timeout=WAIT_MS)
    assert "not verified" in (tmp_path / "r.html").read_text()


def test_a_report_that_takes_too_long_is_cancelled_and_leaves_no_file(
    desk: Desk, qtbot: QtBot, run: Path, tmp_path: Path
) -> None:
    made = asked(desk, run)
    made.save_to(tmp_path / "r.html")
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert made.isVisible()
    qtbot.waitUntil(made.ok.isEnabled, timeout=WAIT_MS)
    assert "no report was made" in made.said.text()
    assert not (tmp_path / "r.html").exists()
    assert made.cancel.text() == "Close"
    made.save_to(tmp_path / "r.html")  # and again
    qtbot.waitUntil(made.ok.isEnabled, timeout=WAIT_MS)
    assert (tmp_path / "r.html").exists()


@pytest.mark.parametrize("leave", ["close", "reject"])
def test_a_dialog_that_was_left_is_forgotten(desk: Desk, run: Path, leave: str) -> None:
    for _ in range(2):
        getattr(asked(desk, run), leave)()
        desk.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert desk.parts.wiring.asking.dialogs.find(reporting.ABOUT) is None


def test_a_limit_that_is_none_is_explained_at_once(desk: Desk, run: Path) -> None:
    made = asked(desk, run)
    made.limit.setText("5")
    assert not made.ok.isEnabled()
    assert "not a percentage" in made.said.text()
    made.limit.setText("5 %")
    assert made.ok.isEnabled()


def test_a_run_that_cannot_be_read_leaves_no_report(desk: Desk, qtbot: QtBot, run: Path, tmp_path: Path) -> None:
    run.write_bytes(run.read_bytes()[:5000])
    made = asked(desk, run)
    made.save_to(tmp_path / "r.pdf")
    qtbot.waitUntil(made.ok.isEnabled, timeout=WAIT_MS)
    assert "cut off" in made.said.text()
    assert not (tmp_path / "r.pdf").exists()


def test_a_session_that_is_recorded_is_to_be_finished_first(desk: Desk) -> None:
    desk.connect()
    desk.until(lambda: desk.parts.models.run.state.recording)
    desk.parts.window.actions_["report"].trigger()
    (problem,) = [one for one in desk.parts.window.banners.problems if one.key == reporting.ABOUT]
    assert "still being recorded" in problem.what
    assert desk.parts.wiring.asking.dialogs.find(reporting.ABOUT) is None


@pytest.fixture
def saved(desk: Desk, qtbot: QtBot, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle that was saved from the Help menu, with the one run there is."""
    monkeypatch.setattr(bundling, "log_folder", lambda: tmp_path)
    runs = desk.parts.filing._runs_folder
    runs.mkdir(parents=True, exist_ok=True)
    shutil.copy(run, runs)
    desk.parts.window.actions_["bundle"].trigger()
    asked = dialog(desk, bundling.ABOUT, BundleDialog)
    asked.save_to(tmp_path / "help.zip")
    qtbot.waitUntil(asked.ok.isEnabled, timeout=WAIT_MS)
    assert asked.said.text().startswith("Saved ")
    return tmp_path / f"help{bundle.SUFFIX}"


def test_a_bundle_is_saved_and_opens_in_the_same_window(desk: Desk, qtbot: QtBot, saved: Path) -> None:
    desk.parts.window.dropped.emit(saved)
    dialogs = desk.parts.wiring.asking.dialogs
    qtbot.waitUntil(lambda: dialogs.find(bundling.OPENED) is not None, timeout=WAIT_MS)
    opened = dialog(desk, bundling.OPENED, OpenedBundleDialog)
    opened.ok.click()
    qtbot.waitUntil(lambda: not part(desk, Bundling).opening.busy, timeout=WAIT_MS)
    desk.until(lambda: desk.parts.models.player.path is not None)
    assert desk.parts.models.player.path is not None
    assert desk.parts.models.player.path.name == bundle.RUN


def test_a_file_that_is_no_bundle_is_explained(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / f"x{bundle.SUFFIX}"
    path.write_bytes(b"no zip")
    desk.parts.filing.open(path)
    problems = desk.parts.window.banners
    qtbot.waitUntil(lambda: any(one.key == "file" for one in problems.problems), timeout=WAIT_MS)
    assert "can't be opened as a bundle" in problems.problems[-1].what
