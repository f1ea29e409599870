"""What the pump wants done in time: the reminder of a stop, the tube, and what a refill pressed through."""

import pytest

from firmware_link.vocabulary import ALARM_BITS, SETTING_KEYS
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import DAY_MS, FAST, HOUR_US, SECOND_US, alarms_of, log_of, refused, reset, running

MINUTE_US = 60 * SECOND_US
REVOLUTION_PL, ROLLERS = 19_438_991, 6


def _set(bench: Bench, name: str, value: int) -> None:
    bench.must("set_config", records=[(SETTING_KEYS[name], value)])


# The reminder


@pytest.mark.parametrize("minutes", [1, 60, 10_080])
def test_a_stop_is_reminded_of_to_the_microsecond(minutes: int) -> None:
    bench = running(interval_ms=3_600_000)
    _set(bench, "reminder_min", minutes)
    bench.run(SECOND_US)
    bench.must("stop", 0)
    due_us = bench.board.t_us + minutes * MINUTE_US
    bench.run_until(due_us - 1)
    bench.poll()
    assert "stopped_reminder" not in alarms_of(bench)
    bench.run(1)
    bench.run(SECOND_US)
    assert ("stopped_reminder", due_us, minutes) in log_of(bench)
    bench.must("start")
    assert alarms_of(bench) == set()


def test_without_minutes_there_is_no_reminder() -> None:
    bench = running(interval_ms=3_600_000)
    _set(bench, "reminder_min", 0)
    bench.must("stop", 0)
    bench.run(100 * HOUR_US)
    assert alarms_of(bench) == {"stopped_long"}


def test_a_program_that_stops_the_pump_has_its_own_reminder() -> None:
    bench = running(interval_ms=3_600_000)
    bench.commit(Program(UTC_S, 0, [], [], None, 30))
    at_us = bench.board.t_us
    bench.run(2 * HOUR_US)
    assert [entry for entry in log_of(bench) if entry[0] == "stopped_reminder"] == [
        ("stopped_reminder", at_us + 30 * MINUTE_US, 30)
    ]


@pytest.mark.parametrize(("before_min", "minutes"), [(600, 30), (30, 600)])
def test_a_program_committed_while_stopped_brings_its_own_reminder(before_min: int, minutes: int) -> None:
    bench = running(interval_ms=3_600_000)
    bench.commit(Program(UTC_S, 0, [], [], None, before_min))
    at_us = bench.board.t_us
    bench.run(10 * MINUTE_US)
    bench.commit(Program(UTC_S, 0, [], [], None, minutes))
    bench.run(24 * HOUR_US)
    assert [entry for entry in log_of(bench) if entry[0] == "stopped_reminder"] == [
        ("stopped_reminder", at_us + minutes * MINUTE_US, minutes)
    ]


def test_the_time_to_the_reminder_goes_on_over_a_reset() -> None:
    bench = running(interval_ms=3_600_000)
    bench.must("stop", 0)
    bench.run(40 * MINUTE_US)
    bench.must("set_clock", UTC_S + 10_000, 0)  # which saves
    again = reset(bench)
    again.run(19 * MINUTE_US)
    again.hello()
    assert alarms_of(again) == set()
    again.run(2 * MINUTE_US)
    assert alarms_of(again) == {"stopped_reminder"}


# The tube


