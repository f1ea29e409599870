"""A live session over a cable that fails, and first connections that do."""

from collections.abc import Callable
from typing import Any

import pytest

from firmware_link.errors import (
    NoPump,
    PeerError,
    PortBusy,
    PortLost,
    RequestTimeout,
    UsageError,
    VersionMismatch,
    WrongPump,
)
from rig.session import Command, Gap, LinkState
from tests.firmware_link.fake_pump import FakePump
from tests.rig.live_bench import Bench

OPENING = ["set_clock", "get_config", "get_status"]


@pytest.fixture
def bench() -> Bench:
    return Bench().until(LinkState.ONLINE)


def test_a_pulled_cable_is_a_gap_and_the_same_pump_is_found_again(bench: Bench) -> None:
    bench.pump.telemetry(3)
    bench.run(0.1)
    bench.cables[-1].pulled = True
    bench.errors = [NoPump("no"), NoPump("no"), PortBusy("mine")]
    bench.run(0.3)
    assert bench.state is LinkState.LOST
    assert bench.cables[0].closed
    bench.until(LinkState.ONLINE)
    bench.pump.telemetry(2, skip=4)
    bench.run(0.1)
    links = bench.all("links")
    assert [type(link.error) for link in links if link.state is LinkState.LOST] == [PortLost, NoPump, PortBusy]
    assert bench.indices() == [0, 1, 2, 7, 8]
    assert bench.all("gaps") == [Gap("link", 1, 2000, 7000, 4)]
    assert bench.batches[-1].counters.reconnects == 1


def test_attempts_become_rarer_but_never_end(bench: Bench) -> None:
    bench.cables[-1].pulled = True
    bench.errors = [NoPump("no")] * 1000
    bench.run(60.0)
    assert 30 <= 1000 - len(bench.errors) <= 40
    bench.errors.clear()
    bench.until(LinkState.ONLINE)


def test_another_pump_is_not_taken_for_the_same(bench: Bench) -> None:
    pump = bench.pump
    bench.pump = FakePump(device_id=0x99)
    bench.cables[-1].pulled = True
    bench.session.command(Command("start"))
    bench.run(5.0)
    error = bench.all("links")[-1].error
    assert isinstance(error, WrongPump)
    assert "0000000000000099" in str(error)
    assert bench.pump.done == []
    assert bench.state is LinkState.LOST
    bench.pump = pump
    bench.until(LinkState.ONLINE)


def test_a_pump_that_has_grown_younger_is_not_taken_for_the_same(bench: Bench) -> None:
    bench.pump.telemetry(1, skip=10_000)  # at 10 s
    bench.run(0.1)
    bench.cables[-1].pulled = True  # and its welcome will say 5 s
    bench.run(5.0)
    error = bench.all("links")[-1].error
    assert isinstance(error, WrongPump)
    assert "lost its memory" in str(error)
    assert bench.state is LinkState.LOST


def test_a_pump_that_restarts_is_greeted_anew(bench: Bench) -> None:
    bench.pump.telemetry(3)
    bench.run(0.1)
    bench.pump.restart()
    bench.run(3.0)
    bench.pump.telemetry(2)
    bench.run(0.1)
    assert bench.states()[-2:] == [LinkState.LOST, LinkState.ONLINE]
    assert bench.session.info.device
    assert bench.session.info.device.boot_count == 2
    assert bench.all("gaps") == [Gap("link", 2, 0, 0, 0)]


def test_a_pump_that_falls_silent_is_a_lost_link(bench: Bench) -> None:
    bench.cables[-1].to_pump = lambda data: b""
    bench.run(5.0)
    lost = bench.all("links")[2]
    assert lost.state is LinkState.LOST
    assert isinstance(lost.error, PeerError)
    assert bench.state is LinkState.ONLINE  # over a new cable


