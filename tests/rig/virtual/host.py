"""A small host for tests of the rig: true frames, one command at a time, over any transport."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from firmware_link import wire
from firmware_link.transport import Transport
from firmware_link.vocabulary import EVENT_NAMES

SESSION = 77


@dataclass
class Host:
    """Speaks to one pump.  ``raw`` is everything that came in, for comparing runs byte by byte."""

    transport: Transport
    raw: bytearray = field(default_factory=bytearray)
    rows: list[dict[str, int]] = field(default_factory=list)
    events: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    sequence: int = 0
    _splitter: wire.Splitter = field(default_factory=wire.Splitter)

    def hello(self, session: int = SESSION) -> dict[str, int]:
        """Opens a session and gives the welcome."""
        self.sequence = 0
        self.send("hello", (wire.PROTOCOL, wire.TABLE_CRC, session))
        return self.reply(0)[1]

    def send(self, name: str, values: tuple[int, ...], records: Any = ()) -> None:
        """Hands a whole frame to the link."""
        frame = wire.pack(name, self.sequence, values, records)
        while frame:
            frame = frame[self.transport.write(frame) :]
            if frame:
                self.poll(0.01)

    def command(self, name: str, *values: int, records: Any = ()) -> tuple[str, dict[str, int], list[Any]]:
        """(name, values, records) of the reply."""
        self.sequence += 1
        self.send(name, (SESSION, *values), records)
        return self.reply(self.sequence)

    def reply(self, sequence: int, timeout_s: float = 5.0) -> Any:
        for _ in range(round(timeout_s / 0.05)):
            for message in self.poll(0.05):
                if message[0] not in ("telemetry", "events", "trace") and message[3] == sequence:
                    return message[:3]
        raise AssertionError(f"no reply to {sequence}")

    def poll(self, timeout_s: float) -> list[tuple[str, dict[str, int], list[Any], int]]:
        """Waits once, and takes in what came."""
        self.transport.wait(timeout_s)
        data = self.transport.read()
        self.raw += data
        return [self._take(frame) for frame in self._splitter.feed(data)]

    def _take(self, frame: bytes) -> tuple[str, dict[str, int], list[Any], int]:
        layout, sequence, values, body = wire.unpack(frame)
        head = dict(zip(layout.fields, values, strict=True))
        records = [dict(zip(layout.record_fields, row, strict=True)) for row in wire.records_of(layout, body)]
        if layout.name == "telemetry":
            self.rows += [{"t_us": head["t_us"] + row["t_offset_us"], **row} for row in records]
        elif layout.name == "events":
            self.events += [(EVENT_NAMES[row["kind"]], row) for row in records]
        elif layout.name == "trace":
            raise AssertionError(head["text"].rstrip(b"\0").decode())
        return layout.name, head, records, sequence

    def run(self, clock: Any, seconds: float) -> None:
        """Takes in what comes for ``seconds`` of the rig's deadlines."""
        end = clock.monotonic() + seconds
        while (left := end - clock.monotonic()) > 1e-7:
            self.poll(left)

    def deliver(self, flow_pl_day: int, utc_s: int, demand: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        """Sets the clock, programs an even flow for ever, beside it ``demand``, and starts it."""
        assert self.command("set_clock", utc_s, 0)[0] == "ok"
        segment = (flow_pl_day, 86_400_000)
        head = (utc_s, 0, 0, 1, *demand, 0)
        assert self.command("stage_begin", *head)[0] == "ok"
        assert self.command("stage_chunk", 0, records=[segment])[0] == "ok"
        name, values, _ = self.command("read_program", 1, 0)
        assert name == "program", values
        assert self.command("commit", 1, values["digest"])[0] == "ok"
        name, values, _ = self.command("start")
        assert name == "ok", values

    def digest(self) -> str:
        """Of all that came in."""
        return sha256(self.raw).hexdigest()
