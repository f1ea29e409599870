"""The receiving side: any message survives any chunking; anything else is dropped, counted, and got over."""

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import bounds, telemetry, vocabulary, wire
from firmware_link.decode import GARBAGE_KEPT, Decoder, message_of
from firmware_link.messages import MESSAGES, SAMPLE

_SIZES = {"B": (0, 8), "H": (0, 16), "I": (0, 32), "Q": (0, 64), "h": (1, 16), "i": (1, 32), "q": (1, 64)}


def number(code: str) -> st.SearchStrategy[Any]:
    if code.endswith("s"):
        size = int(code[:-1])
        return st.binary(min_size=size, max_size=size)
    signed, bits = _SIZES[code]
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if signed else st.integers(0, (1 << bits) - 1)


def field_number(message: str, field: str, code: str) -> st.SearchStrategy[Any]:
    if (message, field) in (("telemetry", "t_us"), ("telemetry", "state")):
        return st.integers(0, 3)
    limits = bounds.HEADS.get(message, {}).get(field)
    return st.integers(*limits) if limits else number(code)


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, int, tuple[Any, ...], tuple[Any, ...]]:
    _, name, fields, record = draw(st.sampled_from(MESSAGES))
    values = draw(st.tuples(*(field_number(name, field, code) for field, code in fields)))
    limit = min(wire.BY_NAME[name].max_records, 4)
    row = st.tuples(*(field_number(name, field, code) for field, code in record))
    rows = draw(st.lists(row, max_size=limit)) if record else []
    return name, draw(st.integers(0, 0xFFFF)), values, bounds.fitting(name, tuple(rows))


@st.composite
def chunked(draw: st.DrawFn, data: bytes) -> list[bytes]:
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def decoded(decoder: Decoder, chunks: list[bytes]) -> list[tuple[str, int, tuple[Any, ...], tuple[Any, ...]]]:
    """Everything in the form of ``messages``; telemetry after the rest of its chunk."""
    found = []
    for chunk in chunks:
        result = decoder.feed(chunk)
        found += [
            (message.name, message.sequence, tuple(message.values.values()), message.records)
            for message in [*result.messages, *map(message_of, result.blocks)]
        ]
    return found


@given(st.lists(messages(), max_size=6), st.data())
def test_any_message_survives_any_chunking(sent: list[Any], data: st.DataObject) -> None:
    stream = b"".join(wire.pack(*message) for message in sent)
    decoder = Decoder()
    found = decoded(decoder, data.draw(chunked(stream)))
    assert sorted(map(repr, found)) == sorted(map(repr, sent))
    assert (decoder.frames_good, decoder.frames_bad, decoder.bytes_dropped) == (len(sent), 0, 0)


@given(messages(), st.data())
def test_a_damaged_frame_is_dropped_and_the_next_one_is_whole(message: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.pack(*message))
    at = data.draw(st.integers(0, len(frame) - 1))
    what = data.draw(st.sampled_from(["flip", "insert", "delete", "cut"]))
    if what == "flip":
        frame[at] ^= data.draw(st.integers(1, 255))
    elif what == "insert":
        frame[at:at] = bytes([data.draw(st.integers(1, 255))])
    elif what == "delete":
        del frame[at]
    else:
        del frame[at:]
    good = ("ok", 7, (0xABCD,), ())
    decoder = Decoder()
    # Where its closing zero is damaged, a frame takes the next one with it; so there is one more.
    found = decoded(decoder, [bytes(frame), wire.pack(*good), wire.pack(*good)])
    assert found[-1] == good
    assert len(found) <= 3
    assert decoder.frames_bad or not frame or found[0] == message


@given(st.lists(st.binary(max_size=700), max_size=6))
def test_garbage_is_never_a_frame_nor_an_error(chunks: list[bytes]) -> None:
    decoder = Decoder()
    assert decoded(decoder, chunks) == []
    assert len(decoder.garbage) <= GARBAGE_KEPT
    decoder.feed(b"\0")
    nonzero = sum(len(chunk) - chunk.count(0) for chunk in chunks)
    assert decoder.bytes_dropped == nonzero
    assert decoded(decoder, [wire.pack("ok", 1, (2,))]) == [("ok", 1, (2,), ())]


