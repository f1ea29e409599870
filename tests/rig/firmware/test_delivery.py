"""Exactness: commanded is the plan to the picolitre, the rotor within a step of it, whatever the polling pattern."""

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.vocabulary import AFTER_RESUME, AFTER_STOP, SETTING_KEYS, STOP_REASONS, STOPPED
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.reference import planned_pl
from tests.rig.firmware.strategies import programs

REVOLUTION_PL, STEPS = 19_438_991, 3200
STEP_PL = REVOLUTION_PL / STEPS
SECOND_US = 1_000_000
UTC_LESS_T_US = UTC_S * 10**6

actions = st.lists(
    st.tuples(st.sampled_from(["start", "stop", "resume", "end", "press", "wait"]), st.integers(1, 900 * SECOND_US)),
    min_size=1,
    max_size=8,
)


def _bench(program: Program) -> Bench:
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 3_600_000)])
    bench.commit(program)
    return bench


def _act(bench: Bench, action: str) -> None:
    if action == "wait":
        return
    if action == "start":
        bench.send("start")
    elif action == "press":
        bench.press()
    elif action == "stop":
        bench.send("stop", 0)
    else:
        after = AFTER_RESUME if action == "resume" else AFTER_STOP
        bench.send("bolus", bench.command_id(), 123_457_000, 61_003, after)


def _off_by_steps(bench: Bench) -> float:
    """How far the rotor is from what is commanded."""
    now_us = bench.board.t_us
    return abs(bench.board.rotor_steps() * STEP_PL - bench.firmware.pump.commanded_pl(now_us)) / STEP_PL


@settings(max_examples=60)
@given(programs(), actions, st.lists(st.integers(1, 900 * SECOND_US), max_size=30))
def test_over_any_program_and_interruption(program: Program, steps: list[tuple[str, int]], looks: list[int]) -> None:
    bench = _bench(program)
    bench.must("start")
    for action, wait_us in steps:
        _act(bench, action)
        until_us = bench.board.t_us + wait_us
        for look_us in sorted(look for look in looks if look < wait_us):
            bench.run_until(until_us - wait_us + look_us)
            bench.poll()
            # A step happens up to a microsecond early, which is next to nothing of a step.
            assert _off_by_steps(bench) <= 1.001
        bench.run_until(until_us)
        assert _off_by_steps(bench) <= 1.001
        bench.poll()
        planned, interruptions = planned_pl(bench, program, UTC_LESS_T_US)
        assert abs(bench.firmware.pump.commanded_pl(until_us) - planned) <= interruptions + 1
    assert not bench.traces


@settings(max_examples=40)
@given(programs(), actions, st.lists(st.integers(1, 3 * SECOND_US), min_size=1, max_size=20))
def test_late_polls_change_nothing_but_what_is_noticed_when(
    program: Program, steps: list[tuple[str, int]], delays: list[int]
) -> None:
    punctual, late = _bench(program), _bench(program)
    for bench in (punctual, late):
        bench.must("start")
    polls = 0
    for action, wait_us in steps:
        for bench in (punctual, late):
            _act(bench, action)
        until_us = punctual.board.t_us + wait_us
        punctual.run(wait_us)
        while late.due_us <= until_us:
            late.board.t_us = min(late.due_us + delays[polls % len(delays)], until_us)
            late.poll()
            polls += 1
        late.board.t_us = until_us
        late.poll()
        pumps = [bench.firmware.pump for bench in (punctual, late)]
        assert pumps[0].commanded_pl(until_us) == pumps[1].commanded_pl(until_us)
        assert [event[:5] for event in punctual.events] == [event[:5] for event in late.events]
    late.run(60 * SECOND_US)
    assert _off_by_steps(late) <= 1.001 or late.firmware.pump.doing == STOPPED  # it has caught up


def test_a_stop_stops_a_rotor_that_was_catching_up() -> None:
    bench = _bench(Program(UTC_S, 0, [(8_000_000, 1000)] * 60, []))
    bench.must("start")
    bench.run(SECOND_US // 2)
    bench.board.t_us += 3 * SECOND_US  # nobody polled
    bench.poll()
    assert _off_by_steps(bench) > 100
    bench.must("stop", 0)
    stood = bench.board.rotor_steps()
    bench.run(100 * SECOND_US)
    assert bench.board.rotor_steps() == stood


def test_a_stretch_too_short_for_a_step_turns_nothing_back() -> None:
    bench = _bench(Program(UTC_S, 0, [], [(round(STEP_PL / 10), 60_000)]))
    bench.must("start")
    positions = []
    for look in range(120):
        bench.run(25 * SECOND_US)
        positions.append(bench.firmware.pump.delivery.position(bench.board.t_us))
        assert bench.board.rotor_steps() == positions[-1]
        if not look % 7:
            bench.must("stop", STOP_REASONS.index("update"))
            bench.must("start")
    assert positions == sorted(positions)
    assert _off_by_steps(bench) <= 1.001


def test_more_polls_than_wanted_do_nothing() -> None:
    program = Program(UTC_S, 0, [(10**8, 60_000)], [(10**9, 3_600_000)])
    bench = _bench(program)
    bench.must("start")
    moves: list[tuple[int, int, int]] = []
    step = bench.board.step
    bench.board.step = lambda *move: (moves.append(move), step(*move))  # type: ignore[method-assign,func-returns-value]
    bench.board.t_us += 1
    for _ in range(50):
        bench.board.t_us += 7919
        bench.poll()
    assert moves == []


def test_a_day_without_a_host_takes_few_polls() -> None:
    bench = _bench(Program(UTC_S, 0, [], [(10**9 // 24, 3_600_000)] * 24))
    bench.must("start")
    bench.firmware.link.session = 0
    before = bench.polls
    bench.run(86_400 * SECOND_US)
    turns = 10**9 / REVOLUTION_PL
    assert bench.polls - before < 24 * 2 + turns * 3
    assert _off_by_steps(bench) <= 1.001


def test_the_calibration_changes_only_while_stopped_and_then_counts() -> None:
    bench = _bench(Program(UTC_S, 0, [], [(10**9, 3_600_000)]))
    bench.must("start")
    name, fields = bench.send("set_config", records=[(SETTING_KEYS["revolution_pl"], 10_000_000)])
    assert (name, fields["code"]) == ("refused", 18)
    bench.run(60 * SECOND_US)
    bench.must("stop", 0)
    before = bench.board.rotor_steps()
    bench.must("set_config", records=[(SETTING_KEYS["revolution_pl"], 10_000_000)])
    bench.must("start")
    commanded = bench.firmware.pump.commanded_pl(bench.board.t_us)
    bench.run(3600 * SECOND_US)
    turned = (bench.board.rotor_steps() - before) * 10_000_000 / STEPS
    made = bench.firmware.pump.commanded_pl(bench.board.t_us) - commanded
    assert abs(turned - made) <= 10_000_000 / STEPS
