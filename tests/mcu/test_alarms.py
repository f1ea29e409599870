"""Tones, silence, self-test and what is kept twice, on both interpreters."""

from firmware_link.vocabulary import (
    ALARM_BITS,
    EVENT_KINDS,
    HIGH,
    INFO,
    LOW,
    MEDIUM,
    MINIMUM_RATE,
    SELF_TESTS,
    SENSORS,
    SETTING_KEYS,
    TONES,
)
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench

SECOND_US = 1000000
DAY_US = 86400 * SECOND_US
STEP_PL = 19438991 // 3200
PROGRAM = Program(UTC_S, 0, [(10**6, 60000)], [(10**9 // 24 + i, 3600000) for i in range(24)])


def _running():
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 3600000)])
    bench.commit(PROGRAM)
    bench.must("start")
    return bench


def test_an_alarm_is_heard_repeated_and_silenced():
    bench = _running()
    bench.board.pressure_pa = 69000
    bench.firmware.senses.soon(bench.board.t_us)
    bench.poll()
    bench.run(SECOND_US)
    raised_us, priority = bench.board.sounds[-1]
    assert priority == HIGH
    interval_us = dict(TONES)[HIGH] * SECOND_US
    bench.run_until(raised_us + 3 * interval_us)
    assert bench.status()["tones"] == 4
    bench.must("silence")
    bench.run(599 * SECOND_US)
    assert bench.board.sounds[-1][1] == INFO
    bench.run(SECOND_US)
    assert bench.board.sounds[-1][1] == HIGH
    bench.board.pressure_pa = 0
    bench.must("clear_alarms", 1 << ALARM_BITS["occlusion"])
    assert bench.board.sounds[-1][1] == INFO
    bench.must("start")
    assert bench.firmware.failures == 0


def test_a_self_test_passes_each_day_and_sounds_each_tone_when_told():
    bench = _running()
    bench.run(3 * DAY_US)
    bench.must("self_test")
    bench.run(10 * SECOND_US)
    assert [sound[1] for sound in bench.board.sounds] == [LOW, MEDIUM, HIGH, INFO]
    assert bench.status()["self_test"] == 0
    assert bench.kinds().count("self_test_passed") == 2
    assert bench.firmware.failures == 0


def test_a_program_that_changed_in_memory_fails_the_self_test():
    bench = _running()
    bench.firmware.pump.course.program._cycle_pl[5] ^= 1 << 40
    bench.must("self_test")
    assert bench.status()["self_test"] == 1 << SELF_TESTS.index("program")
    assert bench.status()["state"] == MINIMUM_RATE


def test_what_controls_delivery_is_mended_before_it_moves_anything():
    bench = _running()
    bench.run(3 * 3600 * SECOND_US)
    pump = bench.firmware.pump
    commanded_pl = pump.commanded_pl(bench.board.t_us)
    for name in ("_from_us", "_base_pl", "_volume_pl", "_duration_us", "_origin_pl", "_origin_steps", "_steps"):
        setattr(pump.delivery, name, getattr(pump.delivery, name) ^ 1 << 45)
        bench.must("get_status")
        assert pump.commanded_pl(bench.board.t_us) == commanded_pl
    assert pump.doing == MINIMUM_RATE
    pump.settings[SETTING_KEYS["minimum_flow_pl_s"]] ^= 1 << 20
    bench.run(3600 * SECOND_US)
    assert pump.commanded_pl(bench.board.t_us) - commanded_pl == 69 * 3600


def test_a_worn_tube_and_free_flow_are_noticed():
    bench = _running()
    bench.must("set_config", records=[(SETTING_KEYS["tube_life_compressions"], 1000)])
    bench.board.pour(STEP_PL)
    bench.run(2 * DAY_US)
    assert bench.status()["alarms"] == 0
    for _ in range(60):
        bench.board.balance_nl += 20000
        bench.run(60 * SECOND_US)
    assert bench.status()["alarms"] >> ALARM_BITS["free_flow"] & 1
    bench.must("clear_alarms", 1 << ALARM_BITS["free_flow"])
    bench.must("start")
    bench.run(2 * DAY_US)
    assert bench.status()["alarms"] == 1 << ALARM_BITS["tube_service"]
    bench.must("tube_replaced", 77)
    assert bench.status()["alarms"] == bench.status()["tube_permille"] == 0


def test_no_flow_and_then_too_little_are_noticed_and_a_stall_and_its_end():
    bench = _running()
    bench.board.pour(STEP_PL)
    bench.run(DAY_US)
    bench.board.pour(0)
    bench.run(3600 * SECOND_US)
    assert bench.status()["alarms"] == 1 << ALARM_BITS["no_flow"]
    bench.must("clear_alarms", 1 << ALARM_BITS["no_flow"])
    bench.board.pour(STEP_PL * 3 // 4)
    bench.must("start")
    bench.run(DAY_US)
    assert bench.status()["alarms"] == 1 << ALARM_BITS["flow_tolerance"]
    bench.board.pour(STEP_PL)
    bench.run(DAY_US)
    assert bench.status()["alarms"] == 0
    bench.board.step(0, bench.board.t_us, bench.board.t_us)
    bench.board.stalled = True
    bench.run(3600 * SECOND_US)
    assert bench.status()["alarms"] == 1 << ALARM_BITS["motor_stall"]
    bench.board.stalled = False
    bench.must("clear_alarms", 1 << ALARM_BITS["motor_stall"])
    bench.must("start")
    bench.run(3600 * SECOND_US)
    assert bench.kinds().count("stall_recovered") == 1
    assert bench.firmware.failures == 0


def test_sensors_that_cannot_be_right_are_named():
    bench = _running()
    bench.board.pour(STEP_PL)
    bench.run(SECOND_US)
    bench.board.balance_nl = None
    bench.board.battery_mv = 0
    bench.run(3600 * SECOND_US)
    assert bench.status()["alarms"] == 1 << ALARM_BITS["sensor_fault"]
    (bits,) = [event[6] for event in bench.events if event[1] == EVENT_KINDS["sensor_fault"]]
    assert bits == 1 << SENSORS.index("balance") | 1 << SENSORS.index("battery")
    assert bench.firmware.failures == 0
