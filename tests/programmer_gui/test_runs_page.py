"""The Runs page on folders of real run files: what is listed, and where."""

import shutil
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from programmer_gui.models import run_words as say
from rig.recording import catalog
from rig.recording.card import card_of
from tests.programmer_gui.conftest import Desk
from tests.programmer_gui.runs_desk import cell, names, put, settle
from tests.programmer_gui.runs_desk import desk as desk
from tests.programmer_gui.runs_desk import folder as folder
from tests.rig.recording import make_bad

# -- listing ---------------------------------------------------------------------------------------------------------


def test_runs_are_listed_with_what_they_are(desk, folder, kept):
    put(kept, folder, "a")
    make_bad.killed(folder / "b.run.duckdb")
    (folder / "c.run.duckdb").write_text("hello")
    settle(desk)
    assert sorted(names(desk)) == ["a", "b", "c"]
    assert [cell(desk, name, say.STATE) for name in "abc"] == ["Finished", "Cut short", "Can't be read"]
    assert cell(desk, "a", say.STARTED) == "2023-11-14 22:13:20"
    assert cell(desk, "a", say.DEVICE) == "ffee07"
    assert cell(desk, "a", say.DURATION) == "40 s"
    assert cell(desk, "a", say.EVENTS) == "■ 1  · 3"
    assert cell(desk, "a", say.NOTE) == "The catheter was kinked by hand."
    assert cell(desk, "c", say.PROGRAM) == "c"
    assert desk.parts.window.runs.list.count.text() == "3 recordings"


def test_a_folder_without_runs_and_one_that_cant_be_listed_say_so(desk, folder, tmp_path):
    settle(desk)
    page = desk.parts.window.runs
    assert "no recordings" in page.list.empty_title.text()
    assert not page.details.isVisible()
    (tmp_path / "file").write_text("")
    page.list.folder_chosen.emit(tmp_path / "file")
    settle(desk)
    assert "can't be listed" in page.list.empty_title.text()
    assert page.list.stack.currentWidget() is page.list.empty
    page.list.folder_chosen.emit(tmp_path / "gone")
    settle(desk)
    assert "doesn't exist" in page.list.empty_title.text()


def test_what_is_known_is_kept_and_another_start_needs_no_look(parts, qapp, tmp_path, kept):
    desk, folder = Desk(parts, qapp), tmp_path / "runs"
    folder.mkdir()
    put(kept, folder, "a")
    settle(desk)
    desk.parts.browsing.survey.close()
    (known,) = catalog.recalled(folder).values()
    assert known.card == card_of(folder / "a.run.duckdb")
    shutil.copy(kept, folder / "b.run.duckdb")
    settle(desk)
    assert len(catalog.recalled(folder)) == 2


def test_new_runs_appear_and_those_taken_away_go(desk, folder, kept, qtbot):
    put(kept, folder, "a")
    settle(desk)
    put(kept, folder, "b")
    (folder / "a.run.duckdb").unlink()

    def seen() -> bool:
        desk.parts.browsing.survey.step()
        desk.app.processEvents()
        return names(desk) == ["b"]

    qtbot.waitUntil(seen, timeout=10_000)


def test_what_is_recorded_now_is_told_and_can_only_be_opened_when_it_is_finished(desk, folder):
    desk.connect()
    settle(desk)
    (name,) = names(desk)
    assert cell(desk, name, say.STATE) == "Recording"
    page = desk.parts.window.runs
    page.table.select_at(0)
    assert not page.details.buttons["replay"].isEnabled()
    assert not page.details.buttons["trash"].isEnabled()
    assert "recorded" in page.details.trouble.text()
    desk.parts.controls.disconnect()
    desk.until(lambda: not desk.parts.models.run.state.recording)
    settle(desk)
    assert cell(desk, name, say.STATE) == "Finished"
    assert page.details.buttons["replay"].isEnabled()


def test_the_selection_stays_on_its_runs(desk, folder, kept):
    put(kept, folder, "alpha", "bravo", "carol")
    settle(desk)
    page = desk.parts.window.runs
    page.table.select("bravo.run.duckdb")
    page.table.sortByColumn(say.PROGRAM, Qt.SortOrder.AscendingOrder)
    page.list.text.setText("bravo")
    assert names(desk) == ["bravo"]
    page.list.text.clear()
    assert page.selected == (folder / "bravo.run.duckdb",)
    page.list.text.setText("bravo")
    page.list.text.setText("carol")
    assert page.selected == ()
    assert "Select" in page.details.title.text()


# -- drops -----------------------------------------------------------------------------------------------------------


def drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    desk.parts.window.runs.dropEvent(QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, nothing))


def test_a_folder_that_is_dropped_is_listed_also_the_next_time(desk, folder, kept, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    put(kept, other, "z")
    settle(desk)
    drop(desk, other)
    settle(desk)
    assert names(desk) == ["z"]
    assert catalog.places(folder.with_name("runs.json")).folder == str(other)
    back = desk.parts.window.runs.list.folder.menu().actions()[-1]
    back.trigger()
    settle(desk)
    assert names(desk) == []


def test_runs_that_are_dropped_together_are_compared(parts, qapp, tmp_path, kept):
    desk, folder = Desk(parts, qapp), tmp_path / "runs"
    folder.mkdir()
    put(kept, folder, "a", "b")
    asked = []
    desk.parts.window.runs.compare_asked.disconnect()
    desk.parts.window.runs.compare_asked.connect(asked.append)
    paths = [folder / "a.run.duckdb", folder / "b.run.duckdb"]
    drop(desk, *paths)
    assert asked == [paths]
