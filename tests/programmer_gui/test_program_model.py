"""The document being edited: what it means, undo of everything, modes, files with their comments."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from programmer_gui import files, templates
from programmer_gui.draftkeeper import DraftKeeper
from programmer_gui.models import plan_curve, stages
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
    assert "0.2 mL/day, 8.33 µL an hour" in model.evaluated.derived["dose"]


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


# -- files -------------------------------------------------------------------------------------------------------


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


# -- what it comes to --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("span", plan_curve.SPANS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_drawn_by_the_pumps_own_arithmetic(model, path, span):
    model.load(*files.load_document(path))
    model.plan_now()
    curves = plan_curve.of_plan(model.planned, span, NOW_S)
    picture = stages.picture_of(model.planned)
    assert picture.stages or picture.after
    if not len(curves.hours):
        assert curves.why
        return
    assert (curves.volume_ul[1:] >= curves.volume_ul[:-1]).all()
    assert (curves.reservoir_ul[1:] <= curves.reservoir_ul[:-1]).all()
    drawn = sum(
        rate * (end - start) / 24
        for rate, start, end in zip(curves.rate_ug_day, curves.rate_hours, curves.rate_hours[1:], strict=False)
    )
    if not curves.daily and model.document["mode"] != "bridge":
        conc = model.planned.program.concentration_ng_ml
        assert drawn == pytest.approx(curves.volume_ul[-1] * conc / 1e6, rel=1e-3, abs=0.01)


def test_the_first_day_ends_at_the_days_volume(model):
    bolus = {"dose": "50 ug", "duration": "10 min", "after": "resume"}
    model.edit("bolus", bolus)
    model.plan_now()
    curves = plan_curve.of_plan(model.planned, "day", NOW_S)
    assert curves.end_hour == 24
    assert curves.volume_ul[-1] == pytest.approx(100 + 200 * (1 - 10 / 1440), rel=1e-6)
    model.edit("dose", "nonsense")
    model.plan_now()
    assert plan_curve.of_plan(model.planned, "day").why


def test_the_reservoir_is_low_on_the_refill_date(model):
    model.plan_now()
    curves = plan_curve.of_plan(model.planned, "refill", NOW_S)
    assert curves.refill_hour == pytest.approx(90 * 24)
    left = curves.reservoir_ul[(curves.hours <= curves.refill_hour).nonzero()[0][-1]]
    assert left == pytest.approx(curves.low_ul, abs=100)


def test_a_bridge_shows_the_old_dose_until_the_new_drug_is_there(model):
    model.load(*files.load_document(resource("programs/bridge.yaml")))
    model.plan_now()
    old, new = stages.picture_of(model.planned).stages
    assert (old.title, old.below, new.title) == ("200 µg/day", "for 1 d 1 h", "200 µg/day")
    assert len(plan_curve.of_plan(model.planned, "day", NOW_S).tip_hours)


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
