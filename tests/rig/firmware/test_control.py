"""What controls delivery is kept twice and computed twice, so that what changes in memory moves nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.vocabulary import ALARM_BITS, SETTING_KEYS
from rig.firmware.control import KEPT
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S
from tests.rig.firmware.doing import DAY_MS, HOUR_US, SECOND_US, alarms_of, log_of, running, state_of


@pytest.mark.parametrize("key", KEPT)
def test_a_setting_that_changed_in_memory_is_noticed_before_it_is_used(key: int) -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    pump = bench.firmware.pump
    right = pump.settings[key]
    pump.settings[key] ^= 1 << 14
    bench.must("refill", 1, 0, 20_000_000, 500_000)
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    assert pump.settings[key] == right
    before = bench.status()["commanded_pl"]
    bench.run(HOUR_US)
    assert bench.status()["commanded_pl"] - before == 69 * 3600


FIELDS = [
    "_from_us",
    "_base_pl",
    "_volume_pl",
    "_duration_us",
    "_origin_pl",
    "_origin_steps",
    "_revolution_pl",
    "_steps",
]


@settings(max_examples=60)
@given(st.sampled_from(FIELDS), st.integers(8, 50), st.sampled_from(["periodic", "planned"]))
def test_a_bit_that_fell_over_in_what_is_followed_moves_nothing(field: str, bit: int, when: str) -> None:
    bench = running(Program(UTC_S, 0, [], [(10**9, 3_600_000), (0, 1000)]), interval_ms=3_600_000)
    bench.run(60 * SECOND_US)
    turned = bench.board.rotor_steps()
    due_pl = bench.firmware.pump.commanded_pl(bench.board.t_us)
    delivery = bench.firmware.pump.delivery
    setattr(delivery, field, getattr(delivery, field) ^ 1 << bit)
    if when == "planned":
        bench.must("refill", 1, 0, 20_000_000, 500_000)
    else:
        bench.must("self_test")
        bench.must("refill", 1, 0, 20_000_000, 500_000)
    assert state_of(bench) == "minimum_rate"
    assert alarms_of(bench) >= {"memory_error"}
    assert bench.status()["commanded_pl"] == due_pl
    bench.run(SECOND_US)
    assert abs(bench.board.rotor_steps() - turned) <= 2


def test_a_stretch_that_two_ways_don_t_agree_on_is_not_delivered() -> None:
    bench = running(Program(UTC_S, 0, [], [(10**9, 3_600_000), (0, 1000)]), interval_ms=3_600_000)
    bench.run(1800 * SECOND_US)
    bench.must("stop", 0)
    course = bench.firmware.pump.course
    bench.firmware.self_test._program = lambda now_us: True  # which would notice before
    stretch = course.program.stretch
    course.program.stretch = (
        lambda t_us, phase_us: (  # type: ignore[method-assign]
            *stretch(t_us, phase_us)[:3],
            *(stretch(t_us, phase_us)[3] * 2, stretch(t_us, phase_us)[4]),
        )
    )
    bench.must("start")
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    assert bench.board.rotor_steps() < 10**9 // 2 // (19_438_991 // 3200) + 10
    bench.run(SECOND_US)
    assert ("minimum_rate", ALARM_BITS["memory_error"]) in [entry[::2] for entry in log_of(bench)]


@pytest.mark.parametrize("lost", [True, False])
def test_a_plan_that_makes_no_sense_is_not_delivered(lost: bool) -> None:
    bench = running(Program(UTC_S, 0, [], [(10**9, 3_600_000), (0, 1000)]), interval_ms=3_600_000)
    bench.run(1800 * SECOND_US)
    program = bench.firmware.pump.course.program
    if lost:
        program._cycle_us = []
    else:  # it would end where it begins, for ever
        program.stretch = lambda t_us, phase_us: (t_us, t_us, 0, 10**6, 1)
    bench.must("refill", 1, 0, 20_000_000, 500_000)
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})
    bench.run(HOUR_US)
    assert not bench.traces


def test_a_step_that_two_ways_don_t_agree_on_is_not_driven() -> None:
    bench = running(interval_ms=3_600_000)
    bench.must("stop", 0)
    delivery = bench.firmware.pump.delivery
    step_at = delivery.step_at
    delivery.step_at = lambda t_us: step_at(t_us) + 1
    turned = bench.board.rotor_steps()
    bench.must("start")
    assert (state_of(bench), alarms_of(bench)) == ("stopped", {"memory_error"})  # not even the minimum rate is sure
    assert bench.board.rotor_steps() == turned


def test_where_the_second_copy_changed_the_first_one_is_kept() -> None:
    bench = running()
    bench.run(60 * SECOND_US)
    due_pl = bench.status()["commanded_pl"]
    bench.firmware.pump.control._held[1] ^= 1 << 40
    assert bench.status()["commanded_pl"] == due_pl
    assert (state_of(bench), alarms_of(bench)) == ("minimum_rate", {"memory_error"})


def test_a_legitimate_change_of_settings_is_none() -> None:
    bench = running(Program(UTC_S, 0, [], [(10**9, DAY_MS)]))
    bench.must("set_config", records=[(SETTING_KEYS["minimum_flow_pl_s"], 100)])
    bench.must("stop", 0)
    bench.must(
        "set_config", records=[(SETTING_KEYS["revolution_pl"], 10**7), (SETTING_KEYS["steps_per_revolution"], 400)]
    )
    bench.must("start")
    bench.run(HOUR_US)
    assert (state_of(bench), alarms_of(bench)) == ("running", set())
