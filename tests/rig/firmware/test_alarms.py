"""Alarms that the sensors and the memory raise, what they do to the pump, and how they end."""

from firmware_link.vocabulary import AFTER_RESUME, ALARM_BITS, SETTING_KEYS, STATES, STOP_REASONS
from rig.firmware.program import Program
from tests.mcu.bench import SESSION, UTC_S, Bench
from tests.rig.firmware.doing import DAY_MS, HOUR_US, SECOND_US, alarms_of, log_of, refused, reset, running, state_of


def test_a_stall_stops_the_pump_and_is_placed_where_the_rotor_stuck() -> None:
    bench = running()
    bench.run(600 * SECOND_US)
    bench.board.step(0, bench.board.t_us, bench.board.t_us)  # whatever was ordered, nothing turns any more
    bench.board.stalled = True
    at_us = bench.board.t_us
    bench.run(60 * SECOND_US)
    entries = {kind: entry for entry in log_of(bench) for kind in entry[:1]}
    assert abs(entries["motor_stall"][1] - at_us) < SECOND_US // 10
    assert entries["motor_stall"][2] > 3200 // 8
    assert entries["stopped"][2] == STOP_REASONS.index("alarm")
    assert refused(bench, "start") == "alarm_active"
    bench.board.stalled = False
    bench.must("clear_alarms", 1 << ALARM_BITS["motor_stall"])
    bench.must("start")
    bench.run(600 * SECOND_US)
    assert (state_of(bench), bench.kinds().count("motor_stall_over")) == ("running", 1)


def test_pressure_stops_the_pump_only_when_it_stays() -> None:
    bench = running()
    bench.board.pressure_pa = 69_000
    bench.run(SECOND_US // 4)
    bench.board.pressure_pa = 68_999
    bench.run(SECOND_US)
    assert state_of(bench) == "running"
    bench.board.pressure_pa = 69_000
    bench.run(SECOND_US)
    assert (state_of(bench), alarms_of(bench)) == ("stopped", {"occlusion"})
    bench.run(SECOND_US)
    assert ("occlusion", 69_000) in [entry[::2] for entry in log_of(bench)]


def test_alarms_come_without_a_host_too() -> None:
    bench = running()
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
    assert alarms_of(bench) == set()  # one dip is no end of life
    bench.board.charge_permille = 80
    bench.run(2 * HOUR_US)
    assert alarms_of(bench) == {"battery_eri"}
    bench.run(45 * 24 * HOUR_US)
    again = reset(bench).open()
    again.board.charge_permille = 70
    again.must("set_clock", UTC_S + 46 * 86_400, 0)
    again.must("start")
    again.run(44 * 24 * HOUR_US)
    assert alarms_of(again) == {"battery_eri"}
    again.run(2 * 24 * HOUR_US)
    assert alarms_of(again) >= {"battery_eri", "battery_eos"}
    assert state_of(again) == "stopped"
    again.board.charge_permille = 1000
    again.must("battery_replaced", 1077)
    assert not alarms_of(again) & {"battery_eri", "battery_eos"}
    again.must("start")


def test_the_ninety_days_count_while_the_power_is_off() -> None:
    bench = running(interval_ms=3_600_000)
    bench.board.charge_permille = 80
    bench.run(8 * HOUR_US)
    bench.must("stop", 0)
    again = Bench(bench.board.regions)
    again.board.charge_permille = 80
    again.hello()
    again.must("set_clock", UTC_S + 89 * 86_400, 0)
    again.run(2 * HOUR_US)
    assert alarms_of(again) == {"battery_eri", "stopped_reminder", "stopped_long"}
    again.must("set_clock", UTC_S + 89 * 86_400 + 2 * 3600, 0)
    again.run(36 * HOUR_US)
    assert "battery_eos" in alarms_of(again)


def test_a_voltage_too_low_is_the_end_at_once() -> None:
    bench = running()
    bench.board.battery_mv = 2799
    bench.run(20 * SECOND_US)
    assert "battery_eos" in alarms_of(bench)
    assert state_of(bench) == "stopped"


def test_two_days_stopped_is_an_alarm_that_a_start_ends() -> None:
    bench = running(interval_ms=3_600_000)
    bench.must("stop", 0)
    at_us = bench.board.t_us
    bench.run(48 * HOUR_US - SECOND_US)
    assert "stopped_long" not in alarms_of(bench)
    bench.run(2 * SECOND_US)
    assert ("stopped_long", at_us + 48 * HOUR_US, 48) in log_of(bench)
    bench.must("start")
    assert alarms_of(bench) == set()


def test_a_damaged_memory_is_told() -> None:
    bench = running()
    bench.board.store("state", 20, b"\x00\x11\x22")
    again = reset(bench)
    again.hello()
    assert "memory_corrected" in alarms_of(again)
    again.board.store("state", 20, b"\x01\x11\x22")
    again.board.store("state", 4096 + 20, b"\x01\x11\x22")
    lost = reset(again).open()
    assert (state_of(lost), alarms_of(lost)) == ("minimum_rate", {"memory_error"})
    assert refused(lost, "start") == "alarm_active"


def test_a_memory_that_fails_leads_to_the_safe_state() -> None:
    bench = running()

    def fail(region: str, offset: int, data: bytes) -> None:
        raise OSError(5, "input/output error")

    bench.board.store = fail  # type: ignore[method-assign]
    assert refused(bench, "bolus", 1009, 10**7, 60_000, AFTER_RESUME) == "storage"
    assert bench.firmware.pump.doing == STATES.index("minimum_rate")
