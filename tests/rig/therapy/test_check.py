"""Soft and hard limits, and the unit mistake: every limit on both sides of it."""

from dataclasses import replace
from typing import Any

import pytest

from rig.therapy import limits, modes, units
from rig.therapy.check import check, located
from rig.therapy.finding import Finding
from rig.therapy.modes import Bolus, OnDemand, SimpleContinuous, Step
from rig.therapy.program import Program
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, program

BENCH = limits.standard("bench")
STEP = Step(22 * HOUR_MS, 6 * HOUR_MS)
BOLUS = Bolus(50_000, 600_000)
DEMAND = OnDemand(20_000, 600_000, 4, 2 * HOUR_MS)


def found(made: Program, field: str) -> list[Finding]:
    return [finding for finding in check(made, BENCH) if finding.field == field and finding.severity != "note"]


def severities(made: Program, field: str) -> set[str]:
    return {finding.severity for finding in found(made, field)}


def continuous(value: int) -> Program:
    return program(SimpleContinuous(value))


def flex(**step: Any) -> Program:
    return program(modes.FlexDay(100_000, (replace(STEP, **step),)))


def week(value: int) -> Program:
    return program(modes.FlexWeek(100_000, (modes.Pattern((0, 1), (replace(STEP, dose_ng_day=value),)),)))


#: (field, program with a dose a day of this many ng there)
DOSES = {
    "dose": continuous,
    "base": lambda ng: program(modes.OnDemandBolus(ng, DEMAND)),
    "steps[0].rate": lambda ng: flex(dose_ng_day=ng),
    "days[0].steps[0].rate": week,
    "old-dose": lambda ng: program(modes.Bridge(500_000, ng, 100_000)),
    "target": lambda ng: program(modes.Titration(100_000, ng, 2000)),
}


@pytest.mark.parametrize("field", DOSES)
def test_every_dose_a_day_is_limited_on_both_sides(field: str) -> None:
    allowed = BENCH.ranges["dose"]
    # At 1 ug/mL more than a dose of 24 ug/day is too fast, at 2 mg/mL one below 96 too slow: 500 ug/mL for the rest.
    assert severities(DOSES[field](allowed.soft_high), field) == set()
    assert severities(DOSES[field](allowed.soft_high + 1), field) == {"soft"}
    assert "hard" not in severities(DOSES[field](12_000_000), field)  # 24 mL/day
    assert severities(DOSES[field](12_000_001), field) == {"hard"}
    assert severities(DOSES[field](24_000), field) == set()  # 0.048 mL/day
    assert severities(DOSES[field](23_999), field) == {"soft"}
    assert severities(DOSES[field](3000), field) == {"soft"}  # 0.006 mL/day
    assert severities(DOSES[field](2999), field) == {"hard"}


@pytest.mark.parametrize(("ng", "expected"), [(100_000, set()), (99, {"hard"}), (100, {"soft"}), (9999, {"soft"})])
def test_the_dose_has_limits_of_its_own(ng: int, expected: set[str]) -> None:
    dilute = replace(continuous(ng), concentration_ng_ml=1000 if ng < 100_000 else 50_000)
    assert {one.severity for one in found(dilute, "dose")} == expected


@pytest.mark.parametrize(("ng", "expected"), [(50_000_000, "soft"), (50_000_001, "hard")])
def test_the_hard_limit_of_the_dose_holds(ng: int, expected: str) -> None:
    assert severities(replace(continuous(ng), concentration_ng_ml=10_000_000), "dose") == {expected}


@pytest.mark.parametrize(
    ("ul_day", "expected"),
    [(59, {"hard"}), (60, {"soft"}), (99, {"soft"}), (100, set()), (1000, set()), (1001, {"hard"})],
)
def test_a_pumps_profile_narrows_the_range_of_flows(ul_day: int, expected: set[str]) -> None:
    pump = replace(program().pump, minimum_pl_day=60 * 10**6, flow_low_pl_day=10**8, flow_high_pl_day=10**9)
    assert severities(replace(continuous(ul_day * 500), pump=pump), "dose") == expected


