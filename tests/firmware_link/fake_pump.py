"""A pump at the level of the wire: it keeps the rules of sessions and sequences, and nothing else of a pump."""

from collections.abc import Callable

from firmware_link import vocabulary, wire
from firmware_link.clock import ManualClock
from firmware_link.errors import PortLost

STATUS_FIELDS = wire.BY_NAME["status"].fields
DEVICE_ID = 0x1122334455667788


class FakePump:
    """Bytes in, bytes out; ``done`` is what it has carried out, in order."""

    def __init__(
        self, device_id: int = DEVICE_ID, protocol: int = wire.PROTOCOL, table_crc: int = wire.TABLE_CRC
    ) -> None:
        self.device_id, self.protocol, self.table_crc = device_id, protocol, table_crc
        self.boot_count = 1
        self.session = 0
        self.done: list[str] = []
        self.heard: list[tuple[str, int, tuple[int, ...]]] = []
        self.refuse: dict[str, tuple[int, int]] = {}  # command -> (code, detail)
        self.nonsense: dict[str, int] = {}  # command -> how often it still is answered by something else
        self.events: list[tuple[int, ...]] = []
        self.acked_event = 0
        self.settings = tuple((row[0], row[4]) for row in vocabulary.SETTINGS)
        self.output = bytearray()
        self._splitter = wire.Splitter()
        self._last_sequence = 0
        self._last_reply = b""
        self._journal: dict[int, int] = {}
        self._event_sequence = self._telemetry_sequence = self._index = 0

    def restart(self) -> None:
        """Power was off for a moment."""
        self.boot_count += 1
        self.session = self._index = 0
        self._splitter = wire.Splitter()

    def feed(self, data: bytes) -> None:
        for stuffed in self._splitter.feed(data):
            try:
                layout, sequence, values, _ = wire.unpack(stuffed)
            except wire.FrameError:
                continue
            self.heard.append((layout.name, sequence, values))
            self._obey(layout.name, sequence, dict(zip(layout.fields, values, strict=True)))

    def take(self) -> bytes:
        data = bytes(self.output)
        self.output.clear()
        return data

    def send(self, name: str, sequence: int, values: tuple[object, ...], records: tuple[object, ...] = ()) -> bytes:
        frame: bytes = wire.pack(name, sequence, values, records)
        self.output += frame
        return frame

    def telemetry(self, rows: int, skip: int = 0) -> None:
        """A block of ``rows`` rows 1 ms apart, after ``skip`` that nobody gets."""
        self._index += skip
        samples = tuple((i * 1000, *range(1, 9), vocabulary.RUNNING, 1, 0) for i in range(rows))
        self.send("telemetry", self._telemetry_sequence, (self._index, self._index * 1000), samples)
        self._index += rows
        self._telemetry_sequence = (self._telemetry_sequence + 1) & 0xFFFF

    def happen(self, count: int = 1, push: bool = True) -> None:
        """So many events occur."""
        for _ in range(count):
            number = self.events[-1][0] + 1 if self.events else 1
            self.events.append((number, 1, 0, self.boot_count, number * 1000, 5, 42, 0))
            if push:
                self.push_events(number)

    def push_events(self, first: int) -> None:
        records = tuple(event for event in self.events if event[0] >= first)
        last = self.events[-1][0] if self.events else 0
        for at in range(0, len(records), 8):
            self.send("events", self._event_sequence, (last,), records[at : at + 8])
            self._event_sequence = (self._event_sequence + 1) & 0xFFFF

    def _obey(self, name: str, sequence: int, values: dict[str, int]) -> None:
        if name == "hello":
            self._welcome(values["session"])
        elif name == "stop":
            self.done.append(name)
            self.send("ok", sequence, (self.session,))
        elif values["session"] != self.session:
            self.send("refused", sequence, (self.session, vocabulary.ERROR_CODES["wrong_session"], 0))
        elif sequence == self._last_sequence:
            self.output += self._last_reply
        elif sequence != (self._last_sequence + 1) & 0xFFFF:
            self.send("refused", sequence, (self.session, vocabulary.ERROR_CODES["stale"], 0))
        else:
            self._last_sequence = sequence
            self._last_reply = self._act(name, sequence, values)
            if name == "get_events":
                self.push_events(values["first"])

    def _welcome(self, session: int) -> None:
        if session != self.session:
            self.session, self._last_sequence = session, 0
        version = 1 << 16 | 2 << 8 | 3
        who = (self.protocol, self.table_crc, session, self.device_id, version, 0b1011, self.boot_count)
        self.send("welcome", 0, (*who, 5_000_000, 0, 0, 0))
        self.push_events(self.acked_event + 1)

    def _act(self, name: str, sequence: int, values: dict[str, int]) -> bytes:
        command_id = values.get("command_id")
        if self.nonsense.get(name):
            self.nonsense[name] -= 1
            return self._talk_nonsense(name, sequence)
        if name == "get_outcome":
            state = self._journal.get(values["command_id"], vocabulary.OUTCOME_UNKNOWN)
            return self.send("outcome", sequence, (self.session, values["command_id"], state, 0))
        if name in self.refuse:
            return self.send("refused", sequence, (self.session, *self.refuse[name]))
        if command_id is not None:
            self._journal[command_id] = vocabulary.OUTCOME_DONE
        self.done.append(name)
        if name == "get_status":
            status = dict.fromkeys(STATUS_FIELDS, 0) | {"session": self.session, "acked_event": self.acked_event}
            status["last_event"] = self.events[-1][0] if self.events else 0
            return self.send("status", sequence, tuple(status.values()))
        if name == "get_config":
            return self.send("config", sequence, (self.session,), self.settings)
        if name == "ack_events":
            self.acked_event = values["last"]
            self.events = [event for event in self.events if event[0] > values["last"]]
        return self.send("ok", sequence, (self.session,))

    def _talk_nonsense(self, name: str, sequence: int) -> bytes:
        if name.startswith("get_"):
            return self.send("ok", sequence, (self.session,))
        return self.send("config", sequence, (self.session,), ())


class FakeTransport:
    """A cable to a FakePump on a manual clock, which ``wait`` moves; it can lose bytes or be pulled out."""

    name = "fake"

    def __init__(self, pump: FakePump, clock: ManualClock) -> None:
        self.pump, self._clock = pump, clock
        self.to_pump: Callable[[bytes], bytes] = bytes
        self.to_host: Callable[[bytes], bytes] = bytes
        self.room = 1 << 20  # bytes that writes may still take
        self.pulled = self.closed = False
        self.waits: list[tuple[float, float]] = []

    def read(self) -> bytes:
        self._check()
        return self.to_host(self.pump.take())

    def write(self, data: bytes) -> int:
        self._check()
        count = min(len(data), self.room)
        self.room -= count
        self.pump.feed(self.to_pump(data[:count]))
        return count

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        self._check()
        self.waits.append((timeout_s, gather_s))
        if not self.pump.output:
            self._clock.advance(max(timeout_s, 1e-6))

    def wake(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if self.pulled:
            raise PortLost("fake is gone.", "Plug it in again.")
