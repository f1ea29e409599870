"""The wire: how the messages of ``firmware_link.messages`` become frames.

Host and board import this same file, so it keeps to what MicroPython offers.

A frame is ``COBS(type u8, sequence u16, body, CRC-32 LE)`` followed by a zero byte, ``MAX_FRAME`` bytes at most.  The
body is a fixed head and as many records of one fixed layout as fit.  All numbers are little-endian.  ``hello`` and the
first two fields of ``welcome`` never change, so that two versions that differ can still say so.
"""

import struct
from binascii import crc32

from firmware_link.messages import MESSAGES
from firmware_link.vocabulary import TABLES

PROTOCOL = 1
MAX_FRAME = 512
_ENVELOPE = "<BH"
_ENVELOPE_SIZE = 3
_CRC_SIZE = 4
MAX_BODY = MAX_FRAME - _ENVELOPE_SIZE - _CRC_SIZE - 4  # stuffing: a byte for each started run of 254, and the zero

MISSING = -(1 << 63)  # in a 64-bit channel: this pump has no such sensor

TABLE_CRC = crc32(repr((PROTOCOL, MESSAGES, TABLES)).encode()) & 0xFFFFFFFF


class FrameError(ValueError):
    """These bytes are not a frame of this table: too long, badly stuffed, wrong CRC, unknown or misshapen."""


class Layout:
    """One row of the table, made ready for packing: sizes and struct formats computed once."""

    __slots__ = ("id", "name", "fields", "head", "head_size", "record_fields", "record", "record_size", "max_records")

    def __init__(self, row):
        self.id, self.name, fields, record_fields = row
        self.fields = tuple(name for name, _ in fields)
        self.head = "<" + "".join(code for _, code in fields)
        self.head_size = struct.calcsize(self.head)
        self.record_fields = tuple(name for name, _ in record_fields)
        self.record = "<" + "".join(code for _, code in record_fields)
        self.record_size = struct.calcsize(self.record)
        self.max_records = (MAX_BODY - self.head_size) // self.record_size if record_fields else 0


LAYOUTS = {row[0]: Layout(row) for row in MESSAGES}
BY_NAME = {layout.name: layout for layout in LAYOUTS.values()}


def cobs_encode(data):
    """Bytes without any zero, at most one longer for each started run of 254."""
    out = bytearray(1)
    code_at = 0
    code = 1
    for byte in data:
        if code == 0xFF:  # a full run stands for no zero; the next one opens only when there is more
            out[code_at] = code
            code_at = len(out)
            out.append(0)
            code = 1
        if byte:
            out.append(byte)
            code += 1
        else:
            out[code_at] = code
            code_at = len(out)
            out.append(0)
            code = 1
    out[code_at] = code
    return bytes(out)


def cobs_decode(data):
    """The bytes that ``cobs_encode`` was given; raises FrameError for what it can't have made."""
    out = bytearray()
    at = 0
    end = len(data)
    if not end:
        raise FrameError("empty")
    while at < end:
        code = data[at]
        if not code or at + code > end:
            raise FrameError("stuffing")
        run = data[at + 1 : at + code]
        if 0 in run:
            raise FrameError("stuffing")
        out.extend(run)
        at += code
        if code != 0xFF and at < end:
            out.append(0)
    return bytes(out)


def pack_payload(name, sequence, values, records=()):
    """Type, sequence, body and CRC of message ``name``, not yet stuffed.

    ``values`` are the head's fields in order, ``records`` tuples of the record's fields.  Numbers must fit
    their fields: CPython raises struct.error where MicroPython wraps silently, so the board clamps first.
    Raises FrameError when the records don't fit in one frame.
    """
    layout = BY_NAME[name]
    if len(records) > layout.max_records:
        raise FrameError("too many records")
    body = struct.pack(_ENVELOPE, layout.id, sequence) + struct.pack(layout.head, *values)
    for record in records:
        body += struct.pack(layout.record, *record)
    return body + struct.pack("<I", crc32(body) & 0xFFFFFFFF)


def pack(name, sequence, values, records=()):
    """A whole frame, closing zero included; arguments and errors as of ``pack_payload``."""
    return cobs_encode(pack_payload(name, sequence, values, records)) + b"\0"


def unpack_payload(payload):
    """(layout, sequence, values tuple, body memoryview of the records) of unstuffed bytes; raises FrameError."""
    size = len(payload) - _CRC_SIZE
    if size < _ENVELOPE_SIZE:
        raise FrameError("short")
    view = memoryview(payload)
    if crc32(view[:size]) & 0xFFFFFFFF != struct.unpack_from("<I", payload, size)[0]:
        raise FrameError("crc")
    kind, sequence = struct.unpack_from(_ENVELOPE, payload, 0)
    layout = LAYOUTS.get(kind)
    if layout is None:
        raise FrameError("unknown type")
    records_at = _ENVELOPE_SIZE + layout.head_size
    records_size = size - records_at
    # A newer side may append to a head only with a new table, and hello refuses that; so sizes are exact.
    if records_size < 0 or (records_size % layout.record_size if layout.record_size else records_size):
        raise FrameError("size")
    return layout, sequence, struct.unpack_from(layout.head, payload, _ENVELOPE_SIZE), view[records_at:size]


def unpack(frame):
    """``unpack_payload`` of a stuffed frame without its closing zero."""
    return unpack_payload(cobs_decode(frame))


def records_of(layout, body):
    """The repeated records in ``body`` as tuples."""
    return [
        struct.unpack_from(layout.record, body, at) for at in range(0, len(body), layout.record_size or len(body) or 1)
    ]


class Splitter:
    """Cuts a byte stream at its zeros.  Bounded: what outgrows a frame is dropped up to the next zero."""

    __slots__ = ("_pending", "_skipping", "dropped")

    def __init__(self):
        self._pending = bytearray()
        self._skipping = False
        self.dropped = 0  # overlong frames

    def feed(self, data):
        """The complete stuffed frames (without their zero) that ``data`` brings to an end."""
        frames = []
        parts = bytes(data).split(b"\0")
        for i, part in enumerate(parts):
            last = i == len(parts) - 1
            if self._skipping:
                self._skipping = last
                continue
            if len(self._pending) + len(part) >= MAX_FRAME:
                self._pending = bytearray()
                self.dropped += 1
                self._skipping = last
                continue
            self._pending.extend(part)
            if not last:
                if self._pending:
                    frames.append(bytes(self._pending))
                self._pending = bytearray()
        return frames
