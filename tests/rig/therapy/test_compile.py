from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from firmware_link.vocabulary import MAX_SEGMENTS
from rig.firmware.program import Program as DeviceProgram
from rig.firmware.program import cumulative
from rig.therapy import layout, modes
from rig.therapy.compile import (
    LONGEST_MS,
    base_pl_day,
    compile_program,
    local_midnight_utc_s,
    local_monday_utc_s,
)
from rig.therapy.modes import Bolus, OnDemand, Pattern, Step
from rig.therapy.program import volume_pl
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, MONDAY_UTC_S, NOON_UTC_S, compiled, program

ON_DEMAND = OnDemand(25_000, 5 * 60_000, 4, 2 * HOUR_MS + 1)


def step(start_h: float, end_h: float, **given: int) -> Step:
    return Step(round(start_h * HOUR_MS), round(end_h * HOUR_MS), **given)


def made_pl(device: DeviceProgram, from_h: float, to_h: float) -> int:
    """What the cycle alone delivers between two hours after its anchor."""
    cycle = DeviceProgram(0, 0, (), device.cycle)
    return int(cumulative(cycle, round(to_h * 3.6e9), 0) - cumulative(cycle, round(from_h * 3.6e9), 0))


def test_a_continuous_dose_is_a_day_of_its_volume() -> None:
    device = compiled(modes.SimpleContinuous(100_000))
    assert device.prelude == ()
    assert device.cycle == ((200_000_000, DAY_MS),)
    assert device.anchor_utc_s == NOON_UTC_S - 12 * 3600


@pytest.mark.parametrize(("after", "goes_on"), [("resume", True), ("stop", False)])
def test_a_bolus_comes_first_and_then_the_base_or_nothing(after: modes.After, goes_on: bool) -> None:
    bolus = Bolus(50_000, 600_000, after)
    for mode in (modes.SimpleContinuous(100_000, bolus), modes.SingleBolus(bolus, 100_000)):
        device = compiled(mode)
        assert device.prelude == ((100_000_000, 600_000),)
        assert device.cycle == (((200_000_000, DAY_MS),) if goes_on else ())
        assert base_pl_day(program(mode)) == (200_000_000 if goes_on else 0)
    assert compiled(modes.SingleBolus(Bolus(50_000, 600_000))).cycle == ()


def test_a_bolus_is_whole_nanolitres_at_any_concentration() -> None:
    device = compiled(modes.SingleBolus(Bolus(1234, 60_000, "stop")), ug_ml=333)
    assert device.prelude == ((3_706_000, 60_000),)


