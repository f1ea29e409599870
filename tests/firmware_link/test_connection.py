"""The connection against a pump that keeps the rules of the wire: order, resends, refusals, silence."""

import random

from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary
from firmware_link.connection import Welcomed
from firmware_link.errors import (
    DeviceFault,
    PeerError,
    RequestTimeout,
)
from tests.firmware_link.fake_pump import FakePump
from tests.firmware_link.pair import BOLUS, Pair, lose, lose_replies


def test_the_pump_welcomes_a_session_of_its_random_number(pair: Pair) -> None:
    assert [item.values["device_id"] for item in pair.happenings if isinstance(item, Welcomed)] == [pair.pump.device_id]
    other = Pair(FakePump(), seed=2)
    other.open()
    assert other.pump.session != pair.pump.session != 0


def test_a_lost_hello_is_said_again() -> None:
    pair = Pair(FakePump())
    pair.to_pump = lose(3)
    pair.connection.open(pair.now, "port")
    pair.run(1.0)
    assert pair.connection.welcome is not None


def test_commands_go_one_at_a_time_in_order_from_sequence_1(pair: Pair) -> None:
    pair.request("get_config")
    pair.request("get_config")
    assert len(pair.connection.outgoing()) == 1
    pair = Pair(FakePump())
    tickets = [pair.request("start"), pair.request("get_status"), pair.request("start")]
    pair.open()
    assert pair.pump.done == ["start", "get_status", "start"]
    assert [sequence for name, sequence, _ in pair.pump.heard if name != "hello"] == [1, 2, 3]
    assert list(pair.answers()) == tickets
    assert all(answer.error is None for answer in pair.answers().values())


def test_sequences_wrap(pair: Pair) -> None:
    pair.connection.exchange._next_sequence = 0xFFFF
    pair.pump._last_sequence = 0xFFFE
    for _ in range(3):
        pair.request("get_status")
    pair.run(1.0)
    assert [sequence for name, sequence, _ in pair.pump.heard if name == "get_status"] == [0xFFFF, 0, 1]
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
        assert pair.pump.done.count("bolus") == 5
    assert pair.pump.done.count("bolus") <= 5


def test_a_lost_reply_is_repeated_and_nothing_is_done_twice(pair: Pair) -> None:
    pair.to_host = lose_replies(2)
    ticket = pair.request("start")
    pair.run(2.0)
    assert pair.pump.done == ["start"]
    assert [name for name, _, _ in pair.pump.heard].count("start") == 3
    assert pair.answers()[ticket].error is None
    assert pair.connection.exchange.resends == 2


def test_a_refusal_is_the_answer_of_that_command_alone(pair: Pair) -> None:
    pair.pump.refuse["bolus"] = (vocabulary.ERROR_CODES["too_fast"], 277_778)
    refused, fine = pair.request("bolus", **BOLUS), pair.request("get_status")
    pair.run(0.1)
    error = pair.answers()[refused].error
    assert isinstance(error, DeviceFault)
    assert (error.name, error.detail, error.command) == ("too_fast", 277_778, "bolus")
    assert "24 mL/day" in str(error)
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
