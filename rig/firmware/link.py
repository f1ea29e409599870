"""The pump's side of the link: frames in, replies, events and traces out.

Each command gets one reply.  Only the next sequence is obeyed; the last one again gets its reply again; a stop always
acts.  What doesn't fit into the link waits here, replies first.
"""

from firmware_link import wire
from firmware_link.vocabulary import ERROR_CODES
from rig.firmware.commands import obey
from rig.firmware.refusal import Refused

VERSION = 0 << 16 | 3 << 8 | 0  # of this firmware: major, minor, patch

RETRY_US = 5000  # after a frame that didn't fit, doubling up to…
RETRY_MAX_US = 1000000
OUTBOX_FRAMES = 8  # a host that has so many replies to fetch asks again for the rest
ABANDONED_US = 10000000  # nobody has taken anything for so long: the session is over

_FIRST_PUMP_MESSAGE = 64
_EVENT_RECORDS = wire.BY_NAME["events"].max_records
_TRACE_SIZE = 96
# Refusals that come of a disturbed link, and so say nothing about the pump.
_UNLOGGED = (ERROR_CODES["stale"], ERROR_CODES["wrong_session"])
# Questions change nothing, answered or refused; a refused on-demand bolus has an entry of its own.
_UNLOGGED_COMMANDS = ("get_status", "get_config", "read_program", "get_outcome", "demand")


class Link:
    """One session at a time; ``session`` is 0 while none is open."""

    def __init__(self, board, firmware):
        self._board = board
        self._firmware = firmware
        self._splitter = wire.Splitter()
        self.session = 0
        self.bad_frames = 0
        self.due_us = None  # when ``push`` is wanted again
        self._last_sequence = 0
        self._last_reply = None
        self._outbox = []  # replies that didn't fit
        self._out_sequence = 0
        self._next_event = 0
        self._retry_us = RETRY_US
        self._blocked_since_us = None

    def receive(self, data, now_us):
        """Takes bytes from the host and answers what they complete."""
        for frame in self._splitter.feed(data):
            try:
                payload = wire.cobs_decode(frame)
                layout, sequence, values, body = wire.unpack_payload(payload)
            except wire.FrameError as error:
                self.bad_frames += 1
                self._answer_misfit(error, frame)
                continue
            if layout.name == "hello":
                self._hello(now_us, values)
            elif layout.id < _FIRST_PUMP_MESSAGE:
                self._command(now_us, layout, sequence, values, body)

    def _answer_misfit(self, error, frame):
        """A frame that came whole, but isn't of this table, deserves a word; an echo of our own doesn't."""
        if str(error) not in ("unknown type", "size"):
            return
        payload = wire.cobs_decode(frame)
        if payload[0] < _FIRST_PUMP_MESSAGE:
            code = ERROR_CODES["unknown_command" if str(error) == "unknown type" else "malformed"]
            self._send("refused", payload[1] | payload[2] << 8, (self.session, code, 0), ())

    def _hello(self, now_us, values):
        protocol, table_crc, session = values
        firmware = self._firmware
        clock = firmware.pump.clock
        if (protocol, table_crc) == (wire.PROTOCOL, wire.TABLE_CRC) and session not in (0, self.session):
            self.session = session
            self._last_sequence = 0
            self._last_reply = None
            self._outbox = []
            self._blocked_since_us = None
            firmware.record.event("session_opened", now_us, now_us, session & 0x7FFFFFFF)
            firmware.session_opened(now_us)
            self.send_events_from(firmware.record.log.acked + 1)
        welcome = (
            wire.PROTOCOL,
            wire.TABLE_CRC,
            session,
            self._board.device_id,
            VERSION,
            self._board.capabilities,
            firmware.record.state.boot_count,
            now_us,
            clock.utc_s(now_us),
            clock.utc_offset_min,
            clock.is_set,
        )
        self._send("welcome", 0, welcome, ())

    def _command(self, now_us, layout, sequence, values, body):
        session = values[0]
        expected = session == self.session != 0 and sequence == (self._last_sequence + 1) & 0xFFFF
        if layout.name != "stop" and not expected:
            if session == self.session and sequence == self._last_sequence and self._last_reply is not None:
                self._post(self._last_reply)
            else:
                code = ERROR_CODES["stale" if session == self.session != 0 else "wrong_session"]
                self._send("refused", sequence, (session, code, 0), ())
            return
        name, values, records = self._obey(now_us, layout, values, body)
        reply = self._send(name, sequence, (session,) + values, records)
        if expected:
            self._last_sequence = sequence
            self._last_reply = reply

    def _obey(self, now_us, layout, values, body):
        """(name, values without the session, records) of the reply."""
        firmware = self._firmware
        try:
            reply = obey(firmware, now_us, layout.name, values, wire.records_of(layout, body))
            firmware.pump.settle(now_us)
            return reply
        except Refused as refusal:
            code, detail = refusal.code, refusal.detail
        except OSError as error:
            firmware.memory_failed(now_us, error)
            code, detail = ERROR_CODES["storage"], 0
        except Exception as error:  # noqa: BLE001  a command of any content gets a reply
            firmware.trace(now_us, error)
            code, detail = ERROR_CODES["malformed"], 0
        if code not in _UNLOGGED and layout.name not in _UNLOGGED_COMMANDS:
            firmware.record.event("command_refused", now_us, now_us, code)
        return "refused", (code, detail), ()

    # Sending

    def send_events_from(self, number):
        """Events go out from this number on."""
        self._next_event = max(number, 1)

    def send_trace(self, now_us, text):
        """One line about the firmware itself, cut to fit; dropped where it doesn't fit the link."""
        data = text.encode()[:_TRACE_SIZE]
        self._board.write(wire.pack("trace", self._next_sequence(), (now_us, data)))

    def send_telemetry(self, now_us, frame):
        """Hands over a block; one that doesn't fit is gone, and its rows' index shows it."""
        if self._outbox or not self._board.write(frame):
            self._blocked(now_us)
        else:
            self._flowing()

    def push(self, now_us):
        """Sends what waits: replies, then events."""
        self.due_us = None
        while self._outbox:
            if not self._board.write(self._outbox[0]):
                self._blocked(now_us)
                return
            self._outbox.pop(0)
        log = self._firmware.record.log
        while self.session and self._next_event <= log.last:
            events = log.read_from(self._next_event, _EVENT_RECORDS)
            if not events:
                self._next_event = log.last + 1
                return
            if not self._board.write(wire.pack("events", self._next_sequence(), (log.last,), events)):
                self._blocked(now_us)
                return
            self._next_event = events[-1][0] + 1
            self._flowing()

    def _next_sequence(self):
        self._out_sequence = (self._out_sequence + 1) & 0xFFFF
        return self._out_sequence

    def _send(self, name, sequence, values, records):
        frame = wire.pack(name, sequence, values, records)
        self._post(frame)
        return frame

    def _post(self, frame):
        if (self._outbox or not self._board.write(frame)) and len(self._outbox) < OUTBOX_FRAMES:
            self._outbox.append(frame)

    def _flowing(self):
        self._retry_us = RETRY_US
        self._blocked_since_us = None

    def _blocked(self, now_us):
        self.due_us = now_us + self._retry_us
        self._retry_us = min(self._retry_us * 2, RETRY_MAX_US)
        if self._blocked_since_us is None:
            self._blocked_since_us = now_us
        elif now_us - self._blocked_since_us > ABANDONED_US:
            self.session = 0
            self._outbox = []
            self.due_us = None
            self._firmware.session_abandoned(now_us)
