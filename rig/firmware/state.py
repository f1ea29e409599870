"""What survives a loss of power: two slots with a CRC in region "state", written in turn.

Power may fail at any byte of a write; the other slot then still holds the state before, whole.
"""

import struct
from binascii import crc32

from firmware_link.vocabulary import MAX_SEGMENTS, OUTCOME_UNKNOWN, SETTINGS
from rig.firmware.program import HEAD_SIZE

FORMAT = 3
SLOT_SIZE = 4096
JOURNAL_DEPTH = 8  # a host has one command outstanding, so this is ample for several hosts

_HEADER = "<IHHI"  # sequence, format, size of the body, CRC-32 of all but itself
_HEADER_SIZE = 12
_BLANK = b"\xff" * _HEADER_SIZE

# (field, struct code, value of a new pump)
FIELDS = (
    ("boot_count", "I", 0),
    ("state", "B", 0),  # vocabulary.STATES
    ("utc_s", "I", 0),  # the clock when this was written, 0 while unset
    ("utc_offset_min", "h", 0),
    ("commanded_pl", "Q", 0),
    ("bolus_from_pl", "Q", 0),  # commanded when the bolus under way began
    ("empty_at_pl", "Q", 0),  # commanded_pl at which the reservoir will be empty
    ("refilled_at_pl", "Q", 0),  # commanded_pl at the last refill
    ("prelude_elapsed_us", "Q", 0),
    ("alarms", "I", 0),  # that stay on over a reset
    ("eri_age_s", "I", 0),  # seconds powered since the battery's ERI
    ("stopped_age_s", "I", 0),  # seconds powered since it was stopped
    ("tube_from_pl", "Q", 0),  # commanded_pl from which on the tube's compressions are counted…
    ("tube_compressions", "Q", 0),  # …beside these
    ("acked_event", "I", 0),
    ("last_event", "I", 0),
    ("battery_age_s", "I", 0),  # since the battery was new
)
_JOURNAL_ENTRY = "<QBB"  # command id, vocabulary.OUTCOMES, error code
_JOURNAL_ENTRY_SIZE = 10

assert SLOT_SIZE > _HEADER_SIZE + 512 + 12 * MAX_SEGMENTS

# An update loses nothing: of each format, which fields it hadn't, how many settings it had, and the size of a
# program's head.  The first one had no on-demand boluses.
_FORMATS = {
    1: (("tube_from_pl", "tube_compressions", "battery_age_s"), 16, 10),
    2: (("battery_age_s",), 19, HEAD_SIZE),
    FORMAT: ((), len(SETTINGS), HEAD_SIZE),
}

FRESH, WHOLE, CORRECTED, LOST = range(4)  # what `load` found


class State:
    """The fields of ``FIELDS`` as attributes, ``settings`` by key, ``program`` packed (b"" for none), ``journal``,
    ``demands`` (UTC seconds at which the last on-demand boluses were granted, oldest first)."""

    def __init__(self):
        for name, _, value in FIELDS:
            setattr(self, name, value)
        self.settings = {key: default for key, _, _, _, default in SETTINGS}
        self.program = b""
        self.journal = []  # [command id, outcome, error code], oldest first
        self.demands = []

    def recall(self, command_id):
        """The journal's entry for this id, None when it isn't there."""
        for entry in self.journal:
            if entry[0] == command_id:
                return entry
        return None

    def note(self, command_id, outcome, code=0):
        """Writes or rewrites the journal's entry for this id."""
        entry = self.recall(command_id)
        if entry is None:
            entry = [command_id, OUTCOME_UNKNOWN, 0]
            self.journal.append(entry)
            if len(self.journal) > JOURNAL_DEPTH:
                self.journal.pop(0)
        entry[1] = outcome
        entry[2] = code

    def pack(self):
        """Bytes for a slot's body."""
        parts = [
            struct.pack(_layout(FIELDS), *[getattr(self, name) for name, _, _ in FIELDS]),
            struct.pack("<" + "q" * len(SETTINGS), *[self.settings[row[0]] for row in SETTINGS]),
            struct.pack("<BBH", len(self.journal), len(self.demands), len(self.program)),
        ]
        parts.extend([struct.pack(_JOURNAL_ENTRY, *entry) for entry in self.journal])
        parts.append(struct.pack("<" + "I" * len(self.demands), *self.demands))
        parts.append(self.program)
        return b"".join(parts)


