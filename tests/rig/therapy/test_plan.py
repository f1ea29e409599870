import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary
from rig.firmware.program import Program, cumulative
from rig.session import Event
from rig.therapy.plan import Plan

S = 1_000_000
STEADY = Program(0, 0, [], [(86_400_000, 86_400_000)])  # 1000 pl a second
PROGRAMS = {STEADY.digest() & 0x7FFF_FFFF: STEADY}


def entry(kind: str, value: int = 0, utc_s: int = 0) -> Event:
    return Event(1, kind, 0, 1, 0, 0, utc_s, value, 0, 0)


def plan_of(*entries: tuple[int, str, int]) -> Plan:
    plan = Plan(0)
    for t_s, kind, value in entries:
        plan.note(entry(kind, value), t_s * S, PROGRAMS)
    return plan


COMMIT = (0, "program_committed", STEADY.digest() & 0x7FFF_FFFF)


def test_a_started_program_is_planned_until_somebody_stops_it() -> None:
    plan = plan_of(COMMIT, (10, "started", 1), (20, "stopped", 0))
    assert [plan.planned_pl(t * S) for t in (0, 10, 15, 20, 90)] == [0, 0, 5000, 10_000, 10_000]


def test_an_alarm_that_stops_the_pump_leaves_the_plan() -> None:
    plan = plan_of(COMMIT, (10, "started", 1), (20, "stopped", 3), (25, "started", 1))
    assert plan.planned_pl(30 * S) == 20_000


def test_the_base_pauses_for_a_bolus_and_goes_on_by_itself() -> None:
    plan = plan_of(COMMIT, (0, "started", 1), (10, "bolus_duration", 5000), (10, "bolus_started", 50))
    assert [plan.planned_pl(t * S) for t in (10, 12, 15, 20)] == [10_000, 30_000, 60_000, 65_000]


def test_an_on_demand_bolus_is_planned_as_the_program_has_it() -> None:
    program = Program(0, 0, [], [(86_400_000, 86_400_000)], (50_999, 5000, 60, 4))
    digest = program.digest() & 0x7FFF_FFFF
    plan = Plan(0)
    log = [
        (0, "program_committed", digest),
        (0, "started", 1),
        (10, "demand_granted", 1),
        (10, "bolus_duration", 5000),
        (10, "bolus_started", 50),
        (15, "bolus_ended", 50),
        (15, "started", 1),
        (20, "bolus_duration", 1000),
        (20, "bolus_started", 50),  # by command, and so no other volume than is said
    ]
    for t_s, kind, value in log:
        plan.note(entry(kind, value), t_s * S, {digest: program})
    assert [plan.planned_pl(t * S) for t in (10, 15, 20, 21)] == [10_000, 60_999, 65_999, 115_999]


def test_a_program_that_stops_the_pump_ends_the_plan_until_another_starts() -> None:
    standing = Program(0, 0, [], [], None, 60)
    programs = PROGRAMS | {standing.digest() & 0x7FFF_FFFF: standing}
    plan = Plan(0)
    log = [
        *(COMMIT, (0, "started", 1), (10, "program_committed", standing.digest() & 0x7FFF_FFFF)),
        (10, "stopped", vocabulary.STOP_REASONS.index("program")),
        *((20, *COMMIT[1:]), (30, "started", 1)),
    ]
    for t_s, kind, value in log:
        plan.note(entry(kind, value), t_s * S, programs)
    assert [plan.planned_pl(t * S) for t in (10, 25, 30, 40)] == [10_000, 10_000, 10_000, 20_000]


def test_a_stop_ends_a_bolus_too() -> None:
    plan = plan_of(
        COMMIT, (0, "started", 1), (10, "bolus_duration", 5000), (10, "bolus_started", 50), (12, "stopped", 0)
    )
    assert [plan.planned_pl(t * S) for t in (12, 15, 30)] == [30_000, 30_000, 30_000]


def test_a_clock_that_is_set_during_a_bolus_leaves_it_whole() -> None:
    plan = plan_of(
        COMMIT, (0, "started", 1), (10, "bolus_duration", 5000), (10, "bolus_started", 50), (12, "clock_set", 0)
    )
    assert plan.planned_pl(20 * S) == 65_000


def test_a_commit_of_an_unknown_program_plans_nothing() -> None:
    plan = plan_of(COMMIT, (0, "started", 1), (10, "program_committed", 1))
    assert plan.planned_pl(20 * S) == 10_000