def test_a_flex_day_has_its_steps_by_dose_or_rate_and_the_base_in_the_gaps() -> None:
    mode = modes.FlexDay(100_000, (step(22.5, 6, dose_ng=60_000), step(8, 10, dose_ng_day=240_000)))
    device = compiled(mode)
    assert [(volume, duration // 60_000) for volume, duration in device.cycle] == [
        (96_000_000, 360),  # the night's step, which began at 22:30
        (16_666_667, 120),
        (40_000_000, 120),
        (104_166_666, 750),
        (24_000_000, 90),
    ]
    assert base_pl_day(program(mode)) == 200_000_000


def test_neighbours_of_one_rate_are_one_segment() -> None:
    mode = modes.FlexDay(100_000, (step(1, 2, dose_ng_day=50_000), step(2, 4, dose_ng=6250)))
    assert [duration // HOUR_MS for _, duration in compiled(mode).cycle] == [1, 1, 2, 20]
    mode = modes.FlexDay(100_000, (step(1, 2, dose_ng_day=75_000), step(2, 4, dose_ng=6250)))
    assert [duration // HOUR_MS for _, duration in compiled(mode).cycle] == [1, 3, 20]
    assert compiled(modes.FlexDay(100_000, (step(3, 5, dose_ng_day=100_000),))).cycle == ((200_000_000, DAY_MS),)


def test_a_step_of_a_whole_day_begins_and_ends_at_one_time() -> None:
    assert compiled(modes.FlexDay(1, (step(7, 7, dose_ng=100_000),))).cycle == ((200_000_000, DAY_MS),)


def test_a_week_is_anchored_to_its_monday_and_steps_go_on_after_midnight() -> None:
    night = step(22, 2, dose_ng=40_000)
    mode = modes.FlexWeek(24_000, (Pattern((0, 6), (night,)), Pattern((2,), (step(12, 13, dose_ng=7000),))))
    device = compiled(mode)
    assert device.anchor_utc_s == MONDAY_UTC_S
    assert device.cycle_us == 7 * 86_400_000_000
    in_ug = {hour: made_pl(device, hour, hour + 1) / 2e6 for hour in (0, 1, 2, 22, 24, 26, 60, 61, 167)}
    expected = {0: 10, 1: 10, 2: 1, 22: 10, 24: 10, 26: 1, 60: 7, 61: 1, 167: 10}
    assert in_ug == pytest.approx(expected, abs=1e-6)


def test_steps_that_overlap_across_midnight_or_the_weeks_end_are_refused() -> None:
    sunday_night, monday = Pattern((6,), (step(23, 3, dose_ng=1),)), Pattern((0,), (step(2, 4, dose_ng=1),))
    with pytest.raises(UsageError, match=r"days\[0\]\.steps\[0\]"):
        compiled(modes.FlexWeek(1, (sunday_night, monday)))
    assert compiled(modes.FlexWeek(1, (sunday_night, Pattern((0,), (step(3, 4, dose_ng=1),)))))
    with pytest.raises(UsageError, match=r"steps\[0\]"):
        compiled(modes.FlexDay(1, (step(22, 6, dose_ng=1), step(5, 7, dose_ng=1))))
    pairs = layout.overlaps(modes.FlexDay(1, (step(1, 9, dose_ng=1), step(2, 3, dose_ng=1), step(4, 5, dose_ng=1))))
    assert [(first.field, second.field) for first, second in pairs] == [
        ("steps[0]", "steps[1]"),
        ("steps[0]", "steps[2]"),
    ]


def test_the_fullest_week_fits_the_pump() -> None:
    hours = [1 + i * 23 / modes.MAX_STEPS for i in range(modes.MAX_STEPS)]
    steps = tuple(step(hour, (hour + 1.5) % 24, dose_ng=1000 + i) for i, hour in enumerate(hours))
    mode = modes.FlexWeek(10_000, tuple(Pattern((day,), steps) for day in range(7)))
    device = compiled(mode)
    assert 7 * 2 * modes.MAX_STEPS < len(device.cycle) <= MAX_SEGMENTS


def test_a_periodic_bolus_leaves_the_rest_of_the_interval_to_the_base() -> None:
    bolus = Bolus(10_000, 600_000)
    mode = modes.PeriodicBolus(bolus, 6 * HOUR_MS, 36_000, first_ms=90 * 60_000, on_demand=ON_DEMAND)
    device = compiled(mode)
    assert device.cycle == ((20_000_000, 600_000), (17_500_000, 6 * HOUR_MS - 600_000))
    assert device.anchor_utc_s == local_midnight_utc_s(NOON_UTC_S, 0) + 5400
    assert device.demand is not None
    assert compiled(modes.PeriodicBolus(bolus, 600_000, 36_000)).cycle == ((20_000_000, 600_000),)
    with pytest.raises(UsageError, match="interval"):
        compiled(modes.PeriodicBolus(bolus, 599_999, 36_000))


@pytest.mark.parametrize(("first_h", "days_later"), [(6, 1), (12, 0), (18, 0)])
def test_boluses_days_apart_begin_with_their_next_time_of_day(first_h: int, days_later: int) -> None:
    mode = modes.PeriodicBolus(Bolus(10_000, 600_000), 7 * 24 * HOUR_MS, 36_000, first_ms=first_h * HOUR_MS)
    midnight_utc_s = local_midnight_utc_s(NOON_UTC_S, 0)
    assert compiled(mode).anchor_utc_s == midnight_utc_s + first_h * 3600 + days_later * 86_400


def test_an_on_demand_bolus_is_told_to_the_pump_in_its_own_units() -> None:
    device = compiled(modes.OnDemandBolus(100_000, ON_DEMAND))
    assert device.demand == (50_000_000, 300_000, 7201, 4)  # the lockout rounded up, to be safe
    assert device.cycle == ((200_000_000, DAY_MS),)


@pytest.mark.parametrize(("paths", "ul"), [(("pump",), 200), (("catheter",), 231.4), (("pump", "catheter"), 431.4)])
def test_a_prime_fills_the_chosen_paths(paths: tuple[modes.Path, ...], ul: float) -> None:
    device = compiled(modes.Prime(paths, 2_000_000_000))
    ((volume, duration),) = device.prelude
    assert volume == ul * 1_000_000
    assert duration == pytest.approx(ul / 2000 * DAY_MS, abs=1)
    assert volume * DAY_MS <= 2_000_000_000 * duration  # never faster than asked for
    assert device.cycle == ()
    assert compiled(modes.Prime(paths, 2_000_000_000, 100_000)).cycle == ((200_000_000, DAY_MS),)


def test_a_bridge_pushes_the_old_drug_at_the_old_rate() -> None:
    device = compiled(modes.Bridge(500_000, 200_000, 240_000), ug_ml=2000)
    ((volume, duration),) = device.prelude
    assert volume == 431_400_000
    assert duration / HOUR_MS == pytest.approx(25.884, abs=1e-3)  # domain.md
    assert device.cycle == ((120_000_000, DAY_MS),)


def test_what_would_take_decades_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="decades"):
        compiled(modes.Prime(("pump", "catheter"), 1))


@pytest.mark.parametrize("mode", [modes.Prime(("pump",), 0), modes.Bridge(500_000, 0, 1)])
def test_a_tube_that_nothing_pushes_is_refused(mode: modes.Mode) -> None:
    with pytest.raises(UsageError, match="flow"):
        compiled(mode)


def test_the_minimum_rate_is_the_pumps_and_a_stopped_program_is_empty() -> None:
    assert compiled(modes.MinimumRate()).cycle == ((6_000_000, DAY_MS),)
    assert base_pl_day(program(modes.MinimumRate())) == 6_000_000
    stopped = compiled(modes.Stopped("tube change", 90_000))
    assert (stopped.prelude, stopped.cycle, stopped.reminder_min) == ((), (), 2)


def test_a_screening_gives_its_next_bolus_or_says_why_not() -> None:
    device = compiled(modes.Screening(60_000), ug_ml=50)
    assert (device.prelude, device.cycle) == (((1_000_000_000, 60_000),), ())
    given = modes.Given(50_000, NOON_UTC_S - 25 * 3600)
    with pytest.raises(UsageError, match="verdict"):
        compiled(modes.Screening(60_000, (given,)), ug_ml=50)
    judged = replace(given, verdict="no response")
    assert compiled(modes.Screening(60_000, (judged,)), ug_ml=50).prelude == ((1_500_000_000, 60_000),)


def test_what_is_longer_than_a_segment_can_be_is_several() -> None:
    mode = modes.Titration(100_000, 121_000, 1000, 100 * DAY_MS)
    device = compiled(mode)
    assert [duration for _, duration in device.prelude] == [LONGEST_MS, LONGEST_MS, 100 * DAY_MS - 2 * LONGEST_MS]
    assert device.prelude_pl == 110 * 100 * 2_000_000
    slow = compiled(modes.Prime(("catheter",), 2_000_000))
    assert slow.prelude_pl == 231_400_000
    assert max(duration for _, duration in slow.prelude) <= LONGEST_MS
    assert slow.pack()  # all of it fits the wire


@st.composite
def flex_days(draw: st.DrawFn) -> modes.FlexDay:
    """Steps that don't overlap, at most 13, the last perhaps over midnight."""
    marks = sorted(draw(st.sets(st.integers(0, DAY_MS - 1), max_size=26)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    if pairs and draw(st.booleans()):  # the other way round: what was between them
        pairs = [(end, start) for (_, end), (start, _) in zip(pairs, pairs[1:] + pairs[:1], strict=True)]
    amount = st.integers(0, 10**6)
    steps = [
        Step(start, end, dose_ng=draw(amount)) if draw(st.booleans()) else Step(start, end, dose_ng_day=draw(amount))
        for start, end in pairs
    ]
    return modes.FlexDay(draw(amount), tuple(draw(st.permutations(steps))))


def exact_pl(mode: modes.FlexDay, ng_ml: int) -> Fraction:
    """The day's volume by the book, in no order and with nothing rounded."""
    left_ms, ng = DAY_MS, Fraction(0)
    for one in mode.steps:
        left_ms -= one.duration_ms
        ng += Fraction(one.dose_ng_day or 0) * one.duration_ms / DAY_MS if one.dose_ng is None else one.dose_ng
    return (ng + Fraction(mode.base_ng_day) * left_ms / DAY_MS) * 10**9 / ng_ml


@given(flex_days(), st.integers(1000, 4_000_000))
def test_a_flex_days_volume_is_its_total_rounded_once(mode: modes.FlexDay, ng_ml: int) -> None:
    device = compile_program(replace(program(mode), concentration_ng_ml=ng_ml), NOON_UTC_S, 0)
    assert abs(device.cycle_pl - exact_pl(mode, ng_ml)) <= Fraction(1, 2)
    assert device.cycle_us == DAY_MS * 1000
    assert all(volume >= 0 and duration > 0 for volume, duration in device.cycle)


@given(st.integers(1, 10**8), st.integers(1000, 4_000_000))
def test_a_steady_day_is_the_volume_of_its_dose(ng_day: int, ng_ml: int) -> None:
    made = replace(program(modes.SimpleContinuous(ng_day)), concentration_ng_ml=ng_ml)
    assert compile_program(made, 0, 0).cycle_pl == volume_pl(ng_day, ng_ml) == base_pl_day(made)


@given(st.integers(10**9, 2 * 10**9), st.integers(-720, 840))
def test_days_and_weeks_begin_at_local_midnight(utc_s: int, offset_min: int) -> None:
    midnight, monday = local_midnight_utc_s(utc_s, offset_min), local_monday_utc_s(utc_s, offset_min)
    assert 0 <= utc_s - midnight < 86_400
    assert 0 <= utc_s - monday < 7 * 86_400
    assert (midnight + offset_min * 60) % 86_400 == 0
    assert (monday + offset_min * 60 - MONDAY_UTC_S) % (7 * 86_400) == 0
