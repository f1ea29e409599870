"""The relay between a raw host and the true firmware, in process and under MicroPython."""

import itertools
from collections.abc import Callable

import pytest

from firmware_link import wire
from firmware_link.clock import ManualClock
from firmware_link.errors import PortLost
from rig.virtual.base import Rig
from rig.virtual.board import LINK_ROOM
from rig.virtual.faults import Fault
from rig.virtual.line import PIECE_US
from rig.virtual.rig import VirtualRig
from tests.rig.virtual.host import SESSION, Host

Faults = dict[str, float | None]

DAMAGED: Faults = {"link_drop": 0.3, "link_flip": 0.3, "link_duplicate": 0.3, "link_reorder": 32}
SCRIPTS: tuple[Faults, ...] = (
    {**DAMAGED, "link_delay": 123.4, "link_split": 10},
    {**DAMAGED, "link_merge": 750},
    {"link_stall_in": None, "link_stall_out": None, "link_delay": 60_000},
    {"link_split": 1},
    {"link_cut": None},
)


def online(rig: Rig) -> Host:
    host = Host(rig.connect())
    host.hello()
    return host


def strike(rig: Rig, faults: Faults, duration_s: float | None = None) -> None:
    for what, amount in faults.items():
        rig.inject(Fault(what, amount=amount, duration_s=duration_s))


def asking(number: int) -> bytes:
    frame: bytes = wire.pack("get_status", number, (SESSION,))
    return frame


def until_answered(rig: Rig, host: Host, number: int) -> float:
    """Seconds until the pump's status has come under this number."""
    begin_s = rig.clock.monotonic()
    while (passed_s := rig.clock.monotonic() - begin_s) < 100:
        if any(name == "status" and sequence == number for name, _, _, sequence in host.poll(1.0)):
            return rig.clock.monotonic() - begin_s
    raise AssertionError(f"no answer in {passed_s} s")


def listen(rig: Rig, host: Host, seconds: float) -> list[tuple[int, bytes]]:
    """What comes and at which microsecond of the rig, while the pump is asked for its status now and then."""
    came = []
    begin_s, asked = rig.clock.monotonic(), 0
    while (passed_s := rig.clock.monotonic() - begin_s) < seconds:
        if passed_s >= asked * 0.7:
            host.transport.write(asking(asked))
            asked += 1
        host.transport.wait(0.3)
        if data := host.transport.read():
            came.append((rig.clock.utc_us(), data))
    return came


@pytest.mark.parametrize("faults", SCRIPTS)
def test_seed_and_faults_make_the_bytes_and_their_moments(faults: Faults, make_rig: Callable[..., Rig]) -> None:
    runs = []
    for kind in ("sim", "sim", "upy"):
        rig = make_rig(kind)
        host = online(rig)
        strike(rig, faults, duration_s=8)
        runs.append(listen(rig, host, 12))
    assert runs[0] == runs[1] == runs[2]
    assert len(runs[0]) > 10


def test_another_seed_damages_other_bytes(make_rig: Callable[..., Rig]) -> None:
    lost = []
    for seed in (1, 2):
        rig = make_rig("sim", seed)
        host = online(rig)
        strike(rig, {"link_drop": 1.0})
        lost.append([len(data) for _, data in listen(rig, host, 20)])
    assert lost[0] != lost[1]


def test_a_slow_line_delays_everything_by_as_much_to_the_microsecond(rig: Rig, make_rig: Callable[..., Rig]) -> None:
    moments: list[list[int]] = []
    for one, delay_ms in ((make_rig("sim"), None), (rig, 350.0)):
        host = online(one)
        strike(one, {"link_delay": delay_ms} if delay_ms else {})
        moments.append([])
        while len(moments[-1]) < 20:
            host.transport.wait(1.0)
            if host.transport.read():
                moments[-1].append(one.clock.utc_us())
    assert [late - soon for soon, late in zip(*moments, strict=True)] == [350_000] * 20


