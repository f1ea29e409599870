"""Each row of vocabulary.ALARMS: its true cause raises it, the pump does what the row says, and it ends as it says."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from firmware_link.vocabulary import (
    ALARMS,
    EVENT_KINDS,
    EVENT_PRIORITIES,
    HIGH,
    LOW,
    MEDIUM,
    SETTING_KEYS,
    STOP_REASONS,
    TO_MINIMUM_RATE,
    TO_STOP,
)
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import (
    DAY_MS,
    HOUR_US,
    SECOND_US,
    STEP_PL,
    alarms_of,
    log_of,
    reset,
    running,
    state_of,
)

SLOW = Program(UTC_S, 0, [], [(1_000_000_000, DAY_MS)])


@dataclass
class Raised:
    """An alarm that its cause has raised."""

    bench: Bench
    before_us: int  # the cause came after this…
    after_us: int  # …and the alarm's moment is not after this
    end: Callable[[], object] | None = None  # takes the cause of one that doesn't latch away


def _low_reservoir() -> Raised:
    bench = running(interval_ms=3_600_000)
    bench.run(22 * HOUR_US)
    return Raised(bench, 21 * HOUR_US, 22 * HOUR_US, lambda: bench.must("refill", 1, 0, 20_000_000, 500_000))


def _empty_reservoir() -> Raised:
    bench = running(interval_ms=3_600_000)
    bench.run(25 * HOUR_US)
    return Raised(bench, 23 * HOUR_US, 25 * HOUR_US, lambda: bench.must("refill", 1, 0, 20_000_000, 500_000))


def _battery(millivolts: int, permille: int) -> Raised:
    bench = running()
    bench.run(SECOND_US)
    at_us = bench.board.t_us
    bench.board.battery_mv, bench.board.charge_permille = millivolts, permille
    bench.run(20 * SECOND_US)

    def replace() -> None:
        bench.board.battery_mv, bench.board.charge_permille = 3620, 1000
        bench.must("battery_replaced", 1)

    return Raised(bench, at_us, bench.board.t_us, replace)


def _motor_stall() -> Raised:
    bench = running()
    bench.run(60 * SECOND_US)
    at_us = bench.board.t_us
    bench.board.step(0, at_us, at_us)
    bench.board.stalled = True
    bench.run(60 * SECOND_US)
    bench.board.stalled = False
    return Raised(bench, at_us - SECOND_US, at_us + SECOND_US)


def _occlusion() -> Raised:
    bench = running()
    at_us = bench.board.t_us
    bench.board.pressure_pa = 69_000
    bench.run(SECOND_US)
    bench.board.pressure_pa = 0
    return Raised(bench, at_us, at_us + SECOND_US // 2)


def _stopped(hours: int) -> Raised:
    bench = running(interval_ms=3_600_000)
    bench.must("stop", 0)
    bench.run(hours * HOUR_US + SECOND_US)
    return Raised(bench, hours * HOUR_US, hours * HOUR_US, lambda: bench.must("start"))


def _memory_corrected() -> Raised:
    before = running()
    before.must("stop", 0)
    before.board.store("state", 20, b"\x00\x11\x22")
    return Raised(reset(before).open(), 0, 0)


def _memory_error() -> Raised:
    bench = running()
    bench.run(SECOND_US)
    at_us = bench.board.t_us
    bench.firmware.pump.settings[SETTING_KEYS["minimum_flow_pl_s"]] ^= 1 << 12
    bench.must("refill", 1, 0, 20_000_000, 500_000)
    return Raised(bench, at_us, at_us)


def _safe_state_reset() -> Raised:
    return Raised(reset(running()).open(), 0, 0)


def _start_stop_cycling() -> Raised:
    bench = running()
    for _ in range(3):
        bench.must("stop", 0)
        bench.send("start")
    return Raised(bench, 0, bench.board.t_us)


def _tube_service() -> Raised:
    bench = running(interval_ms=3_600_000)
    bench.must("set_config", records=[(SETTING_KEYS["tube_life_compressions"], 1000)])
    bench.run(5 * HOUR_US)
    # 1000 compressions are 167 turns of 19.4 uL, at 20 mL/day.
    due_us = 1000 * 19_438_991 / 6 / (20_000_000_000 / (24 * HOUR_US))
    return Raised(bench, int(due_us) - 5, int(due_us) + 5, lambda: bench.must("tube_replaced", 1))


def _free_flow() -> Raised:
    bench = running()
    bench.board.balance_nl = 0
    bench.run(SECOND_US)
    at_us = bench.board.t_us
    for second in range(600):
        bench.board.balance_nl = second * 1500
        bench.run(SECOND_US)
    bench.board.balance_nl = None
    return Raised(bench, at_us, at_us + 120 * SECOND_US)


def _flowing() -> Bench:
    """At 20 mL/day, with all that is commanded arriving in the cup."""
    bench = running()
    bench.board.pour(STEP_PL)
    bench.run(600 * SECOND_US)
    assert alarms_of(bench) == set()
    return bench


def _no_flow() -> Raised:
    bench = _flowing()
    at_us = bench.board.t_us
    bench.board.pour(0)
    bench.run(120 * SECOND_US)
    return Raised(bench, at_us - SECOND_US, at_us + SECOND_US)


def _flow_tolerance() -> Raised:
    bench = _flowing()
    at_us = bench.board.t_us
    bench.board.pour(STEP_PL * 7 // 10)
    bench.run(600 * SECOND_US)

    def repair() -> None:
        bench.board.pour(STEP_PL)
        bench.run(900 * SECOND_US)

    # Half of the 154 s in which 36 uL are commanded may pass before it shows.
    return Raised(bench, at_us - 5 * SECOND_US, at_us + 77 * SECOND_US, repair)


def _sensor_fault() -> Raised:
    bench = running()
    bench.run(SECOND_US)
    at_us = bench.board.t_us
    bench.board.temperature_cc = -27315
    bench.run(SECOND_US)

    def replace() -> None:
        bench.board.temperature_cc = 2200
        bench.run(SECOND_US)

    return Raised(bench, at_us, at_us + SECOND_US // 4, replace)


CAUSES: dict[str, Callable[[], Raised]] = {
    "low_reservoir": _low_reservoir,
    "empty_reservoir": _empty_reservoir,
    "battery_eri": lambda: _battery(3620, 80),
    "battery_eos": lambda: _battery(2799, 1000),
    "motor_stall": _motor_stall,
    "occlusion": _occlusion,
    "stopped_long": lambda: _stopped(48),
    "memory_corrected": _memory_corrected,
    "memory_error": _memory_error,
    "safe_state_reset": _safe_state_reset,
    "start_stop_cycling": _start_stop_cycling,
    "tube_service": _tube_service,
    "free_flow": _free_flow,
    "stopped_reminder": lambda: _stopped(1),
    "no_flow": _no_flow,
    "flow_tolerance": _flow_tolerance,
    "sensor_fault": _sensor_fault,
}
ROWS = [pytest.param(*row, id=row[1]) for row in ALARMS]
CRITICAL = {"empty_reservoir", "battery_eos", "motor_stall", "occlusion", "no_flow", "free_flow", "stopped_long"} | {
    "memory_error",
    "safe_state_reset",
}


def test_every_row_has_a_cause_here() -> None:
    assert list(CAUSES) == [name for _, name, _, _, _ in ALARMS]


def test_critical_are_those_that_the_domain_calls_so() -> None:
    assert {name for _, name, priority, _, _ in ALARMS if priority == HIGH} == CRITICAL | {"start_stop_cycling"}
    assert {name for _, name, priority, _, _ in ALARMS if priority == MEDIUM} == {"flow_tolerance", "sensor_fault"}
    assert {priority for _, _, priority, _, _ in ALARMS} == {LOW, MEDIUM, HIGH}


@pytest.mark.parametrize(("bit", "name", "priority", "action", "latching"), ROWS)
def test_its_cause_raises_it_and_it_does_as_the_table_says(
    bit: int, name: str, priority: int, action: int, latching: bool
) -> None:
    raised = CAUSES[name]()
    bench = raised.bench
    bench.run(SECOND_US)
    assert name in alarms_of(bench)
    entries = [event for event in bench.events if event[1] == EVENT_KINDS[name]]
    assert len(entries) == 1
    assert EVENT_PRIORITIES[EVENT_KINDS[name]] == priority
    occurred_us, detected_us = entries[0][4], entries[0][4] + entries[0][5] * 1000
    assert raised.before_us <= occurred_us <= raised.after_us
    assert occurred_us <= detected_us <= bench.board.t_us
    tones = [event for event in bench.events if event[1] == EVENT_KINDS["tone"] and event[6] == bit]
    assert len(tones) == 1
    log = [entry[::2] for entry in log_of(bench)]
    if action == TO_STOP:
        assert state_of(bench) == "stopped"
        by_alarm = ("stopped", STOP_REASONS.index("alarm")) in log
        assert by_alarm or name == "start_stop_cycling"  # which comes when it stands already, and keeps it there
    elif action == TO_MINIMUM_RATE:
        assert (state_of(bench), ("minimum_rate", bit) in log) == ("minimum_rate", True)
    else:
        assert ("minimum_rate", bit) not in log


@pytest.mark.parametrize(("bit", "name", "priority", "action", "latching"), ROWS)
def test_it_stays_until_cleared_or_ends_with_its_cause(
    bit: int, name: str, priority: int, action: int, latching: bool
) -> None:
    raised = CAUSES[name]()
    bench = raised.bench
    assert (raised.end is None) == latching
    bench.run(20 * SECOND_US)
    assert name in alarms_of(bench)
    bench.must("clear_alarms", 1 << bit)
    assert (name in alarms_of(bench)) == (not latching)
    if raised.end:
        raised.end()
    bench.run(SECOND_US)
    assert name not in alarms_of(bench)
    assert bench.kinds().count(name + "_over") == 1
    assert "tones_ended" in bench.kinds()


@pytest.mark.parametrize(("bit", "name", "priority", "action", "latching"), ROWS)
def test_it_is_heard_until_it_ends_or_is_acknowledged(
    bit: int, name: str, priority: int, action: int, latching: bool
) -> None:
    bench = CAUSES[name]().bench
    bench.run(SECOND_US)
    assert bench.board.sounds[-1][1] >= priority
    for standing in range(len(ALARMS)):
        bench.must("clear_alarms", 1 << standing)
    assert bench.board.sounds[-1][1] == 0
