"""What goes on around a pump, again and again, hides no fault of it; and what people do at the bench is none."""

from collections.abc import Callable

import pytest

from firmware_link.vocabulary import AFTER_STOP, ALARM_BITS, SETTING_KEYS, STOP_REASONS
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import DAY_MS, HOUR_US, SECOND_US, STEP_PL, alarms_of, log_of, running, state_of

MINUTE_US = 60 * SECOND_US
SELDOM_MS = 3_600_000


def delivering(nl_day: int = 20_000_000, interval_ms: int = SELDOM_MS) -> Bench:
    """All that is commanded arrives in the cup."""
    bench = running(Program(UTC_S, 0, [], [(nl_day * 1000, DAY_MS)]), interval_ms)
    bench.board.pour(STEP_PL)
    bench.run(HOUR_US)
    return bench


def restart(bench: Bench) -> None:
    bench.must("stop", STOP_REASONS.index("update"))
    bench.run(MINUTE_US)
    bench.send("start")


def knock(bench: Bench) -> None:
    bench.board.balance_nl += 12_000
    bench.run(SECOND_US)
    bench.board.balance_nl -= 12_000


def fail_once(bench: Bench) -> None:
    shown, bench.board.balance_nl = bench.board.balance_nl, None
    bench.firmware.senses.soon(bench.board.t_us)
    bench.run(SECOND_US // 10)
    bench.board.balance_nl = shown


def set_interval(bench: Bench) -> None:
    at_s = bench.board.t_us // SECOND_US
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 60_000 + at_s % 1000)])


