"""What faults of power, memory, clock, sensors and link do to a pump, on both hosts."""

import contextlib

import pytest

from firmware_link.errors import NoPump, PortLost
from firmware_link.vocabulary import STATES
from rig.virtual.base import Rig
from rig.virtual.flash import SIZES
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig
from tests.rig.virtual.striking import Bench, Passed, delivering


@pytest.fixture
def bench(rig: Rig) -> Bench:
    return delivering(rig)


def test_a_battery_has_the_charge_that_it_is_given(bench: Bench) -> None:
    bench.begins("battery_step", 5)
    assert bench.rig.truth().charge == pytest.approx(0.05)
    bench.begins("new_battery")
    assert bench.rig.truth().charge == 1


def test_an_empty_battery_runs_nothing_until_there_is_a_new_one(bench: Bench) -> None:
    bench.begins("battery_step", 0)
    assert not bench.rig.powered
    assert bench.rig.truth().battery_v == 0
    bench.begins("reset")
    bench.begins("power_cut")
    bench.ends("power_cut")
    with pytest.raises(NoPump, match="no power") as caught:
        bench.rig.connect()
    assert "new battery" in caught.value.remedy
    bench.begins("power_cut")
    bench.begins("new_battery")
    assert not bench.rig.powered
    bench.ends("power_cut")
    assert bench.comes_back()["boot_count"] == 2
    assert (bench.readings("battery", 1)[0] or 0) > 3300


def test_a_board_goes_off_when_its_cell_has_run_out(bench: Bench) -> None:
    bench.rig.plant.power.set_charge(1e-6)  # half a minute's
    bench.rig.drop_link()
    while bench.rig.powered:
        bench.rig.rest(10)
    assert bench.rig.truth().charge == 0
    assert not bench.rig.truth().turning
    bench.begins("new_battery")
    assert bench.comes_back()["boot_count"] == 2


def test_a_passivated_battery_dips_under_its_load_for_seconds(bench: Bench) -> None:
    even = bench.rig.truth().battery_v
    bench.begins("passivated_battery", 0.8)
    assert even - bench.rig.truth().battery_v == pytest.approx(0.8, abs=0.05)
    bench.passes(30)
    assert even - bench.rig.truth().battery_v < 0.02


def test_a_brown_out_above_the_boards_limit_is_a_low_voltage(bench: Bench) -> None:
    bench.begins("brown_out", 2.9)
    assert {shown for shown in bench.readings("battery") if not 2895 < (shown or 0) < 2905} == set()
    bench.ends("brown_out")
    assert (bench.readings("battery")[-1] or 0) > 3400


@pytest.mark.parametrize(("what", "amount"), [("brown_out", 1.5), ("power_cut", None)])
def test_without_a_supply_all_stands_until_it_is_back(bench: Bench, what: str, amount: float | None) -> None:
    bench.begins(what, amount)
    with pytest.raises(PortLost):
        bench.host.poll(1)
    with pytest.raises(NoPump, match="no power"):
        bench.rig.connect()
    before = bench.rig.truth()
    bench.rig.rest(60)
    assert bench.rig.truth().rotor_steps == before.rotor_steps
    bench.ends(what)
    assert bench.comes_back()["boot_count"] == 2
    assert STATES[bench.host.command("get_status")[1]["state"]] == "minimum_rate"


def test_reset_is_a_boot(bench: Bench) -> None:
    bench.begins("reset")
    assert bench.comes_back()["boot_count"] == 2


def memory(rig: Rig) -> bytes:
    """All that survives a loss of power."""
    return b"".join(rig.flash.load(region, 0, size) for region, size in SIZES.items())


@pytest.mark.parametrize("after_bytes", [0, 1, 40, 200, 900])
def test_power_may_fail_at_any_byte_of_a_write_and_the_pump_comes_back(bench: Bench, after_bytes: int) -> None:
    held = memory(bench.rig)
    bench.begins("power_cut_in_write", after_bytes)
    for _ in range(20):
        with contextlib.suppress(PortLost, AssertionError):
            bench.host.command("stop", 0)
            bench.host.command("start")
        if not bench.rig.powered:
            break
    assert not bench.rig.powered
    changed = sum(old != new for old, new in zip(held, memory(bench.rig), strict=True))
    assert changed <= after_bytes
    assert (changed > 0) == (after_bytes > 0)
    bench.ends("power_cut_in_write")
    assert bench.comes_back()["boot_count"] == 2
    bench.host.run(bench.rig.clock, 1)
    assert "memory_error" not in [name for name, _ in bench.host.events]


def test_power_fails_all_through_the_writes_of_a_start_and_the_pump_is_as_before_or_after() -> None:
    for after_bytes in range(0, 5000, 29):
        bench = delivering(VirtualRig(7, MAX_SPEED))
        bench.begins("power_cut_in_write", after_bytes)
        with contextlib.suppress(PortLost):
            for command in (("stop", 0), ("start",), ("stop", 0)):
                bench.host.command(*command)
        if bench.rig.powered:  # all was written before
            break
        bench.ends("power_cut_in_write")
        bench.comes_back()
        bench.host.run(bench.rig.clock, 1)
        assert STATES[bench.host.rows[-1]["state"]] in ("minimum_rate", "stopped"), after_bytes
        assert "memory_error" not in [name for name, _ in bench.host.events]
    assert 800 < after_bytes < 3000


