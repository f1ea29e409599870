"""The connection against a pump that keeps the rules of the wire: greeting, order, resends, stops, lost links."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary, wire
from firmware_link.connection import Connection, Failed, Welcomed
from firmware_link.errors import (
    DeviceFault,
    NotAPump,
    PeerError,
    PumpError,
    RequestTimeout,
    UsageError,
    VersionMismatch,
    Withdrawn,
)
from tests.firmware_link.fake_pump import FakePump
from tests.firmware_link.pair import Pair

BOLUS = {"volume_pl": 1, "duration_ms": 2, "after": 0}


@pytest.fixture
def pair() -> Pair:
    pair = Pair(FakePump())
    pair.open()
    return pair


def pump_of(pair: Pair) -> FakePump:
    assert isinstance(pair.pump, FakePump)
    return pair.pump


def lose(count: int, name: str = "") -> Any:
    """A filter that swallows the first ``count`` messages, those called ``name`` where one is given."""
    left = [count]

    def swallow(sent: str, frame: bytes) -> bytes:
        if left[0] and name in ("", sent):
            left[0] -= 1
            return b""
        return frame

    return swallow


def lose_replies(count: int) -> Any:
    left = [count]

    def swallow(data: bytes) -> bytes:
        if data and left[0]:
            left[0] -= 1
            return b""
        return data

    return swallow


def test_the_pump_welcomes_a_session_of_its_random_number(pair: Pair) -> None:
    assert [item.values["device_id"] for item in pair.happenings if isinstance(item, Welcomed)] == [
        pump_of(pair).device_id
    ]
    other = Pair(FakePump(), seed=2)
    other.open()
    assert pump_of(other).session != pump_of(pair).session != 0


def test_a_lost_hello_is_said_again() -> None:
    pair = Pair(FakePump())
    pair.to_pump = lose(3)
    pair.connection.open(pair.now, "port")
    pair.run(1.0)
    assert pair.connection.welcome is not None


def test_commands_go_one_at_a_time_in_order_from_sequence_1(pair: Pair) -> None:
    tickets = [pair.request("start"), pair.request("get_status"), pair.request("start")]
    assert len(pair.connection.outgoing()) == 1
    pair = Pair(FakePump())
    tickets = [pair.request("start"), pair.request("get_status"), pair.request("start")]
    pair.open()
    assert pump_of(pair).done == ["start", "get_status", "start"]
    assert [sequence for name, sequence, _ in pump_of(pair).heard if name != "hello"] == [1, 2, 3]
    assert list(pair.answers()) == tickets
    assert all(answer.error is None for answer in pair.answers().values())


def test_sequences_wrap(pair: Pair) -> None:
    pair.connection.exchange._next_sequence = 0xFFFF
    pump_of(pair)._last_sequence = 0xFFFE
    for _ in range(3):
        pair.request("get_status")
    pair.run(1.0)
    assert [sequence for name, sequence, _ in pump_of(pair).heard if name == "get_status"] == [0xFFFF, 0, 1]
    assert pair.connection.exchange.idle


@given(st.data())
def test_each_command_acts_once_whatever_is_lost(data: st.DataObject) -> None:
    pair = Pair(FakePump())
    pair.open()
    rolls = random.Random(data.draw(st.integers(0, 1 << 32)))
    share = data.draw(st.sampled_from([0.0, 0.1, 0.3]))
    pair.to_pump = lambda name, frame: b"" if rolls.random() < share else frame
    pair.to_host = lambda frames: b"" if rolls.random() < share else frames
    tickets = [pair.request("bolus", **BOLUS) for _ in range(5)]
    pair.run(9.0)
    answers = pair.answers()
    if pair.failure() is None:
        assert sorted(answers) == tickets
        assert all(answer.error is None for answer in answers.values())
        assert pump_of(pair).done.count("bolus") == 5
    assert pump_of(pair).done.count("bolus") <= 5


def test_a_lost_reply_is_repeated_and_nothing_is_done_twice(pair: Pair) -> None:
    pair.to_host = lose_replies(2)
    ticket = pair.request("start")
    pair.run(2.0)
    assert pump_of(pair).done == ["start"]
    assert [name for name, _, _ in pump_of(pair).heard].count("start") == 3
    assert pair.answers()[ticket].error is None
    assert pair.connection.exchange.resends == 2


def test_a_refusal_is_the_answer_of_that_command_alone(pair: Pair) -> None:
    pump_of(pair).refuse["bolus"] = (vocabulary.ERROR_CODES["too_fast"], 99)
    refused, fine = pair.request("bolus", **BOLUS), pair.request("get_status")
    pair.run(0.1)
    error = pair.answers()[refused].error
    assert isinstance(error, DeviceFault)
    assert (error.name, error.detail, error.command) == ("too_fast", 99, "bolus")
    assert "99" in str(error)
    assert pair.answers()[fine].error is None


def test_a_pump_that_falls_silent_fails_the_connection_and_later_the_command(pair: Pair) -> None:
    pair.to_host = lambda data: b""
    ticket = pair.request("start")
    pair.run(4.0)
    assert isinstance(pair.failure(), PeerError)
    assert pair.answers() == {}
    pair.run(10.0)
    error = pair.answers()[ticket].error
    assert isinstance(error, RequestTimeout)
    assert "unknown" in str(error)


def test_what_never_went_out_is_given_up_as_such() -> None:
    pair = Pair(FakePump())
    ticket = pair.request("start")
    pair.run(11.0)
    error = pair.answers()[ticket].error
    assert isinstance(error, RequestTimeout)
    assert "could not be sent" in str(error)


# Stops


def test_a_stop_overtakes_what_waits_and_what_is_under_way(pair: Pair) -> None:
    pair.to_pump = lose(10, "get_config")
    pair.request("get_config")
    pair.request("get_status")
    pair.connection.outgoing()
    stop = pair.request("stop", reason=0)
    assert [outgoing.urgent for outgoing in pair.connection.exchange.outgoing] == [True]
    pair.run(0.0)
    assert pump_of(pair).done == ["stop"]
    assert pair.answers()[stop].error is None
    assert not any(isinstance(answer.error, Withdrawn) for answer in pair.answers().values())


def test_a_stop_is_sent_again_until_it_is_answered(pair: Pair) -> None:
    pair.to_pump = lose(4, "stop")
    stop = pair.request("stop", reason=0)
    pair.run(0.6)
    assert pair.answers()[stop].error is None
    assert "stop" in pump_of(pair).done


def test_a_stop_cancels_deliveries_that_wait(pair: Pair) -> None:
    pair.request("get_status")
    tickets = [pair.request("start"), pair.request("bolus", **BOLUS), pair.request("commit", digest=5)]
    refill = pair.request("refill", withdrawn_nl=0, filled_nl=1, concentration_ng_ml=2)
    pair.request("stop", reason=0)
    pair.run(1.0)
    assert sorted(pump_of(pair).done) == ["get_status", "refill", "stop"]
    assert all(isinstance(pair.answers()[ticket].error, Withdrawn) for ticket in tickets)
    assert pair.answers()[refill].error is None


@pytest.mark.parametrize("command", ["start", "bolus"])
def test_a_delivery_lost_on_its_way_never_acts_after_a_stop(pair: Pair, command: str) -> None:
    pair.to_pump = lose(1, command)
    ticket = pair.request(command, **(BOLUS if command == "bolus" else {}))
    pair.run(0.0)
    pair.request("stop", reason=0)
    after = pair.request("get_config")
    pair.run(3.0)
    assert command not in pump_of(pair).done
    assert isinstance(pair.answers()[ticket].error, Withdrawn)
    assert pair.answers()[after].error is None


def test_a_delivery_that_acted_before_the_stop_says_so(pair: Pair) -> None:
    pair.to_host = lose_replies(1)
    ticket = pair.request("start")
    pair.run(0.0)
    pair.request("stop", reason=0)
    pair.run(3.0)
    assert pump_of(pair).done == ["start", "stop"]
    assert pair.answers()[ticket].error is None


def test_a_stop_outlasts_a_lost_link(pair: Pair) -> None:
    pair.connection.close()
    stop = pair.request("stop", reason=0)
    pair.run(60.0)
    assert pair.answers() == {}
    pair.open()
    assert pump_of(pair).done == ["stop"]
    assert pair.answers()[stop].error is None


# Lost links


def relink(pair: Pair, wait_s: float = 1.0) -> None:
    pair.connection.close()
    pair.to_pump = lambda name, frame: frame
    pair.to_host = bytes
    pair.run(wait_s)
    pair.open()
    pair.run(1.0)


@pytest.mark.parametrize("arrived", [True, False])
def test_after_a_lost_link_a_numbered_command_is_asked_about_first(pair: Pair, arrived: bool) -> None:
    if arrived:
        pair.to_host = lambda data: b""
    else:
        pair.to_pump = lambda name, frame: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    relink(pair)
    names = [name for name, _, _ in pump_of(pair).heard if name not in ("hello", "bolus")]
    assert names == ["get_outcome"]
    assert pump_of(pair).done.count("bolus") == 1
    assert pair.answers()[ticket].error is None


def test_after_a_lost_link_an_idempotent_command_is_sent_again(pair: Pair) -> None:
    pair.to_host = lambda data: b""
    ticket = pair.request("start")
    pair.run(0.0)
    relink(pair)
    assert pump_of(pair).done == ["start", "start"]
    assert pair.answers()[ticket].error is None


def test_after_a_lost_link_a_refused_outcome_is_a_refusal(pair: Pair) -> None:
    pair.to_host = lambda data: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    journal = pump_of(pair)._journal
    journal.update(dict.fromkeys(journal, vocabulary.OUTCOME_REFUSED))
    relink(pair)
    assert isinstance(pair.answers()[ticket].error, DeviceFault)


def test_a_numbered_command_stopped_during_a_lost_link_does_not_act(pair: Pair) -> None:
    pair.to_pump = lambda name, frame: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    pair.connection.close()
    pair.request("stop", reason=0)
    relink(pair)
    assert pump_of(pair).done == ["stop"]
    assert isinstance(pair.answers()[ticket].error, Withdrawn)


def test_what_is_not_lasting_ends_with_the_link(pair: Pair) -> None:
    pair.to_pump = lambda name, frame: b""
    pair.connection.request("get_status", {}, (), pair.now, lasting=False)
    pair.run(0.0)
    relink(pair)
    assert pump_of(pair).done == []


def test_a_pump_that_restarted_has_lost_the_session(pair: Pair) -> None:
    pump_of(pair).restart()
    ticket = pair.request("get_status")
    pair.run(0.0)
    assert isinstance(pair.failure(), PeerError)
    relink(pair, 0.0)
    assert pair.answers()[ticket].error is None


# Who answers


def test_telemetry_is_stamped_with_the_boot_of_the_welcome(pair: Pair) -> None:
    pump_of(pair).boot_count = 9
    relink(pair)
    pump_of(pair).telemetry(3)
    pair.run(0.0)
    assert pair.indices() == [0, 1, 2]
    assert {int(row["boot"]) for item in pair.happenings if hasattr(item, "rows") for row in item.rows} == {9}


def test_nothing_is_taken_for_telemetry_before_the_welcome() -> None:
    pair = Pair(FakePump())
    pair.to_pump = lambda name, frame: b""
    pair.connection.open(pair.now, "port")
    pump_of(pair).telemetry(3)
    pair.run(0.1)
    assert pair.indices() == []


@pytest.mark.parametrize(
    ("protocol", "table_crc", "remedy"),
    [
        (wire.PROTOCOL + 1, 1, "Update this program."),
        (wire.PROTOCOL - 1, 1, "Install the firmware that belongs to this program on the pump."),
        (wire.PROTOCOL, 1, "Install the firmware that belongs to this program on the pump."),
    ],
)
def test_another_version_names_the_side_to_update(protocol: int, table_crc: int, remedy: str) -> None:
    pair = Pair(FakePump(protocol=protocol, table_crc=table_crc))
    pair.open()
    error = pair.failure()
    assert isinstance(error, VersionMismatch)
    assert error.remedy == remedy
    assert error.exit_code == 13
    assert str(protocol) in str(error)


def test_a_pump_that_refuses_our_version_is_another_version() -> None:
    pair = Pair(FakePump())
    pair.connection.open(pair.now, "port")
    pair.pump.take()
    happenings = pair.connection.receive(wire.pack("refused", 0, (0, vocabulary.ERROR_CODES["version"], 0)), 0.0, 0)
    assert isinstance(happenings[-1], Failed)
    assert isinstance(happenings[-1].error, VersionMismatch)


@pytest.mark.parametrize(
    ("chatter", "words"),
    [
        (b"", "Nothing answers at port"),
        (b"\r\nMicroPython v1.24.1 on 2024-11-29; Raspberry Pi Pico with RP2040\r\n>>> ", "MicroPython prompt"),
        (b"raw REPL; CTRL-B to exit\r\n>", "raw mode"),
        (
            b'Traceback (most recent call last):\r\n  File "main.py"\r\nOSError: [Errno 5] EIO\r\n',
            "OSError: [Errno 5] EIO",
        ),
        (b"$GPGGA,123519,4807.038,N\r\n$GPGSA,A,3,04\r\n" * 30, "$GPGSA,A,3,04"),
        (bytes(range(1, 256)) * 5, "noise"),
        (wire.pack("telemetry", 0, (0, 0)), "doesn't answer its greeting"),
    ],
)
def test_what_answers_instead_of_a_pump_is_named(chatter: bytes, words: str) -> None:
    pair = Pair(FakePump())
    pair.to_pump = lambda name, frame: b""
    pair.connection.open(pair.now, "port")
    pump_of(pair).output += chatter
    pair.run(5.0)
    error = pair.failure()
    assert isinstance(error, NotAPump)
    assert words in str(error)
    assert error.remedy
    assert pair.connection.due() == float("inf")


@pytest.mark.parametrize(
    ("name", "values", "records"),
    [
        ("dance", {}, ()),
        ("hello", {}, ()),
        ("get_outcome", {}, ()),
        ("start", {"speed": 1}, ()),
        ("bolus", {"volume_pl": 1}, ()),
        ("bolus", {"volume_pl": -1, "duration_ms": 2, "after": 0}, ()),
        ("bolus", {"volume_pl": 1.5, "duration_ms": 2, "after": 0}, ()),
        ("set_config", {}, ((1, 2, 3),)),
        ("set_config", {}, ((256, 2),)),
        ("set_config", {}, ((1, 2),) * 200),
        ("start", {}, ((1,),)),
    ],
)
def test_what_the_table_does_not_have_is_a_usage_error(name: str, values: Any, records: Any) -> None:
    with pytest.raises(UsageError):
        Connection(random.Random(1)).request(name, values, records, 0.0)


@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from(["ok", "status", "welcome", "refused", "outcome"]))))
def test_nothing_that_comes_in_raises(items: list[bytes | str]) -> None:
    connection = Connection(random.Random(1))
    connection.open(0.0, "port")
    connection.request("start", {}, (), 0.0)
    for i, item in enumerate(items):
        data = item if isinstance(item, bytes) else frame_of(item, i % 3, connection._session)
        for happening in connection.receive(data, i * 0.3, 0) + connection.tick(i * 0.3):
            if isinstance(happening, Welcomed):
                connection.accept([], i * 0.3)
            if isinstance(happening, Failed):
                assert isinstance(happening.error, PumpError)
                connection.open(i * 0.3, "port")


def frame_of(name: str, sequence: int, session: int) -> bytes:
    layout = wire.BY_NAME[name]
    numbers = {"session": session, "protocol": wire.PROTOCOL, "table_crc": wire.TABLE_CRC}
    frame: bytes = wire.pack(name, sequence, tuple(numbers.get(field, 0) for field in layout.fields))
    return frame
