"""What the pump makes of its rotor, its sensors, its battery's age and its memory; what an alarm does to its count."""

import pytest

from firmware_link.vocabulary import ALARM_BITS, ERROR_NAMES, SENSORS, SETTING_KEYS
from rig.firmware.plausible import STUCK
from rig.firmware.program import Program
from rig.firmware.state import SLOT_SIZE
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import (
    DAY_MS,
    DAY_US,
    HOUR_US,
    SECOND_US,
    STEP_PL,
    alarms_of,
    log_of,
    reset,
    running,
    state_of,
)

MINUTE_US = 60 * SECOND_US
EIGHTH_NL = 2430


def delivering(nl_day: int, interval_ms: int = 3_600_000) -> Bench:
    """All that is commanded arrives in the cup."""
    bench = running(Program(UTC_S, 0, [], [(nl_day * 1000, DAY_MS)]), interval_ms)
    bench.board.pour(STEP_PL)
    return bench


def until(bench: Bench, alarm: str, longest_us: int) -> int:
    """Microseconds until it stands."""
    from_us = bench.board.t_us
    while not bench.firmware.pump.alarms >> ALARM_BITS[alarm] & 1:
        assert bench.board.t_us - from_us < longest_us, f"no {alarm}"
        bench.run_until(bench.due_us)
        bench.poll()
    return bench.board.t_us - from_us


def stick(bench: Bench) -> None:
    bench.board.step(0, bench.board.t_us, bench.board.t_us)
    bench.board.stalled = True


def clear(bench: Bench, alarm: str) -> None:
    bench.must("clear_alarms", 1 << ALARM_BITS[alarm])


# The rotor


@pytest.mark.parametrize("nl_day", [6_000, 50_000, 1_000_000, 24_000_000])
def test_steps_that_are_lost_one_by_one_add_up_to_a_stall(nl_day: int) -> None:
    """One of ten, at every rate; nobody listens.  Readings lie a turn or 22 minutes apart."""
    bench = delivering(nl_day)
    bench.run(HOUR_US)
    real = bench.board.rotor_steps
    from_steps = real()
    bench.board.rotor_steps = lambda: from_steps + (real() - from_steps) * 9 // 10  # type: ignore[method-assign]
    due_us = EIGHTH_NL * 10 * DAY_US // nl_day
    assert 0.9 * due_us < until(bench, "motor_stall", 2 * due_us + HOUR_US) < due_us + 20_000 * DAY_US // nl_day
    assert state_of(bench) == "stopped"


@pytest.mark.parametrize("ended_by_itself", [True, False])
def test_a_stall_and_its_end_are_two_entries(ended_by_itself: bool) -> None:
    bench = delivering(6_000_000)
    bench.run(HOUR_US)
    stick(bench)
    until(bench, "motor_stall", HOUR_US)
    bench.board.stalled = not ended_by_itself
    bench.run(HOUR_US)
    assert "stall_recovered" not in bench.kinds()  # who stands still shows nothing
    if not ended_by_itself:
        clear(bench, "motor_stall")
        bench.must("start")
        until(bench, "motor_stall", HOUR_US)
        bench.board.stalled = False
    clear(bench, "motor_stall")
    bench.must("start")
    at_us = bench.board.t_us
    bench.run(HOUR_US)
    ((_, since_us, lost),) = [entry for entry in log_of(bench) if entry[0] == "stall_recovered"]
    assert at_us <= since_us <= at_us + SECOND_US
    assert lost > 400 * (1 if ended_by_itself else 2)
    assert alarms_of(bench) == set()


def test_what_an_alarm_says_of_the_past_takes_nothing_off_what_was_commanded() -> None:
    bench = delivering(6_000_000)
    bench.run(HOUR_US)
    bench.board.pour(0)
    until(bench, "no_flow", HOUR_US)
    turned_pl = bench.board.rotor_steps() * STEP_PL
    assert abs(bench.status()["commanded_pl"] - turned_pl) < turned_pl // 1000
    entries = {kind: at_us for kind, at_us, _ in log_of(bench)}
    assert entries["no_flow"] < entries["stopped"] - MINUTE_US


