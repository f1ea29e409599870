"""What controls delivery and changes in memory by itself is noticed before the rotor goes by it."""

from collections.abc import Callable

import pytest

from firmware_link.vocabulary import ALARM_BITS, SETTING_KEYS, STOPPED
from rig.firmware.program import Program
from rig.firmware.pump import Pump
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import (
    DEMAND,
    FAST,
    HOUR_US,
    SECOND_US,
    alarms_of,
    delivering,
    log_of,
    refused,
    running,
    state_of,
)

HOUR_MS = 3_600_000
#: a day in three parts, behind a prelude
PARTS = Program(
    UTC_S, 0, [(10**8, HOUR_MS)], [(10**8, 3 * HOUR_MS), (3 * 10**8, 5 * HOUR_MS), (2 * 10**7, 16 * HOUR_MS)]
)


def _mid_course() -> Bench:
    """Half an hour before the second part begins."""
    bench = running(PARTS, interval_ms=HOUR_MS)
    bench.run(2 * HOUR_US + HOUR_US // 2)
    return bench


def _shorten(pump: Pump) -> None:
    times = pump.course.program._cycle_us
    times[2] = times[1] + SECOND_US  # the second part in a second


def _stretch(pump: Pump) -> None:
    pump.course.program._cycle_us[2] ^= 1 << 33


def _swap(pump: Pump) -> None:
    first, second, third = pump.course.program.cycle
    pump.course.program.cycle = (first, third, second)


def _shift_begin(pump: Pump) -> None:
    pump.course.begin_us -= 1 << 33


def _shift_phase(pump: Pump) -> None:
    pump.course._phase_us ^= 1 << 33


def _shift_clock(pump: Pump) -> None:
    pump.clock._base_us ^= 1 << 33


def _move_anchor(pump: Pump) -> None:
    pump.course.program.anchor_utc_s ^= 1 << 12
    pump.course._phase_us = pump.course.program.phase_us(pump.clock.utc_us(pump.course.begin_us))


@pytest.mark.parametrize("spoil", [_shorten, _stretch, _swap, _shift_begin, _shift_phase, _shift_clock, _move_anchor])
def test_no_part_of_a_program_comes_at_another_time_or_speed_than_was_saved(spoil: Callable[[Pump], None]) -> None:
    bench = _mid_course()
    spoil(bench.firmware.pump)
    before = bench.board.sense()[0]
    bench.run(HOUR_US)
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    assert bench.board.sense()[0] - before < PARTS.cycle[0][0] * 3200 // 19_438_991 // 6 + 100


def test_an_on_demand_bolus_that_is_not_the_saved_one_is_not_given() -> None:
    bench = delivering()
    program = bench.firmware.pump.course.program
    program.demand = (DEMAND[0] * 2, *DEMAND[1:])
    bench.press()
    bench.run(SECOND_US)
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    assert [entry[::2] for entry in log_of(bench) if entry[0].startswith("demand")] == [("demand_refused", -1)]
    assert refused(bench, "demand", 1) == "alarm_active"


@pytest.mark.parametrize("due_us", [None, 1 << 60])
def test_a_change_that_is_never_due_is_noticed_by_the_next_look(due_us: int | None) -> None:
    bench = _mid_course()
    bench.firmware.pump.due_us = due_us
    bench.run(HOUR_US)
    bench.must("get_status")
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})


def test_a_pump_that_takes_itself_for_something_else_goes_to_the_minimum_rate_and_still_answers() -> None:
    bench = _mid_course()
    bench.firmware.pump.doing = 2  # a bolus, of which nothing is known
    bench.run(HOUR_US)
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    assert bench.firmware.failures <= 1


@pytest.mark.parametrize("doing", [STOPPED, 3])
def test_a_pump_that_does_less_than_it_saved_says_so(doing: int) -> None:
    bench = _mid_course()
    bench.firmware.pump.doing = doing
    bench.must("get_status")
    assert alarms_of(bench) == {"memory_error"}


def test_an_alarm_does_not_let_a_pump_begin_that_is_to_stand() -> None:
    bench = running(FAST, interval_ms=HOUR_MS)
    bench.commit(Program(UTC_S, 0, [], []))
    bench.firmware.pump.settings[2] ^= 1 << 20
    bench.run(SECOND_US)
    before = bench.board.sense()[0]
    bench.must("get_status")
    bench.run(25 * HOUR_US)
    assert (state_of(bench), bench.board.sense()[0]) == ("stopped", before)
    assert "memory_error" in alarms_of(bench)
    assert ("minimum_rate", ALARM_BITS["memory_error"]) not in [entry[::2] for entry in log_of(bench)]


@pytest.mark.parametrize("copy", ["settings", "control"])
def test_a_setting_is_put_right_though_both_slots_are_damaged(copy: str) -> None:
    key, right = SETTING_KEYS["revolution_pl"], 20_000_000
    bench = Bench().open()
    bench.must("set_config", records=[(key, right)])
    for slot in (0, 1):
        byte = bench.board.load("state", slot * 4096 + 40, 1)[0]
        bench.board.store("state", slot * 4096 + 40, bytes([byte ^ 0xFF]))
    pump = bench.firmware.pump
    held = pump.settings if copy == "settings" else pump.control._settings
    held[key] ^= 1 << 20
    bench.must("get_status")
    assert alarms_of(bench) == {"memory_error"}
    assert pump.settings[key] == ~pump.control._settings[key] == right
