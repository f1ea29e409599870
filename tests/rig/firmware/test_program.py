"""The arithmetic of programs, against exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.messages import PROGRAM_HEAD
from firmware_link.vocabulary import MAX_SEGMENTS
from rig.firmware.program import Course, Program, ProgramError, cumulative, unpack
from tests.rig.firmware import reference
from tests.rig.firmware.strategies import programs

HOUR_US = 3_600_000_000


def _exact(program: Program, t_us: int, utc_us: int) -> Fraction:
    planner = reference.Planner(utc_us)
    planner.commit(program)
    planner.note((1, 4, 0, 0, 0, 0, 0, 0))  # committed
    planner.note((2, 5, 0, 0, 0, 0, 1, 0))  # started
    planner.until(t_us)
    return planner.planned_pl


@given(programs(), st.integers(0, 40 * HOUR_US), st.integers(1_690_000_000, 1_710_000_000))
def test_the_volume_is_the_plan_to_the_picolitre(program: Program, t_us: int, utc_s: int) -> None:
    utc_us = utc_s * 10**6
    volume = cumulative(program, t_us, program.phase_us(utc_us))
    # Rounded down where the cycle is entered and where it stands: never two picolitres off.
    assert abs(volume - _exact(program, t_us, utc_us)) < 1 + (t_us > program.prelude_us)


@given(programs(), st.lists(st.integers(0, 2 * HOUR_US), min_size=2, max_size=30))
def test_it_never_runs_backwards_and_a_whole_cycle_is_exact(program: Program, moments: list[int]) -> None:
    phase = program.phase_us(1_700_000_000_000_000)
    volumes = [cumulative(program, t_us, phase) for t_us in sorted(moments)]
    assert volumes == sorted(volumes)
    if program.cycle:
        later = program.prelude_us + 7 * program.cycle_us
        assert cumulative(program, later, phase) == program.prelude_pl + 7 * program.cycle_pl


def test_seven_years_leave_no_rounding() -> None:
    program = Program(0, 0, [], [(41_666_667 + i, 3_600_000) for i in range(24)])
    days = 7 * 365
    assert cumulative(program, days * 24 * HOUR_US, 0) == days * sum(volume for volume, _ in program.cycle)


@given(programs(), st.integers(0, HOUR_US), st.integers(0, HOUR_US))
def test_a_pause_delays_the_prelude_and_not_the_cycle(program: Program, ran_us: int, paused_us: int) -> None:
    utc_us = 1_700_000_000_000_000
    course = Course(program)
    course.resume(0, utc_us)
    before = course.volume_pl(ran_us)
    course.pause(ran_us)
    course.resume(ran_us + paused_us, utc_us + ran_us + paused_us)
    if not program.cycle and ran_us >= program.prelude_us:
        assert course.volume_pl(ran_us + paused_us) == 0  # it had ended, so it begins anew
        return
    if ran_us <= program.prelude_us:
        assert course.volume_pl(ran_us + paused_us) == before
    assert course.in_prelude(ran_us + paused_us) == (ran_us < program.prelude_us)
    late_us = ran_us + paused_us + program.prelude_us
    if program.cycle:
        expected = program.phase_us(utc_us + late_us)
        from_us, until_us, *_ = course.stretch(late_us)
        fresh = Course(program, program.prelude_us)
        fresh.resume(late_us, utc_us + late_us)
        assert (from_us, until_us) == fresh.stretch(late_us)[:2]
        assert 0 <= expected < program.cycle_us


@given(programs())
def test_packing_is_lossless_and_the_digest_tells_programs_apart(program: Program) -> None:
    again = unpack(program.pack())
    assert (again.prelude, again.cycle) == (program.prelude, program.cycle)
    assert again.digest() == program.digest()
    assert (again.demand, again.reminder_min) == (program.demand, program.reminder_min)
    head = (program.anchor_utc_s, program.utc_offset_min, program.prelude, program.cycle)
    others = [
        Program(head[0] + 1, *head[1:], program.demand, program.reminder_min),
        Program(*head, (1, 2, 3, 5), program.reminder_min),
        Program(*head, program.demand, program.reminder_min + 1),
    ]
    assert program.digest() not in [other.digest() for other in others]


Segments = list[tuple[int, int]]
Demand = tuple[int, int, int, int]
RATE, BOLUS_RATE = 1_000_000, 2_000_000  # pl/s


@pytest.mark.parametrize(
    ("prelude", "cycle", "name", "detail"),
    [
        ([(1, 1)] * MAX_SEGMENTS, [(1, 1)], "too_large", MAX_SEGMENTS),
        ([(5, 1)], [(5, 0)], "out_of_range", 9 + 1),
        ([(2_000_001, 1000)], [(1, 1000)], "too_fast", BOLUS_RATE),
        ([], [(2_000_001, 1000), (0, 9000)], "too_fast", BOLUS_RATE),
        ([], [(1_000_001, 1000)], "too_fast", RATE),
        ([], [(2_000_000, 1000), (1, 1000)], "too_fast", RATE),
    ],
)
def test_segments_that_may_not_run_are_refused(prelude: Segments, cycle: Segments, name: str, detail: int) -> None:
    with pytest.raises(ProgramError) as caught:
        Program(0, 0, prelude, cycle).validate(RATE, BOLUS_RATE)
    assert (caught.value.name, caught.value.detail) == (name, detail)


@pytest.mark.parametrize(
    ("prelude", "cycle"),
    [
        ([], []),  # deliberately stopped
        ([(2_000_000, 1000)] * (MAX_SEGMENTS - 1), [(1_000_000, 1000)]),
        ([], [(2_000_000, 1000), (0, 1000)]),  # a bolus in a cycle whose average is the limit
        ([], [(1, 1)] * MAX_SEGMENTS),
    ],
)
def test_segments_at_their_limits_may_run(prelude: Segments, cycle: Segments) -> None:
    Program(0, 0, prelude, cycle).validate(RATE, BOLUS_RATE)


@pytest.mark.parametrize(
    ("utc_offset_min", "reminder_min", "field"),
    [(-1440, 0, "utc_offset_min"), (1440, 0, "utc_offset_min"), (0, -1, "reminder_min"), (0, 10_081, "reminder_min")],
)
def test_a_head_beyond_its_limits_is_refused_with_its_field(utc_offset_min: int, reminder_min: int, field: str) -> None:
    with pytest.raises(ProgramError) as caught:
        Program(0, utc_offset_min, [], [(1, 1000)], None, reminder_min).validate(RATE, BOLUS_RATE)
    assert (caught.value.name, PROGRAM_HEAD[caught.value.detail][0]) == ("out_of_range", field)


@pytest.mark.parametrize(("utc_offset_min", "reminder_min"), [(-1439, 0), (1439, 10_080)])
def test_a_head_at_its_limits_may_run(utc_offset_min: int, reminder_min: int) -> None:
    Program(0, utc_offset_min, [], [(1, 1000)], None, reminder_min).validate(RATE, BOLUS_RATE)


@pytest.mark.parametrize(
    ("demand", "field"),
    [
        ((0, 1000, 60, 1), "demand_pl"),
        ((1, 0, 60, 1), "demand_ms"),
        ((1, 60_001, 60, 1), "demand_lockout_s"),
        ((1, 1000, 86_401, 1), "demand_lockout_s"),
        ((1, 1000, 0, 1), "demand_lockout_s"),
        ((1, 1000, 60, 0), "demand_per_day"),
        ((1, 1000, 60, 25), "demand_per_day"),
    ],
)
def test_an_on_demand_bolus_beyond_its_limits_is_refused_with_its_field(demand: Demand, field: str) -> None:
    with pytest.raises(ProgramError) as caught:
        Program(0, 0, [], [(1, 1000)], demand).validate(RATE, BOLUS_RATE)
    assert (caught.value.name, PROGRAM_HEAD[caught.value.detail][0]) == ("out_of_range", field)


def test_an_on_demand_bolus_may_be_as_fast_as_any_and_no_faster() -> None:
    with pytest.raises(ProgramError) as caught:
        Program(0, 0, [], [(1, 1000)], (2_000_001, 1000, 60, 1)).validate(RATE, BOLUS_RATE)
    assert (caught.value.name, caught.value.detail) == ("too_fast", BOLUS_RATE)
    Program(0, 0, [], [(1, 1000)], (2_000_000, 1000, 60, 1)).validate(RATE, BOLUS_RATE)


@pytest.mark.parametrize("demand", [(1, 1, 1, 1), (1, 60_000, 60, 24), (1, 86_400_000, 86_400, 24)])
def test_an_on_demand_bolus_at_its_limits_may_run(demand: Demand) -> None:
    Program(0, 0, [], [(1, 1000)], demand).validate(RATE, BOLUS_RATE)
