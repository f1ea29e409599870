"""A live session over a good cable: who answers, samples, events, commands, counters."""

import pytest

from firmware_link import vocabulary
from firmware_link.errors import (
    DeviceFault,
)
from rig.live import GATHER_S
from rig.session import Command, Gap, LinkState, SessionInfo
from tests.firmware_link.fake_pump import FakePump
from tests.rig.live_bench import Bench

OPENING = ["set_clock", "get_config", "get_status"]


@pytest.fixture
def bench() -> Bench:
    return Bench().until(LinkState.ONLINE)


def test_it_connects_and_says_who_answers(bench: Bench) -> None:
    assert bench.states() == [LinkState.CONNECTING, LinkState.ONLINE]
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


def test_where_time_jumps_status_is_asked_for_as_seldom_as_rows_come() -> None:
    bench = Bench(jumps=True).until(LinkState.ONLINE)

    def asked(interval_ms: int, seconds: float) -> int:
        key = vocabulary.SETTING_KEYS["sample_interval_ms"]
        bench.pump.settings = ((key, interval_ms), *bench.pump.settings[1:])
        bench.session.command(Command("set_config", {}, ((key, interval_ms),)))
        bench.run(0.5)
        before = len(bench.batches)
        bench.run(seconds)
        return sum(batch.status is not None for batch in bench.batches[before:])

    assert asked(100, 5.0) == 5
    assert asked(600_000, 7200.0) == 12
    assert asked(10_000, 100.0) == 10


def test_reading_waits_for_more_only_while_no_reply_is_awaited(bench: Bench) -> None:
    cable = bench.cables[-1]
    cable.waits.clear()
    bench.run(0.01)
    assert {gather for _, gather in cable.waits} == {GATHER_S}
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