def _compressions_pl(compressions: int) -> int:
    """The first volume that makes so many."""
    return -(-compressions * REVOLUTION_PL // ROLLERS)


def test_a_tube_is_due_at_its_last_compression_and_a_new_one_begins_at_none() -> None:
    life = 2500
    due_pl = _compressions_pl(life)
    program = Program(UTC_S, 0, [(due_pl, 40 * 3_600_000)], [(1_000_000_000, DAY_MS)])
    bench = Bench().open()
    _set(bench, "sample_interval_ms", 3_600_000)
    _set(bench, "tube_life_compressions", life)
    bench.commit(program)
    bench.must("start")
    bench.run_until(40 * HOUR_US - 1)
    bench.poll()
    assert (bench.status()["tube_permille"], alarms_of(bench)) == (999, set())
    bench.run(1)
    assert (bench.status()["tube_permille"], alarms_of(bench)) == (1000, {"tube_service"})
    bench.run(24 * HOUR_US)
    assert ("tube_service", 40 * HOUR_US, life) in log_of(bench)
    made = bench.status()["commanded_pl"] * ROLLERS // REVOLUTION_PL
    assert bench.status()["tube_permille"] == made * 1000 // life
    bench.must("tube_replaced", 9)
    bench.must("tube_replaced", 9)  # asked again, done once
    bench.run(SECOND_US)
    assert (bench.status()["tube_permille"], alarms_of(bench)) == (0, set())
    assert [entry[2] for entry in log_of(bench) if entry[0] == "tube_replaced"] == [made]
    assert bench.must("get_outcome", 9)["state"] == 2


def test_compressions_are_counted_by_the_calibration_that_held() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(6 * HOUR_US)
    bench.must("stop", 0)
    before = bench.status()["commanded_pl"] * ROLLERS // REVOLUTION_PL
    tube = bench.firmware.pump.tube

    def compressions() -> int:
        return int(tube.compressions(bench.status()["commanded_pl"]))

    assert compressions() == before
    _set(bench, "revolution_pl", REVOLUTION_PL // 10)
    _set(bench, "rollers", 3)
    assert compressions() == before
    bench.must("start")
    commanded = bench.status()["commanded_pl"]
    bench.run(HOUR_US)
    made = (bench.status()["commanded_pl"] - commanded) * 3 // (REVOLUTION_PL // 10)
    assert abs(compressions() - before - made) <= 1
    bench.must("stop", 0)
    now = compressions()
    assert reset(bench).firmware.pump.tube.compressions(bench.status()["commanded_pl"]) == now


def test_a_shorter_life_is_over_at_once_and_a_longer_one_is_not() -> None:
    bench = running(interval_ms=3_600_000)
    bench.run(6 * HOUR_US)
    _set(bench, "tube_life_compressions", 1000)
    assert alarms_of(bench) == {"tube_service"}
    assert bench.status()["tube_permille"] > 1500
    _set(bench, "tube_life_compressions", 200_000)
    assert alarms_of(bench) == set()


# The refill


def _refilled(limit_nl: int) -> Bench:
    bench = running()
    _set(bench, "refill_watch_nl", limit_nl)
    bench.board.balance_nl = 77_000
    bench.must("stop", 0)
    bench.must("refill", 1, 0, 20_000_000, 500_000)
    bench.run(SECOND_US)
    return bench


@pytest.mark.parametrize("sign", [1, -1])
def test_what_a_refill_presses_through_or_draws_back_is_told_once(sign: int) -> None:
    bench = _refilled(100_000)
    bench.board.balance_nl = 77_000 + sign * 100_000
    bench.run(20 * MINUTE_US)
    assert "refill_suspect" not in bench.kinds()
    bench.board.balance_nl += sign
    bench.run(2 * MINUTE_US)
    bench.board.balance_nl += sign * 90_000
    bench.run(2 * MINUTE_US)
    assert [entry[2] for entry in log_of(bench) if entry[0] == "refill_suspect"] == [sign * 100_001]


def test_a_refill_is_watched_for_half_an_hour_by_whoever_listens_or_not() -> None:
    for minutes, told in ((28, 1), (31, 0)):
        bench = _refilled(100_000)
        bench.firmware.link.session = 0
        bench.run(minutes * MINUTE_US)
        bench.board.balance_nl = 200_000
        bench.run(3 * HOUR_US)
        bench.hello(99)
        bench.run(SECOND_US)
        assert bench.kinds().count("refill_suspect") == told


def test_a_refill_watch_of_nothing_watches_nothing() -> None:
    bench = _refilled(0)
    bench.board.balance_nl = 270_000
    bench.run(5 * MINUTE_US)
    assert "refill_suspect" not in bench.kinds()


# Free flow


def test_a_jump_of_the_balance_is_a_hand_and_no_flow() -> None:
    bench = running()
    bench.board.balance_nl = 0
    bench.run(SECOND_US)
    for weight in (-20_000_000, 30_000_000, 0, 5_000_000):
        bench.board.balance_nl = weight
        bench.run(10 * SECOND_US)
    assert alarms_of(bench) == set()


def test_a_weight_put_on_while_nobody_looks_is_no_flow() -> None:
    bench = running()
    bench.board.balance_nl = 0
    bench.must("stop", 0)
    bench.run(SECOND_US)
    bench.firmware.link.session = 0
    for weight in (10_000_000, 15_000_000, 15_300_000):
        bench.run(20 * MINUTE_US)
        bench.board.balance_nl = weight
    bench.run(3 * HOUR_US)
    assert not bench.firmware.pump.alarms >> ALARM_BITS["free_flow"] & 1


def test_a_fast_flow_that_begins_while_nobody_looks_is_seen_all_the_same() -> None:
    bench = running()
    bench.board.balance_nl = 0
    bench.must("stop", 0)
    bench.run(SECOND_US)
    bench.firmware.link.session = 0
    bench.run(HOUR_US)
    at_us = bench.board.t_us
    while not bench.firmware.pump.alarms >> ALARM_BITS["free_flow"] & 1:
        bench.board.balance_nl = (bench.board.t_us - at_us) * 2_000_000 // HOUR_US
        bench.run(MINUTE_US)
        assert bench.board.t_us - at_us < 30 * MINUTE_US
    bench.hello(99)
    bench.run(SECOND_US)
    (occurred_us,) = [entry[1] for entry in log_of(bench) if entry[0] == "free_flow"]
    assert at_us - 16 * MINUTE_US <= occurred_us <= at_us + 16 * MINUTE_US


def test_flow_is_free_beyond_what_an_occlusion_dams_up_and_a_pump_may_be_off() -> None:
    def rising(nl_per_minute: int, minutes: int, commanded_ml_day: int) -> set[str]:
        bench = running(Program(UTC_S, 0, [], [(commanded_ml_day * 10**9, DAY_MS)]), interval_ms=60_000)
        bench.board.balance_nl = 0
        bench.run(SECOND_US)
        for _ in range(minutes):
            bench.board.balance_nl += nl_per_minute
            bench.run(MINUTE_US)
        return alarms_of(bench) - {"flow_tolerance"}

    commanded = 20 * 10**6 // 1440
    assert rising(commanded * 3 // 2, 60, 20) == set()
    assert rising(commanded * 3 // 2 + 1000, 60, 20) == {"free_flow"}
    assert rising(1800, 60, 1) == set()
    assert rising(2000, 60, 1) == {"free_flow"}


def test_free_flow_is_seen_with_nobody_listening_and_the_pump_stopped() -> None:
    bench = running()
    bench.board.balance_nl = 0
    bench.must("stop", 0)
    bench.run(SECOND_US)
    bench.firmware.link.session = 0
    at_us = bench.board.t_us
    while not bench.firmware.pump.alarms >> ALARM_BITS["free_flow"] & 1:
        bench.board.balance_nl = (bench.board.t_us - at_us) * 5_000_000 // HOUR_US
        bench.run(MINUTE_US)
    assert bench.board.t_us - at_us < 20 * MINUTE_US
    assert refused(bench.open(), "start") == "alarm_active"
    bench.must("clear_alarms", 1 << ALARM_BITS["free_flow"])
    bench.commit(FAST)
    bench.must("start")
