"""The library and the editor of test scripts: found, opened, written, checked, saved, and never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from programmer_gui import script_help
from programmer_gui.models.script_list import OWN, SHIPPED
from programmer_gui.models.script_texts import ScriptTexts
from programmer_gui.script_files import NEW, Entry
from programmer_gui.views.scripts_head import EDIT
from rig.qa.files.script_file import library, read_text
from tests.programmer_gui.scripts_desk import FLOWS, PASSES, WAITS
from tests.programmer_gui.scripts_desk import bench as bench

BAD = "  - wait: 10 fortnights\n"


def listed(bench) -> list[str]:
    return [row if isinstance(row, str) else row.name for row in bench.page.library.model.rows]


def test_own_scripts_come_before_those_that_come_along_and_are_found_by_word_and_tag(bench):
    bench.look_at("zebra", FLOWS)
    rows = listed(bench)
    assert rows[:3] == [OWN, "zebra", SHIPPED]
    assert len(rows) == 3 + len(library())
    bench.page.library.text.setText("ZEBRA")
    assert listed(bench) == [OWN, "zebra"]
    bench.page.library.text.setText("no such words")
    assert bench.page.library.clear.isVisible()
    bench.page.library.clear.click()
    bench.page.library.tag.setCurrentText("mine")
    assert listed(bench) == [OWN, "zebra"]


def test_a_script_that_cannot_be_read_is_listed_with_its_line_and_shown_where_it_is_wrong(bench):
    path = bench.write("broken", FLOWS + BAD)
    bench.desk.parts.filing.open(path)
    bench.settle()
    assert bench.scripts.entry.cases == ()
    assert not bench.page.head.run.isEnabled()
    edit = bench.page.edit
    assert bench.page.parts.currentIndex() == EDIT
    assert bench.page.run.band.word.text() == "CAN'T RUN"
    (fault,) = bench.scripts.entry.faults
    assert edit.problems.count() == 1
    edit.problems.itemActivated.emit(edit.problems.item(0))
    assert edit.code.line == fault.line == 10


def test_what_is_typed_is_checked_saved_and_undone(bench, qtbot):
    entry = bench.look_at("mine", FLOWS)
    edit, page = bench.page.edit, bench.page
    page.show_part(EDIT)
    before = edit.text
    edit.code.setFocus()
    edit.code.go_to(1)
    edit.code.moveCursor(edit.code.textCursor().MoveOperation.End)
    qtbot.keyClicks(edit.code, "  - wiat: 5 min")
    assert bench.desk.parts.scripting.texts.edited == {entry.path}
    assert edit.save.isEnabled()
    qtbot.waitUntil(lambda: edit.problems.count() == 1, timeout=10_000)
    assert 'Is "wait" meant?' in edit.problems.item(0).text()
    qtbot.keyClick(edit.code, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert entry.path.read_text().endswith("- wiat: 5 min")
    assert bench.scripts.entry.faults
    while edit.text != before:
        edit.code.undo()
    edit.save.click()
    bench.settle()
    assert entry.path.read_text() == before
    assert bench.scripts.entry.cases
    assert not bench.desk.parts.scripting.texts.edited


def test_one_that_comes_along_is_never_changed(bench, tmp_path):
    bench.look_at("any", FLOWS)
    bench.scripts.select(library()[0])
    edit, text = bench.page.edit, library()[0].read_text()
    edit.code.appendPlainText("# mine")
    bench.desk.parts.scripting.editing.save_as(bench.folder / "copy.yaml")
    bench.settle()
    assert library()[0].read_text() == text
    assert (bench.folder / "copy.qa.yaml").read_text() == f"{text}\n# mine"
    assert bench.scripts.entry.path == bench.folder / "copy.qa.yaml"
    assert not bench.scripts.entry.shipped


def test_one_that_comes_along_is_listed_once_wherever_it_is_opened_from(bench):
    path = library()[0]
    bench.desk.parts.filing.open(path)  # before anybody has looked at the library
    bench.settle()
    assert bench.scripts.entry.path == path
    assert bench.scripts.entry.shipped
    assert [entry.path for entry in bench.scripts.entries].count(path) == 1


def test_what_somebody_else_wrote_meanwhile_is_not_lost(bench):
    entry = bench.look_at("shared", FLOWS)
    bench.page.edit.code.appendPlainText("# mine")
    entry.path.write_text("# theirs\n")
    bench.page.edit.save.click()
    (problem,) = bench.desk.parts.window.banners.problems
    assert entry.path.read_text() == "# theirs\n"
    bench.desk.parts.window.banners.acted.emit(problem.key)
    bench.settle()
    assert entry.path.read_text().endswith("# mine")


def test_a_new_script_can_be_run_as_it_is(bench):
    assert not read_text(NEW, bench.folder / "new.qa.yaml").faults
    bench.desk.parts.window.actions_["new_script"].trigger()
    bench.settle()
    assert bench.scripts.entry.path.name == "test.qa.yaml"
    assert bench.page.head.run.isEnabled()


def test_what_is_not_saved_comes_back(tmp_path):
    path, script = tmp_path / "scripts.json", tmp_path / "a.qa.yaml"
    script.write_text("qa: 1\n")
    texts = ScriptTexts(path)
    texts.text(script)
    texts.edit(script, "qa: 2\n")
    texts.open(tmp_path / "elsewhere.qa.yaml")
    again = ScriptTexts(path)
    assert again.text(script) == "qa: 2\n"
    assert again.opened == (tmp_path / "elsewhere.qa.yaml",)
    path.write_text('{"opened": 7')
    assert ScriptTexts(path).edited == frozenset()


# -- help of the step under the cursor ---------------------------------------------------------------------------------

REPEATS = "  - repeat: 3\n    steps:\n      - do: bolus\n        volume: 1 uL\n"
TEXT = f"qa: 1\nname: x\nsteps:\n{FLOWS}{WAITS}{PASSES}{REPEATS}"
LINES = TEXT.split("\n")


@pytest.mark.parametrize(
    ("line", "name"),
    [(2, None), (3, None), (4, "do: program"), (6, "do: program"), (7, "wait"), (12, "expect: volume"), (13, "repeat")],
)
def test_the_step_under_the_cursor_is_known(line, name):
    step = script_help.step_at(LINES, line)
    assert (step and step.name) == name


def test_steps_within_steps_are_known_by_their_depth():
    assert script_help.step_at(LINES, LINES.index("        volume: 1 uL") + 1).name == "do: bolus"
    assert script_help.step_at(LINES, LINES.index("      - do: bolus") + 1).name == "do: bolus"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dur", "duration: "),
        ("steps:\n  - ex", "expect: "),
        ("steps:\n  - do: bo", "bolus"),
        ("steps:\n  - do: bolus\n    vol", "volume: "),
        ("steps:\n  - expect: volume\n    of: mea", "measured"),
    ],
)
def test_what_could_stand_there_is_offered(text, word):
    lines = text.split("\n")
    assert word in script_help.words_at(lines, len(lines), len(lines[-1]))


@given(st.text("qa:-> \n#dowaitexpcs\"'{}[]$0", max_size=200), st.integers(-1, 12), st.integers(0, 20))
def test_no_text_is_too_odd_for_help(text, line, column):
    lines = text.split("\n")
    assert script_help.html(lines, line, "#000000", "#111111")
    script_help.words_at(lines, line, column)


def test_completion_puts_the_word_in_place_of_its_beginning(bench, qtbot):
    bench.look_at("word", FLOWS)
    bench.page.show_part(EDIT)
    code = bench.page.edit.code
    code.setPlainText("steps:\n  - exp")
    code.moveCursor(code.textCursor().MoveOperation.End)
    qtbot.keyClick(code, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert code.completer_.currentCompletion() == "expect: "
    code.completer_.activated.emit("expect: ")
    assert code.toPlainText() == "steps:\n  - expect: "
    code.completer_.popup().close()
    bench.desk.parts.window.activateWindow()
    bench.desk.app.processEvents()


def test_an_entry_says_the_first_of_what_is_wrong(tmp_path):
    found = read_text(TEXT.replace("wait", "wiat"), tmp_path / "x.qa.yaml")
    assert Entry(tmp_path / "x.qa.yaml", False, (), found.faults).about.startswith("duration: ")
    text = TEXT.replace("name: x", "name: x\nduration: 1 h\ninterval: 1 s").replace("wait", "wiat")
    found = read_text(text, tmp_path / "x.qa.yaml")
    assert Entry(tmp_path / "x.qa.yaml", False, (), found.faults).about.startswith("line 9, steps[1]: This step")


def test_keys_of_the_page_are_its_own(bench, qtbot):
    bench.look_at("keys", FLOWS)
    qtbot.keyClick(bench.page.library.list, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bench.page.library.text.hasFocus()
    assert bench.desk.parts.window.actions_["run_script"].shortcut() == QKeySequence("Ctrl+R")
