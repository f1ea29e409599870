"""What is taken of a bench session while somebody works, live or from its recording: a script is made of it."""

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from firmware_link.errors import PumpError, UsageError
from rig.measured import Mark
from rig.qa.judging.material import Material
from rig.session import Batch, ControlFrame, DeviceInfo, LinkChange, LinkState
from rig.truth import Strike

if TYPE_CHECKING:
    from rig.programs.receipt import Receipt
    from rig.recording.reader import RunReader
    from rig.recording.records import Run

MOST_SAMPLES = 5_000_000  # six days at 10 Hz, 400 MB
_BLOCK = 100_000
#: What the host says by itself, again and again.
_IDLE = frozenset({"get_status", "status", "get_events", "events", "ack_events", "get_config", "config", "trace"})


@dataclass(frozen=True)
class Wrote:
    """A program that was proven in the pump at ``host_us``; ``source`` is "" where nobody has its file."""

    host_us: int
    name: str
    source: str
    digest: str  # 16 hex digits
    ensure: str = "running"  # or "stopped"
    confirm: str = ""  # the reasons for going beyond soft limits


@dataclass
class Taken:
    """All of it, in the order in which it came.  Host times are UTC, by the session's clock."""

    begin_us: int
    device: DeviceInfo
    virtual: bool
    target: str
    end_us: int = 0
    held: Wrote | None = None  # what the pump held when it began, as far as anybody knows
    wrote: list[Wrote] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    frames: list[ControlFrame] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = dict(self.device.settings)  # when it began
        self.material = Material(self.settings)

    @property
    def full(self) -> bool:
        """Whether no more may be added."""
        return self.material.counts()["samples"] >= MOST_SAMPLES

    def add(self, batch: Batch) -> None:
        """Takes a batch."""
        self.material.add(batch)
        self.frames += [frame for frame in batch.frames if frame.name not in _IDLE]
        self.strikes += batch.strikes

    def write(self, host_us: int, source: str, receipt: "Receipt") -> None:
        """A program was proven, whose file is ``source``."""
        reasons = "; ".join(dict.fromkeys(one.reason for one in receipt.confirmed))
        self.wrote.append(Wrote(host_us, receipt.name, source, f"{receipt.digest:016x}", receipt.ensured, reasons))

    def samples(self, begin_us: int, end_us: int) -> NDArray[np.void]:
        """(n,) telemetry.SAMPLE_DTYPE: what came after ``begin_us`` and by ``end_us``."""
        rows = self.material.samples()
        first, last = np.searchsorted(rows["host_us"], [begin_us, end_us], "right")
        return rows[int(first) : int(last)]

    @property
    def interval_ms(self) -> int:
        """Between two samples, as it mostly was."""
        rows = self.material.samples()
        apart_us = np.diff(rows["t_us"])[np.diff(rows["index"].astype(np.int64)) == 1]
        known = self.settings.get("sample_interval_ms", 1000)
        return max(20, round(float(np.median(apart_us)) / 1000)) if len(apart_us) else known

    def mark(self, at_us: int, ahead: int = 1) -> Mark:
        """Where the recording was at the host time ``at_us``: at the next sample's moment, or with ``ahead`` 0 at the
        latest's."""
        rows, weighings = self.material.samples(), self.material.weighings()
        count = min(int(np.searchsorted(rows["host_us"], at_us, "right")) + ahead, len(rows))
        here = rows[max(count - 1, 0)] if len(rows) else None
        boot, t_us = (0, 0) if here is None else (int(here["boot"]), int(here["t_us"]))
        return Mark(
            at_us,
            boot,
            t_us,
            samples=count,
            events=bisect.bisect_right([event.host_us for event in self.material.events], at_us),
            gaps=len(self.material.gaps),
            links=bisect.bisect_right([link.host_us for link in self.material.links], at_us),
            weighings=int(np.searchsorted(weighings["host_us"], at_us, "right")),
        )


def of_run(reader: "RunReader") -> Taken:
    """All of a recording.  Raises RunFileError where it can't be read, UsageError for one that no script can be of."""
    from rig.recording.records import Note, ProgramRecord

    run = reader.run
    if run.device_id is None or run.settings is None:
        raise UsageError(f"{reader.path.name} doesn't say how its pump is set.", "Choose a recording of a pump.")
    samples = reader.summary().samples
    if samples > MOST_SAMPLES:
        raise UsageError(
            f"{reader.path.name} has {samples:,} samples; a script is made of at most {MOST_SAMPLES:,}.",
            "Record a shorter session, or with a longer sample interval.",
        )
    taken = Taken(run.started_us, _device(run), run.virtual, run.target)
    for first in range(0, samples, _BLOCK):
        taken.add(Batch(samples=reader.samples(first, _BLOCK)))
    taken.add(
        Batch(
            events=reader.events(),
            gaps=reader.gaps(),
            links=tuple(_change(link.host_us, link.state, link.error) for link in reader.links()),
            frames=reader.records(ControlFrame),
            strikes=reader.strikes(),
            weighings=reader.weighings(),
        )
    )
    for record in reader.records(ProgramRecord):
        if record.receipt is not None:
            taken.write(record.host_us, record.source, record.receipt)
        elif not taken.wrote and taken.held is None:
            taken.held = Wrote(record.host_us, record.name, record.source, record.digest)
    taken.notes = [(note.host_us, note.text) for note in reader.records(Note) if note.text]
    last = taken.material.samples()
    ends = [run.ended_us or 0, run.started_us, int(last["host_us"][-1]) if len(last) else 0]
    taken.end_us = max(ends)
    return taken


def _device(run: "Run") -> DeviceInfo:
    return DeviceInfo(
        run.device_id or "",
        run.firmware_version or "",
        run.protocol or 0,
        run.table_crc or 0,
        run.capabilities,
        run.boot_count or 0,
        run.settings or {},
    )


def _change(host_us: int, state: str, error: str) -> LinkChange:
    known = {one.value: one for one in LinkState}
    return LinkChange(known.get(state, LinkState.LOST), host_us, PumpError(error) if error else None)
