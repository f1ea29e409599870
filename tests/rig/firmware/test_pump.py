"""What the pump does: power, clock, bolus, program, reservoir, each as the host sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import AFTER_RESUME, AFTER_STOP, ALARM_BITS, SETTING_KEYS, STOP_REASONS
from rig.firmware.program import Program
from rig.firmware.reservoir import is_discrepant
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import (
    DAY_MS,
    FAST,
    HOUR_US,
    SECOND_US,
    alarms_of,
    log_of,
    refused,
    reset,
    running,
    state_of,
)

# Power and clock


def test_a_new_pump_is_stopped_full_and_quiet() -> None:
    bench = Bench()
    bench.hello()
    status = bench.status()
    assert (status["state"], status["alarms"], status["digest"], status["clock_set"]) == (0, 0, 0, 0)
    assert status["reservoir_nl"] == 20_000_000
    assert bench.kinds() == ["boot", "self_test_passed", "session_opened"]


def test_power_lost_while_running_means_the_minimum_rate_until_a_start() -> None:
    bench = running()
    bench.run(HOUR_US)
    commanded = bench.status()["commanded_pl"]
    again = reset(bench)
    again.hello()
    assert (state_of(again), alarms_of(again)) == ("minimum_rate", {"safe_state_reset"})
    assert 0 <= commanded - again.status()["commanded_pl"] < 250_000_000
    assert refused(again, "start") == "clock_unset"
    assert refused(again, "bolus", 1001, 10**7, 60_000, AFTER_RESUME) == "clock_unset"
    before = again.status()["commanded_pl"]
    again.run(HOUR_US)
    assert again.status()["commanded_pl"] - before == 69 * 3600
    off_s = 5000
    again.must("set_clock", UTC_S + 3600 + off_s + 3600, 0)
    assert refused(again, "bolus", 1002, 10**7, 60_000, AFTER_RESUME) == "alarm_active"
    again.must("start")
    assert (state_of(again), alarms_of(again)) == ("running", set())
    again.run(SECOND_US)
    assert again.kinds()[-3:] == ["safe_state_reset_over", "tones_ended", "started"]
    told = next(value for kind, _, value in reversed(log_of(again)) if kind == "clock_set")
    assert off_s <= told <= off_s + 3600  # as of the last save, so at most too long


def test_power_lost_while_stopped_changes_nothing() -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    bench.must("stop", 0)
    before = bench.status()
    again = reset(bench)
    again.hello()
    after = again.status()
    for field in ("state", "alarms", "digest", "commanded_pl", "reservoir_nl"):
        assert after[field] == before[field]


def test_the_clock_is_told_once_and_small_corrections_leave_the_cycle_alone() -> None:
    bench = running()
    anchor_us = bench.status()["anchor_us"]
    bench.must("set_clock", UTC_S + 1, 60)
    assert bench.status()["anchor_us"] == anchor_us
    bench.must("set_clock", UTC_S + 100, 60)
    assert bench.status()["anchor_us"] == anchor_us - 100 * SECOND_US
    assert [value for kind, _, value in log_of(bench) if kind == "clock_set"] == [-1, 0]


# Commands that deliver


def test_a_bolus_pauses_the_base_and_ends_as_asked() -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    at_us = bench.board.t_us
    bench.must("bolus", 1005, 50_000_000, 30_000, AFTER_RESUME)
    assert refused(bench, "bolus", 1006, 50_000_000, 30_000, AFTER_RESUME) == "busy_bolus"
    assert bench.status()["bolus_left_ms"] == 30_000
    bench.run(30 * SECOND_US)
    bench.must("bolus", 1007, 50_000_000, 30_000, AFTER_STOP)
    bench.run(60 * SECOND_US)
    end_us = at_us + 30 * SECOND_US
    log = [entry for entry in log_of(bench) if entry[1] >= at_us and entry[0] != "command_refused"]
    assert log == [
        ("bolus_duration", at_us, 30_000),
        ("bolus_started", at_us, 50_000),
        ("bolus_ended", end_us, 50_000),
        ("started", end_us, 1),
        ("bolus_duration", end_us, 30_000),
        ("bolus_started", end_us, 50_000),
        ("bolus_ended", end_us + 30 * SECOND_US, 50_000),
        ("stopped", end_us + 30 * SECOND_US, STOP_REASONS.index("bolus_end")),
    ]
    assert bench.status()["commanded_pl"] == 20_000_000_000 * 60_000 // DAY_MS + 100_000_000
    assert bench.must("get_outcome", 1005)["state"] == 2


def test_a_bolus_cut_short_says_how_much_was_given() -> None:
    bench = running()
    bench.must("bolus", 1005, 60_000_000, 60_000, AFTER_RESUME)
    bench.run(20 * SECOND_US)
    bench.must("stop", 0)
    bench.run(SECOND_US)
    assert [entry[::2] for entry in log_of(bench)][-2:] == [("bolus_cut_short", 20_000), ("stopped", 0)]
    assert bench.must("get_outcome", 1005)["state"] == 1


@pytest.mark.parametrize(
    ("volume_pl", "duration_ms", "after", "why"),
    [
        (0, 1000, 0, "out_of_range"),
        (1000, 0, 0, "out_of_range"),
        (1000, 1000, 2, "out_of_range"),
        (8_333_334, 1000, 0, "too_fast"),
        (21_000_000_000, 4_000_000_000, 0, "reservoir_too_low"),
    ],
)
def test_a_bolus_that_may_not_be_is_refused_and_logged(volume_pl: int, duration_ms: int, after: int, why: str) -> None:
    bench = running()
    assert refused(bench, "bolus", 1005, volume_pl, duration_ms, after) == why
    assert state_of(bench) == "running"
    bench.run(SECOND_US)
    assert bench.kinds()[-1] == "command_refused"


def test_a_program_without_a_cycle_ends_in_a_stop_and_begins_anew() -> None:
    bench = running(Program(UTC_S, 0, [(1_000_000, 10_000)], []))
    for _ in range(2):
        bench.run(20 * SECOND_US)
        assert bench.kinds()[-2:] == ["prelude_ended", "stopped"]
        assert state_of(bench) == "stopped"
        bench.must("start")
    assert bench.status()["commanded_pl"] == 2_000_000


def test_a_stop_and_start_continues_the_prelude() -> None:
    bench = running(Program(UTC_S, 0, [(100_000_000, 60_000)], [(0, 1000)]))
    bench.run(20 * SECOND_US)
    bench.must("stop", 0)
    bench.run(500 * SECOND_US)
    bench.must("start")
    bench.run(39 * SECOND_US)
    assert bench.status()["commanded_pl"] == 100_000_000 * 59 // 60
    bench.run(60 * SECOND_US)
    assert bench.status()["commanded_pl"] == 100_000_000


def test_a_commit_while_running_begins_at_once_and_a_commit_while_stopped_waits() -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    before = bench.status()["commanded_pl"]
    bench.commit(Program(UTC_S, 0, [(60_000_000, 60_000)], [(0, 1000)]))
    bench.run(60 * SECOND_US)
    assert bench.status()["commanded_pl"] - before == 60_000_000
    bench.must("stop", 0)
    bench.commit(FAST)
    bench.run(60 * SECOND_US)
    assert (state_of(bench), bench.status()["digest"]) == ("stopped", FAST.digest())


STANDING = Program(UTC_S, 0, [], [], None, 30)


def test_a_program_without_segments_stops_the_pump_and_says_why() -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    before = bench.status()["commanded_pl"]
    bench.commit(STANDING)
    at_us = bench.board.t_us
    bench.run(60 * SECOND_US)
    assert log_of(bench)[-2:] == [
        ("program_committed", at_us, STANDING.digest() & 0x7FFF_FFFF),
        ("stopped", at_us, STOP_REASONS.index("program")),
    ]
    assert (state_of(bench), bench.status()["commanded_pl"]) == ("stopped", before)
    assert refused(bench, "start") == "no_program"
    again = reset(bench).open()
    assert (state_of(again), alarms_of(again), again.status()["digest"]) == ("stopped", set(), STANDING.digest())
    assert refused(again, "start") == "no_program"
    again.commit(FAST)
    again.must("start")
    assert state_of(again) == "running"


def test_a_program_without_segments_takes_the_pump_from_the_minimum_rate_to_a_stop() -> None:
    again = reset(running()).open()
    assert state_of(again) == "minimum_rate"
    again.commit(STANDING)
    assert state_of(again) == "stopped"


def test_programs_that_stop_and_run_in_turn_are_no_fault() -> None:
    bench = running()
    for _ in range(5):
        bench.commit(STANDING)
        bench.commit(FAST)
        bench.must("start")
    assert alarms_of(bench) == set()


def test_the_same_stop_and_start_three_times_is_a_fault() -> None:
    bench = running()
    for _ in range(2):
        bench.must("stop", 0)
        bench.must("start")
    bench.must("stop", 0)
    assert refused(bench, "start") == "alarm_active"
    assert alarms_of(bench) == {"start_stop_cycling"}
    bench.must("clear_alarms", 1 << ALARM_BITS["start_stop_cycling"])
    bench.must("start")
    bench.run(700 * SECOND_US)
    for _ in range(4):
        bench.must("stop", 0)
        bench.must("start")
        bench.run(400 * SECOND_US)
    assert alarms_of(bench) == set()


# Reservoir


def test_low_and_empty_come_to_the_microsecond() -> None:
    bench = running(interval_ms=3_600_000)
    flow_pl_us = 20_000_000_000 / (DAY_MS * 1000)
    bench.run(25 * HOUR_US)
    times = {kind: at_us for kind, at_us, _ in log_of(bench)}
    assert abs(times["low_reservoir"] - 18_000_000_000 / flow_pl_us) < 2
    assert abs(times["empty_reservoir"] - 20_000_000_000 / flow_pl_us) < 2
    assert times["stopped"] == times["empty_reservoir"]
    assert bench.status()["commanded_pl"] == 20_000_000_000
    assert refused(bench, "start") == "alarm_active"
    bench.must("refill", 1003, 0, 20_000_000, 500_000)
    assert not alarms_of(bench) & {"low_reservoir", "empty_reservoir"}
    bench.must("start")


def test_a_refill_that_does_not_add_up_is_an_event_of_its_own() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(6 * HOUR_US)  # 5 mL
    bench.must("refill", 1001, 15_500_000, 20_000_000, 500_000)
    assert "refill_discrepancy" not in bench.kinds()
    bench.run(6 * HOUR_US)
    bench.must("refill", 1002, 14_000_000, 18_000_000, 250_000)
    bench.run(SECOND_US)
    assert [entry[::2] for entry in log_of(bench)][-3:] == [
        ("refilled", 18_000_000),
        ("refill_discrepancy", 1_000_000),
        ("config_changed", SETTING_KEYS["concentration_ng_ml"]),
    ]
    assert refused(bench, "refill", 1003, 0, 20_000_001, 500_000) == "out_of_range"


@given(st.integers(0, 40_000_000), st.integers(-3_000_000, 3_000_000))
def test_the_discrepancy_rule(delivered_nl: int, missing_nl: int) -> None:
    band = max(delivered_nl * 145 // 1000, 100_000)
    assert is_discrepant(5_000_000, 5_000_000 - missing_nl, delivered_nl) == (abs(missing_nl) > min(band, 2_000_000))
