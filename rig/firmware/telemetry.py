"""Rows of samples gathered into a telemetry block, packed in place."""

import struct
from binascii import crc32

from firmware_link import wire

FLUSH_US = 100000  # a row waits no longer than this for others

_LAYOUT = wire.BY_NAME["telemetry"]
_ROWS_AT = 3 + _LAYOUT.head_size
_ROW_SIZE = _LAYOUT.record_size
_END = _ROWS_AT + _LAYOUT.max_records * _ROW_SIZE


class Telemetry:
    """Builds one block at a time; ``index`` counts the rows of this boot, taken or missed."""

    def __init__(self):
        self._buffer = bytearray(_END + 4)
        self._view = memoryview(self._buffer)
        self._sequence = 0
        self.index = 0
        self.restart()

    def restart(self):
        """Forgets the rows gathered so far."""
        self._at = _ROWS_AT
        self._first_index = self.index
        self._first_us = 0

    def add(self, now_us, commanded_pl, flow_pl_s, reservoir_nl, state, flags, alarms, sensed):
        """Appends one row; ``sensed`` is what ``Board.sense`` returned, within the fields' ranges."""
        if self._at == _ROWS_AT:
            self._first_index = self.index
            self._first_us = now_us
        _, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc = sensed
        struct.pack_into(
            _LAYOUT.record,
            self._buffer,
            self._at,
            now_us - self._first_us,
            commanded_pl // 1000,
            wire.MISSING if balance_nl is None else balance_nl,
            flow_pl_s,
            pressure_pa,
            reservoir_nl,
            battery_mv,
            charge_permille,
            temperature_cc,
            state,
            flags,
            alarms,
        )
        self._at += _ROW_SIZE
        self.index += 1

    def is_due(self, next_row_us):
        """Whether the block must go now, the next row being due at ``next_row_us``."""
        return self._at == _END or (self._at > _ROWS_AT and next_row_us - self._first_us > FLUSH_US)

    def miss(self, rows):
        """So many rows were not taken in time: a gap in the index, and so a new block."""
        self.index += rows

    def frame(self):
        """The block as a whole frame; the next row opens another."""
        struct.pack_into("<BH", self._buffer, 0, _LAYOUT.id, self._sequence)
        struct.pack_into(_LAYOUT.head, self._buffer, 3, self._first_index & 0xFFFFFFFF, self._first_us)
        struct.pack_into("<I", self._buffer, self._at, crc32(self._view[: self._at]) & 0xFFFFFFFF)
        frame = wire.cobs_encode(self._view[: self._at + 4]) + b"\0"
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._at = _ROWS_AT
        return frame

    def has_rows(self):
        """Whether a block is begun."""
        return self._at > _ROWS_AT
