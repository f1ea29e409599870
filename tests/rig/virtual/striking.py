"""A pump at work on a rig, for tests of what faults do to it."""

import statistics
from dataclasses import dataclass

from firmware_link.vocabulary import SENSORS
from rig.truth import Truth
from rig.virtual.base import Rig
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault
from tests.rig.virtual.host import Host

ML_20 = 20_000_000_000  # pl/day
PASSAGE_S = 13.822  # of a roller, at that
FLOW_NL_S = 231.5


@dataclass
class Bench:
    """A rig with a pump that delivers 20 mL a day, and its host."""

    rig: Rig
    host: Host

    def passes(self, seconds: float = PASSAGE_S) -> "Passed":
        before = self.rig.truth()
        self.host.run(self.rig.clock, seconds)
        return Passed(before, self.rig.truth())

    def begins(self, what: str, amount: float | None = None) -> None:
        self.rig.inject(Fault(what, amount=amount))
        assert (what in self.rig.in_force()) == BY_NAME[what].lasts

    def ends(self, what: str) -> None:
        self.rig.inject(Fault(what, ends=True))
        assert what not in self.rig.in_force()

    def readings(self, sensor: str, count: int = 60) -> list[int | None]:
        """What a sensor shows the pump's board, ten times a second."""
        shown = []
        for _ in range(count):
            self.host.run(self.rig.clock, 0.1)
            shown.append(self.rig.plant.sense()[SENSORS.index(sensor) + (sensor == "temperature")])
        return shown

    def noise(self, sensor: str) -> float:
        """The standard deviation of its readings."""
        return statistics.pstdev(shown for shown in self.readings(sensor) if shown is not None)

    def comes_back(self) -> dict[str, int]:
        """Connects anew; gives the welcome."""
        self.host = Host(self.rig.connect())
        return self.host.hello()


@dataclass
class Passed:
    before: Truth
    after: Truth

    def gain(self, field: str) -> float:
        return float(getattr(self.after, field) - getattr(self.before, field))


def delivering(rig: Rig) -> Bench:
    """A pump that has delivered for five seconds."""
    host = Host(rig.connect())
    host.hello()
    host.deliver(ML_20, rig.clock.utc_us() // 1_000_000)
    bench = Bench(rig, host)
    bench.passes(5)
    return bench