@pytest.mark.parametrize("disturb", [restart, knock, fail_once, set_interval])
@pytest.mark.parametrize(("share", "alarm"), [(0, "no_flow"), (75, "flow_tolerance")])
def test_nothing_that_happens_more_often_than_a_window_lasts_hides_a_fault(
    disturb: Callable[[Bench], None], share: int, alarm: str
) -> None:
    """A window of no flow takes 65 s here, one of the tolerance 308 s."""
    bench = delivering(interval_ms=100 if disturb is knock else SELDOM_MS)
    bench.board.pour(STEP_PL * share // 100)
    for _ in range(60):
        bench.run(25 * SECOND_US)
        disturb(bench)
    assert alarm in alarms_of(bench)


@pytest.mark.parametrize("knock_nl", [0, 12_000, 30_000, 200_000])
def test_a_cup_that_is_knocked_each_minute_hides_no_free_flow(knock_nl: int) -> None:
    bench = delivering(1_000_000, interval_ms=100)
    for _ in range(15):
        for _ in range(5):
            bench.board.balance_nl += 2000
            bench.run(12 * SECOND_US)
        bench.board.balance_nl += knock_nl
        bench.run(SECOND_US)
        bench.board.balance_nl -= knock_nl
    assert "free_flow" in alarms_of(bench)


@pytest.mark.parametrize("disturb", [restart, knock, fail_once, set_interval])
def test_nor_does_it_make_a_sound_pump_look_faulty(disturb: Callable[[Bench], None]) -> None:
    bench = delivering(interval_ms=100 if disturb is knock else SELDOM_MS)
    for _ in range(60):
        bench.run(25 * SECOND_US)
        disturb(bench)
    assert alarms_of(bench) == set()


@pytest.mark.parametrize(("share", "told"), [(0, {"no_flow"}), (100, set())])
def test_small_boluses_from_a_stop_add_up_to_a_window(share: int, told: set[str]) -> None:
    bench = delivering()
    bench.must("stop", 0)
    bench.board.pour(STEP_PL * share // 100)
    for _ in range(9):
        bench.send("bolus", bench.command_id(), 4_000_000, 2_000, AFTER_STOP)
        bench.run(5 * MINUTE_US)
    assert alarms_of(bench) == told


@pytest.mark.parametrize("interval_ms", [100, SELDOM_MS])
def test_what_short_boluses_dam_up_is_seen_in_the_pauses_between_them(interval_ms: int) -> None:
    bench = running(Program(UTC_S, 0, [], [(10**6, 400), (0, 59_600)]), interval_ms)
    for pulse in range(70):
        bench.board.pressure_pa = 1000 * pulse
        bench.run(MINUTE_US)
    assert (state_of(bench), alarms_of(bench)) == ("stopped", {"occlusion"})
    bench.must("clear_alarms", 1 << ALARM_BITS["occlusion"])
    bench.run(HOUR_US)
    assert "occlusion" not in alarms_of(bench)  # it stands: nothing is pressed anywhere
    bench.must("start")
    bench.run(MINUTE_US)
    assert (state_of(bench), alarms_of(bench)) == ("stopped", {"occlusion"})


def test_a_rotor_sensor_that_comes_back_hides_no_stall() -> None:
    bench = delivering()
    real, stuck_at = bench.board.rotor_steps, bench.board.rotor_steps()
    bench.board.balance_nl = None
    bench.board.rotor_steps = lambda: stuck_at  # type: ignore[method-assign]
    for _ in range(5):
        bench.run(10 * MINUTE_US)
        assert state_of(bench) == "stopped"
        bench.must("clear_alarms", 1 << ALARM_BITS["motor_stall"] | 1 << ALARM_BITS["sensor_fault"])
        bench.must("start")
    bench.board.rotor_steps = real  # type: ignore[method-assign]
    bench.run(10 * MINUTE_US)
    assert state_of(bench) == "running"
    bench.board.step(0, bench.board.t_us, bench.board.t_us)
    bench.board.stalled = True
    bench.run(3 * MINUTE_US)
    assert "motor_stall" in alarms_of(bench)


@pytest.mark.parametrize(("taken_nl", "nl_day", "interval_ms"), [(8000, 10**6, 100), (30_000, 10**6, SELDOM_MS)])
def test_a_balance_that_is_tared_is_no_lack_of_flow(taken_nl: int, nl_day: int, interval_ms: int) -> None:
    bench = delivering(nl_day, interval_ms)
    bench.board.balance_nl -= taken_nl
    bench.run(3 * HOUR_US)
    assert alarms_of(bench) == set()


@pytest.mark.parametrize(("first_nl", "second_nl"), [(5_000_000, 1_000_000), (5_000_000, 30_000), (40_000, 30_000)])
def test_two_things_that_are_put_on_the_balance_within_an_hour_are_no_free_flow(first_nl: int, second_nl: int) -> None:
    bench = delivering(1_000_000)
    bench.board.balance_nl += first_nl
    bench.run(20 * MINUTE_US)
    bench.board.balance_nl += second_nl
    bench.run(2 * HOUR_US)
    assert alarms_of(bench) == set()
    assert not any(kind == "free_flow" for kind, _, _ in log_of(bench))


@pytest.mark.parametrize("nl_day", [1_000_000, 24_000_000])
@pytest.mark.parametrize("late_h", [1, 5])
def test_a_rotor_that_catches_up_after_a_late_poll_is_no_fault(nl_day: int, late_h: int) -> None:
    """It stood from the end of the segment on, and owes what was commanded since."""
    bench = running(Program(UTC_S, 0, [], [(nl_day * 1000 // 144, DAY_MS // 144)]), SELDOM_MS)
    bench.board.pour(STEP_PL)
    bench.run(HOUR_US)
    bench.board.t_us += late_h * HOUR_US
    bench.poll()
    bench.run(3 * HOUR_US)
    assert alarms_of(bench) == set()


def test_a_stall_is_not_told_as_no_flow_too() -> None:
    """All that was commanded since the last reading is missing at once."""
    bench = delivering()
    bench.board.step(0, bench.board.t_us, bench.board.t_us)
    bench.board.stalled = True
    bench.board.t_us += 10 * MINUTE_US
    bench.poll()
    bench.run(HOUR_US // 2)
    assert alarms_of(bench) == {"motor_stall"}
