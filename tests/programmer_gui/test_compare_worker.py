"""The thread that compares, where this program itself breaks on it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from programmer_gui.compare_worker import Asked, CompareWorker
from rig.compare import comparing, tolerance
from rig.compare.alignment import Alignment


def test_what_breaks_on_the_thread_is_told_and_logged(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such column")

    monkeypatch.setattr(comparing, "compare", broken)
    parent = QObject()
    worker = CompareWorker(parent)
    with qtbot.waitSignal(worker.ended) as told:
        worker.start(Asked((Path("a"), Path("b")), Path("a"), Alignment(), tolerance.standard()))
    (error,) = told.args
    assert "The comparison failed" in error.what
    (entry,) = caplog.records
    assert entry.exc_info is not None
    worker.end()
