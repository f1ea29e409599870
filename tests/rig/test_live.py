"""A live session on a manual clock, with a pump at the level of the wire at the other end of a cable that fails."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from firmware_link import vocabulary
from firmware_link.clock import ManualClock
from firmware_link.errors import (
    DeviceFault,
    NoPump,
    PeerError,
    PortBusy,
    PortLost,
    RequestTimeout,
    UsageError,
    VersionMismatch,
    WrongPump,
)
from rig.live import LiveSession
from rig.session import Batch, Command, Gap, LinkState, SessionInfo
from tests.firmware_link.fake_pump import FakePump, FakeTransport

OPENING = ["set_clock", "get_config", "get_status"]


class Bench:
    """A session, its pump, and every batch so far."""

    def __init__(self, pump: FakePump | None = None, **options: Any) -> None:
        self.clock = ManualClock()
        self.pump = pump or FakePump()
        self.cables: list[FakeTransport] = []
        self.errors: list[Exception] = []  # of the next openings
        self.batches: list[Batch] = []
        options.setdefault("surroundings", self)
        self.session = LiveSession("fake:", self.plug_in, self.clock, random.Random(5), **options)

    def plug_in(self) -> FakeTransport:
        if self.errors:
            raise self.errors.pop(0)
        self.cables.append(FakeTransport(self.pump, self.clock))
        return self.cables[-1]

    def inject(self, fault: Any) -> None:
        self.injected = fault

    def rest(self, timeout_s: float) -> None:
        self.clock.advance(max(timeout_s, 1e-6))

    def close(self) -> None:
        self.closed = True

    def run(self, seconds: float) -> "Bench":
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end and self.state is not LinkState.CLOSED:
            self.batches.append(self.session.poll(end - self.clock.monotonic()))
        return self

    def until(self, state: LinkState) -> "Bench":
        for _ in range(200):
            if self.state is state:
                return self
            self.batches.append(self.session.poll(0.5))
        raise AssertionError(f"still {self.state}")

    @property
    def state(self) -> LinkState | None:
        links = self.all("links")
        return links[-1].state if links else None

    def all(self, what: str) -> list[Any]:
        return [item for batch in self.batches for item in getattr(batch, what)]

    def indices(self) -> list[int]:
        return [int(index) for batch in self.batches for index in batch.samples["index"]]

    def reply(self, ticket: int) -> Any:
        (reply,) = [reply for reply in self.all("replies") if reply.ticket == ticket]
        return reply


@pytest.fixture
def bench() -> Bench:
    return Bench().until(LinkState.ONLINE)


def states(bench: Bench) -> list[LinkState]:
    return [link.state for link in bench.all("links")]


def test_it_connects_and_says_who_answers(bench: Bench) -> None:
    assert states(bench) == [LinkState.CONNECTING, LinkState.ONLINE]
    info = bench.session.info
    assert isinstance(info, SessionInfo)
    assert (info.target, info.port, info.can_control, info.can_seek, info.virtual) == (
        "fake:",
        "fake",
        True,
        False,
        True,
    )
    device = info.device
    assert device is not None
    assert (device.device_id, device.firmware_version, device.boot_count) == ("1122334455667788", "1.2.3", 1)
    assert device.capabilities == {"balance", "pressure", "virtual"}
    assert device.settings == {row[1]: row[4] for row in vocabulary.SETTINGS}
    assert bench.pump.done[:3] == OPENING
    assert next(batch.status for batch in bench.batches if batch.status).fields["acked_event"] == 0


def test_the_pump_gets_the_time_and_the_offset() -> None:
    bench = Bench(utc_offset_min=-90).until(LinkState.ONLINE)
    (values,) = [values for name, _, values in bench.pump.heard if name == "set_clock"]
    assert values[1:] == (1_700_000_000, -90)


def test_samples_arrive_with_their_boot_and_time_and_gaps(bench: Bench) -> None:
    bench.pump.telemetry(4)
    bench.run(0.1)
    bench.pump.telemetry(2, skip=3)
    bench.run(0.1)
    assert bench.indices() == [0, 1, 2, 3, 7, 8]
    (samples,) = [batch.samples for batch in bench.batches if len(batch.samples) == 4]
    assert set(samples["boot"].tolist()) == {1}
    assert set(samples["host_us"].tolist()) == {bench.all("links")[-1].host_us}
    assert bench.all("gaps") == [Gap("samples", 1, 3000, 7000, 3)]


def test_a_command_is_answered_and_kept_as_evidence(bench: Bench) -> None:
    ticket = bench.session.command(Command("start"))
    assert "start" in bench.pump.done  # it went out at once, not with the next poll
    bench.batches.append(bench.session.poll(60.0))
    reply = bench.reply(ticket)
    assert (reply.command, reply.error) == ("start", None)
    frames = [(frame.outgoing, frame.name) for frame in bench.all("frames")]
    assert frames[:2] == [(True, "hello"), (False, "welcome")]
    assert frames[-2:] == [(True, "start"), (False, "ok")]


def test_a_refusal_is_an_error_of_the_reply(bench: Bench) -> None:
    bench.pump.refuse["start"] = (vocabulary.ERROR_CODES["no_program"], 0)
    ticket = bench.session.command(Command("start"))
    bench.run(0.1)
    assert isinstance(bench.reply(ticket).error, DeviceFault)
    assert bench.state is LinkState.ONLINE


def test_records_come_with_the_reply_and_changed_settings_are_read_again(bench: Bench) -> None:
    ticket = bench.session.command(Command("get_config"))
    changed = bench.session.command(Command("set_config", {}, ((1, 50),)))
    bench.run(0.1)
    assert bench.reply(ticket).records[0] == (1, vocabulary.SETTINGS[0][4])
    assert bench.reply(changed).error is None
    assert bench.pump.done[-2:] == ["set_config", "get_config"]


def test_status_is_asked_for_once_a_second(bench: Bench) -> None:
    bench.run(5.5)
    assert sum(batch.status is not None for batch in bench.batches) == 6
    assert len(bench.all("replies")) == 0


def test_reading_waits_for_more_only_while_no_reply_is_awaited(bench: Bench) -> None:
    cable = bench.cables[-1]
    cable.waits.clear()
    bench.run(0.01)
    assert {gather for _, gather in cable.waits} == {0.002}
    cable.to_pump = lambda data: b""
    bench.session.command(Command("start"))
    cable.waits.clear()
    bench.run(0.01)
    assert {gather for _, gather in cable.waits} == {0.0}


def test_a_poll_of_no_time_takes_what_is_there(bench: Bench) -> None:
    bench.pump.telemetry(3)
    bench.cables[-1].waits.clear()
    assert len(bench.session.poll(0.0).samples) == 3
    assert bench.cables[-1].waits == [(0.0, 0.0)]  # which is where a virtual rig catches up
    assert len(bench.session.poll(0.0).samples) == 0


def test_a_wake_ends_the_next_poll(bench: Bench) -> None:
    bench.session.wake()
    before = bench.clock.monotonic()
    bench.session.poll(60.0)
    assert bench.clock.monotonic() == before


# Events


def test_events_are_taken_up_from_the_first_that_nobody_has_acknowledged() -> None:
    pump = FakePump()
    pump.happen(20, push=False)
    pump.acked_event = 12
    bench = Bench(pump).until(LinkState.ONLINE).run(0.2)
    assert [event.number for event in bench.all("events")] == list(range(13, 21))
    assert bench.all("gaps") == []


def test_a_lost_event_is_asked_for_again(bench: Bench) -> None:
    bench.pump.happen(1)
    bench.run(0.1)
    bench.pump.happen(1)
    bench.pump.take()  # lost on the way
    bench.pump.happen(1)
    bench.run(0.1)
    assert [event.number for event in bench.all("events")] == [1, 2, 3]
    bench.pump.happen(1, push=False)
    bench.run(3.0)
    assert [event.number for event in bench.all("events")] == [1, 2, 3, 4]
    assert bench.all("gaps") == []


def test_acknowledging_is_told_to_the_pump_at_once_and_again_after_a_lost_link(bench: Bench) -> None:
    bench.pump.happen(5)
    bench.run(0.1)
    bench.session.acknowledge(3)
    assert bench.pump.acked_event == 3
    bench.cables[-1].pulled = True
    bench.session.acknowledge(5)
    bench.session.acknowledge(4)
    assert bench.pump.acked_event == 3
    bench.run(3.0)
    assert bench.pump.acked_event == 5


# Losing the link


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


def test_a_pump_that_restarts_is_greeted_anew(bench: Bench) -> None:
    bench.pump.telemetry(3)
    bench.run(0.1)
    bench.pump.restart()
    bench.run(3.0)
    bench.pump.telemetry(2)
    bench.run(0.1)
    assert states(bench)[-2:] == [LinkState.LOST, LinkState.ONLINE]
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
    assert states(bench) == [LinkState.CONNECTING, LinkState.CLOSED]
    assert isinstance(bench.all("links")[-1].error, error)
    assert not bench.session.info.can_control
    assert bench.session.poll(1.0).links == ()
    with pytest.raises(UsageError):
        bench.session.command(Command("start"))


def test_with_patience_it_is_tried_again() -> None:
    bench = Bench(keep_trying=True)
    bench.errors = [NoPump("no"), PortBusy("mine")]
    bench.until(LinkState.ONLINE)
    assert states(bench) == [LinkState.CONNECTING, LinkState.LOST, LinkState.LOST, LinkState.ONLINE]


def test_without_a_virtual_rig_there_are_no_faults_and_a_real_pause() -> None:
    bench = Bench(surroundings=None, keep_trying=True)
    bench.errors = [NoPump("no")]
    bench.session.wake()
    bench.session.poll(60.0)  # would rest for real
    with pytest.raises(UsageError, match="virtual rig only"):
        bench.session.inject(object())  # type: ignore[arg-type]


def test_closing_lets_go_of_everything(bench: Bench) -> None:
    bench.session.inject("fault")  # type: ignore[arg-type]
    bench.session.close()
    bench.session.close()
    assert bench.injected == "fault"
    assert bench.cables[-1].closed
    assert bench.closed
    assert not bench.session.info.can_control


def test_a_trace_of_the_firmware_is_passed_on(bench: Bench) -> None:
    bench.pump.send("trace", 0, (5, b"OSError(28,)"))
    bench.run(0.1)
    assert bench.all("traces") == ["OSError(28,)"]


def test_counters_add_up_over_the_session(bench: Bench) -> None:
    bench.pump.output += b"garbage\0"
    bench.run(0.1)
    counters = bench.batches[-1].counters
    assert counters.frames_bad == 1
    assert counters.bytes_dropped == 7
    assert counters.frames_in == 4
    assert counters.bytes_in > counters.bytes_out > 0
