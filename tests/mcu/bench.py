"""A firmware on a ``MemoryBoard`` with a host at the other end, for tests of the firmware.  Runs on MicroPython too."""

from firmware_link import wire
from rig.firmware.core import Firmware
from tests.boards import MemoryBoard

UTC_S = 1700000000
SESSION = 7


class Bench:
    """Moves time, sends commands, gathers what comes back."""

    def __init__(self, regions=None, board=None):
        self.board = board or MemoryBoard(regions)
        self.firmware = Firmware(self.board)
        self.due_us = self.firmware.poll(self.board.t_us)
        self.events = []  # tuples of wire.EVENT
        self.samples = []  # (t_us, tuple of wire.SAMPLE)
        self.traces = []
        self.replies = []  # (name, sequence, dict, records)
        self.polls = 0
        self._sequence = 0
        self._ids = 1000000 * self.firmware.record.state.boot_count  # no other boot used them

    # Time

    def poll(self):
        """Polls once, now."""
        self.polls += 1
        self.due_us = self.firmware.poll(self.board.t_us)
        assert self.due_us > self.board.t_us or self.board.incoming, "it asks to be polled without end"
        self._gather()

    def run_until(self, t_us):
        """Sleeps and polls as the firmware wishes, up to ``t_us``."""
        while self.due_us <= t_us:
            self.board.t_us = max(self.due_us, self.board.t_us)
            self.poll()
        self.board.t_us = t_us

    def run(self, us):
        """Runs on for so long, ending in a poll."""
        self.run_until(self.board.t_us + us)
        self.poll()

    # The host

    def send(self, name, *values, records=(), session=None, sequence=None):
        """Sends one command and returns its reply as (name, dict); ``values`` without the session."""
        if sequence is None:
            self._sequence = sequence = (self._sequence + 1) & 0xFFFF
        head = (SESSION if session is None else session,) + values
        self.board.incoming.extend(wire.pack(name, sequence, head, records))
        return self.exchange(sequence)

    def exchange(self, sequence):
        """Polls until the input is read; the reply to ``sequence`` as (name, dict)."""
        before = len(self.replies)
        while self.board.incoming:
            self.poll()
        for name, replied, fields, _ in self.replies[before:]:
            if replied == sequence:
                return name, fields
        return None, {}

    def hello(self, session=SESSION):
        self.board.incoming.extend(wire.pack("hello", 0, (wire.PROTOCOL, wire.TABLE_CRC, session)))
        self._sequence = 0
        return self.exchange(0)

    def must(self, name, *values, records=()):
        """As ``send``, but a refusal fails the test."""
        reply, fields = self.send(name, *values, records=records)
        assert reply is not None and reply != "refused", (name, fields, self.traces)
        return fields

    def open(self):
        """Hello and clock; returns itself."""
        assert self.hello()[0] == "welcome"
        self.must("set_clock", UTC_S + self.board.t_us // 1000000, 0)
        return self

    def command_id(self):
        self._ids += 1
        return self._ids

    def stage(self, program):
        """Sends ``program`` in chunks."""
        segments = program.prelude + program.cycle
        self.must("stage_begin", *program.head())
        size = wire.BY_NAME["stage_chunk"].max_records
        for offset in range(0, len(segments), size):
            self.must("stage_chunk", offset, records=segments[offset : offset + size])

    def commit(self, program):
        """Stages and commits ``program``."""
        self.stage(program)
        self.must("commit", self.command_id(), program.digest())

    def status(self):
        return self.must("get_status")

    def press(self):
        """Presses the button, which wakes the firmware."""
        self.board.pressed += 1
        self.poll()

    def kinds(self):
        """The events so far, by name."""
        from firmware_link.vocabulary import EVENT_NAMES

        return [EVENT_NAMES[event[1]] for event in self.events]

    def _gather(self):
        for frame in self.board.outgoing:
            layout, sequence, values, body = wire.unpack(frame[:-1])
            fields = dict(zip(layout.fields, values))
            records = wire.records_of(layout, body)
            if layout.name == "events":
                self.events.extend(records)
            elif layout.name == "telemetry":
                self.samples.extend((fields["t_us"] + row[0], row) for row in records)
            elif layout.name == "trace":
                self.traces.append(fields["text"])
            else:
                self.replies.append((layout.name, sequence, fields, records))
        self.board.outgoing = []