def test_power_that_was_to_fail_in_a_write_lasts_where_nothing_is_written(bench: Bench) -> None:
    bench.begins("power_cut_in_write", 100)
    bench.ends("power_cut_in_write")
    assert bench.host.command("stop", 0)[0] == "ok"
    assert bench.rig.powered


@pytest.mark.parametrize(("copies", "alarm"), [(1, "memory_corrected"), (2, "memory_error")])
def test_memory_that_is_damaged_is_noticed_at_the_next_boot(bench: Bench, copies: int, alarm: str) -> None:
    bench.begins("memory_corruption", copies)
    bench.begins("reset")
    assert bench.comes_back()["boot_count"] == 2  # whatever else is lost, it never seems younger than it was
    bench.host.run(bench.rig.clock, 1)
    assert alarm in [name for name, _ in bench.host.events]


def test_the_pumps_clock_drifts_and_jumps(bench: Bench) -> None:
    def ahead(passed: Passed) -> float:
        return passed.gain("device_us") - passed.gain("t_us")

    own = ahead(bench.passes(30))
    bench.begins("clock_drift", 4000)
    assert ahead(bench.passes(30)) - own == pytest.approx(120_000, abs=50)
    bench.ends("clock_drift")
    assert ahead(bench.passes(30)) == pytest.approx(own, abs=50)
    before = bench.rig.truth()
    bench.begins("clock_jump", 60)
    assert ahead(Passed(before, bench.rig.truth())) == pytest.approx(60e6, abs=1)


@pytest.mark.parametrize(
    ("sensor", "dead"), [("pressure", -43_750), ("balance", None), ("battery", 0), ("temperature", -27_315)]
)
def test_a_sensor_is_noisy_stuck_and_dead_and_well_again(bench: Bench, sensor: str, dead: int | None) -> None:
    bench.host.command("stop", 0)
    bench.passes(5)
    quiet = bench.noise(sensor)
    bench.begins(f"{sensor}_noisy", 100)
    assert bench.noise(sensor) > 30 * quiet
    bench.ends(f"{sensor}_noisy")
    bench.begins(f"{sensor}_stuck")
    assert len(set(bench.readings(sensor))) == 1
    bench.ends(f"{sensor}_stuck")
    bench.begins(f"{sensor}_dead")
    assert set(bench.readings(sensor)) == {dead}
    bench.ends(f"{sensor}_dead")
    assert bench.noise(sensor) == pytest.approx(quiet, rel=0.6, abs=0.5)


def test_a_dead_rotor_sensor_sees_no_step_while_the_rotor_turns(bench: Bench) -> None:
    bench.begins("rotor_dead")
    bench.host.run(bench.rig.clock, 0.5)
    first = bench.rig.plant.sense()[0]
    assert bench.passes(3).gain("rotor_steps") > 0
    assert bench.rig.plant.sense()[0] == first


def test_vibration_shakes_the_balance(bench: Bench) -> None:
    bench.host.command("stop", 0)
    bench.begins("vibration", 300)
    assert bench.noise("balance") > 50_000
    bench.ends("vibration")
    assert bench.noise("balance") < 1_000


def test_the_room_goes_to_another_temperature_and_back(bench: Bench) -> None:
    own = bench.rig.truth().temperature_c
    bench.host.transport.close()
    bench.begins("room", 10)
    bench.rig.rest(3 * 3600)
    assert bench.rig.truth().temperature_c == pytest.approx(10, abs=0.1)
    bench.ends("room")
    bench.rig.rest(3 * 3600)
    assert bench.rig.truth().temperature_c == pytest.approx(own, abs=2)


def test_the_button_and_the_link_are_the_pumps_own(bench: Bench) -> None:
    bench.begins("press_button")
    bench.host.run(bench.rig.clock, 1)
    assert "demand_refused" in [name for name, _ in bench.host.events]  # the program allows none
    bench.begins("link_cut")
    rows = len(bench.host.rows)
    bench.host.run(bench.rig.clock, 5)
    assert len(bench.host.rows) == rows
    bench.ends("link_cut")
    bench.host.run(bench.rig.clock, 5)
    assert len(bench.host.rows) > rows + 40
    bench.begins("link_reset")
    with pytest.raises(PortLost):
        bench.host.poll(1)
    assert bench.comes_back()["boot_count"] == 1
    bench.begins("unplug")
    with pytest.raises(PortLost):
        bench.host.poll(1)
    with pytest.raises(NoPump, match="unplugged"):
        bench.rig.connect()
    bench.ends("unplug")
    assert bench.comes_back()["boot_count"] == 1
