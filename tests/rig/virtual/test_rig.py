"""Both rigs, as a host finds them: true frames over their links."""

from collections.abc import Callable

import pytest

from firmware_link.clock import ManualClock
from firmware_link.errors import NoPump, PortLost
from firmware_link.vocabulary import ALARM_BITS, STATES
from rig.virtual.base import Rig
from rig.virtual.faults import Fault
from rig.virtual.pace import MAX_SPEED
from tests.rig.virtual.host import Host

ML_20 = 20_000_000_000  # pl/day


def online(rig: Rig) -> Host:
    host = Host(rig.connect())
    host.hello()
    return host


def delivering(rig: Rig, flow_pl_day: int = ML_20) -> Host:
    host = online(rig)
    host.deliver(flow_pl_day, rig.clock.utc_us() // 1_000_000)
    return host


def script(rig: Rig) -> Host:
    """Delivers, gives a bolus, stalls, and stops."""
    host = delivering(rig)
    host.run(rig.clock, 30)
    assert host.command("bolus", 5, 20_000_000, 20_000, 0)[0] == "ok"
    rig.inject(Fault("occlusion", at_s=rig.clock.monotonic() + 40, duration_s=20, amount=100))
    host.run(rig.clock, 90)
    assert host.command("stop", 0)[0] == "ok"
    host.run(rig.clock, 5)
    return host


def test_healthy_pump_measures_what_it_was_told(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 1)
    first, truth = host.rows[-1], rig.truth()
    host.run(rig.clock, 600)
    last = host.rows[-1]
    commanded = last["commanded_nl"] - first["commanded_nl"]
    assert commanded == pytest.approx(ML_20 / 144 / 1000, abs=30)
    assert last["measured_nl"] - first["measured_nl"] == pytest.approx(commanded, rel=0.01)
    assert rig.truth().delivered_nl - truth.delivered_nl == pytest.approx(commanded, rel=0.004)
    assert len(host.rows) in (6010, 6011)
    assert last["alarms"] == 0


def test_a_seed_repeats_itself_to_the_byte_here_and_under_micropython(make_rig: Callable[..., Rig]) -> None:
    runs = [script(make_rig(kind, seed)) for kind, seed in (("sim", 7), ("sim", 7), ("sim", 8), ("upy", 7), ("upy", 7))]
    assert len(runs[0].rows) > 1200
    assert bytes(runs[0].raw) == bytes(runs[1].raw)
    assert runs[0].digest() != runs[2].digest()
    assert runs[3].rows == runs[0].rows
    assert runs[3].digest() == runs[4].digest() == runs[0].digest()


def presses(rig: Rig) -> Host:
    """Presses the button while it may be, while it may not, and while a bolus runs."""
    host = online(rig)
    host.deliver(ML_20, rig.clock.utc_us() // 1_000_000, (20_000_000, 20_000, 60, 4))
    for after_s in (12.345, 10, 15, 40):  # granted, during the bolus, in lockout, granted
        rig.inject(Fault("press_button", at_s=rig.clock.monotonic() + after_s))
        host.run(rig.clock, after_s + 1)
    return host


def test_a_press_acts_at_its_moment_and_the_same_here_and_under_micropython(make_rig: Callable[..., Rig]) -> None:
    here, there = presses(make_rig("sim")), presses(make_rig("upy"))
    told = [(name, row["value"]) for name, row in here.events if name.startswith("demand")]
    assert told == [("demand_granted", 1), ("demand_refused", 49), ("demand_refused", 33), ("demand_granted", 2)]
    moments = {name: row["occurred_us"] for name, row in reversed(here.events)}
    assert moments["bolus_started"] == moments["demand_granted"]
    assert there.events == here.events
    assert there.digest() == here.digest()


def test_a_press_wakes_the_pump_to_the_microsecond(rig: Rig) -> None:
    host = online(rig)
    host.deliver(ML_20, rig.clock.utc_us() // 1_000_000, (20_000_000, 20_000, 60, 4))
    at_s = rig.clock.monotonic() + 7.654321
    rig.inject(Fault("press_button", at_s=at_s))
    host.run(rig.clock, 10)
    at_us = rig.plant.oscillator.at_us(dict(host.events)["demand_granted"]["occurred_us"])
    assert at_us == pytest.approx(at_s * 1e6, abs=1)


def test_a_press_without_power_is_nothing(rig: Rig) -> None:
    host = delivering(rig)
    rig.inject(Fault("power_cut", duration_s=5))
    rig.inject(Fault("press_button"))
    rig.rest(10)
    host = online(rig)
    host.run(rig.clock, 1)
    assert "demand_refused" not in [name for name, _ in host.events]


def test_stall_is_noticed_and_stops_the_pump(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 20)
    rig.inject(Fault("stall"))
    held = rig.truth().rotor_steps
    host.run(rig.clock, 120)
    assert rig.truth().rotor_steps == held
    assert host.rows[-1]["alarms"] == 1 << ALARM_BITS["motor_stall"]
    assert STATES[host.rows[-1]["state"]] == "stopped"
    assert "motor_stall" in [name for name, _ in host.events]
    rig.inject(Fault("stall", ends=True))
    assert rig.in_force() == ()


def test_occlusion_alarms_in_the_time_that_physics_takes(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 20)
    rig.inject(Fault("occlusion", amount=100))
    host.run(rig.clock, 420)
    event = dict(host.events)["occlusion"]
    # 69 kPa at 231 nL/s and 1 uL/kPa, a little later for back-pressure.
    assert event["occurred_us"] / 1e6 - 20 == pytest.approx(1.12 * 69_000 / 231.5, rel=0.05)
    before = rig.truth()
    rig.inject(Fault("occlusion", ends=True))
    host.run(rig.clock, 30)
    assert rig.truth().delivered_nl - before.delivered_nl == pytest.approx(before.pressure_pa, rel=0.01)


def test_empty_reservoir_delivers_nothing_until_filled(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 10)
    rig.inject(Fault("empty_reservoir"))
    host.run(rig.clock, 1)
    before = rig.truth()
    host.run(rig.clock, 30)
    assert rig.truth().rotor_steps > before.rotor_steps
    assert rig.truth().delivered_nl == pytest.approx(before.delivered_nl, abs=10)
    rig.inject(Fault("fill_reservoir", amount=20))
    host.run(rig.clock, 30)
    assert rig.truth().delivered_nl - before.delivered_nl == pytest.approx(231.5 * 30, rel=0.05)


def test_battery_step_shows_and_alarms(rig: Rig) -> None:
    host = delivering(rig)
    rig.inject(Fault("battery_step", amount=5))
    host.run(rig.clock, 60)
    assert host.rows[-1]["charge_permille"] in (49, 50)
    assert "battery_eri" in [name for name, _ in host.events]
    rig.inject(Fault("new_battery"))
    host.run(rig.clock, 1)
    assert host.rows[-1]["charge_permille"] == 1000


def test_unplugged_pump_goes_on_and_comes_back(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 10)
    before = rig.truth()
    rig.inject(Fault("unplug", at_s=rig.clock.monotonic() + 1, duration_s=30))
    with pytest.raises(PortLost):
        host.run(rig.clock, 5)
    for touch in (host.transport.read, lambda: host.transport.write(b"\0"), lambda: host.transport.wait(1.0)):
        with pytest.raises(PortLost):
            touch()
    host.transport.close()
    with pytest.raises(NoPump):
        rig.connect()
    rig.rest(31)
    again = online(rig)
    again.run(rig.clock, 1)
    assert STATES[again.rows[-1]["state"]] == "running"
    assert rig.truth().delivered_nl - before.delivered_nl == pytest.approx(33 * 231.5, rel=0.06)
    assert again.rows[0]["t_us"] > 40_000_000


def test_reset_boots_anew_with_its_memory(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 10)
    rig.inject(Fault("reset"))
    with pytest.raises(PortLost):
        host.poll(1)
    again = Host(rig.connect())
    welcome = again.hello()
    assert welcome["boot_count"] == 2
    assert welcome["t_us"] < 1_000_000
    again.run(rig.clock, 1)
    assert STATES[again.rows[-1]["state"]] == "minimum_rate"
    assert again.rows[-1]["alarms"] == 1 << ALARM_BITS["safe_state_reset"]


def test_power_cut_stops_everything_until_it_is_over(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 10)
    before = rig.truth()
    rig.inject(Fault("power_cut", duration_s=3600))
    with pytest.raises(NoPump):
        rig.connect()
    rig.rest(3599)
    assert rig.truth().rotor_steps == before.rotor_steps
    rig.rest(2)
    again = Host(rig.connect())
    assert again.hello()["boot_count"] == 2


def test_a_second_connection_ends_the_first(rig: Rig) -> None:
    first = online(rig)
    second = Host(rig.connect())
    with pytest.raises(PortLost):
        first.transport.read()
    second.hello(78)


def test_wake_ends_one_wait(rig: Rig) -> None:
    transport = rig.connect()
    transport.wake()
    transport.wait(1000)
    assert rig.clock.monotonic() == 0
    transport.wait(10)
    assert rig.clock.monotonic() == 10


def test_a_host_that_does_not_read_loses_rows_and_nothing_else(rig: Rig) -> None:
    host = delivering(rig)
    host.run(rig.clock, 5)
    rig.rest(14)  # nobody reads; the link fills up
    host.run(rig.clock, 5)
    assert host.rows[-1]["t_us"] - host.rows[0]["t_us"] == pytest.approx(24e6, abs=1e6)
    assert 100 < len(host.rows) < 200
    assert host.command("get_status")[0] == "status"


def test_noise_on_the_link_is_survived(rig: Rig) -> None:
    host = online(rig)
    for i in range(40):
        host.transport.write(bytes((i * 37 + j * 11) % 256 for j in range(400)))
        host.transport.wait(0.01)
        host.transport.read()
    host.transport.write(b"\0")
    assert host.command("get_status")[0] == "status"


@pytest.mark.parametrize("kind", ["sim", "upy"])
def test_a_finite_speed_keeps_pace_with_real_time(kind: str, make_rig: Callable[..., Rig]) -> None:
    real = ManualClock()
    rested: list[float] = []

    def pause(seconds: float) -> None:
        rested.append(seconds)
        real.advance(seconds)

    rig = make_rig(kind, 7, 60.0, real=real, pause=pause)
    host = delivering(rig)
    start_us, rig_start_us = real.utc_us(), rig.clock.utc_us()
    host.run(rig.clock, 2.0)  # real seconds
    assert real.utc_us() - start_us == pytest.approx(2e6, abs=1e4)
    assert rig.clock.utc_us() - rig_start_us == pytest.approx(120e6, abs=1e6)
    assert len(host.rows) == pytest.approx(1200, abs=12)
    assert max(rested) < 0.1


def test_a_rig_that_cannot_keep_up_still_answers_in_time(make_rig: Callable[..., Rig]) -> None:
    class SlowMachine(ManualClock):
        """Whoever looks at it has taken a millisecond."""

        def monotonic(self) -> float:
            self.advance(0.001)
            return super().monotonic()

    real = SlowMachine()
    rig = make_rig("sim", 7, 100_000.0, real=real, pause=real.advance)
    online(rig)
    real.advance(100.0)
    before = real.utc_us()
    rig.rest(0.5)
    assert real.utc_us() - before < 700_000


def test_max_speed_starts_at_a_fixed_date_and_a_finite_one_today(make_rig: Callable[..., Rig]) -> None:
    assert make_rig("sim", 1, MAX_SPEED).clock.utc_us() == make_rig("sim", 2, MAX_SPEED).clock.utc_us()
    assert make_rig("sim", 1, 60.0, real=ManualClock(5_000_000)).clock.utc_us() == 5_000_000
