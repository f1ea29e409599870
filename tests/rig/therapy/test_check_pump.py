"""The pump itself: its own limits, its identity, what lasts; screening, trial and prime."""

from dataclasses import replace

import pytest

from firmware_link.vocabulary import SETTINGS
from rig.therapy import limits, modes
from rig.therapy.check import check
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context, Finding
from rig.therapy.modes import Bolus, Given, Screening, SimpleContinuous, Step
from rig.therapy.program import Program
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, MONDAY_UTC_S, program

BENCH, SPINAL = limits.standard("bench"), limits.standard("spinal")
USUAL = {row[1]: row[4] for row in SETTINGS}
ID = "00112233aabbccdd"


def pump(**settings: int) -> Context:
    return Context(settings=USUAL | settings, device_id=ID)


def found(made: Program, context: Context | None = None, severity: str = "hard") -> list[Finding]:
    return [finding for finding in check(made, BENCH, context) if finding.severity == severity]


def fields(made: Program, context: Context | None = None, severity: str = "hard") -> list[str]:
    return [finding.field for finding in found(made, context, severity)]


# The pump's own limits


def test_a_cycle_faster_on_average_than_the_pump_allows_is_refused() -> None:
    made = program(SimpleContinuous(432_000))  # 0.864 mL/day at 500 ug/mL: 10,000 pl/s
    assert found(made, pump(maximum_flow_pl_s=10_000)) == []
    (finding,) = found(made, pump(maximum_flow_pl_s=9_999))
    assert finding.field == "dose"
    assert "0.864 mL/day on average is above this pump's own limit of 0.863914 mL/day" in finding.what


def test_a_step_may_be_as_fast_as_a_bolus_while_its_day_is_slow() -> None:
    made = program(modes.FlexDay(100_000, (Step(0, HOUR_MS, dose_ng_day=432_000),)))
    assert found(made, pump(maximum_flow_pl_s=9_999, maximum_bolus_flow_pl_s=10_000)) == []
    (finding,) = found(made, pump(maximum_flow_pl_s=9_999, maximum_bolus_flow_pl_s=9_999))
    assert finding.field == "steps[0].rate"
    assert finding.fix is not None
    assert finding.fix.title == "Lower to 431.956 µg/day"


@pytest.mark.parametrize(("limit", "expected"), [(166_667, []), (166_666, ["bolus.duration"])])
def test_a_bolus_keeps_to_the_pumps_own_limit(limit: int, expected: list[str]) -> None:
    made = program(modes.SingleBolus(Bolus(50_000, 600_000), 100_000))  # 0.1 mL in 10 min
    assert fields(made, pump(maximum_bolus_flow_pl_s=limit)) == expected


def test_more_segments_than_a_pump_holds_are_refused() -> None:
    assert fields(program(modes.Taper(279_000, 24_000, 1000, DAY_MS))) == []
    (finding,) = found(program(modes.Taper(280_000, 24_000, 1000, DAY_MS)))
    assert "a pump holds" in finding.what


def test_a_program_for_another_pump_is_refused() -> None:
    assert found(program(device=ID), pump()) == []
    assert found(program(device=""), pump()) == []
    assert found(program(device="0123456789abcdef")) == []
    (finding,) = found(program(device="0123456789abcdef"), pump())
    assert finding.field == "device"
    assert finding.fix is not None
    assert finding.fix.edits == (("device", ID),)


def test_another_reservoir_than_the_profiles_asks_for_a_reason() -> None:
    assert fields(program(), pump(), "soft") == []
    (finding,) = found(program(), pump(reservoir_nl=40_000_000), "soft")
    assert finding.field == "pump"
    assert "has a reservoir of 20 mL; this pump's is 40 mL" in finding.what


# What lasts


def test_a_reservoir_that_is_soon_low_asks_for_a_reason() -> None:
    weekly = program(SimpleContinuous(1_000_000), reservoir_ml=16)  # 14 mL at 2 mL a day
    assert [one.field for one in check(weekly, SPINAL) if "reservoir lasts" in one.what] == []
    faster = program(SimpleContinuous(1_000_001), reservoir_ml=16)
    (finding,) = [one for one in check(faster, SPINAL) if "reservoir lasts" in one.what]
    assert (finding.severity, finding.field) == ("soft", "dose")
    assert "7 d is the least of Spinal" in finding.what


def test_the_drugs_stability_ends_what_volume_would_not() -> None:
    assert any("180 days" in one.what for one in found(program(SimpleContinuous(100_000), 2000), None, "note"))
    assert not any("180 days" in one.what for one in found(program(SimpleContinuous(350_000), 2000), None, "note"))


