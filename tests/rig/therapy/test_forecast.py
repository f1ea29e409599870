from typing import Any

import pytest

from firmware_link.errors import UsageError
from rig.therapy import modes
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.flowing import Flowing
from rig.therapy.forecast import Forecast, battery_life_days, forecast
from rig.therapy.modes import Bolus, OnDemand, Pattern, Step
from rig.therapy.program import Program
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, MONDAY_UTC_S, PUMP, program

NOW_UTC_S = MONDAY_UTC_S + 10 * 3600
DAY_S = 86_400
FOUR_A_DAY = OnDemand(25_000, 300_000, 4, 2 * HOUR_MS)


def told(made: Program, **known: Any) -> Forecast:
    return forecast(made, Context(now_utc_s=NOW_UTC_S, **known))


def steady(ug_day: int, ug_ml: int, reservoir_ml: int) -> Program:
    return program(modes.SimpleContinuous(ug_day * 1000), ug_ml, reservoir_ml)


@pytest.mark.parametrize(
    ("reservoir_ml", "ug_ml", "ug_day", "days"),
    [(40, 2000, 500, 152.0), (20, 500, 200, 45.0), (20, 2000, 350, 102.9), (40, 500, 800, 23.8)],
)
def test_the_refill_is_due_when_the_low_level_is_reached(
    reservoir_ml: int, ug_ml: int, ug_day: int, days: float
) -> None:
    found = told(steady(ug_day, ug_ml, reservoir_ml))  # domain.md's reference values
    assert found.refill_days == pytest.approx(days, abs=0.0501)  # given to a tenth
    assert not found.capped


def test_the_drugs_stability_caps_the_refill_interval() -> None:
    found = told(steady(100, 2000, 20))  # 360 days by volume
    assert found.refill_days == 180
    assert found.capped


@pytest.mark.parametrize(("ml_day", "years"), [(0.5, 6.5), (1.0, 5.65), (1.5, 5.0), (4, 3.2), (0.0, 7.0)])
def test_the_battery_lasts_by_the_flow(ml_day: float, years: float) -> None:
    assert battery_life_days(PUMP, round(ml_day * 1e9)) / 365.25 == pytest.approx(years, abs=0.05)


def test_the_eri_comes_at_eight_per_cent_of_the_charge() -> None:
    made = steady(500, 500, 20)  # 1 mL a day
    life = battery_life_days(PUMP, 10**9)
    assert told(made).eri_days == pytest.approx(0.92 * life)
    half = told(made, charge_permille=500)
    assert half.eri_days == pytest.approx(0.42 * life)
    assert half.eri_utc_s == NOW_UTC_S + int(half.eri_days * DAY_S)
    assert told(made, charge_permille=80).eri_days == 0
    assert told(made, charge_permille=500, settings={"eri_permille": 100}).eri_days == pytest.approx(0.4 * life)


def test_what_is_in_the_reservoir_now_gives_a_date() -> None:
    found = told(steady(200, 500, 20), reservoir_nl=6_000_000)
    assert found.left_days == pytest.approx(10.0)
    assert found.refill_utc_s == pytest.approx(NOW_UTC_S + 10 * DAY_S, abs=1)
    assert told(steady(200, 500, 20), reservoir_nl=1_900_000).left_days == 0
    early = told(steady(200, 500, 20), reservoir_nl=6_000_000, settings={"low_reservoir_nl": 4_000_000})
    assert early.left_days == pytest.approx(5.0)
    unknown = told(steady(200, 500, 20))
    assert (unknown.left_days, unknown.refill_utc_s) == (None, None)
    assert forecast(steady(200, 500, 20), Context(reservoir_nl=6_000_000)).refill_utc_s is None


def test_every_allotted_bolus_counts_in_the_worst_case() -> None:
    found = told(program(modes.OnDemandBolus(100_000, FOUR_A_DAY)))
    assert (found.day_total_ng, found.heaviest_day_ng) == (100_000, 100_000)
    assert found.worst_day_pl == 400_000_000  # 0.2 mL and four times 0.05
    assert found.refill_days == pytest.approx(18 / 0.4)
    seldom = OnDemand(25_000, 300_000, 4, 12 * HOUR_MS)  # the lockout allows two
    assert told(program(modes.OnDemandBolus(100_000, seldom))).worst_day_pl == 300_000_000


def test_periodic_boluses_are_part_of_the_day() -> None:
    mode = modes.PeriodicBolus(Bolus(10_000, 600_000), 6 * HOUR_MS, 0)
    found = told(program(mode))
    assert found.day_total_ng == found.heaviest_day_ng == 40_000
    uneven = told(program(modes.PeriodicBolus(Bolus(10_000, 600_000), 5 * HOUR_MS, 0)))
    assert uneven.day_total_ng == 48_000
    assert uneven.heaviest_day_ng == 50_000  # five boluses in 24 h


