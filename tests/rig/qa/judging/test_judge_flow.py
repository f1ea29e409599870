"""Volumes and flows of a stretch, and what they are known to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rig.qa.deeds import Stop, Wait
from rig.qa.expectations import ExpectFlow, ExpectVolume
from rig.qa.judging.judge_volumes import LABORATORYS, PUMPS
from rig.qa.judging.judging import JudgeContext, curves_so_far, judge, so_far, stretch_of
from rig.qa.judging.material import Evaporation
from rig.qa.limits import Limits, Over
from rig.qa.told import Judged, Mark, Stretch
from rig.session import Batch, Event
from tests.rig.qa.judging.judge_bench import START_US, Run, evenly

NL_S = 100.0  # 8.64 mL/day


def judged(run: Run, body: ExpectVolume | ExpectFlow, begin: Mark, end_s: float) -> Judged:
    context = run.context(begin)
    found = judge(body, run.material, stretch_of(body, run.material, context, run.mark(end_s)), True, context)
    assert found is not None
    return found


def begun(run: Run, begin_s: int = 10, end_s: int = 700) -> Mark:
    """Samples each second; a step began at ``begin_s``."""
    run.each_second(0, begin_s)
    begin = run.mark(begin_s)
    run.each_second(begin_s + 1, end_s)
    return begin


@pytest.mark.parametrize(("least", "verdict"), [(67.62, "pass"), (67.63, "fail")])
def test_the_volume_is_what_came_between_the_ends(least: float, verdict: str) -> None:
    run = Run(evenly(NL_S), evenly(98.0))
    found = judged(run, ExpectVolume("measured", Limits(least, None, "µL")), begun(run), 700)
    assert (found.verdict, found.measurements[0].value, found.measurements[0].uncertainty) == (verdict, 67.62, 0)


def test_ends_between_two_samples_are_known_to_what_flows_between_them() -> None:
    run = Run(evenly(NL_S), evenly(NL_S))
    begin = begun(run)
    over = Over(last_ms=60_500)
    (found,) = judged(run, ExpectVolume("measured", Limits(0, 10, "µL"), over), begin, 700).measurements
    assert found.value == pytest.approx(6.05)
    assert found.budget == (("timing", pytest.approx(0.05)),)


def test_a_stretch_that_ends_after_the_latest_sample_is_known_to_what_flows_until_then() -> None:
    run = Run(evenly(NL_S), evenly(NL_S))
    begin = run.samples(0, flow_pl_s=round(NL_S * 1000)).mark(0)
    run.samples(*range(10, 701, 10), flow_pl_s=round(NL_S * 1000))
    run.material.settings["sample_interval_ms"] = 10_000
    run.material.samples()["flow_pl_s"][30] = 100 * round(NL_S * 1000)  # which was over long before
    (found,) = judged(run, ExpectVolume("commanded", Limits(0, 100, "µL"), Over()), begin, 708).measurements
    assert (found.value, found.budget) == (70.0, (("timing", pytest.approx(0.8)),))  # 70.8 were


def test_a_stretch_beyond_the_last_weighing_is_judged_by_what_was_weighed() -> None:
    run = Run(evenly(NL_S)).samples(0, flow_pl_s=round(NL_S * 1000))
    begin = run.mark(0)
    run.weighed([(at_s, 0.98 * NL_S * 0.998 * at_s) for at_s in range(0, 91, 30)])
    run.samples(*range(1, 111), flow_pl_s=round(NL_S * 1000))
    error = judged(run, ExpectVolume("measured", Limits(-5, 5, "%", "commanded"), Over()), begin, 110).measurements[0]
    assert (error.value, error.verdict) == (pytest.approx(-2.0, abs=0.02), "pass")
    (whole,) = judged(run, ExpectVolume("measured", Limits(0, 100, "µL"), Over()), begin, 110).measurements
    assert dict(whole.budget)["timing"] == pytest.approx(2.0)  # of the 20 s that nobody has weighed
    (counted,) = judged(run, ExpectVolume("commanded", Limits(0, 100, "µL"), Over()), begin, 110).measurements
    assert (counted.value, counted.uncertainty) == (11.0, 0.0)


def test_what_comes_at_once_between_two_samples_came_at_nobody_knows_which_moment() -> None:
    run = Run(evenly(0.0), lambda at_s: 70_000.0 * (at_s >= 400), balance_uncertainty_nl=5000)
    begin = begun(run)
    stretch = Stretch(Mark(START_US, 1, 399_500_000, samples=400), run.mark(700))
    ended = judge(ExpectVolume("measured", Limits(30, 40, "µL")), run.material, stretch, True, run.context(begin))
    assert ended is not None
    (found,) = ended.measurements
    assert (found.value, found.verdict) == (35.0, "inconclusive")
    assert dict(found.budget) == {"balance": 5.0, "timing": 65.0}


def test_against_what_was_commanded_the_value_is_in_per_cent() -> None:
    run = Run(evenly(NL_S), evenly(98.0))
    body = ExpectFlow("measured", Limits(-2.5, 2.5, "%", "commanded"))
    found = judged(run, body, begun(run), 700)
    error, flow = found.measurements
    assert (found.verdict, error.value, error.unit) == ("pass", pytest.approx(-2.0), "%")
    assert (flow.value, flow.unit) == (pytest.approx(98 * 0.0864), "mL/day")


def test_against_what_was_planned_somebody_must_know_the_plan() -> None:
    run = Run(evenly(90.0), evenly(NL_S))
    begin = begun(run)
    body = ExpectVolume("commanded", Limits(-5, 5, "%", "planned"))
    stretch = run.stretch(begin, 700)
    unknown = judge(body, run.material, stretch, True, run.context(begin))
    assert unknown is not None
    assert unknown.verdict == "inconclusive"
    step = Stretch(begin, begin)
    planned = JudgeContext(begin, step, planned_nl=lambda start_us, end_us: (end_us - start_us) * NL_S / 1e6)
    known = judge(body, run.material, stretch, True, planned)
    assert known is not None
    assert (known.verdict, known.measurements[0].value) == ("fail", pytest.approx(-10.0))


def test_of_nothing_no_share_is_told() -> None:
    run = Run(evenly(0.0), evenly(0.0))
    found = judged(run, ExpectVolume("measured", Limits(-5, 5, "%", "commanded")), begun(run), 700)
    assert found.verdict == "inconclusive"


def test_the_balance_evaporation_and_drift_are_in_the_budget() -> None:
    run = Run(evenly(NL_S), evenly(NL_S - 2400 / 86_400), balance_uncertainty_nl=5000, evaporation_nl_day=2400)
    run.samples(0)
    begin = run.mark(0)
    run.each_second(1, 3599).samples(3600, temperature_cc=2300)
    found = judged(run, ExpectVolume("measured", Limits(355, 365, "µL")), begin, 3600)
    (volume,) = found.measurements
    assert volume.value == pytest.approx(360.0, abs=1e-3)  # what evaporated is added again
    assert dict(volume.budget) == pytest.approx({"balance": 5.0, "drift": 2.0, "evaporation": 0.025})
    assert (found.verdict, volume.uncertainty) == ("inconclusive", pytest.approx(7.025))


def test_a_blank_that_is_known_better_takes_the_place_of_the_setting() -> None:
    run = Run(evenly(0.0), evenly(-27.78), evaporation_nl_day=0)  # an open cup
    begin = begun(run)
    run.material.blank_ug_s = Evaporation(27.72, 0.1, PUMPS)
    (volume,) = judged(run, ExpectVolume("measured", Limits(-1, 1, "µL")), begin, 700).measurements
    assert (volume.verdict, volume.value) == ("pass", pytest.approx(0.0, abs=0.03))
    assert volume.budget == (("evaporation", pytest.approx(0.1 / 0.998 * 690 / 1000)),)


def test_what_evaporates_from_another_balances_cup_is_nothing_to_this_one() -> None:
    run = Run(evenly(0.0), evenly(0.0), evaporation_nl_day=0)
    begin = begun(run)
    run.material.blank_ug_s = Evaporation(27.72, 0.1, LABORATORYS)
    (volume,) = judged(run, ExpectVolume("measured", Limits(-1, 1, "µL")), begin, 700).measurements
    assert (volume.value, volume.verdict) == (0.0, "pass")


def test_readings_that_had_come_before_a_moment_was_named_count_from_it() -> None:
    """The end of a wait is named once the sample behind it has come."""
    run = Run(evenly(NL_S)).samples(*range(0, 61, 60), flow_pl_s=100_000)
    run.weighed([(at_s, 0.98 * NL_S * 0.998 * at_s) for at_s in range(0, 61, 10)])
    begin = replace(run.mark(60), t_us=30_000_000, host_us=START_US + 30_000_000)
    run.samples(*range(120, 661, 60), flow_pl_s=100_000)
    run.weighed([(at_s, 0.98 * NL_S * 0.998 * at_s) for at_s in range(70, 661, 10)])
    (error, volume) = judged(run, ExpectVolume("measured", Limits(-5, 5, "%", "commanded")), begin, 630).measurements
    assert (volume.value, volume.detail) == (pytest.approx(0.98 * 60, abs=0.01), "by the laboratory balance")
    assert error.value == pytest.approx(-2.0, abs=0.02)


@pytest.mark.parametrize(("tared_s", "by"), [(12.0, "laboratory"), (300.0, "pump")])
def test_a_stretch_may_begin_with_a_tare_but_have_none_within(tared_s: float, by: str) -> None:
    run = Run(evenly(NL_S), evenly(0.99 * NL_S), sample_interval_ms=1000)
    begin = begun(run, 10, 30)
    zero = Event(0, "host_balance_tared", 0, 0, 0, 0, 0, 0, 0, START_US + round(tared_s * 1e6))
    run.material.add(Batch(events=(zero,)))
    run.weighed([(at_s, 0.98 * NL_S * 0.998 * (at_s - tared_s * (at_s > tared_s))) for at_s in range(0, 31, 2)])
    run.samples(*range(31, 701))
    run.weighed([(at_s, 0.98 * NL_S * 0.998 * (at_s - tared_s * (at_s > tared_s))) for at_s in range(32, 701, 2)])
    error, volume = judged(run, ExpectVolume("measured", Limits(-5, 5, "%", "commanded")), begin, 700).measurements
    assert (by in volume.detail, error.value) == (True, pytest.approx(-2.0 if by == "laboratory" else -1.0, abs=0.05))


def test_a_blank_that_is_known_worse_and_agrees_leaves_the_setting() -> None:
    run = Run(evenly(0.0), evenly(0.0), evaporation_nl_day=2400)
    begin = begun(run)
    run.material.blank_ug_s = Evaporation(100.0, 300.0, PUMPS)
    (volume,) = judged(run, ExpectVolume("measured", Limits(-1, 1, "µL")), begin, 700).measurements
    assert volume.uncertainty == pytest.approx(2.4 / 4 * 690 / 86_400)


def test_whole_turns_of_the_rotor_are_averaged() -> None:
    """A pump whose rollers ripple: over whole turns nothing is left of that."""
    turn_s = 19_438.991 / NL_S

    def rippling(at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return NL_S * at_s + 2000 * np.sin(2 * np.pi * at_s / turn_s)

    run = Run(evenly(NL_S), rippling)
    begin = begun(run, 0, 620)
    limits = Limits(8.6, 8.7, "mL/day")
    whole = judged(run, ExpectFlow("measured", limits, turns=True), begin, 620)
    assert (whole.verdict, "3 whole turns" in whole.detail) == ("pass", True)
    assert judged(run, ExpectFlow("measured", limits), begin, 620).verdict == "fail"


def test_without_a_whole_turn_nothing_is_told_of_turns() -> None:
    run = Run(evenly(NL_S), evenly(NL_S))
    found = judged(run, ExpectFlow("measured", Limits(8, 9, "mL/day"), turns=True), begun(run, 0, 100), 100)
    assert (found.verdict, "no whole turn" in found.detail) == ("inconclusive", True)


def test_lost_time_at_an_end_is_in_the_uncertainty() -> None:
    run = Run(evenly(NL_S), evenly(NL_S)).each_second(0, 10).samples(40, skipped=29).each_second(41, 100)
    begin = Mark(START_US + 25_000_000, 1, 25_000_000, samples=11)
    (found,) = judged(run, ExpectVolume("measured", Limits(0, 10, "µL")), begin, 100).measurements
    assert found.value == pytest.approx(7.5)
    assert found.budget == (("gaps", pytest.approx(1.5)),)  # the larger part of 3 µL


def test_a_link_that_stayed_down_leaves_what_may_have_come_unsure() -> None:
    run = Run(evenly(NL_S), evenly(NL_S)).each_second(0, 100, flow_pl_s=100_000)
    begin = Mark(START_US, 1, 0, samples=1)
    (found,) = judged(run, ExpectVolume("measured", Limits(0, 11, "µL")), begin, 130).measurements
    assert (found.value, found.verdict) == (pytest.approx(10.0), "inconclusive")
    assert found.budget == (("gaps", pytest.approx(3.0)),)


def test_what_was_commanded_goes_on_over_a_restart() -> None:
    run = Run(evenly(NL_S), evenly(NL_S)).each_second(0, 100, flow_pl_s=100_000)
    begin = Mark(START_US, 1, 0, samples=1)
    run.samples(*range(1, 51), boot=2, host_us=START_US + 105_000_000)  # its clock and its counter begin anew
    stretch = Stretch(begin, run.mark(50, boot=2))
    ended = judge(ExpectVolume("commanded", Limits(14, 16, "µL")), run.material, stretch, True, run.context(begin))
    assert ended is not None
    (found,) = ended.measurements
    assert found.value == pytest.approx(14.9)
    assert dict(found.budget)["restarts"] == pytest.approx(0.5, abs=0.01)


def test_without_a_balance_nothing_was_measured() -> None:
    run = Run(evenly(NL_S))
    found = judged(run, ExpectVolume("measured", Limits(0, 10, "µL")), begun(run), 700)
    assert (found.verdict, found.measurements[0].value) == ("inconclusive", None)


def test_what_is_told_on_the_way_is_what_it_ends_with() -> None:
    run = Run(evenly(NL_S), evenly(98.0))
    begin = begun(run)
    told = so_far(Wait(700_000), run.material, run.stretch(begin, 700))
    assert [(one.name, one.value) for one in told] == [("commanded", 69.0), ("delivered", 67.62)]
    assert so_far(Wait(700_000), Run(evenly(1.0)).material, Stretch(begin, begin)) == ()


def test_the_start_up_graph_grows_while_a_wait_goes_on() -> None:
    nl_s = 1e7 / 3600  # 10 mL/h
    run = Run(evenly(nl_s), evenly(0.9 * nl_s))
    begin = begun(run, 10, 110)
    for last_s in (110, 230):
        run.each_second(111, last_s)
        (curve,) = curves_so_far(Wait(700_000), run.material, run.stretch(begin, last_s))
        assert curve.x == tuple(15 / 60 + 0.5 * number for number in range((last_s - 11) // 30))
        assert dict(curve.lines)["flow"] == pytest.approx([9.0] * len(curve.x), rel=1e-4)
    assert curves_so_far(Stop(), run.material, run.stretch(begin, 230)) == ()
    standing = Run(evenly(0.0), evenly(0.0))
    assert curves_so_far(Wait(1), standing.material, standing.stretch(begun(standing), 700)) == ()


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.5, 500),
    st.floats(-0.2, 0.2),
    st.integers(0, 5000),
    st.floats(0.1, 20),
)
def test_inconclusive_is_exactly_what_lies_within_the_uncertainty(
    nl_s: float, error: float, off_nl: int, tolerance: float
) -> None:
    run = Run(evenly(nl_s), evenly(nl_s * (1 + error)), balance_uncertainty_nl=off_nl)
    begin = begun(run, 0, 60)
    found = judged(run, ExpectVolume("measured", Limits(-tolerance, tolerance, "%", "commanded")), begin, 60)
    first = found.measurements[0]
    assert first.value is not None
    near = min(abs(first.value - limit) for limit in (-tolerance, tolerance)) < first.uncertainty
    assert (found.verdict == "inconclusive") == near
    if not near:
        assert (found.verdict == "pass") == (abs(first.value) <= tolerance)
