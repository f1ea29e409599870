"""The talk with a balance, in the test's own time."""

from rig.balance.conversation import ANSWER_S, IDENTITY_S, TARE_S, Conversation, Happened
from rig.balance.mt_sics import MtSics
from rig.balance.sbi import Sbi


def opened() -> Conversation:
    """Asked who it is, and then what it shows, at 0 s."""
    talk = Conversation(MtSics(), "mt-sics:/dev/ttyUSB1", 2.0)
    talk.opened(0.0)
    assert talk.turn(0.0) == b"I4\r\n"
    assert talk.turn(0.1) == b"", "one command at a time"
    talk.receive(b'I4 A "B021"\r\n')
    assert talk.turn(0.1) == b"I2\r\n"
    talk.receive(b'I2 A "ME204 220.0090 g"\r\n')
    assert talk.turn(0.2) == b"SI\r\n"
    talk.receive(b"S S     1.0000 g\r\n")
    return talk


def test_it_is_asked_by_a_grid_and_what_was_missed_is_left_out() -> None:
    talk = opened()
    assert (talk.state.model, talk.state.serial_number, talk.state.mass_ug) == ("ME204", "B021", 1_000_000)
    assert talk.due_s() == 2.0
    assert talk.turn(1.9) == b""
    assert talk.turn(2.3) == b"SI\r\n"
    talk.receive(b"S D     1.0001 g\r\n")
    assert talk.due_s() == 4.0
    assert talk.turn(9.0) == b"SI\r\n"
    talk.receive(b"S S     1.0002 g\r\n")
    assert talk.due_s() == 10.0


def test_who_it_is_may_stay_unknown_but_a_reading_may_not() -> None:
    talk = Conversation(MtSics(), "mt-sics:/dev/ttyUSB1", 1.0)
    talk.opened(0.0)
    assert talk.turn(0.0) == b"I4\r\n"
    assert talk.turn(IDENTITY_S) == b"I2\r\n"
    assert talk.turn(2 * IDENTITY_S) == b"SI\r\n"
    assert talk.happened == []
    late_s = 2 * IDENTITY_S + ANSWER_S
    assert talk.due_s() == late_s
    assert talk.turn(late_s) == b"SI\r\n"
    assert talk.happened == [Happened("trouble", "silent")]
    assert "baud rate" in talk.state.why


def test_one_trouble_after_another_is_told_and_each_ends() -> None:
    talk = opened()
    for at_s, answer in ((2.0, b"S +"), (4.0, b"S +"), (6.0, b"S -"), (8.0, b"S S     0.0000 g")):
        assert talk.turn(at_s) == b"SI\r\n"
        talk.receive(answer + b"\r\n")
    told = [(one.what, one.kind) for one in talk.happened]
    assert told == [("trouble", "overload"), ("over", "overload"), ("trouble", "underload"), ("over", "underload")]
    assert talk.state.why == ""


def test_nothing_is_asked_while_it_settles_to_be_tared() -> None:
    talk = opened()
    talk.tare(1.0)
    assert talk.turn(1.0) == b"T\r\n"
    assert talk.turn(5.0) == b""
    talk.receive(b"T S     0.0000 g\r\n")
    assert talk.happened == [Happened("tared", mass_ug=1_000_000)]
    assert talk.turn(5.1) == b"SI\r\n"


def test_a_balance_that_does_not_settle_is_not_tared() -> None:
    talk = opened()
    talk.tare(1.0)
    talk.turn(1.0)
    talk.receive(b"T I\r\n")
    assert talk.happened == [Happened("untared", "busy")]
    assert not talk.state.taring
    sartorius = Conversation(Sbi(), "sbi:COM5", 1.0)
    sartorius.opened(0.0)
    sartorius.turn(0.0)
    sartorius.tare(0.0)
    now_s = 0.0
    while now_s <= TARE_S + 1:
        if sartorius.turn(now_s) == b"\x1bP\r\n":
            sartorius.receive(b"N     +  12.3456    \r\n")
        now_s += 0.25
    assert sartorius.happened == [Happened("untared", "busy")]


def test_a_tare_without_a_port_fails_at_once() -> None:
    talk = opened()
    talk.lost("/dev/ttyUSB1 is gone.", 3.0)
    talk.tare(3.0)
    assert talk.happened == [Happened("trouble", "gone"), Happened("untared", "gone")]