def test_a_running_pump_is_taken_over_where_it_stands() -> None:
    program = Program(1000, 0, [(10_000, 10_000)], [(0, 3_600_000), (3_600_000, 3_600_000)])
    plan = Plan(5 * S)
    status = {"anchor_us": -3595 * S, "program_start_us": 2 * S, "state": 1, "digest": 1}
    plan.adopt(status, program)
    # 3 of 10 s of the prelude are over; the cycle's second hour begins at 5 s.
    assert plan.planned_pl(12 * S) == 7000
    assert plan.planned_pl(22 * S) == 7000 + 10_000


def test_samples_older_than_the_clock_that_a_session_sets_are_planned_too() -> None:
    plan = Plan(5 * S)
    plan.adopt({"anchor_us": 0, "program_start_us": 5 * S + 1, "state": 1, "digest": 1}, STEADY)
    assert plan.planned_pl(7 * S) == 2000


def test_a_running_program_without_a_start_event_begins_with_the_recording() -> None:
    plan = Plan(5 * S)
    plan.note(entry("started", 1), 4 * S, PROGRAMS)
    assert plan.planned_pl(100 * S) == 0


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**5)), min_size=1, max_size=5),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=30).map(sorted),
    st.integers(0, 10**6),
)
def test_what_is_drawn_is_what_is_planned(cycle: list[tuple[int, int]], times: list[int], start_us: int) -> None:
    program = Program(0, 0, [(12_345, 678)], cycle)
    plan = Plan(0)
    programs = {program.digest() & 0x7FFF_FFFF: program}
    plan.note(entry("program_committed", program.digest() & 0x7FFF_FFFF), 0, programs)
    plan.note(entry("started"), start_us, programs)
    drawn = plan.planned_nl(np.array(times))
    exact = np.array([plan.planned_pl(t) / 1000 for t in times])
    assert np.allclose(drawn, exact, atol=0.01)
    for t in times:
        if t > start_us:
            assert plan.planned_pl(t) == cumulative(program, t - start_us, program.phase_us(start_us))


def test_the_plan_is_told_stretch_by_stretch() -> None:
    program = Program(0, 0, [(10_000, 10_000)], [(3_600_000, 3_600_000), (3_600_000, 3_600_000)], (50_000, 5000, 60, 4))
    digest = program.digest() & 0x7FFF_FFFF
    plan = Plan(0)
    log = [
        *((0, "program_committed", digest), (5, "started", 1)),
        *((20, "demand_granted", 1), (20, "bolus_duration", 5000), (20, "bolus_started", 50)),
        *((7000, "bolus_duration", 4000), (7000, "bolus_started", 7), (8000, "stopped", 0)),
    ]
    for t_s, kind, value in log:
        plan.note(entry(kind, value), t_s * S, {digest: program})
    told = [(one.start_us // S, one.end_us // S, one.volume_pl, one.what) for one in plan.stretches(9000 * S)]
    assert told == [
        (0, 5, 0, "stopped"),
        (5, 15, 10_000, "prelude"),
        (15, 20, 5000, "cycle"),
        (20, 25, 50_000, "on-demand bolus"),
        (25, 7000, 6_975_000, "cycle"),  # over the end of a segment and of a turn, at one rate
        (7000, 7004, 7000, "bolus"),
        (7004, 8000, 996_000, "cycle"),
        (8000, 9000, 0, "stopped"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**5)), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["started", "stopped", "bolus_started", "clock_set"]))),
    st.integers(1, 500),
)
def test_stretches_follow_each_other_and_add_up(
    cycle: list[tuple[int, int]], log: list[tuple[int, str]], until_s: int
) -> None:
    program = Program(0, 0, [(7, 3000)], cycle)
    digest = program.digest() & 0x7FFF_FFFF
    plan = Plan(0)
    for t_s, kind in [(0, "program_committed"), (0, "bolus_duration"), *sorted(log)]:
        value = {"program_committed": digest, "bolus_duration": 9000, "stopped": 0}.get(kind, 1)
        plan.note(entry(kind, value), t_s * S, {digest: program})
    told = list(plan.stretches(until_s * S))
    assert [one.start_us for one in told] == [0] + [one.end_us for one in told[:-1]]
    assert told[-1].end_us == until_s * S
    assert sum(one.volume_pl for one in told) == plan.planned_pl(until_s * S)
