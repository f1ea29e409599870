"""From bytes to samples and messages, as fast as Python goes: a chunk at a time, never a sample at a time.

The stream is cut at its zeros, unstuffed and checked in C, and all telemetry of a chunk becomes one array.  What is
no frame, or says what can't be (``bounds``), is dropped and counted; its last bytes are kept, so that somebody can say
what it was.
"""

from binascii import crc32
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from cobs import cobs
from numpy.typing import NDArray

from firmware_link import bounds, wire
from firmware_link.telemetry import SAMPLE_DTYPE, WIRE_DTYPE

GARBAGE_KEPT = 512  #: bytes of what was dropped last
_RESIDUE = 0x2144DF1C  # the CRC-32 of anything followed by its own CRC-32
_TELEMETRY = wire.BY_NAME["telemetry"]
_WELCOME = wire.BY_NAME["welcome"]
_TELEMETRY_ID = _TELEMETRY.id

# Behind their own fields a row on the wire and a sample hold the same bytes, so one copy moves them all.
_TAIL = np.dtype(f"V{WIRE_DTYPE.itemsize - 4}")
_TAIL_AT = SAMPLE_DTYPE.itemsize - _TAIL.itemsize
_ROW = np.dtype([("t_offset_us", "<u4"), ("tail", _TAIL)])


def _block_dtype(rows: int) -> np.dtype[np.void]:
    """An unstuffed telemetry frame of so many rows."""
    return np.dtype(
        [("envelope", "V3"), ("first_index", "<u4"), ("t_us", "<i8"), ("rows", _ROW, (rows,)), ("crc", "<u4")]
    )


_BLOCK_DTYPES = {dtype.itemsize: dtype for dtype in map(_block_dtype, range(_TELEMETRY.max_records + 1))}
_COUNTS = np.arange(_TELEMETRY.max_records, dtype=np.uint32)


class Message(NamedTuple):
    """One message of the table, taken apart."""

    name: str
    sequence: int
    values: dict[str, Any]
    records: tuple[tuple[int, ...], ...]
    payload: bytes  # unstuffed, CRC included


class Decoded(NamedTuple):
    """What a chunk brought to its end: telemetry blocks still packed, and every other message."""

    blocks: list[bytes]
    messages: list[Message]

    def samples(self, boot: int, host_us: int) -> NDArray[np.void]:
        """(n,) of SAMPLE_DTYPE: all rows of ``blocks`` as of boot number ``boot``, come in at ``host_us`` (UTC)."""
        return samples_of(self.blocks, boot, host_us)


class Decoder:
    """The receiving side of one byte stream.  Bounded: it keeps less than a frame and ``GARBAGE_KEPT`` bytes."""

    def __init__(self) -> None:
        self.frames_good = 0
        self.frames_bad = 0
        self.bytes_dropped = 0
        self._pending = b""
        self._skipping = False
        self._garbage = b""

    def restart(self) -> None:
        """Another stream begins; the counters go on."""
        self._pending = self._garbage = b""
        self._skipping = False

    @property
    def garbage(self) -> bytes:
        """The last bytes that were no frame, with what still waits for its zero: for a diagnosis."""
        return (self._garbage + self._pending)[-GARBAGE_KEPT:]

    def feed(self, data: bytes) -> Decoded:
        """Takes bytes in any portions; never raises."""
        blocks: list[bytes] = []
        messages: list[Message] = []
        for part in self._cut(data):
            try:
                payload = cobs.decode(part)
            except cobs.DecodeError:
                self._drop(part)
                continue
            if crc32(payload) != _RESIDUE:
                self._drop(part)
            elif payload[0] != _TELEMETRY_ID:
                self._take_message(part, payload, messages)
            elif len(payload) in _BLOCK_DTYPES and bounds.fits_block(payload):
                blocks.append(payload)
            else:
                self._drop(part)
        self.frames_good += len(blocks) + len(messages)
        return Decoded(blocks, messages)

    def _take_message(self, part: bytes, payload: bytes, messages: list[Message]) -> None:
        try:
            if len(part) >= wire.MAX_FRAME:
                raise wire.FrameError("too long")
            message = message_of(payload)
            if not bounds.fits_head(message.name, message.values):
                raise wire.FrameError("out of bounds")
        except wire.FrameError:
            self._drop(part)
            return
        records = bounds.fitting(message.name, message.records)
        self.frames_bad += len(records) < len(message.records)  # it counts as good, too: the others in it are
        messages.append(message._replace(records=records))

    def _cut(self, data: bytes) -> list[bytes]:
        """What ended at a zero, empty parts left out."""
        parts = (self._pending + data).split(b"\0")
        self._pending = parts.pop()
        if self._skipping and parts:
            self._skipping = False
            self._keep_garbage(parts.pop(0))
        if self._skipping:
            self._keep_garbage(self._pending)
            self._pending = b""
        elif len(self._pending) >= wire.MAX_FRAME:
            self._drop(self._pending)
            self._pending = b""
            self._skipping = True
        return [part for part in parts if part]

    def _drop(self, part: bytes) -> None:
        self.frames_bad += 1
        self._keep_garbage(part)

    def _keep_garbage(self, part: bytes) -> None:
        self.bytes_dropped += len(part)
        self._garbage = (self._garbage + part)[-GARBAGE_KEPT:]


def message_of(payload: bytes) -> Message:
    """Takes an unstuffed frame apart; raises wire.FrameError.

    A welcome of another version may look different behind its first two fields; it then has only those two, so that
    the difference can be named.
    """
    try:
        layout, sequence, values, body = wire.unpack_payload(payload)
    except wire.FrameError:
        if len(payload) < 13 or payload[0] != _WELCOME.id or crc32(payload) != _RESIDUE:
            raise
        versions = {
            "protocol": int.from_bytes(payload[3:5], "little"),
            "table_crc": int.from_bytes(payload[5:9], "little"),
        }
        return Message("welcome", 0, versions, (), payload)
    records = tuple(wire.records_of(layout, body))
    return Message(layout.name, sequence, dict(zip(layout.fields, values, strict=True)), records, payload)


def samples_of(blocks: list[bytes], boot: int, host_us: int) -> NDArray[np.void]:
    """(n,) of SAMPLE_DTYPE from the unstuffed telemetry frames ``blocks``."""
    parts = [_samples_of_equal(list(run), _BLOCK_DTYPES[size]) for size, run in groupby(blocks, len)]
    samples = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, SAMPLE_DTYPE), *parts])
    samples["boot"] = boot
    samples["host_us"] = host_us
    return samples


def _samples_of_equal(blocks: list[bytes], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    packed = np.frombuffer(b"".join(blocks), dtype)
    rows = packed["rows"]
    samples = np.empty(rows.shape, SAMPLE_DTYPE)
    # Arithmetic on unaligned numbers is slow; copies are aligned.
    samples["index"] = packed["first_index"].copy()[:, None] + _COUNTS[: rows.shape[1]]
    samples["t_us"] = packed["t_us"].copy()[:, None] + rows["t_offset_us"].copy()
    samples.setfield(rows["tail"], _TAIL, _TAIL_AT)
    return samples.reshape(-1)
