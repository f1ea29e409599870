"""What the pump does: power, bolus, refill, battery, alarms and their actions, each as the host sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import (
    AFTER_RESUME,
    AFTER_STOP,
    ALARM_BITS,
    ERROR_NAMES,
    EVENT_NAMES,
    SETTING_KEYS,
    STATES,
    STOP_REASONS,
)
from rig.firmware.program import Program
from rig.firmware.reservoir import is_discrepant
from tests.mcu.bench import SESSION, UTC_S, Bench

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_MS = 86_400_000
FAST = Program(UTC_S, 0, [], [(20_000_000_000, DAY_MS)])  # 20 mL/day


def _running(program: Program = FAST, interval_ms: int = 100) -> Bench:
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], interval_ms)])
    bench.commit(program)
    bench.must("start")
    return bench


def _reset(bench: Bench) -> Bench:
    """The same pump after a loss of power."""
    return Bench(bench.board.regions)


def _refused(bench: Bench, name: str, *values: int) -> str:
    reply, fields = bench.send(name, *values)
    assert reply == "refused", (name, reply, fields)
    return ERROR_NAMES[fields["code"]]


def _log(bench: Bench) -> list[tuple[str, int, int]]:
    """(kind, occurred_us, value) of every event so far."""
    return [(EVENT_NAMES[event[1]], event[4], event[6]) for event in bench.events]


def _state(bench: Bench) -> str:
    return STATES[bench.status()["state"]]


def _alarms(bench: Bench) -> set[str]:
    bits = bench.status()["alarms"]
    return {name for name, bit in ALARM_BITS.items() if bits >> bit & 1}


# Power and clock


def test_a_new_pump_is_stopped_full_and_quiet() -> None:
    bench = Bench()
    bench.hello()
    status = bench.status()
    assert (status["state"], status["alarms"], status["digest"], status["clock_set"]) == (0, 0, 0, 0)
    assert status["reservoir_nl"] == 20_000_000
    assert bench.kinds() == ["boot", "session_opened"]


def test_power_lost_while_running_means_the_minimum_rate_until_a_start() -> None:
    bench = _running()
    bench.run(HOUR_US)
    commanded = bench.status()["commanded_pl"]
    again = _reset(bench)
    again.hello()
    assert (_state(again), _alarms(again)) == ("minimum_rate", {"safe_state_reset"})
    assert 0 <= commanded - again.status()["commanded_pl"] < 250_000_000
    assert _refused(again, "start") == "clock_unset"
    assert _refused(again, "bolus", 1001, 10**7, 60_000, AFTER_RESUME) == "clock_unset"
    before = again.status()["commanded_pl"]
    again.run(HOUR_US)
    assert again.status()["commanded_pl"] - before == 69 * 3600
    off_s = 5000
    again.must("set_clock", UTC_S + 3600 + off_s + 3600, 0)
    assert _refused(again, "bolus", 1002, 10**7, 60_000, AFTER_RESUME) == "alarm_active"
    again.must("start")
    assert (_state(again), _alarms(again)) == ("running", set())
    again.run(SECOND_US)
    assert again.kinds()[-2:] == ["safe_state_reset_over", "started"]
    told = next(value for kind, _, value in reversed(_log(again)) if kind == "clock_set")
    assert off_s <= told <= off_s + 3600  # as of the last save, so at most too long


def test_power_lost_while_stopped_changes_nothing() -> None:
    bench = _running()
    bench.run(60 * SECOND_US)
    bench.must("stop", 0)
    before = bench.status()
    again = _reset(bench)
    again.hello()
    after = again.status()
    for field in ("state", "alarms", "digest", "commanded_pl", "reservoir_nl"):
        assert after[field] == before[field]


def test_the_clock_is_told_once_and_small_corrections_leave_the_cycle_alone() -> None:
    bench = _running()
    anchor_us = bench.status()["anchor_us"]
    bench.must("set_clock", UTC_S + 1, 60)
    assert bench.status()["anchor_us"] == anchor_us
    bench.must("set_clock", UTC_S + 100, 60)
    assert bench.status()["anchor_us"] == anchor_us - 100 * SECOND_US
    assert [value for kind, _, value in _log(bench) if kind == "clock_set"] == [-1, 0]


# Commands that deliver


def test_a_bolus_pauses_the_base_and_ends_as_asked() -> None:
    bench = _running()
    bench.run(60 * SECOND_US)
    at_us = bench.board.t_us
    bench.must("bolus", 1005, 50_000_000, 30_000, AFTER_RESUME)
    assert _refused(bench, "bolus", 1006, 50_000_000, 30_000, AFTER_RESUME) == "busy_bolus"
    assert bench.status()["bolus_left_ms"] == 30_000
    bench.run(30 * SECOND_US)
    bench.must("bolus", 1007, 50_000_000, 30_000, AFTER_STOP)
    bench.run(60 * SECOND_US)
    end_us = at_us + 30 * SECOND_US
    log = [entry for entry in _log(bench) if entry[1] >= at_us and entry[0] != "command_refused"]
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
    bench = _running()
    bench.must("bolus", 1005, 60_000_000, 60_000, AFTER_RESUME)
    bench.run(20 * SECOND_US)
    bench.must("stop", 0)
    bench.run(SECOND_US)
    assert [entry[::2] for entry in _log(bench)][-2:] == [("bolus_cut_short", 20_000), ("stopped", 0)]
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
    bench = _running()
    assert _refused(bench, "bolus", 1005, volume_pl, duration_ms, after) == why
    assert _state(bench) == "running"
    bench.run(SECOND_US)
    assert bench.kinds()[-1] == "command_refused"


def test_a_program_without_a_cycle_ends_in_a_stop_and_begins_anew() -> None:
    bench = _running(Program(UTC_S, 0, [(1_000_000, 10_000)], []))
    for _ in range(2):
        bench.run(20 * SECOND_US)
        assert bench.kinds()[-2:] == ["prelude_ended", "stopped"]
        assert _state(bench) == "stopped"
        bench.must("start")
    assert bench.status()["commanded_pl"] == 2_000_000


def test_a_stop_and_start_continues_the_prelude() -> None:
    bench = _running(Program(UTC_S, 0, [(100_000_000, 60_000)], [(0, 1000)]))
    bench.run(20 * SECOND_US)
    bench.must("stop", 0)
    bench.run(500 * SECOND_US)
    bench.must("start")
    bench.run(39 * SECOND_US)
    assert bench.status()["commanded_pl"] == 100_000_000 * 59 // 60
    bench.run(60 * SECOND_US)
    assert bench.status()["commanded_pl"] == 100_000_000


def test_a_commit_while_running_begins_at_once_and_a_commit_while_stopped_waits() -> None:
    bench = _running()
    bench.run(60 * SECOND_US)
    before = bench.status()["commanded_pl"]
    bench.commit(Program(UTC_S, 0, [(60_000_000, 60_000)], [(0, 1000)]))
    bench.run(60 * SECOND_US)
    assert bench.status()["commanded_pl"] - before == 60_000_000
    bench.must("stop", 0)
    bench.commit(FAST)
    bench.run(60 * SECOND_US)
    assert (_state(bench), bench.status()["digest"]) == ("stopped", FAST.digest())


def test_the_same_stop_and_start_three_times_is_a_fault() -> None:
    bench = _running()
    for _ in range(2):
        bench.must("stop", 0)
        bench.must("start")
    bench.must("stop", 0)
    assert _refused(bench, "start") == "alarm_active"
    assert _alarms(bench) == {"start_stop_cycling"}
    bench.must("clear_alarms", 1 << ALARM_BITS["start_stop_cycling"])
    bench.must("start")
    bench.run(700 * SECOND_US)
    for _ in range(4):
        bench.must("stop", 0)
        bench.must("start")
        bench.run(400 * SECOND_US)
    assert _alarms(bench) == set()


# Reservoir


def test_low_and_empty_come_to_the_microsecond() -> None:
    bench = _running(interval_ms=3_600_000)
    flow_pl_us = 20_000_000_000 / (DAY_MS * 1000)
    bench.run(25 * HOUR_US)
    times = {kind: at_us for kind, at_us, _ in _log(bench)}
    assert abs(times["low_reservoir"] - 18_000_000_000 / flow_pl_us) < 2
    assert abs(times["empty_reservoir"] - 20_000_000_000 / flow_pl_us) < 2
    assert times["stopped"] == times["empty_reservoir"]
    assert bench.status()["commanded_pl"] == 20_000_000_000
    assert _refused(bench, "start") == "alarm_active"
    bench.must("refill", 1003, 0, 20_000_000, 500_000)
    assert _alarms(bench) == set()
    bench.must("start")


def test_a_refill_that_does_not_add_up_is_an_event_of_its_own() -> None:
    bench = _running(interval_ms=3_600_000)
    bench.run(6 * HOUR_US)  # 5 mL
    bench.must("refill", 1001, 15_500_000, 20_000_000, 500_000)
    assert "refill_discrepancy" not in bench.kinds()
    bench.run(6 * HOUR_US)
    bench.must("refill", 1002, 14_000_000, 18_000_000, 250_000)
    bench.run(SECOND_US)
    assert [entry[::2] for entry in _log(bench)][-3:] == [
        ("refilled", 18_000_000),
        ("refill_discrepancy", 1_000_000),
        ("config_changed", SETTING_KEYS["concentration_ng_ml"]),
    ]
    assert _refused(bench, "refill", 1003, 0, 20_000_001, 500_000) == "out_of_range"


@given(st.integers(0, 40_000_000), st.integers(-3_000_000, 3_000_000))
def test_the_discrepancy_rule(delivered_nl: int, missing_nl: int) -> None:
    band = max(delivered_nl * 145 // 1000, 100_000)
    assert is_discrepant(5_000_000, 5_000_000 - missing_nl, delivered_nl) == (abs(missing_nl) > min(band, 2_000_000))


# Alarms that sensors raise


def test_a_stall_stops_the_pump_and_is_placed_where_the_rotor_stuck() -> None:
    bench = _running()
    bench.run(600 * SECOND_US)
    bench.board.step(0, bench.board.t_us, bench.board.t_us)  # whatever was ordered, nothing turns any more
    bench.board.stalled = True
    at_us = bench.board.t_us
    bench.run(60 * SECOND_US)
    entries = {kind: entry for entry in _log(bench) for kind in entry[:1]}
    assert abs(entries["motor_stall"][1] - at_us) < SECOND_US // 10
    assert entries["motor_stall"][2] > 3200 // 8
    assert entries["stopped"][2] == STOP_REASONS.index("alarm")
    assert _refused(bench, "start") == "alarm_active"
    bench.board.stalled = False
    bench.must("clear_alarms", 1 << ALARM_BITS["motor_stall"])
    bench.must("start")
    bench.run(600 * SECOND_US)
    assert (_state(bench), bench.kinds().count("motor_stall_over")) == ("running", 1)


def test_pressure_stops_the_pump_only_when_it_stays() -> None:
    bench = _running()
    bench.board.pressure_pa = 69_000
    bench.run(2 * 100_000)
    bench.board.pressure_pa = 68_999
    bench.run(SECOND_US)
    assert _state(bench) == "running"
    bench.board.pressure_pa = 69_000
    bench.run(SECOND_US)
    assert (_state(bench), _alarms(bench)) == ("stopped", {"occlusion"})
    bench.run(SECOND_US)
    assert ("occlusion", 69_000) in [entry[::2] for entry in _log(bench)]


def test_alarms_come_without_a_host_too() -> None:
    bench = _running()
    bench.firmware.link.session = 0
    bench.board.pressure_pa = 80_000
    bench.run(HOUR_US)
    bench.hello(SESSION + 1)
    assert bench.firmware.pump.doing == STATES.index("stopped")


def test_a_tired_battery_is_told_and_ninety_days_later_the_pump_stops() -> None:
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 3_600_000)])
    bench.commit(Program(UTC_S, 0, [], [(100_000_000, DAY_MS)]))
    bench.must("start")
    bench.board.battery_mv = 3299
    bench.run(2 * SECOND_US)
    bench.board.battery_mv = 3500
    bench.run(10 * HOUR_US)
    assert _alarms(bench) == set()  # one dip is no end of life
    bench.board.charge_permille = 80
    bench.run(2 * HOUR_US)
    assert _alarms(bench) == {"battery_eri"}
    bench.run(45 * 24 * HOUR_US)
    again = _reset(bench).open()
    again.board.charge_permille = 70
    again.must("set_clock", UTC_S + 46 * 86_400, 0)
    again.must("start")
    again.run(44 * 24 * HOUR_US)
    assert _alarms(again) == {"battery_eri"}
    again.run(2 * 24 * HOUR_US)
    assert (_alarms(again), _state(again)) == ({"battery_eri", "battery_eos"}, "stopped")
    again.board.charge_permille = 1000
    again.must("battery_replaced", 1077)
    assert _alarms(again) == set()
    again.must("start")


def test_a_voltage_too_low_is_the_end_at_once() -> None:
    bench = _running()
    bench.board.battery_mv = 2799
    bench.run(5 * SECOND_US)
    assert "battery_eos" in _alarms(bench)
    assert _state(bench) == "stopped"


def test_two_days_stopped_is_an_alarm_that_a_start_ends() -> None:
    bench = _running(interval_ms=3_600_000)
    bench.must("stop", 0)
    at_us = bench.board.t_us
    bench.run(48 * HOUR_US - SECOND_US)
    assert _alarms(bench) == set()
    bench.run(2 * SECOND_US)
    assert ("stopped_long", at_us + 48 * HOUR_US, 48) in _log(bench)
    bench.must("start")
    assert _alarms(bench) == set()


def test_a_damaged_memory_is_told() -> None:
    bench = _running()
    bench.board.store("state", 20, b"\x00\x11\x22")
    again = _reset(bench)
    again.hello()
    assert "memory_corrected" in _alarms(again)
    again.board.store("state", 20, b"\x01\x11\x22")
    again.board.store("state", 4096 + 20, b"\x01\x11\x22")
    lost = _reset(again).open()
    assert (_state(lost), _alarms(lost)) == ("minimum_rate", {"memory_error"})
    assert _refused(lost, "start") == "alarm_active"


def test_a_memory_that_fails_leads_to_the_safe_state() -> None:
    bench = _running()

    def fail(region: str, offset: int, data: bytes) -> None:
        raise OSError(5, "input/output error")

    bench.board.store = fail  # type: ignore[method-assign]
    assert _refused(bench, "bolus", 1009, 10**7, 60_000, AFTER_RESUME) == "storage"
    assert bench.firmware.pump.doing == STATES.index("minimum_rate")
