"""A Connection and a pump at the two ends of a cable, on a manual clock."""

import random
from collections.abc import Callable

from cobs import cobs

from firmware_link.clock import ManualClock
from firmware_link.connection import Connection, Failed, Happening, Samples, Welcomed
from firmware_link.exchange import Answer
from tests.firmware_link.fake_pump import FakePump

BOLUS = {"volume_pl": 1, "duration_ms": 2, "after": 0}


class Pair:
    """``run`` lets both talk until nothing is due within so many seconds.  ``to_pump`` and ``to_host`` see every
    frame that goes that way, and give back what arrives of it."""

    def __init__(self, pump: FakePump, seed: int = 1) -> None:
        self.pump = pump
        self.clock = ManualClock()
        self.connection = Connection(random.Random(seed))
        self.happenings: list[Happening] = []
        self.to_pump: Callable[[str, bytes], bytes] = lambda name, frame: frame
        self.to_host: Callable[[bytes], bytes] = bytes

    def open(self) -> None:
        self.connection.open(self.now, "port")
        self.run(0.0)

    @property
    def now(self) -> float:
        return self.clock.monotonic()

    def request(self, name: str, **values: int) -> int:
        return self.connection.request(name, values, (), self.now)

    def run(self, seconds: float = 5.0) -> None:
        end = self.now + seconds
        while True:
            self._talk()
            due = self.connection.due()
            if due > end:
                break
            self.clock.advance(max(0.0, due - self.now) + 1e-6)
            self._take(self.connection.tick(self.now))
        self.clock.advance(max(0.0, end - self.now))

    def reopen(self, wait_s: float = 1.0) -> None:
        """The link is lost, and found again over a good cable."""
        self.connection.close()
        self.to_pump = lambda name, frame: frame
        self.to_host = bytes
        self.run(wait_s)
        self.open()
        self.run(1.0)

    def answers(self) -> dict[int, Answer]:
        return {item.request.ticket: item for item in self.happenings if isinstance(item, Answer)}

    def failure(self) -> Exception | None:
        failures = [item.error for item in self.happenings if isinstance(item, Failed)]
        return failures[-1] if failures else None

    def indices(self) -> list[int]:
        rows = [item.rows["index"].tolist() for item in self.happenings if isinstance(item, Samples)]
        return [index for part in rows for index in part]

    def _talk(self) -> None:
        while True:
            outgoing = self.connection.outgoing()
            for message, _ in outgoing:
                self.pump.feed(self.to_pump(message.name, cobs.encode(message.payload) + b"\0"))
            data = self.to_host(self.pump.take())
            if data:
                self._take(self.connection.receive(data, self.now, self.clock.utc_us()))
            elif not outgoing:
                return

    def _take(self, happenings: list[Happening]) -> None:
        self.happenings += happenings
        if any(isinstance(item, Welcomed) for item in happenings):
            self.connection.accept([], self.now)


def lose(count: int, name: str = "") -> Callable[[str, bytes], bytes]:
    """A filter that swallows the first ``count`` messages, those called ``name`` where one is given."""
    left = [count]

    def swallow(sent: str, frame: bytes) -> bytes:
        if left[0] and name in ("", sent):
            left[0] -= 1
            return b""
        return frame

    return swallow


def lose_replies(count: int) -> Callable[[bytes], bytes]:
    """A filter that swallows the first ``count`` portions that come from the pump."""
    left = [count]

    def swallow(data: bytes) -> bytes:
        if data and left[0]:
            left[0] -= 1
            return b""
        return data

    return swallow
