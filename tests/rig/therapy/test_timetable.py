"""Cycles side by side, held against the firmware's own arithmetic minute by minute."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rig.firmware.program import Program, cumulative
from rig.therapy.modes import DAY_MS
from rig.therapy.timetable import Stretch, clock, stretches

MONDAY_S = 1_767_571_200  # 2026-01-05 00:00 UTC
MINUTE_MS = 60_000


@st.composite
def cycles(draw: st.DrawFn) -> Program:
    """Cycles of whole minutes that fit into a day or a week, anchored anywhere."""
    length_min = draw(st.sampled_from([360, 720, 1440, 7 * 1440]))
    cuts = draw(st.sets(st.integers(1, length_min - 1), max_size=5))
    edges = [0, *sorted(cuts), length_min]
    rates = draw(st.lists(st.integers(0, 5), min_size=len(edges) - 1, max_size=len(edges) - 1))
    minutes = [end - start for start, end in pairwise(edges)]
    segments = [(rate * 1_000_000 * m, m * MINUTE_MS) for rate, m in zip(rates, minutes, strict=True)]
    anchor_s = MONDAY_S + 60 * draw(st.integers(-20_000, 20_000))
    return Program(anchor_s, draw(st.sampled_from([-300, 0, 60, 345])), [], segments)


def minute_pl(program: Program, at_ms: int) -> int:
    """What flows in the minute ``at_ms`` after a Monday's midnight, local time."""
    utc_us = (MONDAY_S - program.utc_offset_min * 60) * 1_000_000 + at_ms * 1000
    phase_us = program.phase_us(utc_us)
    return cumulative(program, 60_000_000, phase_us)


def within(stretch: Stretch, at_ms: int) -> bool:
    length_ms = (stretch.end_ms - stretch.start_ms) % stretch.span_ms or stretch.span_ms
    return (at_ms - stretch.start_ms) % stretch.span_ms < length_ms


@given(cycles(), cycles(), st.integers(0, 7 * 1440 - 1))
def test_every_minute_of_a_week_is_in_one_stretch_with_the_rates_that_the_pump_has(
    one: Program, other: Program, minute: int
) -> None:
    found = stretches((one, other))
    assert found is not None
    at_ms = minute * MINUTE_MS
    (here,) = [stretch for stretch in found if within(stretch, at_ms)]
    for program, flow in zip((one, other), here.flows, strict=True):
        assert flow is not None
        assert flow.volume_pl * MINUTE_MS == minute_pl(program, at_ms) * flow.duration_ms


@given(cycles())
def test_a_cycle_beside_itself_has_no_two_neighbours_alike(program: Program) -> None:
    found = stretches((program, program)) or []
    assert len({stretch.title for stretch in found}) == len(found)
    for one, other in pairwise(found):
        assert one.flows[0] is not None
        assert other.flows[0] is not None
        assert not one.flows[0].same(other.flows[0])


def test_what_never_fits_into_a_week_has_no_timetable() -> None:
    odd = Program(MONDAY_S, 0, [], [(1000, 7_777_777)])
    day = Program(MONDAY_S, 0, [], [(1000, DAY_MS)])
    assert stretches((odd, day)) is None
    assert stretches((None, None)) == []
    (alone,) = stretches((None, day)) or []
    assert alone.title == "All the time"


def test_times_of_day_are_read_as_people_write_them() -> None:
    assert [clock(t_ms) for t_ms in (0, 81_000_000, 30_500, 1)] == ["00:00", "22:30", "00:00:30.5", "00:00:00.001"]
