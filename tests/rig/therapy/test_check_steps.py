"""Steps and times of day: what overlaps, what crosses midnight, what the change of local time does."""

from dataclasses import replace

import pytest

from rig.therapy import limits, modes, units
from rig.therapy.check import check
from rig.therapy.finding import Context, Finding
from rig.therapy.modes import FlexDay, FlexWeek, Mode, Pattern, Step
from rig.therapy.program import Program
from rig.zones import offset_at
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, MONDAY_UTC_S, program

BENCH = limits.standard("bench")


def at(text: str) -> int:
    return units.parse(text, units.END)


def step(start: str, end: str, ug_day: int = 150) -> Step:
    return Step(at(start), at(end), dose_ng_day=ug_day * 1000)


def day(*steps: Step) -> Program:
    return program(FlexDay(100_000, steps))


def week(*patterns: Pattern) -> Program:
    return program(FlexWeek(100_000, patterns))


def found(made: Program, severity: str, context: Context | None = None) -> list[Finding]:
    return [finding for finding in check(made, BENCH, context) if finding.severity == severity]


def test_steps_that_border_on_each_other_are_fine() -> None:
    assert not found(day(step("06:00", "09:00"), step("09:00", "12:00"), step("22:00", "06:00")), "hard")


def test_a_minute_of_overlap_is_told_once_with_where_to_end() -> None:
    (finding,) = found(day(step("06:00", "09:01"), step("09:00", "12:00")), "hard")
    assert finding.field == "steps[0].end"
    assert finding.what == "Step 1 goes on after 09:00, when step 2 begins."
    assert finding.fix is not None
    assert (finding.fix.title, finding.fix.edits) == ("End it at 09:00", (("steps[0].end", "09:00"),))


def test_an_overlap_across_midnight_is_found() -> None:
    (finding,) = found(day(step("05:00", "09:00"), step("22:00", "05:01")), "hard")
    assert finding.field == "steps[1].end"
    assert finding.fix is not None
    assert finding.fix.edits == (("steps[1].end", "05:00"),)


def test_weekdays_overlap_only_where_they_follow_each_other() -> None:
    night, morning = (step("22:00", "06:30"),), (step("06:00", "09:00"),)
    assert not found(week(Pattern((0,), night), Pattern((2,), morning)), "hard")
    (finding,) = found(week(Pattern((0,), night), Pattern((1,), morning)), "hard")
    assert finding.field == "days[0].steps[0].end"
    assert finding.what == "Step 1 of Mon goes on after 06:00, when step 1 of Tue begins."
    (finding,) = found(week(Pattern((6,), night), Pattern((0,), morning)), "hard")  # from Sunday into Monday
    assert "Step 1 of Sun" in finding.what


def test_steps_of_several_weekdays_are_told_once() -> None:
    pattern = Pattern((0, 1, 2, 3, 4), (step("06:00", "09:30"), step("09:00", "12:00")))
    assert len(found(week(pattern), "hard")) == 1


def test_a_weekday_may_have_one_pattern() -> None:
    (finding,) = found(week(Pattern((0, 1), ()), Pattern((1,), ())), "hard")
    assert (finding.field, finding.what) == ("days[1].weekdays", "Tue has a pattern already.")


def test_a_step_that_is_there_twice_can_be_taken_out() -> None:
    (finding,) = found(day(step("06:00", "09:00"), step("06:00", "09:00")), "hard")
    assert finding.what == "Step 2 is the same as step 1."
    assert finding.fix is not None
    assert finding.fix.edits == (("steps[1]", None),)


@pytest.mark.parametrize(("count", "hard"), [(13, 0), (14, 1)])
def test_a_day_has_at_most_13_steps(count: int, hard: int) -> None:
    steps = tuple(Step(i * HOUR_MS, i * HOUR_MS + HOUR_MS // 2, dose_ng_day=150_000) for i in range(count))
    assert len(found(program(FlexDay(100_000, steps)), "hard")) == hard


def test_midnight_is_named_and_24_00_is_not_beyond_it() -> None:
    assert not found(day(step("22:00", "24:00")), "note")
    (finding,) = found(day(step("22:00", "00:01")), "note")
    assert (finding.field, finding.what) == ("steps[0].end", "Step 1 goes on after midnight, until 00:01.")
    (finding,) = found(day(step("22:00", "22:00")), "note")
    assert "lasts 24 h" in finding.what


def test_nothing_at_all_in_between_needs_a_reason() -> None:
    made = program(FlexDay(0, (step("06:00", "09:00"),)))
    (finding,) = found(made, "soft")
    assert (finding.field, finding.what) == ("base", "Nothing flows in between: the path isn't kept open.")
    assert finding.fix is not None
    ((_, text),) = finding.fix.edits
    assert not found(program(FlexDay(units.parse(text, units.DOSE_RATE), (step("06:00", "09:00"),))), "soft")
    (finding,) = found(day(step("06:00", "09:00", 0)), "soft")
    assert finding.field == "steps[0].rate"


CLOCK = Context(now_utc_s=MONDAY_UTC_S, offset_at=offset_at("Europe/Paris"))


@pytest.mark.parametrize(
    ("mode", "field"),
    [
        (FlexDay(100_000, (step("06:00", "09:00"),)), "steps"),
        (FlexWeek(100_000, (Pattern((0,), (step("06:00", "09:00"),)),)), "days"),
        (modes.PeriodicBolus(modes.Bolus(20_000, 600_000), 6 * HOUR_MS, 100_000), "first"),
    ],
)
def test_the_next_change_of_local_time_is_named(mode: Mode, field: str) -> None:
    (finding,) = found(program(mode), "note", CLOCK)
    assert finding.field == field
    assert finding.what == (
        "On 2026-03-29 at 02:00 local clocks go forward by 1 h. The pump keeps UTC+01:00: all of it then comes 1 h "
        "later by the wall clock."
    )


def test_in_summer_it_is_the_other_way_round() -> None:
    summer = replace(CLOCK, now_utc_s=MONDAY_UTC_S + 120 * DAY_MS // 1000)
    (finding,) = found(day(step("06:00", "09:00")), "note", summer)
    assert finding.what.startswith("On 2026-10-25 at 03:00 local clocks go back by 1 h. The pump keeps UTC+02:00")
    assert finding.what.endswith("1 h earlier by the wall clock.")


@pytest.mark.parametrize(
    "mode",
    [
        modes.SimpleContinuous(100_000),
        modes.PeriodicBolus(modes.Bolus(20_000, 600_000), 5 * HOUR_MS, 100_000),  # drifts through the day anyway
    ],
)
def test_what_has_no_times_of_day_needs_no_change(mode: Mode) -> None:
    assert not [finding for finding in found(program(mode), "note", CLOCK) if "local clocks" in finding.what]


def test_boluses_whole_days_apart_go_by_the_clock() -> None:
    mode = modes.PeriodicBolus(modes.Bolus(20_000, 600_000), 2 * DAY_MS, 100_000, 6 * HOUR_MS)
    assert [finding for finding in found(program(mode), "note", CLOCK) if "local clocks" in finding.what]


def test_a_zone_without_summer_time_needs_none() -> None:
    tokyo = replace(CLOCK, offset_at=offset_at("Asia/Tokyo"))
    assert not found(day(step("06:00", "09:00")), "note", tokyo)
    assert not found(day(step("06:00", "09:00")), "note", Context())