def _layout(fields):
    return "<" + "".join([code for _, code, _ in fields])


def _unpack(body, layout):
    """The State that ``body`` says in the format ``layout``, one of _FORMATS."""
    missing, settings_count, head_size = _FORMATS[layout]
    state = State()
    fields = [row for row in FIELDS if row[0] not in missing]
    for (name, _, _), value in zip(fields, struct.unpack_from(_layout(fields), body, 0)):
        setattr(state, name, value)
    at = struct.calcsize(_layout(fields))
    for row, value in zip(SETTINGS, struct.unpack_from("<" + "q" * settings_count, body, at)):
        state.settings[row[0]] = value
    at += 8 * settings_count
    counts = "<BH" if layout == 1 else "<BBH"
    journal_size, *demand_count, program_size = struct.unpack_from(counts, body, at)
    at += struct.calcsize(counts)
    end = at + journal_size * _JOURNAL_ENTRY_SIZE
    state.journal = [list(struct.unpack_from(_JOURNAL_ENTRY, body, i)) for i in range(at, end, _JOURNAL_ENTRY_SIZE)]
    demands = "<" + "I" * sum(demand_count)
    state.demands = list(struct.unpack_from(demands, body, end))
    at = end + struct.calcsize(demands)
    program = bytes(body[at : at + program_size])
    if program:
        state.program = program[:head_size] + bytes(HEAD_SIZE - head_size) + program[head_size:]
    return state


class Store:
    """Loads and saves one ``State``."""

    def __init__(self, board):
        self._board = board
        self._sequence = 0
        self._slot = 0

    def load(self):
        """(State, one of FRESH, WHOLE, CORRECTED, LOST): the newest whole state, or a new pump's."""
        found = [self._read(slot) for slot in (0, 1)]
        whole = [entry for entry in found if entry[0] is not None]
        blank = [entry for entry in found if entry[1]]
        if not whole:
            # A cut in the very first write leaves one slot blank: there is nothing to have lost yet.
            return State(), FRESH if blank else LOST
        newest = max(whole, key=lambda entry: entry[2])
        self._sequence = newest[2]
        self._slot = found.index(newest)
        return _unpack(newest[0], newest[3]), WHOLE if len(whole) == 2 else CORRECTED

    def read_back(self):
        """(slots that are whole, slots never written, the newest one's program or None), read anew.  The next save then
        goes into the other slot."""
        found = [self._read(slot) for slot in (0, 1)]
        whole = [slot for slot in (0, 1) if found[slot][0] is not None]
        blank = [entry for entry in found if entry[1]]
        if not whole:
            return 0, len(blank), None
        self._slot = max(whole, key=lambda slot: found[slot][2])
        body, _, _, layout = found[self._slot]
        return len(whole), len(blank), _unpack(body, layout).program

    def damaged(self):
        """How many slots hold something, but nothing whole."""
        count = 0
        for slot in (0, 1):
            body, is_blank, _, _ = self._read(slot)
            count += body is None and not is_blank
        return count

    def _read(self, slot):
        """(body or None, whether the slot was never written, sequence, format)."""
        header = self._board.load("state", slot * SLOT_SIZE, _HEADER_SIZE)
        if header == _BLANK:
            return None, True, 0, 0
        sequence, layout, size, crc = struct.unpack(_HEADER, header)
        if layout not in _FORMATS or size > SLOT_SIZE - _HEADER_SIZE:
            return None, False, 0, 0
        body = self._board.load("state", slot * SLOT_SIZE + _HEADER_SIZE, size)
        if crc32(body, crc32(header[:8])) & 0xFFFFFFFF != crc:
            return None, False, 0, 0
        return body, False, sequence, layout

    def save(self, state):
        """Writes the state into the slot that doesn't hold the newest."""
        body = state.pack()
        self._sequence += 1
        self._slot ^= 1
        header = struct.pack("<IHH", self._sequence, FORMAT, len(body))
        crc = crc32(body, crc32(header)) & 0xFFFFFFFF
        self._board.store("state", self._slot * SLOT_SIZE, header + struct.pack("<I", crc) + body)
