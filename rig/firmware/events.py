"""The pump's log: numbered events in a ring of 32-byte records in region "events", never held in the heap.

Positions count up for ever; a position's slot is its remainder by ``DEPTH``.  From ``_tail`` to ``_head`` lie the
events that no host has acknowledged, their numbers rising (a number comes twice where its repeats were written later;
the later one counts).  When all slots are taken, the oldest informational ones make room, and that is itself an event.
"""

import struct
from binascii import crc32

from firmware_link import messages
from firmware_link.vocabulary import EVENT_KINDS, EVENT_PRIORITIES, INFO

DEPTH = 4096
RECORD_SIZE = 32
DROP_BATCH = 32  # making room moves records, so make some

_RECORD = "<" + "".join(code for _, code in messages.EVENT)
_CRC_AT = RECORD_SIZE - 4
_NUMBER, _KIND, _REPEATS, _BOOT = range(4)
_VALUE = 6
_LOST = EVENT_KINDS["events_lost"]
_REFUSED = EVENT_KINDS["command_refused"]
_DEMAND_REFUSED = EVENT_KINDS["demand_refused"]


def _clamp(value, low, high):
    return low if value < low else high if value > high else value


def _repeats(event, kind, value):
    """Whether this comes to the same as ``event``; how long to wait still differs with each press."""
    if event[_KIND] != kind:
        return False
    if kind == _DEMAND_REFUSED:
        return (event[_VALUE] < 0) == (value < 0)
    return kind == _REFUSED and event[_VALUE] == value


