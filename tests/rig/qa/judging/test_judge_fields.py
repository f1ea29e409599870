"""What a field is, now, within a time, and at its extremes."""

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import wire
from firmware_link.vocabulary import ALARM_BITS, MINIMUM_RATE, RUNNING, STOPPED
from rig.linkstate import LinkState
from rig.qa.deeds import WaitField
from rig.qa.expectations import ExpectField
from rig.qa.fields import BY_NAME
from rig.qa.judging.judge_fields import value_of
from rig.qa.judging.judging import JudgeContext, judge, so_far, stretch_of
from rig.qa.limits import Limits
from rig.qa.told import Judged
from rig.session import Batch, LinkChange, Status
from tests.rig.qa.judging.judge_bench import START_US, Run, evenly

KPA = "kPa"


def told(body: ExpectField, run: Run, context: JudgeContext, end_s: float, final: bool = True) -> Judged | None:
    return judge(body, run.material, stretch_of(body, run.material, context, run.mark(end_s)), final, context)


def run_of(*pressures_pa: int) -> tuple[Run, JudgeContext]:
    """A second each, the first before the step began."""
    run = Run(evenly(0.0))
    run.samples(0, pressure_pa=pressures_pa[0])
    context = run.context(run.mark(0))
    for at_s, pressure_pa in enumerate(pressures_pa[1:], 1):
        run.samples(at_s, pressure_pa=pressure_pa)
    return run, context


@pytest.mark.parametrize(("limits", "verdict"), [((40, 60), "pass"), ((50, 50), "pass"), ((51, None), "fail")])
def test_now_is_the_latest_sample(limits: tuple[float, float | None], verdict: str) -> None:
    run, context = run_of(0, 1000, 50_000)
    found = told(ExpectField("pressure", Limits(*limits, KPA)), run, context, 2)
    assert found is not None
    assert (found.verdict, found.measurements[0].value, found.measurements[0].unit) == (verdict, 50.0, KPA)


def test_within_a_time_any_sample_will_do() -> None:
    run, context = run_of(0, 1000, 50_000, 1000)
    body = ExpectField("pressure", Limits(40, None, KPA), within_ms=10_000)
    for final in (False, True):
        found = told(body, run, context, 3, final)
        assert found is not None
        assert (found.verdict, found.at_us) == ("pass", START_US + 2_000_000)
    never = ExpectField("pressure", Limits(60, None, KPA), within_ms=10_000)
    assert told(never, run, context, 3, final=False) is None
    failed = told(never, run, context, 10)
    assert failed is not None
    assert failed.verdict == "fail"


def test_after_its_time_a_sample_comes_too_late() -> None:
    run, context = run_of(0, 0, 0, 50_000, 0)
    found = told(ExpectField("pressure", Limits(40, None, KPA), within_ms=2_000), run, context, 4)
    assert found is not None
    assert found.verdict == "fail"


@pytest.mark.parametrize(("extreme", "value"), [("least", 1.0), ("most", 50.0)])
def test_extremes_are_of_the_samples_of_the_stretch(extreme: Literal["least", "most"], value: float) -> None:
    run, context = run_of(90_000, 1000, 50_000, 2000)
    body = ExpectField("pressure", Limits(0, 100, KPA), extreme=extreme)
    found = told(body, run, context, 3)
    assert found is not None
    assert found.measurements[0].value == value


@pytest.mark.parametrize(("most", "verdict"), [(100, "inconclusive"), (20, "fail")])
def test_an_extreme_may_have_been_where_no_sample_came(most: float, verdict: str) -> None:
    run, context = run_of(*[1000] * 10, 50_000)
    run.samples(200, 201, pressure_pa=1000)
    found = told(ExpectField("pressure", Limits(None, most, KPA), extreme="most"), run, context, 201)
    assert found is not None
    assert (found.verdict, found.measurements[0].value) == (verdict, 50.0)


def test_a_state_and_an_alarm_are_words() -> None:
    run = Run(evenly(0.0)).samples(0, state=MINIMUM_RATE, alarms=1 << ALARM_BITS["memory_error"])
    context = run.context(run.mark(0))
    wanted = (("state", "minimum-rate"), ("alarm-memory-error", "on"), ("alarm-occlusion", "off"))
    for name, word in wanted:
        found = told(ExpectField(name, Limits(), word), run, context, 0)
        assert found is not None
        assert (name, found.verdict) == (name, "pass")
    other = told(ExpectField("state", Limits(), "running"), run, context, 0)
    assert other is not None
    assert (other.verdict, other.detail) == ("fail", "State is minimum-rate; wanted running.")


def test_a_status_newer_than_the_samples_has_the_last_word() -> None:
    run = Run(evenly(0.0)).samples(0, state=RUNNING)
    run.material.add(Batch(status=Status({"state": STOPPED, "alarms": 0, "bolus_left_ms": 1500}, START_US + 1)))
    assert value_of(run.material, "state") == "stopped"
    assert value_of(run.material, "bolus-left") == 1.5
    run.samples(1, state=RUNNING)
    assert value_of(run.material, "state") == "running"


def test_the_link_is_up_until_it_is_lost() -> None:
    run, context = run_of(0, 0)
    assert value_of(run.material, "link") == "online"
    run.material.add(Batch(links=(LinkChange(LinkState.LOST, START_US + 1_000_000),)))
    found = told(ExpectField("link", Limits(), "lost"), run, context, 2)
    assert found is not None
    assert found.verdict == "pass"
    stale = told(ExpectField("pressure", Limits(0, 1, KPA)), run, context, 30)
    assert stale is not None
    assert (stale.verdict, "link is down" in stale.detail) == ("inconclusive", True)


def test_what_the_pump_has_no_sensor_for_is_not_known() -> None:
    run = Run(evenly(0.0)).samples(0, measured_nl=wire.MISSING)
    found = told(ExpectField("delivered", Limits(0, 1, "µL")), run, run.context(run.mark(0)), 0)
    assert found is not None
    assert (found.verdict, found.measurements[0].value) == ("inconclusive", None)


def test_on_the_way_the_latest_value_is_told() -> None:
    run, _ = run_of(0, 50_000)
    (one,) = so_far(WaitField("pressure", Limits(60, None, KPA), "", 1000), run.material, run.stretch(run.mark(0), 1))
    assert (one.value, one.unit, one.low) == (50.0, KPA, 60)
    (word,) = so_far(WaitField("state", Limits(), "stopped", 1000), run.material, run.stretch(run.mark(0), 1))
    assert word.detail == "running"


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(BY_NAME)), st.booleans(), st.booleans())
def test_every_field_is_judged_whatever_is_known(name: str, sampled: bool, told_: bool) -> None:
    run = Run(evenly(0.0))
    begin = run.mark(0)
    if sampled:
        run.each_second(0, 3)
    if told_:
        fields = dict.fromkeys(("state", "alarms", "bolus_left_ms", "demands_day", "demand_wait_s", "tones"), 0)
        run.material.add(Batch(status=Status(fields | {"tube_permille": 0}, START_US)))
    word = (BY_NAME[name].words or ("",))[0]
    for within_ms in (0, 1000):
        body = ExpectField(name, Limits(-1e9, 1e9, BY_NAME[name].unit), word, within_ms)
        assert told(body, run, run.context(begin), 3) is not None
