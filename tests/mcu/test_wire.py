"""Frames, on both interpreters."""

from firmware_link import wire


def test_stuffing_is_reversible_at_every_length():
    for size in (1, 2, 253, 254, 255, 256, 507, 508, 509):
        for fill in (0, 1, 255):
            data = bytes([fill]) * size
            stuffed = wire.cobs_encode(data)
            assert 0 not in stuffed
            assert wire.cobs_decode(stuffed) == data
        mixed = bytes([i % 7 for i in range(size)])
        assert wire.cobs_decode(wire.cobs_encode(mixed)) == mixed


def test_known_stuffing():
    for plain, stuffed in (
        (b"\x00", b"\x01\x01"),
        (b"\x00\x00", b"\x01\x01\x01"),
        (b"\x11\x22\x00\x33", b"\x03\x11\x22\x02\x33"),
        (b"\x11\x00\x00\x00", b"\x02\x11\x01\x01\x01"),
    ):
        assert wire.cobs_encode(plain) == stuffed
        assert wire.cobs_decode(stuffed) == plain


def test_a_frame_survives_and_a_damaged_one_is_dropped():
    frame = wire.pack("bolus", 9, (1, 0xFFFFFFFFFFFFFFFF, 1 << 40, 60000, 1))
    layout, sequence, values, body = wire.unpack(frame[:-1])
    assert (layout.name, sequence, values) == ("bolus", 9, (1, 0xFFFFFFFFFFFFFFFF, 1 << 40, 60000, 1))
    assert len(body) == 0
    for at in range(len(frame) - 1):
        damaged = bytearray(frame[:-1])
        damaged[at] ^= 0x10
        try:
            wire.unpack(bytes(damaged))
        except wire.FrameError:
            continue
        raise AssertionError(at)


def test_records_come_back():
    segments = [(10**12 + i, i + 1) for i in range(41)]
    frame = wire.pack("stage_chunk", 3, (1, 0), segments)
    layout, _, _, body = wire.unpack(frame[:-1])
    assert wire.records_of(layout, body) == segments


def test_a_stream_is_cut_at_its_zeros():
    splitter = wire.Splitter()
    frames = [wire.pack("ok", i, (i,)) for i in range(5)]
    stream = b"noise\0" + b"".join(frames) + b"\1" * 600 + b"\0" + frames[0]
    found = []
    for at in range(0, len(stream), 7):
        found.extend(splitter.feed(stream[at : at + 7]))
    assert splitter.dropped == 1
    assert [frame + b"\0" for frame in found[1:]] == frames + frames[:1]
