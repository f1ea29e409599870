"""The form of the editor: made of the mode's fields, with findings beside them, each with its remedy."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from firmware_link import vocabulary
from programmer_gui import files
from programmer_gui.models.document import get
from programmer_gui.models.program import ProgramModel
from programmer_gui.views.actions import Actions
from programmer_gui.views.program_editor import ProgramEditor
from programmer_gui.views.scrolling import Column
from rig.resources import resource
from rig.therapy import files as program_files
from rig.therapy import profiles
from rig.therapy.fields import fields_of
from rig.therapy.finding import Context

ALL_AT_ONCE = ("pump-program", "mode", "steps", "days", "given", "bolus", "on-demand")  # not one row each


@pytest.fixture
def editor(qtbot: QtBot, qapp, theme):
    model = ProgramModel(profiles.standard)
    model.begin()
    model.set_context(Context(now_utc_s=1_790_000_000))
    made = ProgramEditor(model, Actions(theme, model), theme)
    made.model = model
    qtbot.addWidget(made)
    made.resize(1320, 760)
    made.show()
    yield made
    made.close()


def typed(qtbot: QtBot, editor: ProgramEditor, path: str, text: str) -> None:
    line = editor.form.rows[path].input
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize("mode", program_files.MODES)
def test_every_mode_has_every_field_of_its_file(editor, qtbot, mode):
    box = editor.form.mode
    box.setCurrentIndex(box.findData(mode))
    box.activated.emit(box.currentIndex())
    assert editor.model.document["mode"] == mode
    assert editor.form.blurb.text() == program_files.MODES[mode].blurb
    for field in fields_of(program_files.MODES[mode].struct):
        if field.key not in ALL_AT_ONCE:
            row = editor.form.rows[field.key]
            assert row.input.accessibleName() == field.title
            assert row.input.toolTip() == field.help
    editor.model.undo_stack.undo()


def test_the_tabulator_goes_down_the_form_in_any_mode_and_back_again(editor, qtbot):
    def stops() -> list[str]:
        form, found = editor.form, []
        form.rows["name"].input.setFocus()
        while (widget := editor.focusWidget()) is not None and form.isAncestorOf(widget):
            found.append(widget)
            editor.focusNextChild()
        heights = [widget.mapTo(form, widget.rect().topLeft()).y() for widget in found]
        assert heights == sorted(heights)
        return [widget.accessibleName() for widget in found]

    first = stops()
    assert {"Name", "Mode", "Dose"} < set(first)
    row = editor.form.rows["dose"]
    editor.model.set_mode("periodic bolus")
    assert "Interval" in stops()
    editor.model.undo_stack.undo()
    assert editor.form.rows["dose"] is row
    assert stops() == first


def test_typing_shows_the_same_in_other_units_and_keeps_plain_letters_in_the_file(editor, qtbot):
    typed(qtbot, editor, "dose", "250 µg/day")
    assert editor.model.document["dose"] == "250 ug/day"
    assert editor.form.rows["dose"].input.text() == "250 µg/day"
    assert "0.5 mL/day" in editor.form.rows["dose"].derived.text()
    editor.model.undo_stack.undo()
    assert editor.form.rows["dose"].input.text() == "100 µg/day"


def test_undo_by_key_in_a_field_is_the_editors_undo(editor, qtbot):
    typed(qtbot, editor, "dose", "250 ug/day")
    line = editor.form.rows["dose"].input
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "250 ug/day"  # the line has none of its own; the window's action undoes


def test_100_mg_a_day_is_caught_beside_the_dose_and_repaired_by_its_button(editor, qtbot):
    typed(qtbot, editor, "dose", "100 mg/day")
    row = editor.form.rows["dose"]
    assert row.remarks.isVisible()
    assert "■" in row.remarks.text
    assert row.input.property("bad") == "true"
    assert "mg" in row.input.accessibleDescription()
    (fix,) = [button for button in row.remarks.fixes() if "100 µg/day" in button.text()]
    qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert editor.model.document["dose"] == "100 ug/day"
    assert not row.remarks.isVisible()
    editor.model.undo_stack.undo()
    assert editor.model.document["dose"] == "100 mg/day"
    assert row.remarks.isVisible()


@pytest.mark.parametrize("path", sorted(resource("programs").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_finding_has_one_place_in_sight_and_all_are_in_the_check(editor, qapp, path):
    editor.model.load(*files.load_document(path))
    qapp.processEvents()
    for field in ("concentration", "dose", "base", "steps[0].rate", "days[0].steps[0].rate", "old-dose"):
        if get(editor.model.document, field) is not None:
            editor.model.edit(field, f"no {field}")
    remarks = editor.model.evaluated.remarks
    assert len(editor.check.lines()) == len(remarks)
    for remark in remarks:
        beside = [row.remarks for row in editor.form.rows.values()]
        beside += [editor.schedule.remarks, editor.screening.remarks, editor.form.mode_remarks]
        places = [shown for shown in beside if shown.isVisibleTo(editor) and remark.sentence in shown.text]
        assert len(places) == (1 if remark.field else 0), remark


def test_a_click_in_the_check_goes_to_the_field(editor, qtbot):
    typed(qtbot, editor, "concentration", "what")
    editor.form.rows["name"].input.setFocus()
    (line,) = [line for line in editor.check.lines() if "what" in line.words.text()]
    qtbot.mouseClick(line.words, Qt.MouseButton.LeftButton)
    assert editor.form.rows["concentration"].input.hasFocus()
    editor.form.rows["name"].input.setFocus()
    qtbot.keyClick(line.words, Qt.Key.Key_Return)
    assert editor.form.rows["concentration"].input.hasFocus()


def test_a_finding_in_a_folded_field_unfolds_it(editor, qtbot):
    assert not editor.form.rows["trimmed"].isVisible()
    editor.model.edit("trimmed", "2 km")
    assert editor.form.rows["trimmed"].isVisible()


def test_dose_and_flow_take_each_others_place(editor, qtbot):
    dose, flow = editor.form.rows["dose"], editor.form.rows["flow"]
    assert not flow.isVisible()
    qtbot.mouseClick(editor.form.part.swaps["dose"], Qt.MouseButton.LeftButton)
    assert editor.model.document["flow"] == "0.2 mL/day"
    assert "dose" not in editor.model.document
    assert flow.isVisible()
    assert not dose.isVisible()
    assert "100 µg/day" in flow.derived.text()
    qtbot.mouseClick(editor.form.part.swaps["flow"], Qt.MouseButton.LeftButton)
    assert editor.model.document["dose"] == "100 ug/day"


def test_a_bolus_is_begun_with_examples_and_taken_away_again(editor, qtbot):
    box = editor.form.part.groups["bolus"]
    box.click()
    assert editor.model.evaluated.program.mode.bolus is not None
    assert editor.form.rows["bolus.dose"].isVisible()
    assert "mL" in editor.form.rows["bolus.dose"].derived.text()
    assert "mL/day while it runs" in editor.form.rows["bolus.duration"].derived.text()
    box.click()
    assert "bolus" not in editor.model.document
    assert not editor.form.rows["bolus.dose"].isVisible()


def test_a_single_bolus_that_stops_has_no_base_to_resume(editor, qtbot):
    editor.model.set_mode("single bolus")
    after = editor.form.rows["bolus.after"].input
    assert isinstance(after, QComboBox)
    after.setCurrentIndex(after.findData("stop"))
    after.activated.emit(after.currentIndex())
    assert "base" not in editor.model.document
    assert editor.model.evaluated.program is not None
    assert not editor.form.rows["base"].isVisible()
    editor.model.undo_stack.undo()
    assert editor.model.document["base"] == "100 ug/day"


def test_the_curves_and_figures_follow_a_moment_later_and_say_what_is_missing(editor, qtbot):
    with qtbot.waitSignal(editor.model.planned_changed):
        editor.model.edit("dose", "200 ug/day")
    assert editor.facts.values["Refill"].text() == "in 45 days"
    assert editor.facts.values["A day"].text() == "200 µg"
    assert [panel.title for panel in editor.preview.panels] == ["Rate", "Planned volume", "Reservoir"]
    with qtbot.waitSignal(editor.model.planned_changed):
        editor.model.edit("dose", "")
    assert editor.preview.panels == []
    assert "Nothing to draw" in editor.preview.accessibleDescription()
    assert editor.facts.values["Refill"].text() == "–"


def test_the_pointer_reads_the_values_of_the_curves(editor, qtbot):
    editor.model.plan_now()
    volume = editor.preview.panels[1]
    assert volume.at(12) == pytest.approx(100, rel=0.01)
    assert volume.at(25) is None
    qtbot.mouseMove(editor.preview, editor.preview.rect().center())
    editor.preview.leaveEvent(QEvent(QEvent.Type.Leave))


def test_bridge_and_prime_draw_what_the_drug_does_at_the_tip(editor, qtbot):
    for name in ("bridge", "prime"):
        editor.model.load(*files.load_document(resource(f"programs/{name}.yaml")))
        editor.model.plan_now()
        assert "Drug at the catheter tip" in [panel.title for panel in editor.preview.panels]
        assert editor.facts.values["At the tip"].text().startswith("in ")


@pytest.mark.parametrize("size", [(1319, 700), (943, 540)])
@pytest.mark.parametrize("path", sorted(resource("programs").glob("*.yaml")), ids=lambda path: path.stem)
def test_nothing_is_cut_off_in_a_small_window(editor, qapp, path, size):
    editor.model.load(*files.load_document(path))
    for field in ("dose", "base", "steps[0].rate"):
        if get(editor.model.document, field) is not None:
            editor.model.edit(field, "100 mg/day")
    editor.form.more.setChecked(True)
    editor.model.plan_now()
    editor.resize(*size)
    for _ in range(6):
        qapp.processEvents()
    for column in editor.findChildren(Column):
        if column.isVisibleTo(editor):
            assert column.widget().width() <= column.viewport().width()
    assert_words_are_whole(editor)
    for box in editor.findChildren(QComboBox):
        if box.isVisibleTo(editor):
            assert QFontMetrics(box.font()).horizontalAdvance(box.currentText()) <= box.width() - 40, box.currentText()


def assert_words_are_whole(editor: ProgramEditor) -> None:
    for label in editor.findChildren(QLabel):
        if label.isVisibleTo(editor) and label.wordWrap() and label.text():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_a_long_finding_is_whole_at_any_height(editor, qapp):
    settings = {row[1]: row[4] for row in vocabulary.SETTINGS}
    editor.model.set_context(replace(editor.model.context, settings=settings))
    editor.model.edit("dose", "100 mg/day")
    for height in range(500, 840, 10):
        editor.resize(1319, height)
        for _ in range(4):
            qapp.processEvents()
        assert_words_are_whole(editor)
