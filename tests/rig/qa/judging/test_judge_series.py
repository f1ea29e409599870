"""Series of boluses, occlusions, back-pressures, and a blank."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rig.linkstate import LinkState
from rig.qa.expectations import ExpectBackPressure, ExpectBoluses, ExpectOcclusion
from rig.qa.judging.judging import blank_ug_s, judge
from rig.qa.limits import Limits, Over
from rig.qa.told import Judged, Stretch
from tests.rig.qa.judging.judge_bench import START_US, NlAt, Run, evenly

BASE_NL_S, BOLUS_NL, LASTS_S, EVERY_S = 10.0, 20_000, 20, 100
ASKED_PL = BOLUS_NL * 1000


def boluses_nl(error: float, base: float = BASE_NL_S) -> NlAt:
    """A base flow that pauses while one bolus after the other is given."""

    def volume_nl(at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        whole, part = np.divmod(at_s, EVERY_S)
        given = np.clip((part - 50) / LASTS_S, 0, 1)
        flowing_s = at_s - LASTS_S * (whole + given)
        return base * flowing_s + BOLUS_NL * (1 + error) * (whole + given)

    return volume_nl


def series(count: int, error: float = 0.0, last_s: int | None = None, step_s: int = 1, **settings: int) -> Run:
    run = Run(boluses_nl(0.0), boluses_nl(error, 1.05 * BASE_NL_S), **settings)
    run.samples(*range(0, (last_s or count * EVERY_S) + 1, step_s))
    for number in range(count):
        run.event("bolus_started", number * EVERY_S + 50, BOLUS_NL)
        if last_s is None or number * EVERY_S + 70 <= last_s:
            run.event("bolus_ended", number * EVERY_S + 50 + LASTS_S, BOLUS_NL)
    return run


def told(run: Run, body: ExpectBoluses, last_s: float) -> Judged:
    begin = Run(evenly(0.0)).mark(0)
    found = judge(body, run.material, run.stretch(begin, last_s), True, run.context(begin))
    assert found is not None
    return found


def values(found: Judged) -> dict[str, float | None]:
    return {one.name: one.value for one in found.measurements}


def test_each_bolus_is_weighed_without_what_flowed_besides() -> None:
    found = told(series(25, -0.02), ExpectBoluses(25, ASKED_PL, mean=5.0, each=5.0), 2500)
    assert found.verdict == "pass"
    assert values(found)["mean error"] == pytest.approx(-1.975, abs=0.05)  # of the base flow's error a little remains
    (curve,) = found.curves
    assert (curve.kind, curve.x[-1], len(curve.lines[0][1])) == ("boluses", 25.0, 25)
    assert [name for name, _ in curve.limits] == ["limit of each"] * 2 + ["limit of mean"] * 2
    assert curve.limits[0][1] == ((1.0, 5.0), (25.0, 5.0))


@pytest.mark.parametrize(("count", "verdict"), [(3, "pass"), (4, "fail")])
def test_they_are_counted(count: int, verdict: str) -> None:
    assert told(series(3), ExpectBoluses(count, ASKED_PL), 300).verdict == verdict


@pytest.mark.parametrize(("mean", "each", "verdict"), [(5.0, None, "fail"), (15.0, None, "pass"), (None, 9.0, "fail")])
def test_mean_and_worst_have_limits_of_their_own(mean: float | None, each: float | None, verdict: str) -> None:
    assert told(series(25, 0.1), ExpectBoluses(25, ASKED_PL, mean=mean, each=each), 2500).verdict == verdict


def test_the_mean_is_known_better_than_one_is() -> None:
    found = told(series(25, balance_uncertainty_nl=2500), ExpectBoluses(25, ASKED_PL, mean=3.0, each=3.0), 2500)
    uncertain = {one.name: one.uncertainty for one in found.measurements}
    assert uncertain["error, most"] == pytest.approx(12.5)
    assert uncertain["mean error"] == pytest.approx(0.5, abs=0.01)
    assert {one.name: one.verdict for one in found.measurements}["error, most"] == "inconclusive"


def test_samples_far_apart_take_nothing_from_a_bolus() -> None:
    found = told(series(5, step_s=30), ExpectBoluses(5, ASKED_PL, mean=5.0), 500)
    assert (found.verdict, values(found)["mean error"]) == ("pass", pytest.approx(0.1, abs=0.1))


def test_a_bolus_that_goes_on_is_counted_and_not_weighed() -> None:
    run = series(3, last_s=260)
    found = told(run, ExpectBoluses(3, ASKED_PL, mean=5.0), 260)
    assert (found.verdict, values(found)["boluses weighed"]) == ("inconclusive", 2.0)
    assert "1 of them did not end" in found.measurements[0].detail
    assert told(run, ExpectBoluses(3, ASKED_PL), 260).verdict == "pass"


def test_a_bolus_that_may_not_have_been_heard_of_is_not_missing() -> None:
    run = series(3)
    assert told(run, ExpectBoluses(4, ASKED_PL), 300).verdict == "fail"
    run.link(LinkState.LOST, 250)
    assert told(run, ExpectBoluses(4, ASKED_PL), 300).verdict == "inconclusive"


@pytest.mark.parametrize(("step_s", "unsure"), [(10, 5.0), (60, 100.0)])
def test_a_laboratory_balance_weighs_from_before_the_samples_around_a_bolus(step_s: int, unsure: float) -> None:
    run = Run(boluses_nl(0.0), evenly(0.0)).samples(0)
    begin = run.mark(0)
    run.weighed([(0.0, 0.0)])
    run.samples(*range(step_s, 301, step_s)).event("bolus_started", 55, BOLUS_NL).event("bolus_ended", 70, BOLUS_NL)
    at_s = np.arange(7, 301, 7.0)
    run.weighed(list(zip(at_s.tolist(), (boluses_nl(0.0)(at_s) * 0.998).tolist(), strict=True)))
    found = judge(ExpectBoluses(1, ASKED_PL, each=5.0), run.material, run.stretch(begin, 300), True, run.context(begin))
    assert found is not None
    most = next(one for one in found.measurements if one.name == "error, most")
    assert most.value is not None
    assert abs(most.value) <= most.uncertainty < unsure  # the truth is 0


def test_boluses_without_a_sample_around_them_are_not_weighed() -> None:
    run = Run(boluses_nl(0.0)).weighed([(0.0, 0.0), (100.0, 20_000.0)])
    run.event("bolus_started", 50, BOLUS_NL).event("bolus_ended", 70, BOLUS_NL)
    assert told(run, ExpectBoluses(1, ASKED_PL, mean=5.0), 100).verdict == "inconclusive"


def test_without_a_balance_boluses_are_only_counted() -> None:
    run = Run(boluses_nl(0.0))
    run.each_second(0, 100).event("bolus_started", 50, BOLUS_NL).event("bolus_ended", 70, BOLUS_NL)
    assert told(run, ExpectBoluses(1, ASKED_PL), 100).verdict == "pass"
    assert told(run, ExpectBoluses(1, ASKED_PL, mean=5.0), 100).verdict == "inconclusive"


def blocked(alarm_s: float | None) -> tuple[Run, ExpectOcclusion]:
    """Blocked at 100 s; 70 µL dammed up come at 400 s."""
    run = Run(
        lambda at_s: 100.0 * np.minimum(at_s, 350), lambda at_s: 100.0 * np.minimum(at_s, 100) + 70_000 * (at_s > 400)
    )
    run.each_second(0, 100)
    begin = run.mark(100)
    run.each_second(101, 400)
    if alarm_s is not None:
        run.event("occlusion", alarm_s, 70_500)
    run.material.labels["blocked"] = Stretch(begin, begin)
    run.material.labels["released"] = Stretch(run.mark(400.5), run.mark(400.5))
    run.each_second(401, 460)
    over = Over(since="blocked")
    limits = Limits(3, 5, "min"), Limits(65, 75, "kPa"), Limits(60, 80, "µL")
    return run, ExpectOcclusion(over, *limits, release="released")


def test_an_occlusion_has_its_time_pressure_and_release() -> None:
    run, body = blocked(350.0)
    found = judge(
        body, run.material, run.stretch(run.material.labels["blocked"].begin, 460), True, run.context(run.mark(0))
    )
    assert found is not None
    assert found.verdict == "pass"
    assert list(values(found).values()) == [pytest.approx(250 / 60), 70.5, pytest.approx(70.0)]
    assert found.at_us == START_US + 350_000_000
    (curve,) = found.curves
    assert (curve.kind, curve.x[0], round(curve.x[-1])) == ("occlusion", 1 / 60, 6)


@pytest.mark.parametrize(("alarm_s", "verdict"), [(None, "fail"), (450.0, "fail"), (250.0, "fail")])
def test_no_alarm_or_one_at_another_time_fails(alarm_s: float | None, verdict: str) -> None:
    run, body = blocked(alarm_s)
    found = judge(
        body, run.material, run.stretch(run.material.labels["blocked"].begin, 460), True, run.context(run.mark(0))
    )
    assert found is not None
    assert found.verdict == verdict


def at_pressures(k_per_mmhg: float) -> tuple[Run, ExpectBackPressure]:
    """10 minutes each at -100, 0, 100 and 300 mmHg."""
    mmhg = np.array([-100.0, 0.0, 100.0, 300.0])
    rates = 100 * (1 - k_per_mmhg * mmhg)
    edges_s = np.arange(5) * 600.0
    run = Run(evenly(100.0), lambda at_s: np.interp(at_s, edges_s, np.concatenate(([0.0], np.cumsum(rates * 600)))))
    run.samples(0)
    labelled = []
    for number, pressure in enumerate(mmhg.tolist()):
        begin = run.mark(number * 600)
        run.each_second(number * 600 + 1, number * 600 + 600)
        label = f"p{number}"
        run.material.labels[label] = run.stretch(begin, number * 600 + 600)
        labelled.append((pressure, label))
    return run, ExpectBackPressure(tuple(labelled), 15.0)


@pytest.mark.parametrize(("k_per_mmhg", "verdict"), [(0.0004, "pass"), (0.0006, "fail"), (0.0, "pass")])
def test_back_pressure_is_against_none(k_per_mmhg: float, verdict: str) -> None:
    run, body = at_pressures(k_per_mmhg)
    found = judge(body, run.material, run.stretch(run.mark(0), 2400), True, run.context(run.mark(0)))
    assert found is not None
    assert found.verdict == verdict
    assert values(found)["flow at 300 mmHg against 0"] == pytest.approx(-30_000 * k_per_mmhg, abs=0.01)
    (curve,) = found.curves
    assert curve.x == (-100.0, 0.0, 100.0, 300.0)


def test_back_pressure_is_over_whole_turns_of_the_rotor() -> None:
    turn_s = 19_438.991 / 100

    def rippling(at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return 100 * at_s + 3000 * np.sin(2 * np.pi * at_s / turn_s)

    run = Run(evenly(100.0), rippling).samples(0)
    for number, (begin_s, end_s) in enumerate([(0, 550), (600, 1050)]):
        begin = run.mark(begin_s)
        run.each_second(begin_s + 1, end_s)
        run.material.labels[f"p{number}"] = run.stretch(begin, end_s)
        run.each_second(end_s + 1, 600 * (number + 1))
    body = ExpectBackPressure(((0.0, "p0"), (100.0, "p1")), 1.0)
    found = judge(body, run.material, run.stretch(run.mark(0), 1200), True, run.context(run.mark(0)))
    assert found is not None
    assert values(found)["flow at 100 mmHg against 0"] == pytest.approx(0.0, abs=0.05)


def test_a_blank_shows_what_evaporates() -> None:
    run = Run(evenly(0.0), evenly(-27.8), balance_uncertainty_nl=100)
    run.each_second(0, 10)
    begin = run.mark(10)
    run.each_second(11, 1810)
    found = blank_ug_s(run.material, run.stretch(begin, 1810))
    assert found is not None
    assert found[0] == pytest.approx(27.8 * 0.998, rel=1e-4)
    assert found[1] == pytest.approx(100 * 0.998 / 1800, rel=0.05)
    assert blank_ug_s(Run(evenly(0.0)).material, run.stretch(begin, 1810)) is None
