"""Boluses: intervals, lockouts, days and reservoirs that can't contain them."""

from dataclasses import replace

import pytest

from rig.therapy import limits, modes
from rig.therapy.check import check
from rig.therapy.finding import Context, Finding
from rig.therapy.modes import Bolus, OnDemand
from rig.therapy.program import Program
from tests.rig.therapy.bench import HOUR_MS, program

BENCH = limits.standard("bench")
MIN_MS = 60_000
BOLUS = Bolus(20_000, 40 * MIN_MS)
DEMAND = OnDemand(10_000, 5 * MIN_MS, 4, 2 * HOUR_MS)


def found(made: Program, field: str, context: Context | None = None) -> list[Finding]:
    return [finding for finding in check(made, BENCH, context) if finding.field == field]


def periodic(interval_ms: int, bolus: Bolus = BOLUS, base_ng: int = 100_000) -> Program:
    return program(modes.PeriodicBolus(bolus, interval_ms, base_ng))


def button(**values: int) -> Program:
    return program(modes.OnDemandBolus(100_000, replace(DEMAND, **values)))


@pytest.mark.parametrize(
    ("interval_ms", "begin"),
    [(7 * 24 * HOUR_MS, "the next 00:00"), (5 * HOUR_MS, "00:00 on the day"), (6 * HOUR_MS, ""), (24 * HOUR_MS, "")],
)
def test_boluses_that_drift_or_skip_days_are_moved_by_writing_again(interval_ms: int, begin: str) -> None:
    findings = found(periodic(interval_ms), "first")
    assert len(findings) == bool(begin)
    assert all(begin in finding.what for finding in findings)


def test_an_interval_must_contain_its_bolus() -> None:
    assert [one for one in found(periodic(40 * MIN_MS), "interval") if one.severity == "hard"] == []
    (finding,) = found(periodic(40 * MIN_MS - 1), "interval")
    assert finding.severity == "hard"
    assert finding.what == "The interval, 39 min 59 s, can't contain its bolus of 40 min."
    assert finding.fix is not None
    assert finding.fix.edits == (("interval", "40 min"),)


@pytest.mark.parametrize(("minutes", "expected"), [(29, ["soft"]), (30, []), (7 * 1440, []), (7 * 1440 + 1, ["soft"])])
def test_the_interval_has_limits_of_its_own(minutes: int, expected: list[str]) -> None:
    made = periodic(minutes * MIN_MS, replace(BOLUS, dose_ng=2000, duration_ms=10 * MIN_MS))
    assert [finding.severity for finding in found(made, "interval")] == expected


def test_base_and_boluses_together_keep_to_the_limit_of_a_day() -> None:
    half_hour, short = 30 * MIN_MS, replace(BOLUS, duration_ms=10 * MIN_MS)
    # 48 boluses of 20 ug are 960; the base flows two thirds of the time
    assert found(periodic(half_hour, short, 60_000), "interval") == []
    (finding,) = found(periodic(half_hour, short, 60_002), "interval")
    assert finding.severity == "soft"
    assert "base and boluses, 1000 µg, is above the soft limit of 1000 µg a day." in finding.what
    milligram = Bolus(1_000_000, 15 * MIN_MS)
    for minutes, severity, limit in ((30, "soft", "1000 µg"), (15, "hard", "50000 µg")):  # 48 mg, 96 mg
        (finding,) = [one for one in found(periodic(minutes * MIN_MS, milligram), "interval") if "total" in one.what]
        assert (finding.severity, f"the {severity} limit of {limit} a day" in finding.what) == (severity, True)


def test_a_lockout_is_no_shorter_than_its_bolus() -> None:
    assert [one for one in found(button(lockout_ms=5 * MIN_MS), "on-demand.lockout") if one.severity == "hard"] == []
    hard = [one for one in found(button(lockout_ms=5 * MIN_MS - 1), "on-demand.lockout") if one.severity == "hard"]
    assert [one.what for one in hard] == ["The lockout, 4 min 59 s, is shorter than the bolus of 5 min."]
    assert hard[0].fix is not None
    assert hard[0].fix.edits == (("on-demand.lockout", "5 min"),)


def test_a_pump_locks_for_a_day_at_most() -> None:
    assert found(button(lockout_ms=24 * HOUR_MS, max_per_day=1), "on-demand.lockout") == []
    severities = {one.severity for one in found(button(lockout_ms=24 * HOUR_MS + 1000), "on-demand.lockout")}
    assert "hard" in severities


@pytest.mark.parametrize(("most", "expected"), [(24, {"soft"}), (25, {"hard"})])
def test_a_pump_grants_24_a_day_at_most(most: int, expected: set[str]) -> None:
    made = button(dose_ng=1000, max_per_day=most, lockout_ms=30 * MIN_MS)
    assert {one.severity for one in found(made, "on-demand.max-per-day")} == expected


@pytest.mark.parametrize(("lockout_h", "fits"), [(8, 3), (9, 3), (12, 2), (24, 1)])
def test_more_than_the_lockout_lets_is_noted(lockout_h: int, fits: int) -> None:
    assert found(button(lockout_ms=lockout_h * HOUR_MS, max_per_day=fits), "on-demand.max-per-day") == []
    made = button(lockout_ms=lockout_h * HOUR_MS, max_per_day=fits + 1)
    (finding,) = found(made, "on-demand.max-per-day")
    assert finding.severity == "note"
    assert f"at most {fits} fit into 24 h, {fits + 1} are allowed" in finding.what
    assert finding.fix is not None
    assert finding.fix.edits == (("on-demand.max-per-day", fits),)


@pytest.mark.parametrize(("dose_ng", "expected"), [(100_000, []), (75_000, []), (75_001, ["soft"])])
def test_every_press_together_keeps_to_the_limit_of_a_day(dose_ng: int, expected: list[str]) -> None:
    most = 9 if dose_ng == 100_000 else 12  # 100 ug of base and 9 times 100, 12 times 75
    made = button(dose_ng=dose_ng, max_per_day=most, lockout_ms=HOUR_MS)
    assert [one.severity for one in found(made, "on-demand.max-per-day")] == expected


def test_a_bolus_of_more_than_is_left_is_refused() -> None:
    made = program(modes.SingleBolus(Bolus(50_000, 10 * MIN_MS), 100_000))  # 0.1 mL
    assert found(made, "bolus.dose", Context(reservoir_nl=100_000)) == []
    (finding,) = found(made, "bolus.dose", Context(reservoir_nl=99_999))
    assert finding.severity == "hard"
    assert "It takes 0.1 mL; the reservoir has left" in finding.what
    assert found(button(), "on-demand.dose", Context(reservoir_nl=19_000))
    assert not found(button(), "on-demand.dose", Context(reservoir_nl=20_000))
    weak = replace(made, concentration_ng_ml=1000)
    assert "holds 20 mL" in found(weak, "bolus.dose")[0].what