def test_commands_outlast_a_short_loss(bench: Bench) -> None:
    bench.cables[-1].to_host = lambda data: b""
    bolus = bench.session.command(Command("bolus", {"volume_pl": 1, "duration_ms": 2, "after": 0}))
    start = bench.session.command(Command("start"))
    bench.cables[-1].pulled = True
    bench.run(2.0)
    assert bench.pump.done.count("bolus") == 1
    assert bench.reply(bolus).error is None
    assert bench.reply(start).error is None
    # The clock is set before anything that needs it.
    heard = [name for name, _, _ in bench.pump.heard]
    asked = heard.index("get_outcome")
    assert heard[asked - 3 : asked + 2] == [*OPENING, "get_outcome", "start"]


def test_commands_do_not_outlast_a_long_loss_but_a_stop_does(bench: Bench) -> None:
    bench.cables[-1].pulled = True
    bench.errors = [NoPump("no")] * 12
    stop = bench.session.command(Command("stop", {"reason": 0}))
    start = bench.session.command(Command("start"))
    bench.run(0.1).until(LinkState.ONLINE).run(0.1)
    assert isinstance(bench.reply(start).error, RequestTimeout)
    assert bench.reply(stop).error is None
    assert "start" not in bench.pump.done
    assert bench.pump.done.count("stop") == 1


def test_a_stop_goes_out_although_another_reply_is_awaited(bench: Bench) -> None:
    bench.cables[-1].to_host = lambda data: b""
    bench.session.command(Command("get_config"))
    bench.session.command(Command("get_config"))
    bench.session.command(Command("stop", {"reason": 0}))
    assert bench.pump.done[-1] == "stop"


def test_a_full_port_keeps_the_stop_first_and_says_that_bytes_wait(bench: Bench) -> None:
    cable = bench.cables[-1]
    cable.room = 5
    bench.session.command(Command("start"))
    bench.session.command(Command("stop", {"reason": 0}))
    assert bench.session.poll(0.01).counters.bytes_unsent > 0
    assert min(timeout for timeout, _ in cable.waits) <= 0.005
    cable.room = 1000
    bench.run(0.5)
    assert [name for name, _, _ in bench.pump.heard][-2:] == ["start", "stop"]
    assert bench.batches[-1].counters.bytes_unsent == 0


# The first connection


def fails(error: Exception) -> Callable[[Bench], None]:
    def prepare(bench: Bench) -> None:
        bench.errors = [error]

    return prepare


def other_version(bench: Bench) -> None:
    bench.pump = FakePump(protocol=99)


@pytest.mark.parametrize(
    ("prepare", "error"),
    [(fails(NoPump("no")), NoPump), (fails(PortBusy("mine")), PortBusy), (other_version, VersionMismatch)],
)
def test_a_first_connection_that_fails_closes_the_session_with_its_error(prepare: Any, error: type) -> None:
    bench = Bench()
    prepare(bench)
    bench.run(10.0)
    assert bench.states() == [LinkState.CONNECTING, LinkState.CLOSED]
    assert isinstance(bench.all("links")[-1].error, error)
    assert not bench.session.info.can_control
    assert bench.session.poll(1.0).links == ()
    with pytest.raises(UsageError):
        bench.session.command(Command("start"))


def test_with_patience_it_is_tried_again() -> None:
    bench = Bench(keep_trying=True)
    bench.errors = [NoPump("no"), PortBusy("mine")]
    bench.until(LinkState.ONLINE)
    assert bench.states() == [LinkState.CONNECTING, LinkState.LOST, LinkState.LOST, LinkState.ONLINE]


def test_without_a_virtual_rig_there_are_no_faults_and_a_real_pause() -> None:
    bench = Bench(surroundings=None, keep_trying=True)
    bench.errors = [NoPump("no")]
    bench.session.wake()
    bench.session.poll(60.0)  # would rest for real
    with pytest.raises(UsageError, match="virtual rig only"):
        bench.session.inject(object())  # type: ignore[arg-type]


def test_a_pump_that_keeps_settings_back_is_not_taken() -> None:
    bench = Bench()
    bench.pump.settings = bench.pump.settings[1:]
    bench.run(5.0)
    assert bench.state is LinkState.CLOSED
    error = bench.all("links")[-1].error
    assert isinstance(error, PeerError)
    assert "sample interval" in error.sentence()
