"""The on-demand bolus: what the pump grants, by its button and by command, and what it refuses."""

from firmware_link.vocabulary import EVENT_KINDS, EVENT_NAMES, EVENT_PRIORITIES, LOW, SETTING_KEYS
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import (
    BASE,
    DAY_US,
    DURATION_MS,
    HOUR_US,
    LOCKOUT_S,
    LOCKOUT_US,
    PER_DAY,
    SECOND_US,
    VOLUME_PL,
    alarms_of,
    delivering,
    log_of,
    on_demand,
    presses_at,
    refused,
    reset,
    state_of,
)

# What is granted


def test_a_press_gives_the_bolus_at_its_moment_and_the_base_goes_on() -> None:
    bench = delivering()
    bench.run(100 * SECOND_US)
    at_us, before_pl = bench.board.t_us, bench.status()["commanded_pl"]
    bench.press()
    bench.run(60 * SECOND_US)
    end_us = at_us + DURATION_MS * 1000
    assert [entry for entry in log_of(bench) if entry[1] >= at_us] == [
        ("demand_granted", at_us, 1),
        ("bolus_duration", at_us, DURATION_MS),
        ("bolus_started", at_us, VOLUME_PL // 1000),
        ("bolus_ended", end_us, VOLUME_PL // 1000),
        ("started", end_us, 1),
    ]
    base_pl = BASE[0] * 30 // 86_400
    assert bench.status()["commanded_pl"] - before_pl - VOLUME_PL in (base_pl, base_pl + 1)


def test_a_command_asks_for_the_same_and_acts_once() -> None:
    bench = delivering()
    for _ in range(2):
        bench.must("demand", 10**18)
        assert state_of(bench) == "bolus"
    bench.run(60 * SECOND_US)
    assert bench.must("get_outcome", 10**18)["state"] == 2
    assert bench.kinds().count("demand_granted") == 1
    again = reset(bench).open()
    assert again.must("get_outcome", 10**18)["state"] == 2


def test_the_status_counts_them_and_says_when_another_may_be_given() -> None:
    bench = delivering()
    assert [bench.status()[field] for field in ("demands_day", "demand_wait_s")] == [0, 0]
    bench.press()
    bench.run(200 * SECOND_US)
    assert [bench.status()[field] for field in ("demands_day", "demand_wait_s")] == [1, LOCKOUT_S - 200]
    bench.run(LOCKOUT_US)
    assert [bench.status()[field] for field in ("demands_day", "demand_wait_s")] == [1, 0]
    bench.run(DAY_US)
    assert bench.status()["demands_day"] == 0


# Lockout and daily maximum, on both sides


def test_the_lockout_ends_to_the_microsecond() -> None:
    first = 100 * SECOND_US
    told = presses_at(delivering(), first, first + LOCKOUT_US - 1, first + LOCKOUT_US)
    assert told == [("demand_granted", 1), ("demand_refused", 1), ("demand_granted", 2)]


def test_the_daily_maximum_is_of_any_24_hours() -> None:
    bench = delivering()
    first = HOUR_US
    told = presses_at(bench, *(hour * HOUR_US for hour in (1, 4, 10, 20, 23)), first + DAY_US - 1, first + DAY_US)
    assert told == [
        *[("demand_granted", count) for count in (1, 2, 3, 4)],
        ("demand_refused", 2 * 3600),
        ("demand_refused", 1),
        ("demand_granted", 4),
    ]
    assert presses_at(bench, 26 * HOUR_US)[-1] == ("demand_refused", 2 * 3600)
    assert presses_at(bench, 28 * HOUR_US)[-1] == ("demand_granted", 4)


def test_the_longer_wait_is_the_one_that_is_told() -> None:
    bench = delivering((VOLUME_PL, DURATION_MS, 7200, 2))
    presses_at(bench, 0, 3 * HOUR_US)
    bench.run(60 * SECOND_US)
    assert refused(bench, "demand", 1) == "daily_maximum"
    bench.run_until(DAY_US + HOUR_US)
    bench.press()
    bench.run_until(DAY_US + 2 * HOUR_US)
    bench.poll()
    assert bench.send("demand", 2)[1]["detail"] == 3600  # the lockout ends when the day of the second does
    late = delivering((VOLUME_PL, DURATION_MS, 7200, 2))
    presses_at(late, 0, 23 * HOUR_US)
    late.run(59 * SECOND_US)
    assert (refused(late, "demand", 1), late.status()["demand_wait_s"]) == ("lockout", 7200 - 60)


def test_a_new_program_forgets_none_of_those_given() -> None:
    bench = delivering()
    bench.press()
    bench.run(60 * SECOND_US)
    bench.commit(on_demand((VOLUME_PL, DURATION_MS, 3600, PER_DAY)))
    assert bench.status()["demand_wait_s"] == 3600 - 60
    assert refused(bench, "demand", 1) == "lockout"
    bench.commit(Program(UTC_S, 0, [], [BASE]))
    bench.commit(on_demand((VOLUME_PL, DURATION_MS, 60, 1)))
    assert refused(bench, "demand", 2) == "daily_maximum"


def test_a_new_program_that_allows_fewer_counts_those_given_before() -> None:
    bench = delivering()
    presses_at(bench, *(hour * HOUR_US for hour in (1, 4, 7, 10)))
    bench.run(60 * SECOND_US)
    bench.commit(on_demand((VOLUME_PL, DURATION_MS, LOCKOUT_S, 2)))
    assert presses_at(bench, 20 * HOUR_US)[-1] == ("demand_refused", 11 * 3600)  # until 24 h after the one at 7 h
    assert presses_at(bench, 31 * HOUR_US)[-1] == ("demand_granted", 2)


def test_one_that_was_cut_short_counts() -> None:
    bench = delivering()
    bench.press()
    bench.must("stop", 0)
    bench.must("start")
    assert refused(bench, "demand", 1) == "lockout"


# What is refused


def test_at_the_minimum_rate_after_a_reset() -> None:
    again = reset(delivering()).open()
    assert state_of(again) == "minimum_rate"
    assert refused(again, "demand", 10**18) == "alarm_active"
    again.must("start")
    again.must("demand", 10**18 + 1)


def test_without_a_program_or_an_on_demand_bolus_in_it() -> None:
    bench = Bench().open()
    assert refused(bench, "demand", 1) == "no_demand"
    bench.commit(Program(UTC_S, 0, [], [BASE]))
    assert refused(bench, "demand", 2) == "no_demand"


def test_while_stopped_and_while_another_bolus_runs() -> None:
    bench = delivering()
    bench.must("bolus", 10**18, 6_000_000, 60_000, 0)
    assert refused(bench, "demand", 1) == "busy_bolus"
    bench.must("stop", 0)
    assert refused(bench, "demand", 2) == "not_running"
    bench.run(SECOND_US)
    refusals = [value for kind, _, value in log_of(bench) if kind == "demand_refused"]
    assert refusals == [60, -1]


def test_while_an_alarm_stands_that_stops_the_pump() -> None:
    bench = delivering()
    bench.board.pressure_pa = 80_000
    bench.run(6 * HOUR_US)
    assert alarms_of(bench) >= {"occlusion"}
    assert refused(bench, "demand", 1) == "alarm_active"


def test_when_the_reservoir_holds_less() -> None:
    bench = delivering()
    bench.must("refill", 10**18, 0, 49_999, 500_000)
    assert refused(bench, "demand", 1) == "reservoir_too_low"
    bench.must("refill", 10**18 + 1, 0, 50_001, 500_000)
    bench.must("demand", 2)


def test_when_the_hard_limit_has_come_down_since() -> None:
    fastest_pl_s = VOLUME_PL * 1000 // DURATION_MS
    key = SETTING_KEYS["maximum_bolus_flow_pl_s"]
    bench = delivering()
    bench.must("set_config", records=[(key, fastest_pl_s)])
    assert refused(bench, "demand", 1) == "too_fast"  # by less than a picolitre a second
    bench.must("set_config", records=[(key, fastest_pl_s + 1)])
    bench.must("demand", 2)


def test_a_refusal_has_one_entry_and_repetitions_are_counted() -> None:
    bench = delivering()
    bench.press()
    bench.run(60 * SECOND_US)
    before = len(bench.events)
    assert refused(bench, "demand", 1) == "lockout"
    assert refused(bench, "demand", 1) == "lockout"  # the same command once more is no other request
    bench.firmware.link.session = 0  # nobody reads meanwhile
    for _ in range(5):
        bench.run(SECOND_US)
        bench.press()
    bench.open()
    bench.run(SECOND_US)
    entries = {event[0]: event for event in bench.events[before:] if EVENT_NAMES[event[1]] == "demand_refused"}
    assert [(event[2], event[6]) for event in entries.values()] == [(0, LOCKOUT_S - 60), (4, LOCKOUT_S - 61)]
    assert EVENT_PRIORITIES[EVENT_KINDS["demand_refused"]] == LOW
    assert "command_refused" not in bench.kinds()