@pytest.mark.parametrize(
    ("ng_ml", "expected"),
    [
        (999, {"hard"}),
        (1000, {"soft"}),
        (49_999, {"soft"}),
        (50_000, set()),
        (2_000_000, set()),
        (2_000_001, {"soft"}),
        (10_000_000, {"soft"}),
        (10_000_001, {"hard"}),
    ],
)
def test_the_concentration_is_limited(ng_ml: int, expected: set[str]) -> None:
    made = replace(continuous(100_000), concentration_ng_ml=ng_ml)
    assert severities(made, "concentration") == expected
    bridge = program(modes.Bridge(ng_ml, 100_000, 100_000))
    assert severities(bridge, "old-concentration") == expected


@pytest.mark.parametrize(
    ("ng", "expected"), [(99, {"hard"}), (999, {"soft"}), (1000, set()), (100_000, set()), (1_000_000, {"soft"})]
)
def test_the_dose_of_every_bolus_is_limited(ng: int, expected: set[str]) -> None:
    bolus, demand = replace(BOLUS, dose_ng=ng), replace(DEMAND, dose_ng=ng)
    for mode in (
        SimpleContinuous(100_000, bolus),
        modes.SingleBolus(bolus, 100_000),
        modes.PeriodicBolus(bolus, 6 * HOUR_MS, 100_000),
    ):
        assert severities(program(mode), "bolus.dose") == expected
    assert severities(program(modes.OnDemandBolus(100_000, demand)), "on-demand.dose") == expected


def test_a_bolus_dose_beyond_a_milligram_is_refused() -> None:
    made = program(modes.SingleBolus(replace(BOLUS, dose_ng=1_000_001, duration_ms=HOUR_MS), 100_000))
    assert severities(made, "bolus.dose") == {"hard"}


@pytest.mark.parametrize(
    ("ms", "expected"),
    [(11_999, {"hard"}), (12_000, {"soft"}), (29_999, {"soft"}), (30_000, set()), (DAY_MS, set())],
)
def test_a_bolus_that_is_too_fast_is_a_finding_about_its_duration(ms: int, expected: set[str]) -> None:
    made = program(modes.SingleBolus(replace(BOLUS, duration_ms=ms), 100_000))  # 0.1 mL: 720 and 288 mL/day
    assert severities(made, "bolus.duration") == expected
    for finding in found(made, "bolus.duration"):
        assert finding.fix is not None
        assert finding.fix.title == "Take 30 s"
        assert finding.fix.edits == (("bolus.duration", "30 s"),)


@pytest.mark.parametrize(("ml_day", "expected"), [(288, set()), (289, {"soft"}), (720, {"soft"}), (721, {"hard"})])
def test_a_prime_may_be_as_fast_as_a_bolus(ml_day: int, expected: set[str]) -> None:
    made = program(modes.Prime(("pump", "catheter"), ml_day * 10**9, 100_000))
    assert severities(made, "flow") == expected


def test_the_screening_is_for_its_own_concentration() -> None:
    screening = modes.Screening(600_000)
    assert severities(program(screening, 50), "concentration") == set()
    (finding,) = found(program(screening, 500), "concentration")
    assert (finding.severity, finding.fix and finding.fix.edits) == ("soft", (("concentration", "50 ug/mL"),))
    assert severities(program(screening, 2001), "concentration") == {"hard"}
    assert severities(program(modes.Screening(240_000), 50), "duration") == {"soft"}  # 2 mL in 4 min
    assert severities(program(modes.Screening(239_999), 50), "duration") == {"hard"}
    assert severities(program(modes.Screening(600_000), 50), "duration") == set()


@pytest.mark.parametrize(("maximum_ug", "expected"), [(900, set()), (901, {"hard"})])
def test_an_infusion_trial_ends_at_900_ug_a_day(maximum_ug: int, expected: set[str]) -> None:
    trial = modes.InfusionTrial(100_000, 50_000, 12 * HOUR_MS, maximum_ug * 1000)
    assert severities(program(trial), "maximum") == expected


@pytest.mark.parametrize(
    ("most", "lockout_min", "field", "expected"),
    [
        (12, 60, "on-demand.max-per-day", set()),
        (13, 60, "on-demand.max-per-day", {"soft"}),
        (4, 30, "on-demand.lockout", set()),
        (4, 29, "on-demand.lockout", {"soft"}),
    ],
)
def test_how_often_the_button_may_be_pressed_is_limited(
    most: int, lockout_min: int, field: str, expected: set[str]
) -> None:
    demand = replace(DEMAND, dose_ng=1000, duration_ms=60_000, max_per_day=most, lockout_ms=lockout_min * 60_000)
    made = program(modes.OnDemandBolus(100_000, demand))
    assert severities(made, field) == expected
    for finding in found(made, "on-demand.max-per-day"):
        assert finding.fix is not None
        assert finding.fix.edits == (("on-demand.max-per-day", 12),)


