"""The receipt of an update: who, when, what was put in force, what was confirmed, what changed, and the proof."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from rig import words
from rig.programs.update import STOPPED, Ensure, Proof
from rig.therapy import units
from rig.therapy.daylight import offset_text as offset_text

NOTICE = "For bench and test use with water only. Not a medical device. Nothing here is dosing advice."


@dataclass(frozen=True)
class Confirmed:
    """A soft limit that was confirmed, and why."""

    field: str  # of the program file
    what: str
    reason: str


@dataclass(frozen=True)
class Changed:
    """One line of the comparison that the update changed."""

    group: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Order:
    """What the operator asked for beside the program itself."""

    ensure: Ensure = "running"
    stopped_because: str = ""  # why it is left stopped
    confirmed: tuple[Confirmed, ...] = ()


@dataclass(frozen=True)
class Subject:
    """The program's side of a receipt."""

    name: str
    mode: str
    drug: str
    concentration_ng_ml: int
    changes: tuple[Changed, ...] = ()
    refill_utc_s: int | None = None  # at the latest, every allotted on-demand bolus given


@dataclass(frozen=True)
class Receipt:
    """Everything that is to be known of an update later.  The first four are what older recordings have."""

    digest: int
    segments: int
    state: str  # vocabulary.STATES, as proven
    t_us: int  # device time of the proof
    digest_before: int = 0
    ensured: Ensure = "running"
    utc_s: int = 0  # of the proof; 0 where an older recording doesn't say
    utc_offset_min: int = 0  # of the operator's clock
    device_id: str = ""
    firmware_version: str = ""
    name: str = ""
    mode: str = ""
    drug: str = ""
    concentration_ng_ml: int = 0
    confirmed: tuple[Confirmed, ...] = ()
    stopped_because: str = ""
    changes: tuple[Changed, ...] = ()
    refill_utc_s: int | None = None

    @classmethod
    def of(
        cls, proof: Proof, order: Order, subject: Subject, device: tuple[str, str], utc_s: int, utc_offset_min: int
    ) -> "Receipt":
        """``device`` is (id, firmware version); ``utc_s`` is the moment of the proof."""
        return cls(
            **vars(proof),
            **vars(subject),
            utc_s=utc_s,
            utc_offset_min=utc_offset_min,
            device_id=device[0],
            firmware_version=device[1],
            confirmed=order.confirmed,
            stopped_because=order.stopped_because if proof.ensured == STOPPED else "",
        )

    @property
    def left_stopped(self) -> bool:
        """Whether the pump was to be left stopped."""
        return self.ensured == STOPPED


def moment(utc_s: int, utc_offset_min: int) -> str:
    """ "2026-11-21 08:20:05 (UTC+01:00)"."""
    there = datetime.fromtimestamp(utc_s, timezone(timedelta(minutes=utc_offset_min)))
    return f"{there:%Y-%m-%d %H:%M:%S} ({offset_text(utc_offset_min)})"


def _proof(receipt: Receipt) -> str:
    state = words.STATES.get(receipt.state, words.NOT_KNOWN).title.lower()
    if not receipt.utc_s:  # an older recording
        return f"The pump held it (state: {state})"
    if not receipt.left_stopped:
        return f"The pump runs with it (state: {state})" if receipt.state != STOPPED else "The pump ran it to its end"
    return f"The pump was deliberately left stopped (state: {state})"


def rows(receipt: Receipt) -> list[tuple[str, str]]:
    """(title, text) of all but the lists, in order; what an older recording doesn't say is left out."""
    told = [
        ("Program", receipt.name),
        ("Mode", receipt.mode),
        ("Drug", f"{receipt.drug}, {units.concentration_text(receipt.concentration_ng_ml)}" if receipt.drug else ""),
        ("Pump", receipt.device_id),
        ("Firmware", receipt.firmware_version),
        ("Proven at", moment(receipt.utc_s, receipt.utc_offset_min) if receipt.utc_s else ""),
        ("In UTC", f"{datetime.fromtimestamp(receipt.utc_s, UTC):%Y-%m-%d %H:%M:%S}" if receipt.utc_s else ""),
        ("Proof", _proof(receipt)),
        ("Left stopped because", receipt.stopped_because),
        ("Read back", "Twice: before and after it was put in force; equal to what was sent"),
        ("Digest", f"{receipt.digest:016x}"),
        ("Digest before", f"{receipt.digest_before:016x}" if receipt.digest_before else "no program"),
        ("Segments", str(receipt.segments)),
        ("Refill by", moment(receipt.refill_utc_s, receipt.utc_offset_min) if receipt.refill_utc_s else ""),
    ]
    return [(title, text) for title, text in told if text]


def as_text(receipt: Receipt) -> str:
    """For a terminal."""
    told = rows(receipt)
    width = max(len(title) for title, _ in told)
    lines = [f"{title:<{width}}  {text}" for title, text in told]
    lines += [f"{'Confirmed':<{width}}  {one.what} Because: {one.reason}" for one in receipt.confirmed]
    lines += [f"{'Changed':<{width}}  {one.group}, {one.title}: {one.before} -> {one.after}" for one in receipt.changes]
    return "\n".join([*(" ".join(line.splitlines()) for line in lines), NOTICE])