@given(st.binary(max_size=60), st.integers(0, 40))
def test_the_board_and_the_host_agree_on_what_a_frame_is(noise: bytes, at: int) -> None:
    stream = wire.pack("ok", 3, (5,))
    stream = stream[:at] + noise + stream[at:] + wire.pack("ok", 4, (6,))
    board = []
    for stuffed in wire.Splitter().feed(stream):
        try:
            board.append(wire.unpack(stuffed)[1])
        except wire.FrameError:
            continue
    assert [message[1] for message in decoded(Decoder(), [stream])] == board


def test_endless_garbage_keeps_nothing_but_its_tail() -> None:
    decoder = Decoder()
    for _ in range(100):
        decoder.feed(b"\x55" * 10_000)
    assert len(decoder.garbage) == GARBAGE_KEPT
    assert decoder.bytes_dropped == 1_000_000
    assert decoder.frames_bad == 1
    assert decoded(decoder, [b"\0" + wire.pack("ok", 1, (2,))]) == [("ok", 1, (2,), ())]


def test_what_precedes_a_restart_is_forgotten() -> None:
    decoder = Decoder()
    frame = wire.pack("ok", 1, (2,))
    decoder.feed(frame[:5])
    decoder.restart()
    assert decoded(decoder, [frame]) == [("ok", 1, (2,), ())]
    assert decoder.garbage == b""


def block(first_index: int, t_us: int, rows: int) -> tuple[Any, ...]:
    records = tuple(
        (i * 500, 10**12 + i, wire.MISSING, -7, 101_325, i, 3600, 990, -250, 1, 1, 1 << 9) for i in range(rows)
    )
    return "telemetry", 0, (first_index, t_us), records


def test_samples_of_several_blocks_are_rows_in_order() -> None:
    stream = b"".join(
        wire.pack(*block(index, t_us, rows)) for index, t_us, rows in ((40, 10**13, 3), (43, 5, 0), (50, 9, 11))
    )
    samples = Decoder().feed(stream).samples(boot=6, host_us=77)
    assert samples.dtype == telemetry.SAMPLE_DTYPE
    assert samples["index"].tolist() == [40, 41, 42, *range(50, 61)]
    assert samples["t_us"].tolist() == [10**13, 10**13 + 500, 10**13 + 1000, *(9 + 500 * i for i in range(11))]
    assert set(samples["boot"].tolist()) == {6}
    assert set(samples["host_us"].tolist()) == {77}
    assert samples["commanded_nl"].tolist() == [10**12 + i for rows in (3, 11) for i in range(rows)]
    assert set(samples["measured_nl"].tolist()) == {wire.MISSING}
    assert samples["flow_pl_s"][0] == -7
    assert samples["temperature_cc"][0] == -250
    assert samples["alarms"][-1] == 1 << 9


def test_every_wire_field_arrives_in_its_own_column() -> None:
    row = tuple(vocabulary.MINIMUM_RATE if name == "state" else at for at, (name, _) in enumerate(SAMPLE, start=5))
    samples = Decoder().feed(wire.pack("telemetry", 0, (0, 0), (row,))).samples(0, 0)
    for number, (name, _) in zip(row[1:], SAMPLE[1:], strict=True):
        assert samples[name].tolist() == [number], name


def test_no_blocks_are_no_samples() -> None:
    assert np.array_equal(Decoder().feed(b"").samples(1, 2), np.empty(0, telemetry.SAMPLE_DTYPE))


def test_telemetry_of_another_size_is_dropped() -> None:
    payload = wire.pack_payload(*block(0, 0, 2))[:-5]
    payload += struct.pack("<I", wire.crc32(payload) & 0xFFFFFFFF)
    decoder = Decoder()
    assert decoder.feed(wire.cobs_encode(payload) + b"\0").blocks == []
    assert decoder.frames_bad == 1


def test_a_welcome_of_another_layout_still_tells_its_version() -> None:
    body = struct.pack("<BHHI", 64, 0, 9, 0xCAFE) + b"whatever follows"
    payload = body + struct.pack("<I", wire.crc32(body) & 0xFFFFFFFF)
    message = message_of(payload)
    assert (message.name, message.values) == ("welcome", {"protocol": 9, "table_crc": 0xCAFE})
    with pytest.raises(wire.FrameError):
        message_of(payload[:-1] + b"\xff")
