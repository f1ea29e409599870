"""Who answers: a pump, a pump of another version, or something else; and what can be asked of it."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary, wire
from firmware_link.connection import Connection, Failed, Welcomed
from firmware_link.errors import (
    NotAPump,
    PumpError,
    UsageError,
    VersionMismatch,
)
from tests.firmware_link.fake_pump import FakePump
from tests.firmware_link.pair import Pair


def test_telemetry_is_stamped_with_the_boot_of_the_welcome(pair: Pair) -> None:
    pair.pump.boot_count = 9
    pair.reopen()
    pair.pump.telemetry(3)
    pair.run(0.0)
    assert pair.indices() == [0, 1, 2]
    assert {int(row["boot"]) for item in pair.happenings if hasattr(item, "rows") for row in item.rows} == {9}


def test_nothing_is_taken_for_telemetry_before_the_welcome() -> None:
    pair = Pair(FakePump())
    pair.to_pump = lambda name, frame: b""
    pair.connection.open(pair.now, "port")
    pair.pump.telemetry(3)
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
    pair.pump.output += chatter
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