# The sensors


def sensors_told(bench: Bench) -> list[tuple[str, set[str]]]:
    return [
        (kind, {name for bit, name in enumerate(SENSORS) if value >> bit & 1})
        for kind, _, value in log_of(bench)
        if kind.startswith("sensor_fault")
    ]


def test_each_sensor_that_fails_and_comes_back_is_told() -> None:
    bench = delivering(6_000_000, 100)
    bench.run(SECOND_US)
    bench.board.pressure_pa = -43_750
    bench.run(2 * SECOND_US)
    bench.board.battery_mv = 0
    bench.run(2 * SECOND_US)
    bench.board.pressure_pa = 0
    bench.run(2 * SECOND_US)
    bench.board.battery_mv = 3600
    bench.run(2 * SECOND_US)
    assert sensors_told(bench) == [
        ("sensor_fault", {"pressure"}),
        ("sensor_fault_over", {"pressure"}),
        ("sensor_fault", {"pressure", "battery"}),
        ("sensor_fault_over", {"pressure", "battery"}),
        ("sensor_fault", {"battery"}),
        ("sensor_fault_over", {"battery"}),
    ]
    assert alarms_of(bench) == set()  # above all, no battery at its end


def test_one_reading_that_cannot_be_is_no_fault() -> None:
    bench = delivering(6_000_000, 100)
    bench.run(SECOND_US)
    bench.board.temperature_cc = 20_000
    bench.run(SECOND_US // 4)
    bench.board.temperature_cc = 2200
    bench.run(MINUTE_US)
    assert sensors_told(bench) == []


def test_a_pressure_that_stays_exactly_the_same_is_stuck_and_hides_no_blocked_outlet() -> None:
    bench = delivering(6_000_000)
    bench.run(HOUR_US)
    bench.board.pressure_lives = False
    at_us = bench.board.t_us
    until(bench, "sensor_fault", STUCK * 4 * MINUTE_US)
    (since_us,) = [at for kind, at, _ in log_of(bench) if kind == "sensor_fault"]
    assert at_us - 4 * MINUTE_US <= since_us <= at_us + 4 * MINUTE_US
    bench.board.pour(0)
    until(bench, "no_flow", 10 * MINUTE_US)


def test_a_balance_that_goes_is_told_and_one_that_never_was_is_not() -> None:
    bench = running(Program(UTC_S, 0, [], [(10**9, DAY_MS)]), interval_ms=3_600_000)
    bench.run(HOUR_US)
    assert alarms_of(bench) == set()
    bench.board.pour(STEP_PL)
    bench.run(HOUR_US)
    bench.board.balance_nl = None
    bench.run(HOUR_US)
    assert sensors_told(bench) == [("sensor_fault", {"balance"})]
    clear(bench, "sensor_fault")  # somebody took it away on purpose
    bench.run(HOUR_US)
    assert alarms_of(bench) == set()


@pytest.mark.parametrize("given_up", ["by its setting", "with the balance"])
def test_a_tolerance_that_nobody_judges_any_more_is_over(given_up: str) -> None:
    bench = delivering(6_000_000)
    bench.board.pour(STEP_PL // 4 * 3)
    until(bench, "flow_tolerance", 3 * HOUR_US)
    if given_up == "by its setting":
        bench.must("set_config", records=[(SETTING_KEYS["tolerance_permille"], 0)])
    else:
        bench.board.balance_nl = None
        until(bench, "sensor_fault", HOUR_US)
        assert "flow_tolerance" in alarms_of(bench)
        clear(bench, "sensor_fault")
    bench.run(HOUR_US)
    assert alarms_of(bench) == set()


def test_a_rotor_that_turns_back_is_a_sensor_and_no_stall() -> None:
    bench = delivering(6_000_000)
    bench.run(HOUR_US)
    bench.board.rotor_steps = lambda: 0  # type: ignore[method-assign]
    bench.board.balance_nl = None
    bench.run(HOUR_US)
    assert alarms_of(bench) == {"sensor_fault"}
    assert ("sensor_fault", {"rotor", "balance"}) in sensors_told(bench)


def test_a_sensor_that_is_well_after_a_boot_ends_the_alarm() -> None:
    bench = delivering(6_000_000)
    bench.run(SECOND_US)
    bench.board.temperature_cc = -27_315
    until(bench, "sensor_fault", HOUR_US)
    again = reset(bench).open()
    again.run(SECOND_US)
    assert "sensor_fault" not in alarms_of(again)


def test_quick_readings_do_not_stop_what_is_due_from_happening() -> None:
    """A refill asks for a reading at once, though one was just taken."""
    bench = running(Program(UTC_S, 0, [], [(20_000, 50), (0, 50)]), interval_ms=20)
    for number in range(5):
        bench.must("refill", bench.command_id(), 0, 20_000_000 - number, 500_000)
        assert bench.due_us - bench.board.t_us <= 50_000
        bench.run(130_000)


# The battery


def test_a_battery_too_old_is_at_its_end_at_the_very_second_wherever_its_years_were_spent() -> None:
    bench = delivering(1_000_000)
    bench.must("set_config", records=[(SETTING_KEYS["battery_life_days"], 10)])
    bench.run(4 * DAY_US)
    bench.must("stop", 0)
    lost = reset(bench)
    lost.hello()
    lost.must("set_clock", UTC_S + 7 * 86_400, 0)  # three of them without power
    lost.run(3 * DAY_US - HOUR_US)
    assert "battery_eos" not in alarms_of(lost)
    lost.run(3 * HOUR_US)
    assert "battery_eos" in alarms_of(lost)
    (at_us,) = [at for kind, at, _ in log_of(lost) if kind == "battery_eos" and at]
    assert abs(at_us - 3 * DAY_US) <= 2 * SECOND_US
    reply, fields = lost.send("start")
    assert (reply, ERROR_NAMES[fields["code"]]) == ("refused", "alarm_active")
    lost.must("battery_replaced", 1)
    assert "battery_eos" not in alarms_of(lost)
    lost.must("start")
    lost.run(9 * DAY_US)
    assert "battery_eos" not in alarms_of(lost)


# The memory


def flip(bench: Bench, slot: int) -> None:
    (byte,) = bench.board.load("state", slot * SLOT_SIZE + 40, 1)
    bench.board.store("state", slot * SLOT_SIZE + 40, bytes([byte ^ 4]))


@pytest.mark.parametrize("slots", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("nl_day", [6_000, 6_000_000])
def test_damage_is_found_before_a_save_covers_it_up_and_put_right(slots: tuple[int, ...], nl_day: int) -> None:
    bench = delivering(nl_day)
    bench.run(HOUR_US)
    for slot in slots:
        flip(bench, slot)
    alarm = "memory_corrected" if len(slots) == 1 else "memory_error"
    until(bench, alarm, DAY_US + HOUR_US)
    bench.must("clear_alarms", (1 << len(ALARM_BITS)) - 1)
    bench.must("start")
    bench.run(2 * DAY_US)
    kinds = bench.kinds()
    assert [kinds.count(name) for name in ("memory_corrected", "memory_error")] == [len(slots) == 1, len(slots) == 2]
    assert alarms_of(bench) == set()


def test_damage_in_both_copies_is_found_by_a_self_test_and_leaves_the_minimum_rate() -> None:
    bench = delivering(6_000_000)
    flip(bench, 0)
    flip(bench, 1)
    bench.must("self_test")
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