def test_milligrams_for_micrograms_are_named_as_such() -> None:
    (finding,) = found(continuous(100_000_000), "dose")
    assert finding.severity == "hard"
    assert "unit mistake by the factor of 1000 (mg for µg)" in finding.what
    assert "a thousandth of it, 100 µg/day" in finding.what
    assert finding.fix is not None
    assert finding.fix.title == "Read it as 100 µg/day"
    assert finding.fix.edits == (("flow", None), ("dose", "100 ug/day"))


@pytest.mark.parametrize(
    ("made", "field", "title"),
    [
        (continuous(100), "dose", "Read it as 100 µg/day"),
        (program(ug_ml=500_000), "concentration", "Read it as 500 µg/mL"),
        (replace(program(), concentration_ng_ml=2000), "concentration", "Read it as 2000 µg/mL"),
        (program(modes.SingleBolus(replace(BOLUS, dose_ng=50), 100_000)), "bolus.dose", "Read it as 50 µg"),
        (flex(dose_ng=50_000_000), "steps[0].dose", "Read it as 50 µg"),
        (flex(dose_ng_day=150_000_000), "steps[0].rate", "Read it as 150 µg/day"),
    ],
)
def test_a_factor_of_1000_either_way_is_named_wherever_it_is(made: Program, field: str, title: str) -> None:
    (finding,) = found(made, field)[:1]
    assert "factor of 1000" in finding.what
    assert finding.fix is not None
    assert finding.fix.title == title


def test_a_flow_mixes_up_millilitres_and_microlitres() -> None:
    (finding,) = found(program(modes.Prime(("pump",), 2000 * 10**9)), "flow")
    assert "(mL for µL): a thousandth of it, 2 mL/day, is usual." in finding.what
    assert finding.fix is not None
    assert finding.fix.edits == (("flow", "2 mL/day"),)


def test_what_no_factor_of_1000_explains_is_not_called_a_unit_mistake() -> None:
    (finding,) = found(continuous(5_000_000), "dose")  # a thousandth, 5 ug/day, would be unusual too
    assert "1000 (" not in finding.what
    assert finding.fix is not None
    assert finding.fix.title == "Lower to 1000 µg/day"


def test_a_fix_brings_a_value_within_its_limit() -> None:
    made = flex(dose_ng=400_000)  # in 8 h: 1200 ug/day
    (finding,) = found(made, "steps[0].dose")
    assert finding.fix is not None
    ((path, text),) = finding.fix.edits
    assert path == "steps[0].dose"
    assert not found(flex(dose_ng=units.parse(text, units.DOSE)), "steps[0].dose")


def test_a_wrong_concentration_is_not_told_again_as_a_flow() -> None:
    assert [one.field for one in check(program(ug_ml=500_000), BENCH) if one.severity != "note"] == ["concentration"]


def test_findings_come_worst_first() -> None:
    made = program(SimpleContinuous(100_000_000, replace(BOLUS, dose_ng=200_000)))
    assert [one.severity for one in check(made, BENCH)][:2] == ["hard", "soft"]


def test_a_flow_stands_where_a_file_has_no_dose() -> None:
    assert located({"flow": "1 mL/day"}, "dose") == "flow"
    assert located({"dose": "100 ug/day"}, "dose") == "dose"
    assert located({"percent": "+20 %"}, "target") == "percent"
    assert located({"flow": "1 mL/day", "dose": "1 ug/day"}, "flow") == "flow"


def test_no_remedy_turns_a_taper_upside_down() -> None:
    (finding,) = found(program(modes.Taper(1_000_001, 1_000_000, 1000)), "dose")
    assert finding.fix is None
    (finding,) = found(program(modes.Taper(24_000, 5000, 1000)), "target")
    assert finding.fix is None
    (finding,) = found(program(modes.Taper(24_001, 5000, 1000)), "target")
    assert finding.fix is not None
    assert finding.fix.title == "Raise to 24 µg/day"  # 10 would be usual as a dose, and too little as a flow
