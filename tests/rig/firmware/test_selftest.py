"""The pump tests itself: when, and what."""

from collections.abc import Callable

import pytest
from hypothesis import given

from firmware_link.vocabulary import AFTER_RESUME, SELF_TESTS
from rig.firmware.program import Program, cumulative
from tests.boards import MemoryBoard
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import DAY_MS, FAST, HOUR_US, SECOND_US, alarms_of, log_of, refused, running, state_of
from tests.rig.firmware.strategies import programs

ALL = (1 << len(SELF_TESTS)) - 1


def _bits(*names: str) -> int:
    return sum(1 << SELF_TESTS.index(name) for name in names)


def _told(bench: Bench) -> list[tuple[str, int]]:
    bench.run(SECOND_US)
    return [entry[::2] for entry in log_of(bench) if entry[0].startswith("self_test")]


def _break_slot(bench: Bench, slot: int) -> None:
    byte = bench.board.load("state", slot * 4096 + 40, 1)[0]
    bench.board.store("state", slot * 4096 + 40, bytes([byte ^ 0xFF]))


# When


def test_it_comes_with_power_before_anything_moves_and_is_told() -> None:
    bench = Bench()
    bench.hello()
    assert _told(bench) == [("self_test_passed", ALL)]
    assert bench.status()["self_test"] == 0


def test_a_boot_that_finds_its_memory_good_moves_nothing_before() -> None:
    """Both slots are read for the boot, for the test and for the first save; then the minimum rate begins."""
    done: list[str] = []

    class Watched(MemoryBoard):
        def load(self, region: str, offset: int, size: int) -> bytes:
            if region == "state":
                done.append("load")
            return super().load(region, offset, size)

        def step(self, count: int, start_us: int, end_us: int) -> None:
            done.append("step")
            super().step(count, start_us, end_us)

    again = Bench(board=Watched(running().board.regions))
    assert state_of(again.open()) == "minimum_rate"
    once = 4  # head and body of both slots
    assert done[: done.index("step")] == ["load"] * 3 * once


def test_it_comes_each_day_without_filling_the_log() -> None:
    bench = running(interval_ms=3_600_000)
    runs = []
    test = bench.firmware.self_test
    really = test.run
    test.run = lambda now_us, told=False: (runs.append(now_us), really(now_us, told))
    bench.run(72 * HOUR_US + SECOND_US)
    day_us = 24 * HOUR_US
    assert runs == [runs[0], runs[0] + day_us, runs[0] + 2 * day_us]
    assert _told(bench) == [("self_test_passed", ALL)]


def test_of_a_long_program_each_part_has_its_day() -> None:
    bench = running(Program(UTC_S, 0, [], [(10**7 + i, 600_000) for i in range(100)]), interval_ms=3_600_000)
    bench.must("stop", 0)
    bench.run(SECOND_US)
    bench.firmware.pump.course.program._cycle_us[-2] += SECOND_US  # within the last of four slices
    for day in range(4):
        assert bench.status()["self_test"] == 0, day
        bench.run(24 * HOUR_US)
    assert bench.status()["self_test"] == _bits("program")


def test_it_comes_on_command_and_is_told() -> None:
    bench = running()
    bench.must("self_test")
    assert _told(bench) == [("self_test_passed", ALL)] * 2


# What


def _press_too_much(bench: Bench) -> None:
    bench.board.pressure_pa = 10**7


def _warm_too_much(bench: Bench) -> None:
    bench.board.temperature_cc = 20_000


def _charge_too_much(bench: Bench) -> None:
    bench.board.charge_permille = 1001


def _lose_the_sensors(bench: Bench) -> None:
    def fail() -> None:
        raise OSError(5, "no answer")

    bench.board.sense = fail  # type: ignore[assignment,method-assign]


