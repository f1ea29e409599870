"""What balances say, as their manuals print it, in bytes however they come."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.balance.language import LINE_MAX, Identity, Language, Reading, Said, Tared, Trouble
from rig.balance.mt_sics import MtSics
from rig.balance.sbi import Sbi

MT_SICS = [
    ("S S     100.00 g", Reading(100_000_000, 10_000, True)),
    ("S D      12.3456 g", Reading(12_345_600, 100, False)),
    ("S S    -0.0001 g", Reading(-100, 100, True)),
    ("S S     12.34 mg", Reading(12_340, 10, True)),
    ("S S  0.1234567 kg", Reading(123_456_700, 100, True)),
    ("S I", Trouble("busy", "S I")),
    ("S +", Trouble("overload", "S +")),
    ("S -", Trouble("underload", "S -")),
    ("S S Error 10b", Trouble("fault", "Error 10b")),
    ("S S    3.5274 oz", Trouble("unit", "oz")),
    ("T S     0.0000 g", Tared()),
    ("TI D    0.0000 g", Tared()),
    ("Z A", Tared()),
    ("T I", Trouble("busy", "T I", of_tare=True)),
    ("Z +", Trouble("overload", "Z +", of_tare=True)),
    ('I4 A "B021002593"', Identity(serial_number="B021002593")),
    ('I2 A "XP205DR DeltaRange 220.00900 g"', Identity(model="XP205DR DeltaRange")),
    ("I2 I", Identity()),
    ("ES", Trouble("fault", "it doesn't know the command")),
    ("EL", Trouble("fault", "it can't carry the command out")),
    ("ET", Trouble("fault", "a byte was damaged")),
    ("S S 1e99 g", Trouble("garbled", "1e99")),
    ("S S 999999999 kg", Trouble("garbled", "999999999")),
    ("Login:", Trouble("garbled", "Login:")),
]
SBI = [
    ("+   111.2553 g  ", Reading(111_255_300, 100, True)),
    ("-   0.0123 g  ", Reading(-12_300, 100, True)),
    ("+ 123.5[6] g  ", Reading(123_560_000, 10_000, True)),
    ("+   111.2553    ", Reading(111_255_300, 100, False)),  # unstable: no unit
    ("N     +  12.3456 g  ", Reading(12_345_600, 100, True)),
    ("N     +  12.3456    ", Reading(12_345_600, 100, False)),
    ("G     -   1.0000 mg ", Reading(-1000, 1, True)),
    ("      High      ", Trouble("overload", "High")),
    ("Stat        H     ", Trouble("overload", "H")),
    ("      Low       ", Trouble("underload", "Low")),
    ("Stat       L      ", Trouble("underload", "L")),
    ("   Err  54    ", Trouble("fault", "Err  54")),
    ("Stat     Err 101    ", Trouble("fault", "Err 101")),
    ("     Cal.Int.   ", Trouble("busy", "Cal.Int.")),
    ("      --        ", Trouble("busy", "--")),
    ("Qnt   +      235 pcs", Trouble("unit", "pcs")),
    ("login: root", Trouble("garbled", "login: root")),
]


@pytest.mark.parametrize(("line", "said"), MT_SICS)
def test_mt_sics_as_its_manual_prints_it(line: str, said: Said) -> None:
    assert MtSics().receive(line.encode() + b"\r\n") == [said]


@pytest.mark.parametrize(("line", "said"), SBI)
def test_sbi_as_its_manuals_print_it(line: str, said: Said) -> None:
    assert Sbi().receive(line.encode() + b"\r\n") == [said]


def test_an_unstable_value_of_sbi_has_the_unit_that_was_shown_last() -> None:
    balance = Sbi()
    said = balance.receive(
        b"N     +   1.2345 mg \r\nN     +   1.2346    \r\nN     + 123.4567 oz \r\nN     +   1.2346    \r\n"
    )
    assert said == [Reading(1234, 1, True), Reading(1235, 1, False), Trouble("unit", "oz"), Trouble("unit", "oz")]


def test_sbi_says_who_it_is_when_it_is_asked() -> None:
    balance = Sbi()
    for command in balance.greetings:
        balance.sent(command)
    said = balance.receive(b"Model Quintix224-1S  \r\nSerNo.     0029106912\r\n      1.0000 g  \r\n")
    assert said == [
        Identity(model="Quintix224-1S"),
        Identity(serial_number="0029106912"),
        Reading(1_000_000, 100, True),
    ]


def test_an_older_sbi_that_does_not_know_who_it_is_weighs_all_the_same() -> None:
    balance = Sbi()
    for command in (*balance.greetings, balance.ask):
        balance.sent(command)
    assert balance.receive(b"+     1.0000 g  \r\n") == [Reading(1_000_000, 100, True)]


def test_sbi_is_seen_to_be_tared_by_what_it_shows_next() -> None:
    balance = Sbi()
    balance.sent(balance.tare)
    shown = b"+    12.3456 g  \r\n"
    assert balance.receive(shown) == [Reading(12_345_600, 100, True)]
    assert balance.receive(b"-     0.0002 g  \r\n") == [Tared(), Reading(-200, 100, True)]
    assert balance.receive(shown) == [Reading(12_345_600, 100, True)]


@pytest.mark.parametrize("make", [MtSics, Sbi])
def test_a_line_without_an_end_is_bounded_and_what_follows_is_read(make: type[Language]) -> None:
    balance = make()
    flood = b"7" * LINE_MAX
    said = [one for _ in range(1000) for one in balance.receive(flood)]
    good = b"S S 1.0000 g\r\n" if make is MtSics else b"+     1.0000 g  \r\n"
    said += balance.receive(b"\r\n" + good)
    assert said == [Trouble("garbled"), Reading(1_000_000, 100, True)]


@given(st.sampled_from([MtSics, Sbi]), st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_are_said_to_be_something(make: type[Language], pieces: list[bytes]) -> None:
    for said in (one for piece in pieces for one in make().receive(piece)):
        assert isinstance(said, Reading | Identity | Tared | Trouble)


@given(st.sampled_from([(MtSics, MT_SICS), (Sbi, SBI)]), st.data())
def test_it_does_not_matter_how_bytes_are_cut(
    case: tuple[type[Language], list[tuple[str, Said]]], data: st.DataObject
) -> None:
    make, lines = case
    whole = b"".join(line.encode() + b"\r\n" for line, _ in lines)
    cuts = sorted({0, len(whole), *data.draw(st.lists(st.integers(0, len(whole)), max_size=20))})
    balance = make()
    pieces = [whole[begin:end] for begin, end in pairwise(cuts)]
    assert [one for piece in pieces for one in balance.receive(piece)] == make().receive(whole)
