"""A pump on a session, and somebody beside it: writes programs, lets days pass, fills the reservoir when it is low."""

from collections.abc import Generator
from dataclasses import dataclass, field

from firmware_link import vocabulary
from rig.firmware.program import Program
from rig.programs import programming
from rig.session import Batch, Command, Event, Reply, Session, execute
from rig.tracker import Tracker
from rig.virtual.faults import Fault

HOUR_US = 3_600_000_000
RESERVOIR_NL = 20_000_000


def one(command: Command) -> Generator[Command, Reply, Reply]:
    return (yield command)


@dataclass
class Bench:
    """A pump, and somebody beside it who fills its reservoir whenever it is low."""

    session: Session
    tracker: Tracker = field(default_factory=Tracker)
    events: list[Event] = field(default_factory=list)
    low: bool = False

    def take(self, batch: Batch) -> None:
        self.tracker.add(batch)
        self.events += batch.events
        self.low |= any(event.kind == "low_reservoir" for event in batch.events)

    def do(self, procedure: Generator[Command, Reply, object]) -> None:
        execute(self.session, procedure, self.take)

    def raised(self) -> set[str]:
        """The kinds of what was more than information."""
        return {event.kind for event in self.events if event.priority > vocabulary.INFO}

    def reservoir_nl(self) -> int:
        """What the pump believes to be in it."""
        reply = execute(self.session, one(Command("get_status")), self.take)
        return int(reply.values["reservoir_nl"])

    def connect(self) -> None:
        for _ in range(1000):
            self.take(self.session.poll(0.1))
            if self.session.info.device is not None and self.tracker.totals.samples:
                return
        raise AssertionError("no pump")

    def write(self, made: Program) -> None:
        """Puts it in force and, unless it is to stand, starts it."""
        self.tracker.program(made)
        self.do(programming.update(made))

    def pass_time(self, duration_us: int) -> None:
        """With a sample an hour, and ever more towards the end, which is met to 20 ms."""
        end_us = self.tracker.totals.duration_us + duration_us
        for interval_us in (HOUR_US, 60_000_000, 1_000_000, 20_000):
            self.look_each(interval_us)
            while end_us - self.tracker.totals.duration_us > interval_us:
                self.take(self.session.poll(interval_us / 1e6))
                if self.low:
                    self.refill()

    def look_each(self, interval_us: int) -> None:
        key = vocabulary.SETTING_KEYS["sample_interval_ms"]
        self.do(one(Command("set_config", {}, ((key, interval_us // 1000),))))

    def refill(self, withdrawn_nl: int | None = None) -> None:
        """Empties it of ``withdrawn_nl``, of what should be in it without that, and fills it."""
        assert self.session.info.device is not None
        label = self.session.info.device.settings["concentration_ng_ml"]
        if withdrawn_nl is None:
            withdrawn_nl = max(0, self.reservoir_nl())
        self.session.inject(Fault("fill_reservoir", amount=RESERVOIR_NL / 1e6))
        volumes = {"withdrawn_nl": withdrawn_nl, "filled_nl": RESERVOIR_NL, "concentration_ng_ml": label}
        self.do(one(Command("refill", volumes)))
        self.low = False
