"""Flow accuracy through the whole chain: samples or weighings in, the printed digits of domain.md section 4 out."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rig.measured import Curve, Measurement
from rig.qa.expectations import ExpectAccuracy
from rig.qa.judging.judging import judge
from rig.qa.told import Judged
from tests.rig.accuracy.test_method import OFFSET, PERIOD_MIN, SWING, TV1
from tests.rig.qa.judging.judge_bench import Run, evenly

RATE_ML_H = 1000.0  # the vector's errors don't depend on it, and a whole microgram is nothing beside it
NL_S = RATE_ML_H * 1e6 / 3600
HOUR_S = 3600


def tv1_nl(at_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """What has come of TV1 by then."""
    t_min = at_s / 60
    swung_min = SWING * PERIOD_MIN / (2 * math.pi) * (1 - np.cos(2 * math.pi * t_min / PERIOD_MIN))
    return RATE_ML_H * 1e6 / 60 * ((1 + OFFSET) * t_min + swung_min)


def judged(run: Run, body: ExpectAccuracy, last_s: int, step_s: int = 1) -> Judged:
    """Over samples from 0 to ``last_s``."""
    run.samples(0)
    begin = run.mark(0)
    run.samples(*range(step_s, last_s + 1, step_s))
    found = judge(body, run.material, run.stretch(begin, last_s), True, run.context(begin))
    assert found is not None
    return found


def value(found: Judged, name: str) -> float:
    number = measurement(found, name).value
    assert number is not None
    return number


def measurement(found: Judged, name: str) -> Measurement:
    return next(one for one in found.measurements if one.name == name)


def curve(found: Judged, kind: str) -> Curve:
    return next(one for one in found.curves if one.kind == kind)


TRUMPET = tuple((float(window_min), 30.0) for window_min, *_ in TV1)


def check_tv1(found: Judged) -> None:
    assert found.verdict == "pass"
    assert value(found, "overall error") == pytest.approx(2.25586, abs=5e-6)
    for window_min, count, most, least in TV1:
        one = measurement(found, f"trumpet {window_min} min, most")
        assert (one.value, one.detail) == (pytest.approx(most, abs=5e-5), f"{count} windows")
        assert value(found, f"trumpet {window_min} min, least") == pytest.approx(least, abs=5e-5)


def test_the_reference_vector_by_the_pumps_balance() -> None:
    body = ExpectAccuracy(rate_ml_h=RATE_ML_H, overall=5.0, trumpet=TRUMPET, turns=False)
    found = judged(Run(evenly(NL_S), tv1_nl), body, HOUR_S)
    check_tv1(found)
    trumpet, start_up = curve(found, "trumpet"), curve(found, "start-up")
    assert trumpet.x == (2.0, 5.0, 11.0, 19.0, 31.0)
    assert trumpet.limits[:2] == (("limit", TRUMPET), ("limit", tuple((at_min, -30.0) for at_min, _ in TRUMPET)))
    assert [name for name, _ in trumpet.limits[2:]] == ["limit of overall"] * 2
    assert dict(trumpet.lines)["most"] == pytest.approx([row[2] for row in TV1], abs=5e-5)
    flows = dict(start_up.lines)["flow"]
    assert (len(flows), np.mean(flows) / RATE_ML_H) == (120, pytest.approx(1.0225586, abs=5e-8))


def test_the_reference_vector_by_the_laboratory_balance() -> None:
    run = Run(evenly(NL_S), evenly(0.0))  # the pump's shows nothing
    at_s = np.arange(0, HOUR_S + 1, 30)
    ug = tv1_nl(at_s.astype(float)) * 0.998
    run.samples(0)
    begin = run.mark(0)
    run.weighed([(0.0, 0.0)])
    run.samples(*range(1, HOUR_S + 1))
    run.weighed(list(zip(at_s.tolist()[1:], ug.tolist()[1:], strict=True)))
    body = ExpectAccuracy(rate_ml_h=RATE_ML_H, overall=5.0, trumpet=TRUMPET, turns=False)
    found = judge(body, run.material, run.stretch(begin, HOUR_S), True, run.context(begin))
    assert found is not None
    check_tv1(found)
    assert "by the laboratory balance" in measurement(found, "overall error").detail


@pytest.mark.parametrize(("limit", "verdict"), [(26.9, "pass"), (26.78, "fail")])
def test_one_window_beyond_its_limit_fails(limit: float, verdict: str) -> None:
    body = ExpectAccuracy(rate_ml_h=RATE_ML_H, trumpet=((2.0, limit),), turns=False)
    assert judged(Run(evenly(NL_S), tv1_nl), body, HOUR_S).verdict == verdict


def test_a_pump_that_commands_less_than_was_planned_is_off_by_that() -> None:
    run = Run(evenly(0.92 * NL_S), evenly(0.92 * NL_S)).samples(0)
    begin = run.mark(0)
    run.samples(*range(1, 601))
    plan = replace(run.context(begin), planned_nl=lambda start_us, end_us: (end_us - start_us) / 1e6 * NL_S)
    found = judge(ExpectAccuracy(overall=5.0), run.material, run.stretch(begin, 600), True, plan)
    assert found is not None
    assert (found.verdict, value(found, "overall error")) == ("fail", pytest.approx(-8.0, abs=1e-3))
    assert (value(found, "set rate r"), measurement(found, "set rate r").detail) == (RATE_ML_H, "as planned")


def test_the_balance_makes_short_windows_inconclusive_first() -> None:
    body = ExpectAccuracy(rate_ml_h=10.0, overall=5.0, trumpet=((2.0, 5.0), (31.0, 5.0)))
    nl_s = 1e7 / 3600
    found = judged(Run(evenly(nl_s), evenly(1.02 * nl_s), balance_uncertainty_nl=10_500), body, HOUR_S)
    assert found.verdict == "inconclusive"
    short, long = measurement(found, "trumpet 2 min, most"), measurement(found, "trumpet 31 min, most")
    assert (short.verdict, short.uncertainty) == ("inconclusive", pytest.approx(3.15))
    assert (long.verdict, dict(long.budget)) == ("pass", {"balance": pytest.approx(3.15 * 2 / 31)})


def test_masses_between_two_samples_are_known_to_what_flows_between_them() -> None:
    run = Run(evenly(NL_S), evenly(NL_S)).samples(0)
    begin = run.mark(0)
    run.samples(*(0.5 + second for second in range(3, 601, 7)))
    body = ExpectAccuracy(rate_ml_h=RATE_ML_H, trumpet=((2.0, 30.0),), turns=False)
    found = judge(body, run.material, run.stretch(begin, 600), True, run.context(begin))
    assert found is not None
    timing = dict(measurement(found, "trumpet 2 min, most").budget)["timing"]
    assert 100 * 7 / 120 < timing <= 2 * 100 * 7 / 120  # most of an interval at each end


def test_below_1_ml_h_the_low_flow_windows_are_taken_and_said() -> None:
    nl_s = 1e6 / 86_400  # 1 mL/day
    body = ExpectAccuracy(overall=5.0, trumpet=((15.0, 10.0),))
    found = judged(Run(evenly(nl_s), evenly(1.01 * nl_s), sample_interval_ms=60_000), body, 12 * HOUR_S, 60)
    assert found.verdict == "pass"
    interval = measurement(found, "sample interval S")
    assert (interval.value, interval.detail) == (15, "low flow windows: 15, 60, 150, 330, 570, 930 min")
    assert value(found, "set rate r") == pytest.approx(1 / 24, rel=1e-6)
    assert value(found, "overall error") == pytest.approx(1.0, abs=0.01)
    assert "whole turns" in measurement(found, "overall error").detail


def test_less_than_a_turn_leaves_a_stroke_unsure() -> None:
    nl_s = 1e6 / 86_400
    body = ExpectAccuracy(overall=5.0, windows="standard")
    found = judged(Run(evenly(nl_s), evenly(nl_s)), body, 600)
    overall = measurement(found, "overall error")
    assert (overall.verdict, overall.detail.split(",")[0]) == ("inconclusive", "over less than a turn")
    assert dict(overall.budget)["part of a turn"] == pytest.approx(100 * 19_438.991 / 6 / (600 * nl_s), rel=1e-3)


@pytest.mark.parametrize(
    ("body", "last_s", "why"),
    [
        (ExpectAccuracy(overall=5.0), 40, "the stretch lasts 0.667 min"),
        (ExpectAccuracy(trumpet=((31.0, 5.0),)), 600, "a window of 31 min needs more"),
        (ExpectAccuracy(trumpet=((2.2, 5.0),)), 600, "isn't a multiple"),
        (ExpectAccuracy(overall=5.0), 0, "no two samples"),
    ],
)
def test_what_the_stretch_is_too_short_for_is_said(body: ExpectAccuracy, last_s: int, why: str) -> None:
    found = judged(Run(evenly(NL_S), evenly(NL_S)), body, last_s)
    assert (found.verdict, why in found.detail) == ("inconclusive", True), found.detail


def test_a_stretch_of_years_is_not_cut_into_half_minutes() -> None:
    body = ExpectAccuracy(overall=5.0, windows="standard")
    found = judged(Run(evenly(NL_S), evenly(NL_S)), body, 400 * 86_400, 40 * 86_400)
    assert (found.verdict, "take the low flow windows" in found.detail) == ("inconclusive", True)


def test_a_pump_that_stands_has_no_accuracy() -> None:
    assert judged(Run(evenly(0.0), evenly(0.0)), ExpectAccuracy(overall=5.0), 600).verdict == "inconclusive"
    assert judged(Run(evenly(NL_S)), ExpectAccuracy(overall=5.0), 600).verdict == "inconclusive"  # no balance


def test_windows_that_end_in_lost_time_are_left_out() -> None:
    run = Run(evenly(NL_S), evenly(NL_S))
    run.samples(0)
    begin = run.mark(0)
    run.samples(*range(1, 601)).samples(*range(700, 1201), skipped=99)
    body = ExpectAccuracy(overall=5.0, trumpet=((2.0, 5.0),), turns=False)
    found = judge(body, run.material, run.stretch(begin, 1200), True, run.context(begin))
    assert found is not None
    assert measurement(found, "trumpet 2 min, most").detail == "31 windows"  # of 37, 3 moments lost: at both ends
    assert found.verdict == "pass"


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 400.0), st.floats(-30, 30), st.integers(0, 20_000), st.floats(1, 20))
def test_an_even_error_is_found_in_every_window(rate_ml_h: float, percent: float, off_nl: int, limit: float) -> None:
    nl_s = rate_ml_h * 1e6 / 3600
    run = Run(evenly(nl_s), evenly(nl_s * (1 + percent / 100)), balance_uncertainty_nl=off_nl)
    body = ExpectAccuracy(rate_ml_h=rate_ml_h, trumpet=((2.0, limit), (5.0, limit)), turns=False)
    found = judged(run, body, 600, 30)
    for one in found.measurements:
        if one.name.startswith("trumpet") and one.high is not None:
            assert one.value == pytest.approx(percent, abs=0.02)
            near = min(abs(one.value - limit), abs(one.value + limit)) < one.uncertainty
            assert (one.verdict == "inconclusive") == near
