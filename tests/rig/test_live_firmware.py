"""A live session with the true firmware: in a virtual rig, over a cable that eats bytes, and in a real MicroPython."""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import serial_port
from firmware_link.clock import SystemClock
from firmware_link.errors import DeviceFault, NotAPump
from firmware_link.transport import Transport
from rig.live import LiveSession
from rig.session import Batch, Command, Gap, LinkState, Reply
from rig.virtual.faults import Fault
from rig.virtual.interpreter import find_micropython
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig

REFILL = {"withdrawn_nl": 0, "filled_nl": 1_000_000, "concentration_ng_ml": 500_000}


class Eating:
    """Opens transports that lose a share of what they are given: whole reads, and pieces of writes."""

    def __init__(self, opener: Callable[[], Transport], seed: int) -> None:
        self.share = 0.0
        self._opener, self._rolls = opener, random.Random(seed)

    def open(self) -> Transport:
        self._transport = self._opener()
        self.name, self.wait = self._transport.name, self._transport.wait
        self.wake, self.close = self._transport.wake, self._transport.close
        return self

    def read(self) -> bytes:
        data = self._transport.read()
        return b"" if self._rolls.random() < self.share else data

    def write(self, data: bytes) -> int:
        piece = data[: self._rolls.randrange(len(data))] if self._rolls.random() < self.share else data
        return len(data) if self._transport.write(piece) == len(piece) else 0


class Watched:
    """A session and all it said."""

    def __init__(self, rig: Any, opener: Callable[[], Transport], seed: int = 1) -> None:
        self.session = LiveSession("test", opener, rig.clock, random.Random(seed), surroundings=rig)
        self.batches: list[Batch] = []

    def until(self, done: Callable[[], Any], polls: int = 3000) -> None:
        for _ in range(polls):
            if done():
                return
            self.batches.append(self.session.poll(0.25))
        raise AssertionError("it never happened")

    def online(self) -> None:
        self.until(lambda: self.links()[-1:] == [LinkState.ONLINE])

    def do(self, name: str, **values: int) -> Reply:
        ticket = self.session.command(Command(name, values))
        self.until(lambda: self._reply(ticket))
        reply = self._reply(ticket)
        assert reply is not None
        return reply

    def kinds(self) -> list[str]:
        return [event.kind for batch in self.batches for event in batch.events]

    def links(self) -> list[LinkState]:
        return [link.state for batch in self.batches for link in batch.links]

    def gaps(self, kind: str) -> list[Gap]:
        return [gap for batch in self.batches for gap in batch.gaps if gap.kind == kind]

    def _reply(self, ticket: int) -> Reply | None:
        return next((reply for batch in self.batches for reply in batch.replies if reply.ticket == ticket), None)


@given(st.integers(0, 1 << 32), st.sampled_from([0.02, 0.1, 0.25]))
@settings(max_examples=30)
def test_over_a_bad_cable_nothing_acts_twice_and_no_event_is_lost(seed: int, share: float) -> None:
    rig = VirtualRig(seed=3, speed=MAX_SPEED)
    cable = Eating(rig.connect, seed)
    watched = Watched(rig, cable.open)
    watched.online()
    cable.share = share
    replies = [watched.do("refill", **REFILL) for _ in range(5)]
    cable.share = 0.0
    acted = sum(reply.error is None for reply in replies)
    assert watched.do("clear_alarms", alarms=0).error is None
    watched.until(lambda: watched.kinds().count("refilled") >= acted)
    watched.until(lambda: watched.batches[-1].status)
    assert watched.kinds().count("refilled") <= len(replies)
    numbers = [event.number for batch in watched.batches for event in batch.events]
    assert numbers == list(range(1, len(numbers) + 1))
    watched.session.close()


@pytest.fixture(params=["sim", "upy"])
def watched(request: pytest.FixtureRequest) -> Iterator[Watched]:
    if request.param == "sim":
        rig: Any = VirtualRig(seed=3, speed=600)
    else:
        pytest.importorskip("termios", reason="MicroPython needs a pseudo-terminal")
        from rig.virtual.upy import UpyRig

        rig = UpyRig(seed=3, speed=600)
    watched = Watched(rig, rig.connect)
    yield watched
    watched.session.close()


def test_the_true_firmware_obeys_refuses_and_tells(watched: Watched) -> None:
    watched.online()
    refused = watched.do("start")
    assert isinstance(refused.error, DeviceFault)
    assert refused.error.name == "no_program"
    bolus = watched.do("bolus", volume_pl=50_000_000, duration_ms=600_000, after=1)
    assert bolus.error is None
    watched.until(lambda: "bolus_ended" in watched.kinds())
    stop = watched.do("stop", reason=0)
    assert stop.error is None
    settings = watched.do("get_config")
    assert watched.session.info.device is not None
    assert len(settings.records) == len(watched.session.info.device.settings)
    samples = [row for batch in watched.batches for row in batch.samples]
    assert samples[-1]["commanded_nl"] == 50_000
    indices = [int(row["index"]) for row in samples]
    assert indices[-1] - indices[0] + 1 == len(indices) + sum(gap.missing for gap in watched.gaps("samples"))
    watched.session.acknowledge(3)
    watched.until(lambda: any(batch.status and batch.status.fields["acked_event"] == 3 for batch in watched.batches))


def test_an_unplugged_virtual_pump_is_found_again(watched: Watched) -> None:
    watched.online()
    first = watched.session.info.device
    watched.until(lambda: len(watched.batches[-1].samples))
    watched.session.inject(Fault("unplug", duration_s=120.0))
    watched.until(lambda: LinkState.LOST in watched.links())
    watched.until(lambda: watched.links()[-1] is LinkState.ONLINE)
    assert watched.session.info.device == first
    watched.until(lambda: watched.gaps("link"))
    (gap,) = watched.gaps("link")
    assert gap.end_us - gap.start_us > 119_000_000
    assert watched.batches[-1].counters.reconnects == 1


def test_a_pump_that_has_lost_its_memory_is_found_again_and_says_so(watched: Watched) -> None:
    watched.online()
    watched.until(lambda: len(watched.batches[-1].samples))
    watched.session.inject(Fault("memory_corruption", amount=2))
    watched.session.inject(Fault("reset"))
    watched.until(lambda: watched.links()[-1] is LinkState.ONLINE and LinkState.LOST in watched.links())
    assert watched.session.info.device
    assert watched.session.info.device.boot_count == 2
    watched.until(lambda: any(event.kind == "memory_error" for batch in watched.batches for event in batch.events))


def test_a_board_at_its_prompt_is_named() -> None:
    tty = pytest.importorskip("tty", reason="MicroPython needs a pseudo-terminal")
    far, near = os.openpty()
    tty.setraw(near)
    path = os.ttyname(near)
    with subprocess.Popen(find_micropython(), stdin=far, stdout=far, stderr=far) as board:
        assert os.read(near, 1)  # it is up
        session = LiveSession(path, lambda: serial_port.open_port(path), SystemClock(), random.Random(1))
        links = [link for _ in range(100) for link in session.poll(5.0).links]
        session.close()
        board.kill()
    os.close(far)
    os.close(near)
    assert links[-1].state is LinkState.CLOSED
    assert isinstance(links[-1].error, NotAPump)
    assert "MicroPython prompt" in str(links[-1].error)
