"""Somebody who works with a virtual rig while it is taken down."""

from collections.abc import Callable

from firmware_link.errors import PumpError
from rig import meeting
from rig.firmware.program import Program
from rig.programs.receipt import Order, Receipt
from rig.programs.writing import Writing, write
from rig.qa.taking.taken import Taken
from rig.session import Batch, Command, execute
from rig.targets import open_session
from rig.therapy.program_file import loads
from rig.virtual.faults import Fault

FAST = """\
pump-program: 2
name: Fast
mode: simple continuous
drug: water
concentration: 50 ug/mL
flow: 20 mL/day
"""


class Bench:
    """A pump that sends a sample a second, and what is taken down since ``begin``."""

    def __init__(self, target: str = "sim:?seed=7&speed=max", interval_ms: int = 1000) -> None:
        self.session = open_session(target)
        self.taken: Taken | None = None
        meeting.connect(self.session)
        self.send("set_config", records=((1, interval_ms),))
        self.until(lambda: self.session.info.device.settings["sample_interval_ms"] == interval_ms)
        self.begin()

    def begin(self) -> Taken:
        info = self.session.info
        self.taken = Taken(self.session.clock.utc_us(), info.device, info.virtual, info.target)
        return self.taken

    def take(self, batch: Batch) -> None:
        if self.taken is not None:
            self.taken.add(batch)

    def poll(self, seconds: float = 1.0) -> None:
        self.take(self.session.poll(seconds))

    def wait(self, seconds: float) -> None:
        end_s = self.session.clock.monotonic() + seconds
        while (left_s := end_s - self.session.clock.monotonic()) > 0:
            self.poll(min(left_s, 10.0))

    def until(self, done: Callable[[], bool]) -> None:
        for _ in range(20_000):
            if done():
                return
            self.poll()
        raise AssertionError("it did not happen")

    def sees(self, kind: str) -> None:
        self.until(lambda: any(event.kind == kind for event in self.taken.material.events))

    def send(self, command: str, records: tuple[tuple[int, ...], ...] = (), **values: int) -> str:
        """The name of the refusal, "" for none."""

        def one():
            return (yield Command(command, values, records))

        try:
            execute(self.session, one(), self.take)
        except PumpError as error:
            return getattr(error, "name", "error")
        return ""

    def fault(self, what: str, lasts_s: float | None = None, amount: float | None = None, ends: bool = False) -> None:
        self.session.inject(Fault(what, None, lasts_s, amount, ends))
        self.wait(0.1)

    def program(self, text: str = FAST) -> tuple[Program, Receipt]:
        writing = Writing(loads(text), text, Order(), self.session.info.device, lambda utc_s: 0)
        compiled = writing.compiled(self.session.clock.utc_us() // 1_000_000)
        receipt = execute(self.session, write(writing, compiled, self.session.clock), self.take)
        self.taken.write(self.session.clock.utc_us(), text, receipt)
        return compiled, receipt

    def end(self) -> Taken:
        self.taken.end_us = self.session.clock.utc_us()
        self.session.close()
        return self.taken


def occlusion(target: str = "sim:?seed=7&speed=max") -> Bench:
    """A morning at the bench: the outlet is blocked until the alarm comes, and opened again."""
    bench = Bench(target)
    bench.program()
    bench.wait(598)
    bench.fault("occlusion")
    bench.sees("occlusion")
    bench.wait(6)
    bench.fault("occlusion", ends=True)
    bench.wait(4)
    bench.send("clear_alarms", alarms=0xFFFFFFFF)
    bench.wait(3)
    bench.send("start")
    bench.wait(300)
    bench.send("bolus", volume_pl=100_000_000, duration_ms=60_000, after=0)
    bench.wait(3)
    assert bench.send("bolus", volume_pl=100_000_000, duration_ms=60_000, after=0) == "busy_bolus"
    bench.sees("bolus_ended")
    bench.wait(5)
    bench.send("stop", reason=0)
    bench.wait(10)
    return bench
