"""The arithmetic of programs, against exact fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    other = Program(program.anchor_utc_s + 1, program.utc_offset_min, program.prelude, program.cycle)
    assert other.digest() != program.digest()


@pytest.mark.parametrize(
    ("prelude", "cycle", "name"),
    [
        ([], [], "no_program"),
        ([(1, 1)] * MAX_SEGMENTS, [(1, 1)], "too_large"),
        ([], [(5, 0)], "out_of_range"),
        ([], [(1_000_001, 1000)], "too_fast"),
        ([(2_000_001, 1000)], [(1, 1000)], "too_fast"),
    ],
)
def test_what_may_not_run_is_said(prelude: list[tuple[int, int]], cycle: list[tuple[int, int]], name: str) -> None:
    with pytest.raises(ProgramError) as caught:
        Program(0, 0, prelude, cycle).validate(1_000_000, 2_000_000)
    assert caught.value.name == name


def test_the_limits_themselves_may_run() -> None:
    Program(0, 0, [(2_000_000, 1000)] * (MAX_SEGMENTS - 1), [(1_000_000, 1000)]).validate(1_000_000, 2_000_000)
