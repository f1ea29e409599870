"""What is said of a recording, and done to it: opened, finished, rescued, thrown away and brought back."""

import os
import shutil
from pathlib import Path

import duckdb
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from programmer_gui.messages import CutShort
from programmer_gui.models import run_words as say
from programmer_gui.views.runs_deeds import DEEDS
from programmer_gui.views.runs_page import RunsPage
from rig.recording import catalog
from rig.recording.catalog import FINISHED, Card, Found
from tests.programmer_gui.runs_desk import RUNS_PAGE, cell, names, press, problems, put, settle
from tests.programmer_gui.runs_desk import desk as desk
from tests.programmer_gui.runs_desk import folder as folder
from tests.rig.recording import make_bad

# -- details and deeds -----------------------------------------------------------------------------------------------


def test_details_say_all_of_one_run(desk, folder, kept):
    put(kept, folder, "a")
    settle(desk)
    page = desk.parts.window.runs
    said = " ".join(one.text() for one in page.details.findChildren(QLabel))
    for words in ("Delivered", "Commanded", "00000000c0ffee07 (virtual)", "Occlusion", "kinked by hand", "1 gap"):
        assert words in said
    assert not page.details.buttons["compare"].isEnabled()
    assert "two or more" in page.details.buttons["compare"].toolTip()


def test_what_can_be_done_is_asked_with_what_is_selected(theme, qtbot, tmp_path):
    page, asked = RunsPage(theme, tmp_path), []
    qtbot.addWidget(page)
    page.runs.show_found(tmp_path, [Found(f"{name}.run.duckdb", 1, 1) for name in "ab"])
    page.runs.show_cards({f"{name}.run.duckdb": Card(FINISHED) for name in "ab"})
    for deed in DEEDS:
        getattr(page, f"{deed.id}_asked").connect(lambda what, name=deed.id: asked.append((name, what)))
    page.table.select("a.run.duckdb")
    a, b = tmp_path / "a.run.duckdb", tmp_path / "b.run.duckdb"
    for name in page.details.buttons:
        page.details.buttons[name].click()
    single = [(name, a) for name in ("accuracy", "script", "blind", "review")]
    assert asked == [("replay", a), ("export", [a]), ("report", a), *single, ("trash", [a])]
    asked.clear()
    page.table.selectAll()
    for name in page.details.buttons:
        page.details.buttons[name].click()
    assert [(name, set(what)) for name, what in asked] == [(name, {a, b}) for name in ("compare", "export", "trash")]


def test_what_cant_be_read_can_only_be_thrown_away_or_rescued(desk, folder, kept):
    shutil.copy(kept, folder / "a.run.duckdb")
    os.truncate(folder / "a.run.duckdb", 700_000)
    settle(desk)
    buttons = desk.parts.window.runs.details.buttons
    enabled = {name for name, one in buttons.items() if one.isEnabled()}
    assert enabled == {"rescue", "trash"}
    assert desk.parts.window.runs.details.trouble.text().startswith("This file is cut off")


def test_enter_opens_the_run_and_it_is_among_those_opened_last(desk, folder, kept, qtbot):
    put(kept, folder, "a")
    settle(desk)
    page = desk.parts.window.runs
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    desk.until(lambda: desk.parts.models.player.is_open)
    settle(desk)
    assert desk.parts.models.player.path == (folder / "a.run.duckdb").resolve()
    assert [one.text().split("\t")[0] for one in page.list.open.menu().actions()][2:] == ["a"]
    assert catalog.places(folder.with_name("runs.json")).opened == (str((folder / "a.run.duckdb").resolve()),)


# -- finishing, rescuing, throwing away ------------------------------------------------------------------------------


def test_a_run_that_was_cut_short_is_finished_from_its_banner(desk, folder):
    path = make_bad.killed(folder / "a.run.duckdb")
    desk.parts.outbox.put(CutShort(path, 1000, 4))
    desk.turn()
    assert "cut short" in problems(desk)[f"cut short: {path.name}"]
    press(desk, "Finish")
    settle(desk)
    assert problems(desk) == {}
    assert cell(desk, "a", say.STATE) == "Finished later"
    assert not Path(f"{path}.wal").exists()


def test_a_run_that_was_cut_short_is_looked_at_from_its_banner(desk, folder):
    path = make_bad.killed(folder / "a.run.duckdb")
    desk.parts.outbox.put(CutShort(path, 1000, 4))
    desk.turn()
    press(desk, "Look at it")
    desk.until(lambda: desk.parts.models.player.is_open)


def test_what_cant_be_finished_says_why(desk, folder, tmp_path):
    desk.parts.window.runs.finish_asked.emit(folder / "none.run.duckdb")
    settle(desk)
    (what,) = problems(desk).values()
    assert "none.run.duckdb" in what


def test_a_damaged_run_is_rescued_into_a_new_one(desk, folder, kept):
    path = folder / "a.run.duckdb"
    raw = bytearray(kept.read_bytes())
    with duckdb.connect(str(kept), read_only=True) as connection:
        blocks = connection.execute("SELECT DISTINCT block_id FROM pragma_storage_info('samples') WHERE persistent")
        (block,) = blocks.fetchall()[-1]
    raw[12288 + block * 262_144 + 100] ^= 255
    path.write_bytes(raw)
    settle(desk)
    before = path.read_bytes()
    desk.parts.window.runs.details.buttons["rescue"].click()
    settle(desk)
    assert "a_rescued.run.duckdb" in problems(desk)["rescue: a.run.duckdb"]
    assert cell(desk, "a_rescued", say.STATE) == "Finished"
    assert desk.parts.window.runs.selected == (folder / "a_rescued.run.duckdb",)
    assert path.read_bytes() == before


def test_runs_go_to_the_trash_and_come_back(desk, folder, kept, qtbot, own_folders):
    Path(os.environ["XDG_DATA_HOME"]).mkdir(exist_ok=True)  # without it there is no trash
    put(kept, folder, "a", "c")
    make_bad.killed(folder / "b.run.duckdb")
    settle(desk)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if "run.duckdb" in path.name}
    page = desk.parts.window.runs
    page.list.text.setText("cut")
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    settle(desk)
    page.list.text.clear()
    assert sorted(names(desk)) == ["a", "c"]
    assert not list(folder.glob("b.*"))
    assert problems(desk)["trash"] == "b.run.duckdb is in the trash."
    page.table.selectAll()
    page.do("trash")
    settle(desk)
    assert names(desk) == []
    assert problems(desk)["trash"] == "2 recordings are in the trash."
    press(desk, "Undo")
    settle(desk)
    assert sorted(names(desk)) == ["a", "c"]
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if "run.duckdb" in path.name} == before
    assert desk.parts.models.program.undo_stack.index() == 0
    qtbot.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert problems(desk) == {}


def test_find_goes_to_the_search_of_this_page(desk, folder, kept, qtbot):
    put(kept, folder, "a")
    settle(desk)
    page = desk.parts.window.runs
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.list.text.hasFocus()
    assert desk.parts.window.pages.currentIndex() == RUNS_PAGE