def test_a_week_has_a_mean_and_a_heaviest_day() -> None:
    weekend = Pattern((5, 6), (Step(0, 12 * HOUR_MS, dose_ng_day=300_000),))
    found = told(program(modes.FlexWeek(100_000, (weekend,), FOUR_A_DAY)))
    assert found.heaviest_day_ng == 200_000
    assert found.day_total_ng == pytest.approx((5 * 100_000 + 2 * 200_000) / 7, abs=1)
    assert found.worst_day_pl == 600_000_000


@pytest.mark.parametrize(
    "mode",
    [
        modes.Bridge(2_000_000, 400_000, 200_000),
        modes.SimpleContinuous(200_000, Bolus(100_000, HOUR_MS)),
        modes.Titration(100_000, 300_000, 2000, 5 * DAY_MS),
        modes.FlexWeek(200_000, (Pattern((0, 1), (Step(0, 0, dose_ng=400_000),)),)),
    ],
)
def test_the_refill_follows_the_true_course(mode: modes.Mode) -> None:
    made = program(mode)
    found = told(made, reservoir_nl=8_000_000)
    course = Flowing(compile_program(made, NOW_UTC_S, 0), NOW_UTC_S)
    for days, volume_ml in ((found.refill_days, 18), (found.left_days, 6)):
        assert days is not None
        assert course.volume_pl(round(days * DAY_S * 1e6)) == pytest.approx(volume_ml * 1e9, abs=10)


def test_a_bolus_or_a_trial_makes_its_own_day_the_heaviest() -> None:
    found = told(program(modes.SimpleContinuous(100_000, Bolus(50_000, HOUR_MS))))
    assert found.day_total_ng == 100_000
    assert found.heaviest_day_ng == pytest.approx(50_000 + 100_000 * 23 / 24, abs=1)
    taper = told(program(modes.Taper(200_000, 0, 100_000)))
    assert (taper.day_total_ng, taper.heaviest_day_ng) == (200_000, 200_000)
    assert (taper.refill_days, taper.tube_days) == (None, None)
    trial = told(program(modes.InfusionTrial(100_000, 50_000, 12 * HOUR_MS, 300_000)))
    assert trial.day_total_ng == trial.heaviest_day_ng == 300_000
    bridge = told(program(modes.Bridge(500_000, 200_000, 150_000), 2000))
    assert bridge.heaviest_day_ng == 200_000  # of the old drug, at the old concentration


@pytest.mark.parametrize("mode", [modes.Stopped("test", HOUR_MS), modes.SingleBolus(Bolus(50_000, HOUR_MS, "stop"))])
def test_a_pump_that_stands_needs_no_refill(mode: modes.Mode) -> None:
    found = told(program(mode), reservoir_nl=10_000_000)
    assert (found.refill_days, found.left_days, found.refill_utc_s, found.tube_days) == (None, None, None, None)
    assert not found.capped
    assert found.eri_days == PUMP.battery_cap_days  # its charge would last longer


def test_a_bolus_that_empties_the_reservoir_is_told_though_nothing_follows() -> None:
    found = told(program(modes.SingleBolus(Bolus(500_000, HOUR_MS, "stop"))), reservoir_nl=2_500_000)
    assert found.left_days == pytest.approx(0.5 / 24)


def test_the_tube_wears_by_compressions() -> None:
    found = told(steady(500, 500, 20))
    assert found.tube_days == pytest.approx(200_000 * 19.438991 / 6 / 1000, rel=1e-6)  # 1 mL a day
    assert told(steady(500, 500, 20), tube_permille=750).tube_days == pytest.approx(found.tube_days / 4)
    assert told(steady(500, 500, 20), tube_permille=1200).tube_days == 0


def test_a_changed_concentration_sends_a_front() -> None:
    assert told(steady(200, 500, 20)).front is None
    assert told(steady(200, 500, 20), held_concentration_ng_ml=500_000).front is None
    assert told(steady(200, 500, 20), held_concentration_ng_ml=2_000_000).front is not None


def test_a_screening_that_must_wait_has_no_forecast() -> None:
    given = modes.Given(50_000, NOW_UTC_S - 3600)
    with pytest.raises(UsageError, match="verdict"):
        told(program(modes.Screening(60_000, (given,)), ug_ml=50))


def test_an_occlusion_is_noticed_late_where_the_flow_is_slow() -> None:
    slow = told(steady(25, 500, 20), settings={"occlusion_pa": 70_000})  # 0.05 mL a day
    assert slow.occlusion_s is not None
    assert slow.occlusion_s / 3600 == pytest.approx(33.6)
    assert told(program(modes.Stopped("Holiday", HOUR_MS))).occlusion_s is None
