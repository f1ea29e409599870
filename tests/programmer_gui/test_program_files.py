"""Files of the editor: comments survive a save, drafts a crash; templates."""

import pytest
from PySide6.QtWidgets import QApplication

from programmer_gui import files, templates
from programmer_gui.draftkeeper import DraftKeeper
from programmer_gui.filing import CHANGED
from programmer_gui.models.modeswitch import NEW
from programmer_gui.models.program import ProgramModel
from rig.resources import resource
from rig.therapy import profiles

EXAMPLES = sorted(resource("programs").glob("*.yaml"))


@pytest.fixture
def model(qapp: QApplication) -> ProgramModel:
    made = ProgramModel(profiles.standard)
    made.begin()
    return made


def test_comments_survive_an_edit_and_a_save(model, tmp_path):
    text = resource("programs/flex-week.yaml").read_text(encoding="utf-8")
    path = tmp_path / "week.yaml"
    path.write_text(text, encoding="utf-8")
    model.load(*files.load_document(path), str(path))
    model.edit("days[0].steps[0].rate", "150 ug/day")
    saved = files.save_document(path, model.document, model.text)
    assert saved == text.replace("rate: 140 ug/day", "rate: 150 ug/day")
    assert path.read_text(encoding="utf-8") == saved


def test_a_draft_that_cannot_be_read_yet_is_kept_with_its_comments(model, qapp, tmp_path):
    path = tmp_path / "folder" / "draft.yaml"
    keeper = DraftKeeper(model, path)
    model.load(*files.load_document(resource("programs/flex-day.yaml")))
    model.edit("steps[0].rate", "half a")
    keeper.keep()
    again = ProgramModel(profiles.standard)
    DraftKeeper(again, path)
    assert again.document == model.document
    assert "#" in again.text
    assert not again.undo_stack.canUndo()


def test_a_draft_of_another_version_is_left_out(model, qapp, tmp_path):
    path = tmp_path / "draft.yaml"
    path.write_text("pump-program: 1\nname: Old\n", encoding="utf-8")
    DraftKeeper(model, path)
    assert model.document == NEW


def test_the_examples_and_ones_own_are_templates(model, tmp_path):
    folder = tmp_path / "templates"
    model.load(*files.load_document(resource("programs/flex-day.yaml")))
    templates.save(folder, "My night", model.document, model.text)
    (folder / "broken.yaml").write_text("[", encoding="utf-8")
    listed = templates.listed(folder)
    assert [template.name for template in listed if template.own] == ["My night"]
    assert len(listed) == len(EXAMPLES) + 1
    assert all(template.about for template in listed)
    with pytest.raises(Exception, match="already"):
        templates.save(folder, "my NIGHT", model.document)
    with pytest.raises(Exception, match="needs a name"):
        templates.save(folder, "…", model.document)


def test_what_somebody_else_wrote_into_the_file_is_not_overwritten_unasked(parts, tmp_path):
    path, model = tmp_path / "day.yaml", parts.models.program
    text = resource("programs/flex-day.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    save, banners = parts.window.actions_["save_program"], parts.window.banners
    parts.filing.open(path)
    model.edit("name", "Edited here")
    save.trigger()
    assert "name: Edited here" in path.read_text(encoding="utf-8")
    theirs = path.read_text(encoding="utf-8") + "# theirs\n"
    path.write_text(theirs, encoding="utf-8")
    model.edit("name", "Edited again")
    save.trigger()
    assert path.read_text(encoding="utf-8") == theirs
    assert [one.key for one in banners.problems] == [CHANGED]
    assert not model.undo_stack.isClean()
    banners.acted.emit(CHANGED)
    assert "name: Edited again" in path.read_text(encoding="utf-8")
    assert not banners.problems
    path.unlink()
    model.edit("name", "Edited once more")
    save.trigger()
    assert path.exists()


@pytest.mark.parametrize("odd", ["[1]", "{a: 1}", "[]", "null", "true", "1.5"])
@pytest.mark.parametrize("field", ["dose", "concentration", "bolus", "on-demand", "pump", "device", "name"])
def test_a_file_that_says_a_list_where_a_quantity_belongs_is_opened_and_says_so(parts, tmp_path, field, odd):
    path = tmp_path / "odd.yaml"
    path.write_text(f"pump-program: 2\nmode: simple continuous\n{field}: {odd}\n", encoding="utf-8")
    parts.filing.open(path)
    program = parts.models.program
    assert any(one.field.startswith(field) for one in program.evaluated.remarks)
    program.plan_now()
    program.set_mode("titration")
    program.undo_stack.undo()


def test_a_course_of_no_boluses_is_opened_and_says_so(parts, tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text("pump-program: 2\nmode: screening\ngiven: [1]\n", encoding="utf-8")
    parts.filing.open(path)
    assert any(one.field == "given[0]" for one in parts.models.program.evaluated.remarks)
