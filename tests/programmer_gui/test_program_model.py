"""The document being edited: what it means, undo of everything, modes, files with their comments."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from programmer_gui import files
from programmer_gui.models.modeswitch import NEW, switched
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.scheduling import ScheduleModel
from rig.resources import resource
from rig.therapy import files as program_files
from rig.therapy import modes, profiles, reading
from rig.therapy.finding import Context

EXAMPLES = sorted(resource("programs").glob("*.yaml"))
NOW_S = 1_790_000_000


@pytest.fixture
def model(qapp: QApplication) -> ProgramModel:
    made = ProgramModel(profiles.standard)
    made.begin()
    made.set_context(Context(now_utc_s=NOW_S))
    return made


def levels(model: ProgramModel) -> dict[str, str]:
    return {remark.field: remark.level for remark in reversed(model.evaluated.remarks)}


def test_a_new_program_can_be_written_and_shows_its_rate_beside_the_dose(model):
    assert model.evaluated.writable
    assert model.evaluated.program.mode == modes.SimpleContinuous(100_000)
    assert "0.2 mL/day, 8.33 µL/h" in model.evaluated.derived["dose"]


@pytest.mark.parametrize("text", ["", "100", "100 apples", "-5 ug/day", "1e400 ug/day"])
def test_what_cannot_be_read_is_said_at_its_field_with_a_remedy(model, text):
    model.edit("dose", text)
    assert not model.evaluated.writable
    assert levels(model) == {"dose": "bad"}
    assert model.evaluated.remarks[0].remedy


def test_a_soft_limit_needs_a_reason_and_a_hard_one_forbids(model):
    model.edit("dose", "3000 ug/day")
    assert model.evaluated.needs_reason
    assert model.evaluated.writable
    model.edit("dose", "5 g/day")
    assert not model.evaluated.writable


def test_milligrams_for_micrograms_are_named_and_repaired_at_one_click(model):
    model.edit("dose", "100 mg/day")
    fixes = [remark.fix for remark in model.evaluated.remarks if remark.fix]
    (repair,) = [fix for fix in fixes if ("dose", "100 ug/day") in fix.edits]
    assert any("mg" in remark.what for remark in model.evaluated.remarks)
    model.fix(repair)
    assert model.document["dose"] == "100 ug/day"
    assert model.evaluated.writable
    model.undo_stack.undo()
    assert model.document["dose"] == "100 mg/day"


def test_typing_on_in_a_field_is_one_step_to_undo(model):
    for text in ("1", "10", "100 ug", "200 ug/day"):
        model.edit("dose", text)
    model.edit("name", "Another")
    model.undo_stack.undo()
    assert model.document == NEW | {"dose": "200 ug/day"}
    model.undo_stack.undo()
    assert model.document == NEW
    assert model.undo_stack.isClean()
    model.undo_stack.redo()
    assert model.evaluated.program.mode.dose_ng_day == 200_000


def test_typing_back_what_stood_there_leaves_nothing_to_undo(model):
    for text in ("100 ug/da", "100 ug/day"):
        model.edit("dose", text)
    assert not model.undo_stack.canUndo()


def test_opening_a_file_can_be_undone_with_all_that_belongs_to_it(model, tmp_path):
    document, text = files.load_document(EXAMPLES[0])
    model.load(document, text, str(EXAMPLES[0]))
    model.edit("name", "Changed")
    model.undo_stack.undo()
    assert (model.name, model.source) == (document["name"], str(EXAMPLES[0]))
    model.undo_stack.undo()
    assert (model.document, model.text, model.source) == (NEW, "", "")


def test_what_was_saved_meanwhile_stays_known_when_edits_are_undone(model):
    model.edit("name", "First")
    model.saved("# mine\n", "/somewhere/first.yaml")
    assert model.undo_stack.isClean()
    model.edit("name", "Second")
    model.undo_stack.undo()
    model.undo_stack.undo()
    assert (model.name, model.source, model.text) == (NEW["name"], "/somewhere/first.yaml", "# mine\n")


@pytest.mark.parametrize("mode", program_files.MODES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_program_can_be_put_into_every_mode_and_back(model, path, mode):
    model.load(*files.load_document(path))
    before = model.document
    model.set_mode(mode)
    after = model.document
    faults = reading.read(after, profiles.standard()).faults
    assert {fault.field for fault in faults} <= {"maximum"}  # a dose above an infusion trial's stays, and is said
    assert {key: after[key] for key in ("name", "drug", "concentration")} == {
        key: before[key] for key in ("name", "drug", "concentration")
    }
    if before["mode"] != mode:
        model.undo_stack.undo()
    assert model.document == before


def test_dose_and_base_stand_for_one_another_when_the_mode_changes():
    flex = switched(NEW | {"dose": "70 ug/day"}, "flex day")
    assert flex["base"] == "70 ug/day"
    assert switched(flex, "simple continuous")["dose"] == "70 ug/day"
    flow = {key: value for key, value in NEW.items() if key != "dose"} | {"flow": "0.5 mL/day"}
    assert switched(flow, "taper")["dose"] == "250 ug/day"
    assert switched(NEW, "bridge")["old-concentration"] == NEW["concentration"]


def test_the_pumps_own_label_is_checked(model):
    settings_ = {"concentration_ng_ml": 2_000_000}
    model.set_context(replace(model.context, settings=settings_, held_concentration_ng_ml=2_000_000))
    assert any("2000 µg/mL" in remark.what for remark in model.evaluated.remarks)


def test_the_same_context_again_is_not_checked_again(model):
    count = []
    model.changed.connect(lambda: count.append(1))
    model.set_context(replace(model.context))
    assert not count
    model.set_context(replace(model.context, reservoir_nl=5_000_000))
    assert len(count) == 1


# -- undo of everything ------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(["", "100 ug/day", "7", "50 ug", "06:00", "24:00", "resume", "µ", "1 h", "mon"])
PATHS = st.sampled_from(
    ["name", "dose", "base", "steps[0].start", "steps[0].rate", "days[0].weekdays", "bolus.dose", "flow", "every"]
)
ACTS = st.one_of(
    st.tuples(st.just("edit"), PATHS, st.one_of(TEXTS, st.none())),
    st.tuples(st.just("mode"), st.sampled_from(sorted(program_files.MODES)), st.none()),
    st.tuples(st.just("load"), st.sampled_from(EXAMPLES), st.none()),
    st.tuples(st.just("add"), st.integers(0, 6), st.integers(0, 1380)),
    st.tuples(st.just("place"), st.integers(0, 1439), st.integers(1, 600)),
    st.tuples(st.just("nudge"), st.booleans(), st.booleans()),
    st.tuples(st.just("remove"), st.none(), st.none()),
    st.tuples(st.just("copy"), st.sets(st.integers(0, 6)), st.booleans()),
    st.tuples(st.just("separate"), st.integers(0, 6), st.none()),
    st.tuples(st.just("fix"), st.integers(0, 5), st.none()),
)


def act(model: ProgramModel, steps: ScheduleModel, what: str, one, other) -> None:
    """Does one thing as the editor does it; what the document doesn't have is not edited."""
    if what == "edit":
        try:
            model.edit(one, other)
        except ValueError:
            return
    elif what == "mode":
        model.set_mode(one)
    elif what == "load":
        model.load(*files.load_document(one), str(one))
    elif what == "fix":
        fixes = [remark.fix for remark in model.evaluated.remarks if remark.fix]
        if one < len(fixes):
            model.fix(fixes[one])
    elif steps.lanes:
        on_steps(steps, what, one, other)


def on_steps(steps: ScheduleModel, what: str, one, other) -> None:
    steps.select_next() or steps.select_next(back=True)
    if what == "add":
        steps.add(one % steps.lanes, other, other + 60)
    elif what == "place" and steps.selected:
        steps.place(steps.selected, one, one + other)
    elif what == "nudge":
        steps.nudge_rate(one, other)
    elif what == "remove":
        steps.remove()
    elif steps.lanes > 1:
        steps.select("", one if what == "separate" else steps.lane)
        if what == "copy":
            steps.copy_day(one, other)
        else:
            steps.separate()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_whatever_is_done_undoing_all_of_it_gives_the_first_document_back(qapp, acts):
    model = ProgramModel(profiles.standard)
    model.begin()
    steps = ScheduleModel(model)
    first = model.state
    for one in acts:
        act(model, steps, *one)
    last = model.document
    while model.undo_stack.canUndo():
        model.undo_stack.undo()
    assert model.state == first
    assert model.undo_stack.isClean()
    while model.undo_stack.canRedo():
        model.undo_stack.redo()
    assert model.document == last
    model.deleteLater()