class EventLog:
    """Append-only for its users: ``add``, ``read_from``, ``acknowledge``."""

    def __init__(self, board, boot, acked, last_known):
        """Finds the ring's ends by reading it once.  ``last_known`` is the newest number ever known to be given."""
        self._board = board
        self.boot = boot  #: whose microseconds the times of new events are
        self.newest_boot = 0  #: as the newest event that was found says
        self.acked = acked
        self.last = last_known
        self._head = DEPTH
        self._tail = DEPTH
        self._newest = None  # the newest event as a tuple (not after a boot)
        self._newest_read = False
        self._recover()

    # Records

    def _load(self, position):
        """The event at this position as a tuple of messages.EVENT's fields, None where it isn't whole."""
        data = self._board.load("events", position % DEPTH * RECORD_SIZE, RECORD_SIZE)
        if crc32(data[:_CRC_AT]) & 0xFFFFFFFF != struct.unpack_from("<I", data, _CRC_AT)[0]:
            return None
        return struct.unpack_from(_RECORD, data, 0)

    def _store(self, position, event):
        data = struct.pack(_RECORD, *event)
        crc = crc32(data) & 0xFFFFFFFF
        self._board.store("events", position % DEPTH * RECORD_SIZE, data + struct.pack("<I", crc))

    def _recover(self):
        newest = 0
        newest_slot = None
        for slot in range(DEPTH):
            event = self._load(slot)
            if event is not None and event[_NUMBER] >= newest:
                newest = event[_NUMBER]
                newest_slot = slot
                self.newest_boot = event[_BOOT]
        if newest_slot is None:
            return
        # A ring that has wrapped may end in the same number at its last and first slot.
        while newest_slot >= DEPTH - 1 and self._number_at(newest_slot + 1) == newest:
            newest_slot += 1
        self.last = max(self.last, newest)
        self._head = DEPTH + newest_slot + 1
        self._tail = self._sweep(self._head - 1, self._head - DEPTH, self._is_acked)

    def _number_at(self, position):
        event = self._load(position)
        return None if event is None else event[_NUMBER]

    def _is_acked(self, event):
        return event[_NUMBER] <= self.acked

    def _sweep(self, last, first, dropped):
        """Closes the gaps among the positions ``first`` to ``last`` towards the newer end; returns the first in use.

        Gaps are what isn't whole, is out of order, or is ``dropped``.  Each record is written to its new place before
        its old one is overwritten, so a cut leaves every one of them readable.
        """
        write = last
        following = None
        for read in range(last, first - 1, -1):
            event = self._load(read)
            # Of a number that comes twice, the older copy goes as well.
            if event is None or (following is not None and event[_NUMBER] >= following) or dropped(event):
                continue
            following = event[_NUMBER]
            if write != read:
                self._store(write, event)
            write -= 1
        return write + 1

    def _find(self, number):
        """The first position whose event's number is at least this; the head where there is none."""
        low = self._tail
        high = self._head
        while low < high:
            middle = (low + high) // 2
            at = middle
            event = self._load(at)
            while event is None and at + 1 < high:
                at += 1
                event = self._load(at)
            if event is None or event[_NUMBER] >= number:
                high = middle
            else:
                low = at + 1
        return low

    # What others use

    @property
    def first(self):
        """The number of the oldest event kept; ``last + 1`` when there is none."""
        for position in range(self._tail, self._head):
            event = self._load(position)
            if event is not None:
                return event[_NUMBER]
        return self.last + 1

    def add(self, name, occurred_us, now_us, value, utc_s):
        """Appends one event and returns its number.  Raises OSError where the memory fails."""
        kind = EVENT_KINDS[name]
        value = _clamp(value, -0x80000000, 0x7FFFFFFF)
        newest = None if self._newest_read else self._newest
        if newest is not None and _repeats(newest, kind, value):
            repeats = min(newest[_REPEATS] + 1, 255)
            self._newest = newest[:_REPEATS] + (repeats,) + newest[_REPEATS + 1 :]
            return self.last
        newest = self._newest
        if newest is not None and newest[_REPEATS]:
            self._make_room(now_us, utc_s)
            self._store(self._head, newest)
            self._head += 1
        self._make_room(now_us, utc_s)
        return self._append(kind, occurred_us, now_us, value, utc_s)

    def _append(self, kind, occurred_us, now_us, value, utc_s):
        occurred_us = max(occurred_us, 0)
        after_ms = _clamp((now_us - occurred_us) // 1000, 0, 0xFFFFFFFF)
        event = (self.last + 1, kind, 0, self.boot & 0xFFFF, occurred_us, after_ms, value, utc_s)
        self._store(self._head, event)
        self._newest = event
        self._newest_read = False
        self._head += 1
        self.last += 1
        return self.last

    def _make_room(self, now_us, utc_s):
        if self._head - self._tail < DEPTH:
            return
        doomed = set()
        position = self._tail
        while len(doomed) < DROP_BATCH and position < self._head:
            event = self._load(position)
            if event is not None and EVENT_PRIORITIES.get(event[_KIND], INFO) == INFO:
                doomed.add(event[_NUMBER])
            position += 1
        if len(doomed) < 2:  # one makes room for the new event, one for saying so
            position = self._tail + DROP_BATCH
            doomed.update(self._number_at(at) for at in range(self._tail, position))
            doomed.discard(None)
        self._tail = self._sweep(position - 1, self._tail, lambda event: event[_NUMBER] in doomed)
        self._append(_LOST, now_us, now_us, len(doomed), utc_s)

    def acknowledge(self, last):
        """Everything up to and with this number may be forgotten."""
        if last > self.acked:
            self.acked = min(last, self.last)
            self._tail = self._find(self.acked + 1)

    def read_from(self, number, limit):
        """Up to ``limit`` events as tuples, oldest first, from this number on.  What was read counts no repeats any
        more."""
        events = []
        position = self._find(number)
        while position < self._head and len(events) < limit:
            event = self._load(position)
            if event is not None:
                if events and events[-1][_NUMBER] == event[_NUMBER]:
                    events.pop()
                events.append(event)
            position += 1
        if events and events[-1][_NUMBER] == self.last:
            self._newest_read = True
            if self._newest is not None:
                events[-1] = self._newest
        return events