@pytest.mark.parametrize("spoil", [_press_too_much, _warm_too_much, _charge_too_much, _lose_the_sensors])
def test_sensors_that_say_the_impossible_let_nothing_start(spoil: Callable[[Bench], None]) -> None:
    bench = running()
    bench.must("stop", 0)
    sense = bench.board.sense
    spoil(bench)
    bench.board.t_us += 1  # a moment that nothing was read at
    assert refused(bench, "start") == "self_test"
    assert refused(bench, "bolus", 5, 10**7, 60_000, AFTER_RESUME) == "self_test"
    assert bench.firmware.pump.test_failed == _bits("sensors")
    bench.board.sense = sense  # type: ignore[method-assign]
    bench.board.pressure_pa, bench.board.temperature_cc, bench.board.charge_permille = 0, 2200, 1000
    bench.board.t_us += 1
    bench.must("clear_alarms", 0xFFFF)
    bench.must("start")
    assert _told(bench)[1:] == [("self_test_failed", _bits("sensors")), ("self_test_passed", ALL)]


def test_a_possible_extreme_is_no_failure() -> None:
    bench = running()
    bench.must("stop", 0)
    bench.board.pressure_pa, bench.board.temperature_cc, bench.board.charge_permille = 10**6, 12_500, 0
    bench.board.balance_nl = 7 * 366 * 24_000_000
    bench.must("self_test")
    assert bench.status()["self_test"] == 0


def test_one_damaged_slot_is_put_right_and_both_are_a_memory_error() -> None:
    bench = running()
    bench.must("stop", 0)
    for slot in (0, 1):
        _break_slot(bench, slot)
        bench.must("self_test")
        assert (bench.status()["self_test"], alarms_of(bench)) == (0, {"memory_corrected"})
        bench.must("clear_alarms", 0xFFFF)
        again = Bench(bench.board.regions)
        assert again.firmware.pump.alarms == 0
        assert again.firmware.pump.digest == FAST.digest()
    _break_slot(bench, 0)
    _break_slot(bench, 1)
    bench.must("self_test")
    assert (bench.status()["self_test"], alarms_of(bench)) == (_bits("memory"), {"memory_error"})
    assert state_of(bench) == "stopped"  # as it was told
    assert refused(bench, "start") == "alarm_active"
    bench.must("clear_alarms", 0xFFFF)
    bench.must("start")  # it has been written anew
    assert state_of(bench) == "running"


@pytest.mark.parametrize("part", ["cycle", "_cycle_us", "_cycle_pl", "anchor_utc_s"])
def test_a_program_that_changed_in_memory_does_not_start(part: str) -> None:
    bench = running(Program(UTC_S, 0, [(10**6, 60_000)], [(10**9, DAY_MS), (10**8, 3_600_000)]))
    bench.must("stop", 0)
    program = bench.firmware.pump.course.program
    value = getattr(program, part)
    if part == "cycle":
        program.cycle = ((value[0][0] ^ 1 << 30, value[0][1]), value[1])
    elif part == "anchor_utc_s":
        program.anchor_utc_s ^= 1 << 9
    else:
        value[1] ^= 1 << 30
    assert refused(bench, "start") in ("self_test", "alarm_active")
    assert alarms_of(bench) == {"memory_error"}
    assert bench.status()["self_test"] & _bits("program")
    bench.must("clear_alarms", 0xFFFF)
    bench.commit(FAST)
    bench.must("start")
    assert state_of(bench) == "running"


def test_a_saved_program_or_a_digest_that_changed_in_memory_is_noticed() -> None:
    bench = running()
    memory = bench.firmware.pump.memory
    memory.program = bytes([memory.program[0] ^ 1]) + memory.program[1:]
    bench.must("self_test")
    assert bench.status()["self_test"] == _bits("memory", "program")
    bench = running()
    bench.firmware.pump.digest ^= 1
    bench.must("self_test")
    assert bench.status()["self_test"] == _bits("program")


@given(programs())
def test_a_good_program_passes_whatever_is_in_it(program: Program) -> None:
    bench = Bench().open()
    bench.commit(program)
    bench.must("self_test")
    assert bench.status()["self_test"] == 0
    total = sum(volume_pl for volume_pl, _ in program.prelude + program.cycle)
    length_us = sum(duration_ms for _, duration_ms in program.prelude + program.cycle) * 1000
    assert cumulative(program, length_us, -program.prelude_us) == total