def test_an_answer_takes_both_ways(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_delay": 100.0})
    host.transport.write(asking(1))
    assert until_answered(rig, host, 1) == pytest.approx(0.2, abs=1e-6)


@pytest.mark.parametrize(("seconds", "lost"), [(3, False), (20, True)])
def test_a_stall_to_the_host_lets_all_go_at_its_end_and_a_long_one_leaves_a_gap(
    rig: Rig, seconds: int, lost: bool
) -> None:
    host = online(rig)
    host.run(rig.clock, 1)
    rig.inject(Fault("link_stall_in", duration_s=seconds))
    begin_us = rig.clock.utc_us()
    host.transport.wait(100.0)
    assert rig.clock.utc_us() == begin_us + seconds * 1_000_000
    host.run(rig.clock, 1.5)
    steps = {after["t_us"] - before["t_us"] for before, after in itertools.pairwise(host.rows)}
    assert (max(steps) > 100_000) == lost  # the pump found its link full
    assert host.rows[-1]["t_us"] > (seconds + 2) * 1_000_000
    assert host.hello(5)["session"] == 5


def test_a_stall_to_the_pump_takes_what_fits_and_hands_it_over_at_its_end(rig: Rig) -> None:
    host = online(rig)
    rig.inject(Fault("link_stall_out", duration_s=20))
    frames = asking(1) + b"\0" * LINK_ROOM
    taken = host.transport.write(frames)
    assert taken == LINK_ROOM
    assert host.transport.write(frames[taken:]) == 0
    assert until_answered(rig, host, 1) == pytest.approx(20.0, abs=1e-6)


def test_pieces_reach_the_pump_and_the_host_one_by_one(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_split": 1})
    host.transport.write(asking(1))
    answer = wire.pack("status", 1, (0,) * len(wire.BY_NAME["status"].fields))
    assert until_answered(rig, host, 1) > (len(asking(1)) + len(answer) // 2) * PIECE_US * 1e-6


def test_a_read_brings_one_piece(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_split": 7})
    assert max(len(data) for _, data in listen(rig, host, 5)) == 7


def test_merged_bytes_come_seldom_and_whole(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_merge": 2000})
    came = listen(rig, host, 21)
    assert len(came) in (9, 10)
    assert all(after - before >= 2_000_000 for (before, _), (after, _) in itertools.pairwise(came))


def test_a_cut_line_says_nothing_and_loses_what_was_said(rig: Rig) -> None:
    host = online(rig)
    rig.inject(Fault("link_cut", duration_s=10))
    assert host.transport.write(asking(1)) == len(asking(1))
    begin_us = rig.clock.utc_us()
    host.transport.wait(9.0)
    assert host.transport.read() == b""
    assert rig.clock.utc_us() == begin_us + 9_000_000
    host.transport.wait(1.0)
    host.transport.read()  # what was under way when it ended may be the rest of a frame
    assert host.command("get_status")[0] == "status"  # number 1 was never heard


def test_a_reset_port_is_lost_and_opens_again_at_once_and_the_other_faults_stay(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_delay": 5000})
    host.transport.write(asking(1))
    rig.inject(Fault("link_reset", at_s=rig.clock.monotonic() + 1))
    with pytest.raises(PortLost):
        host.transport.wait(10.0)
    assert rig.clock.monotonic() == pytest.approx(1.0, abs=1e-6)
    again = Host(rig.connect())
    again.transport.write(asking(2))
    answers: list[tuple[str, int]] = []
    while not answers:
        answers = [(name, sequence) for name, _, _, sequence in again.poll(100.0) if name != "telemetry"]
    assert answers == [("refused", 2)]  # number 1 was on its way, and is lost
    assert rig.clock.monotonic() == pytest.approx(11.0, abs=1e-6)
    rig.inject(Fault("link_delay", ends=True))
    assert again.hello(5)["session"] == 5


def test_a_wait_ends_when_it_is_woken_and_not_when_faults_change(rig: Rig) -> None:
    host = online(rig)
    strike(rig, {"link_cut": None})
    host.transport.wake()
    begin_us = rig.clock.utc_us()
    host.transport.wait(5.0)
    assert rig.clock.utc_us() == begin_us
    rig.inject(Fault("link_flip", at_s=rig.clock.monotonic() + 1, duration_s=1))
    host.transport.wait(5.0)
    assert rig.clock.utc_us() == begin_us + 5_000_000
    rig.wake()  # whoever does it
    host.transport.wait(5.0)
    assert rig.clock.utc_us() == begin_us + 5_000_000


def test_at_the_pace_of_real_time_held_bytes_come_when_they_are_due() -> None:
    real = ManualClock()
    rig = VirtualRig(7, 10.0, real=real, pause=real.advance)
    host = online(rig)
    strike(rig, {"link_delay": 500})
    begin_s = real.monotonic()
    host.transport.write(asking(1))
    until_answered(rig, host, 1)
    assert real.monotonic() - begin_s == pytest.approx(2 * 0.05, abs=0.001)


def test_delivery_goes_on_unchanged(make_rig: Callable[..., Rig]) -> None:
    truths = []
    for faults in ({}, *SCRIPTS):
        rig = make_rig("sim")
        host = online(rig)
        host.deliver(20_000_000_000, rig.clock.utc_us() // 1_000_000)
        strike(rig, faults, duration_s=8)
        while (left_us := 20_000_000 - rig.plant.now_us) > 0:
            host.transport.wait((left_us - 0.5) * 1e-6)
            host.transport.read()
        truths.append((rig.truth().t_us, rig.truth().delivered_nl, rig.truth().rotor_steps))
    assert len(set(truths)) == 1
    assert truths[0][1] > 3000


def test_without_faults_it_stands_aside(rig: Rig) -> None:
    host = online(rig)
    quiet = [rig.relay.quiet]
    strike(rig, {**DAMAGED, "link_delay": 500}, duration_s=2)
    quiet.append(rig.relay.quiet)
    listen(rig, host, 3)
    quiet.append(rig.relay.quiet)
    assert quiet == [True, False, True]
