"""What a run file says beside samples: one frozen dataclass per table.  The columns follow from the fields."""

import re
from dataclasses import dataclass, fields

from rig.firmware.program import Program
from rig.programs.receipt import Receipt
from rig.recording.scripted import CaseRecord as CaseRecord
from rig.recording.scripted import Review as Review
from rig.recording.scripted import StepRecord as StepRecord
from rig.session import ControlFrame, Event, Gap, LinkChange, LinkCounters
from rig.truth import Strike


@dataclass(frozen=True)
class Run:
    """The one row that says what this file is.  The device's fields are those of ``rig.session.DeviceInfo``."""

    schema_version: int
    run_id: str
    program_version: str  # of Pump Programmer
    target: str
    port: str
    virtual: bool
    started_us: int  # UTC, by the session's clock
    device_id: str | None = None  # None until a pump has answered
    firmware_version: str | None = None
    protocol: int | None = None
    table_crc: int | None = None
    boot_count: int | None = None
    capabilities: frozenset[str] = frozenset()
    settings: dict[str, int] | None = None
    found: dict[str, int] | None = None  # the pump's "status" when the recording began
    ended_us: int | None = None  # None: the run was cut short, or goes on
    ended: str | None = None  # why
    planned_nl: int | None = None  # what the programs asked for over this run
    digest: str | None = None  # SHA-256 of the evidence, 64 hex digits; None without an end, and in older formats
    balance: str | None = None  # the laboratory balance's model, serial number and address, where one weighed


@dataclass(frozen=True)
class Link:
    """A ``LinkChange`` in words."""

    host_us: int
    state: str  # LinkState's value
    error: str  # a sentence, or ""

    @classmethod
    def of(cls, change: LinkChange) -> "Link":
        """The record of ``change``."""
        return cls(change.host_us, change.state.value, change.error.sentence() if change.error else "")


@dataclass(frozen=True)
class Note:
    """Somebody's words about a moment.  It has no number: two that are equal are one and the same."""

    host_us: int  # UTC: the moment
    text: str  # "" only for a marker
    author: str = ""  # "": the program, or nobody knows
    made_us: int = 0  # UTC: when it was written; 0: nobody knows
    marker: bool = False  # a place to come back to, rather than words


@dataclass(frozen=True)
class Health:
    """How the link did up to ``host_us``: ``LinkCounters`` that lie on the disk, totals since the session opened."""

    host_us: int
    bytes_in: int
    bytes_out: int
    frames_in: int
    frames_bad: int
    bytes_dropped: int
    resends: int
    reconnects: int
    round_trip_us: int  # the latest command's

    @classmethod
    def of(cls, host_us: int, counters: LinkCounters) -> "Health":
        """The record of ``counters`` at ``host_us``."""
        return cls(host_us, *(getattr(counters, field.name) for field in fields(cls)[1:]))


@dataclass(frozen=True)
class ProgramRecord:
    """A program that the pump holds since ``host_us``: where it came from, its segments, and the proof."""

    host_us: int
    name: str
    source: str  # the program file's text; "" for one that the pump was found with
    digest: str  # 16 hex digits
    anchor_utc_s: int
    utc_offset_min: int
    prelude: tuple[tuple[int, int], ...]  # (volume_pl, duration_ms)
    cycle: tuple[tuple[int, int], ...]
    receipt: Receipt | None  # None for one that the pump was found with
    demand: tuple[int, int, int, int] | None = None  # (volume_pl, duration_ms, lockout_s, per_day)
    reminder_min: int = 0

    @classmethod
    def of(cls, host_us: int, name: str, source: str, program: Program, receipt: Receipt | None) -> "ProgramRecord":
        """The record of ``program``."""
        digest = f"{program.digest():016x}"
        head = (program.anchor_utc_s, program.utc_offset_min)
        asked = (program.demand, program.reminder_min)
        return cls(host_us, name, source, digest, *head, program.prelude, program.cycle, receipt, *asked)

    def problem(self) -> str:
        """Why no program is like this; "" for one that can be."""
        parts = (*self.prelude, *self.cycle, *([self.demand[:2]] if self.demand else []))
        if not re.fullmatch("[0-9a-f]{16}", self.digest):
            return "a digest that is none"
        if any(volume_pl < 0 or duration_ms < 1 for volume_pl, duration_ms in parts):
            return "a program with a segment that can't be"
        if self.demand and min(self.demand) < 0:
            return "an on-demand bolus that can't be"
        if not (0 <= self.anchor_utc_s < 2**32 and abs(self.utc_offset_min) <= 24 * 60):
            return "a program at a time that can't be"
        return ""

    def program(self) -> Program:
        """As the pump runs it."""
        head = (self.anchor_utc_s, self.utc_offset_min)
        return Program(*head, self.prelude, self.cycle, self.demand, self.reminder_min)


@dataclass(frozen=True)
class Verdict:
    """How one check, or one case of a test script, ended."""

    host_us: int
    name: str
    passed: bool
    detail: str
    outcome: str = ""  # measured.VERDICTS of a case; "": it passed or it failed, as ``passed`` says


Record = (
    Event
    | Gap
    | ControlFrame
    | Link
    | Note
    | ProgramRecord
    | Verdict
    | Strike
    | Health
    | CaseRecord
    | StepRecord
    | Review
)

#: Table -> the dataclass of its rows.
RECORDS: dict[str, type[Record]] = {
    "events": Event,
    "gaps": Gap,
    "frames": ControlFrame,
    "links": Link,
    "notes": Note,
    "programs": ProgramRecord,
    "verdicts": Verdict,
    "strikes": Strike,
    "health": Health,
    "cases": CaseRecord,
    "steps": StepRecord,
    "reviews": Review,
}
TABLE_OF: dict[type, str] = {kind: table for table, kind in RECORDS.items()}