def test_battery_and_tube_before_the_refill_are_noted() -> None:
    made = program()  # 90 days
    fresh = Context(charge_permille=1000, tube_permille=0, reservoir_nl=20_000_000)
    assert found(made, fresh, "note") == []
    (finding,) = found(made, replace(fresh, charge_permille=100), "note")
    assert finding.what.startswith("The battery is near its end in 52")
    (finding,) = found(made, replace(fresh, charge_permille=80), "note")
    assert finding.what.startswith("The battery is near its end now, before")
    (finding,) = found(made, replace(fresh, tube_permille=980), "note")
    assert finding.what.startswith("The tube is due for service in 64")
    (finding,) = found(made, replace(fresh, reservoir_nl=2_050_000), "note")
    assert finding.what == "The reservoir lasts 6 h with what is in it now."


# Screening, trial, prime

DAY_S = 86_400
FIRST = Given(50_000, MONDAY_UTC_S)


@pytest.mark.parametrize(
    ("given", "after_s", "field"),
    [
        ((), 0, None),
        ((FIRST,), DAY_S, "given[0].verdict"),
        ((replace(FIRST, verdict="no response"),), DAY_S - 1, "given"),
        ((replace(FIRST, verdict="no response"),), DAY_S, None),
        ((replace(FIRST, verdict="response", effect_ms=6 * HOUR_MS),), DAY_S, "given"),
        ((replace(FIRST, dose_ng=100_000, verdict="no response"),), DAY_S, "given"),
    ],
)
def test_the_next_screening_bolus_waits_for_a_verdict_and_a_day(
    given: tuple[Given, ...], after_s: int, field: str | None
) -> None:
    made = program(Screening(600_000, given), 50)
    findings = found(made, Context(now_utc_s=MONDAY_UTC_S + after_s))
    assert [finding.field for finding in findings] == ([field] if field else [])
    timeless = found(made)  # without a clock only the verdict counts
    assert bool(timeless) == (field is not None and after_s == DAY_S)


def test_what_was_given_must_be_possible_and_in_order() -> None:
    first, second = replace(FIRST, verdict="no response"), replace(FIRST, given_utc_s=MONDAY_UTC_S + DAY_S)
    larger = replace(first, dose_ng=75_000)
    backwards = program(Screening(600_000, (larger, replace(second, verdict="no response"))), 50)
    (finding,) = found(backwards, Context(now_utc_s=MONDAY_UTC_S + 3 * DAY_S), "soft")
    assert finding.field == "given[1].dose"
    long = program(Screening(600_000, (replace(FIRST, verdict="response", effect_ms=399 * DAY_S * 1000),)), 50)
    fields = [finding.field for finding in found(long, Context(now_utc_s=MONDAY_UTC_S + 367 * DAY_S))]
    assert fields == ["given", "given[0].effect"]
    gap = program(Screening(600_000, (FIRST, replace(second, dose_ng=75_000, verdict="no response"))), 50)
    assert [finding.field for finding in found(gap)] == ["given[0].verdict"]


def test_a_prime_of_the_pump_alone_ends_before_the_tip() -> None:
    (finding,) = found(program(modes.Prime(("pump",), 20 * 10**9)), severity="note")
    assert "the drug would be at the end of the pump's path after 14.4 min" in finding.what


def test_a_prime_with_nothing_to_fill_is_refused() -> None:
    made = replace(program(modes.Prime(("catheter",), 2 * 10**9)), trimmed_um=1_100_000)
    (finding,) = found(made)
    assert finding.field == "paths"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"step_ng_day": 50_001}, ["step"]),
        ({"every_ms": 12 * HOUR_MS - 1}, ["every"]),
        ({"dose_ng_day": 100_001}, ["dose"]),
    ],
)
def test_a_trial_faster_than_the_published_asks_for_a_reason(values: dict[str, int], expected: list[str]) -> None:
    trial = replace(modes.InfusionTrial(100_000, 50_000, 12 * HOUR_MS, 900_000), **values)
    assert fields(program(trial), None, "soft") == expected


def test_a_fast_prime_says_when_the_drug_comes() -> None:
    made = program(modes.Prime(("pump", "catheter"), 20 * 10**9, 100_000))
    (finding,) = found(made, None, "note")
    assert finding.field == "flow"
    assert "Unmixed, the drug would be at the tip after 31.1 min" in finding.what
    assert "10 % after 15.1 min" in finding.what
    assert "37.8 µg come early" in finding.what


def test_priming_a_pump_at_work_is_told_as_the_bolus_that_it_is() -> None:
    made = program(modes.Prime(("pump", "catheter"), 20 * 10**9, 100_000))
    held = replace(pump(), held=compile_program(program(), 0, 0))
    (finding,) = [one for one in found(made, held, "soft") if one.field == "paths"]
    assert "gives 215.7 µg in 31.1 min" in finding.what
    assert fields(made, pump(), "soft") == []
