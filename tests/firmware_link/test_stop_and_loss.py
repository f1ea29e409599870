"""Stops before everything, and what becomes of commands when the link goes and comes back."""

import pytest

from firmware_link import vocabulary
from firmware_link.errors import (
    DeviceFault,
    PeerError,
    Withdrawn,
)
from tests.firmware_link.pair import BOLUS, Pair, lose, lose_replies

# Stops


def test_a_stop_overtakes_what_waits_and_what_is_under_way(pair: Pair) -> None:
    pair.to_pump = lose(10, "get_config")
    pair.request("get_config")
    pair.request("get_status")
    pair.connection.outgoing()
    stop = pair.request("stop", reason=0)
    assert [outgoing.urgent for outgoing in pair.connection.exchange.outgoing] == [True]
    pair.run(0.0)
    assert pair.pump.done == ["stop"]
    assert pair.answers()[stop].error is None
    assert not any(isinstance(answer.error, Withdrawn) for answer in pair.answers().values())


def test_a_stop_is_sent_again_until_it_is_answered(pair: Pair) -> None:
    pair.to_pump = lose(4, "stop")
    stop = pair.request("stop", reason=0)
    pair.run(0.6)
    assert pair.answers()[stop].error is None
    assert "stop" in pair.pump.done


def test_a_stop_cancels_deliveries_that_wait(pair: Pair) -> None:
    pair.request("get_status")
    tickets = [pair.request("start"), pair.request("bolus", **BOLUS), pair.request("commit", digest=5)]
    tickets.append(pair.request("demand"))
    refill = pair.request("refill", withdrawn_nl=0, filled_nl=1, concentration_ng_ml=2)
    pair.request("stop", reason=0)
    pair.run(1.0)
    assert sorted(pair.pump.done) == ["get_status", "refill", "stop"]
    assert all(isinstance(pair.answers()[ticket].error, Withdrawn) for ticket in tickets)
    assert pair.answers()[refill].error is None


@pytest.mark.parametrize("command", ["start", "bolus", "demand"])
def test_a_delivery_lost_on_its_way_never_acts_after_a_stop(pair: Pair, command: str) -> None:
    pair.to_pump = lose(1, command)
    ticket = pair.request(command, **(BOLUS if command == "bolus" else {}))
    pair.run(0.0)
    pair.request("stop", reason=0)
    after = pair.request("get_config")
    pair.run(3.0)
    assert command not in pair.pump.done
    assert isinstance(pair.answers()[ticket].error, Withdrawn)
    assert pair.answers()[after].error is None


def test_a_delivery_that_acted_before_the_stop_says_so(pair: Pair) -> None:
    pair.to_host = lose_replies(1)
    ticket = pair.request("start")
    pair.run(0.0)
    pair.request("stop", reason=0)
    pair.run(3.0)
    assert pair.pump.done == ["start", "stop"]
    assert pair.answers()[ticket].error is None


def test_a_stop_outlasts_a_lost_link(pair: Pair) -> None:
    pair.connection.close()
    stop = pair.request("stop", reason=0)
    pair.run(60.0)
    assert pair.answers() == {}
    pair.open()
    assert pair.pump.done == ["stop"]
    assert pair.answers()[stop].error is None


# Lost links


@pytest.mark.parametrize("arrived", [True, False])
def test_after_a_lost_link_a_numbered_command_is_asked_about_first(pair: Pair, arrived: bool) -> None:
    if arrived:
        pair.to_host = lambda data: b""
    else:
        pair.to_pump = lambda name, frame: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    pair.reopen()
    names = [name for name, _, _ in pair.pump.heard if name not in ("hello", "bolus")]
    assert names == ["get_outcome"]
    assert pair.pump.done.count("bolus") == 1
    assert pair.answers()[ticket].error is None


def test_after_a_lost_link_an_idempotent_command_is_sent_again(pair: Pair) -> None:
    pair.to_host = lambda data: b""
    ticket = pair.request("start")
    pair.run(0.0)
    pair.reopen()
    assert pair.pump.done == ["start", "start"]
    assert pair.answers()[ticket].error is None


def test_after_a_lost_link_a_refused_outcome_is_a_refusal(pair: Pair) -> None:
    pair.to_host = lambda data: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    journal = pair.pump._journal
    journal.update(dict.fromkeys(journal, vocabulary.OUTCOME_REFUSED))
    pair.reopen()
    assert isinstance(pair.answers()[ticket].error, DeviceFault)


def test_a_numbered_command_stopped_during_a_lost_link_does_not_act(pair: Pair) -> None:
    pair.to_pump = lambda name, frame: b""
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.0)
    pair.connection.close()
    pair.request("stop", reason=0)
    pair.reopen()
    assert pair.pump.done == ["stop"]
    assert isinstance(pair.answers()[ticket].error, Withdrawn)


def test_what_is_not_lasting_ends_with_the_link(pair: Pair) -> None:
    pair.to_pump = lambda name, frame: b""
    pair.connection.request("get_status", {}, (), pair.now, lasting=False)
    pair.run(0.0)
    pair.reopen()
    assert pair.pump.done == []


def test_a_pump_that_restarted_has_lost_the_session(pair: Pair) -> None:
    pair.pump.restart()
    ticket = pair.request("get_status")
    pair.run(0.0)
    assert isinstance(pair.failure(), PeerError)
    pair.reopen(0.0)
    assert pair.answers()[ticket].error is None


@pytest.mark.parametrize("command", ["get_status", "start", "bolus"])
def test_a_reply_of_another_kind_is_no_answer(pair: Pair, command: str) -> None:
    pair.pump.nonsense = {command: 1}
    ticket = pair.request(command, **(BOLUS if command == "bolus" else {}))
    pair.run(0.0)
    assert ticket not in pair.answers()


def test_only_an_outcome_says_what_became_of_a_command(pair: Pair) -> None:
    pair.to_host = lose_replies(20)
    ticket = pair.request("bolus", **BOLUS)
    pair.run(0.1)
    pair.pump.nonsense = {"get_outcome": 1}
    pair.to_host = bytes
    pair.reopen()
    pair.run(0.0)
    assert ticket not in pair.answers()
