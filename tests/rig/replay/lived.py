"""A virtual rig with faults, recorded, and all that its live session gave."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from rig.firmware.program import Program
from rig.recording.writer import RunWriter
from rig.session import Batch, Session
from rig.targets import open_session
from rig.tracker import Delivered
from tests.rig.pump_bench import Bench

FAULTS = """\
faults: 1
name: A bad day
steps:
  - {at: 10 s, what: link_drop, how-much: 0.2 %, how-long: 30 s}
  - {at: 40 s, what: occlusion, how-long: 7 min}
  - {at: 9 min, what: reset}
  - {at: 10 min, what: unplug, how-long: 5 s}
"""
DAILY = Program(0, 0, [], [(20_000_000_000, 86_400_000)])


@dataclass
class Lived(Bench):
    """A bench that is recorded as it goes."""

    writer: RunWriter | None = None
    batches: list[Batch] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    early: list[Batch] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        if self.writer is None:
            self.early.append(batch)
        else:
            self.writer.add(batch)
            if batch.events:
                self.writer.commit()
            self.session.acknowledge(self.writer.durable_event)
        self.batches.append(batch)
        self.delivered.append(self.tracker.add(batch))
        self.events += batch.events

    def record(self, path: Path) -> None:
        self.writer = RunWriter(path, self.session.clock, self.session.info)
        for batch in self.early:
            self.writer.add(batch)


def live(folder: Path) -> tuple[Path, Lived]:
    """11 minutes with a noisy line, an occlusion, a refill, a reset and a pulled plug; the file, and what was seen."""
    faults, path = folder / "faults.yaml", folder / "lived.run.duckdb"
    faults.write_text(FAULTS, encoding="utf-8")
    target = f"sim:?seed=5&speed=max&faults={quote(str(faults))}"
    session: Session = open_session(target, balance="mt-sics:sim?interval=7")
    bench = Lived(session)
    bench.connect()
    bench.record(path)
    assert bench.writer is not None
    bench.write(DAILY)
    bench.writer.program("Continuous", "", DAILY, None)
    until(bench, 8)
    bench.refill()
    until(bench, 11)
    bench.writer.finish("test", bench.tracker.totals.planned_nl)
    session.close()
    return path, bench


def until(bench: Lived, minutes: float) -> None:
    while bench.tracker.totals.duration_us < minutes * 60e6:
        bench.take(bench.session.poll(1.0))
