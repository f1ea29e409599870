"""A live session on a manual clock, with a pump at the level of the wire at the other end of the cable."""

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link.clock import ManualClock
from rig.live import LiveSession
from rig.session import Batch, LinkState
from rig.truth import Strike, no_truth
from tests.firmware_link.fake_pump import FakePump, FakeTransport


class Bench:
    """A session, its pump, and every batch so far."""

    def __init__(self, pump: FakePump | None = None, **options: Any) -> None:
        self.clock = ManualClock()
        self.pump = pump or FakePump()
        self.cables: list[FakeTransport] = []
        self.errors: list[Exception] = []  # of the next openings
        self.batches: list[Batch] = []
        self.truth, self.strikes = no_truth(), tuple[Strike, ...]()
        options.setdefault("surroundings", self)
        self.session = LiveSession("fake:", self.plug_in, self.clock, random.Random(5), **options)

    def plug_in(self) -> FakeTransport:
        if self.errors:
            raise self.errors.pop(0)
        self.cables.append(FakeTransport(self.pump, self.clock))
        return self.cables[-1]

    def inject(self, fault: Any) -> None:
        self.injected = fault

    def take_truth(self) -> NDArray[np.void]:
        taken, self.truth = self.truth, no_truth()
        return taken

    def take_strikes(self) -> tuple[Strike, ...]:
        taken, self.strikes = self.strikes, ()
        return taken

    def rest(self, timeout_s: float) -> None:
        self.clock.advance(max(timeout_s, 1e-6))

    def close(self) -> None:
        self.closed = True

    def run(self, seconds: float) -> "Bench":
        end = self.clock.monotonic() + seconds
        while self.clock.monotonic() < end and self.state is not LinkState.CLOSED:
            self.batches.append(self.session.poll(end - self.clock.monotonic()))
        return self

    def until(self, state: LinkState) -> "Bench":
        for _ in range(200):
            if self.state is state:
                return self
            self.batches.append(self.session.poll(0.5))
        raise AssertionError(f"still {self.state}")

    @property
    def state(self) -> LinkState | None:
        links = self.all("links")
        return links[-1].state if links else None

    def states(self) -> list[LinkState]:
        return [link.state for link in self.all("links")]

    def all(self, what: str) -> list[Any]:
        return [item for batch in self.batches for item in getattr(batch, what)]

    def indices(self) -> list[int]:
        return [int(index) for batch in self.batches for index in batch.samples["index"]]

    def reply(self, ticket: int) -> Any:
        (reply,) = [reply for reply in self.all("replies") if reply.ticket == ticket]
        return reply
