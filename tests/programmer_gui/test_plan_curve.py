"""What a program comes to, drawn: curves over a day, a week and until the refill; stages."""

import pytest
from PySide6.QtWidgets import QApplication

from programmer_gui import files
from programmer_gui.models import plan_curve, stages
from programmer_gui.models.program import ProgramModel
from rig.resources import resource
from rig.therapy import profiles
from rig.therapy.finding import Context

EXAMPLES = sorted(resource("programs").glob("*.yaml"))
NOW_S = 1_790_000_000


@pytest.fixture
def model(qapp: QApplication) -> ProgramModel:
    made = ProgramModel(profiles.standard)
    made.begin()
    made.set_context(Context(now_utc_s=NOW_S))
    return made


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
    assert (old.title, old.below, new.title) == ("200 µg/day", "of 500 µg/mL, for 1 d 1 h", "200 µg/day")
    assert len(plan_curve.of_plan(model.planned, "day", NOW_S).tip_hours)
