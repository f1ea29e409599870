"""What is kept on this computer about each pump: its refills, one small YAML file a pump.

A file is hostile until it is validated; one that can't be read is never written over.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from firmware_link.errors import UsageError
from rig import atomic, yamlfile

SCHEMA = 1
KEPT = 500  # the latest refills; at one a month that is forty years
_TEXT = 500  # letters of a reason
_LARGEST_NL = 1_000_000_000
_DEVICE = re.compile(r"[0-9a-f]{16}")

_Volume = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST_NL)]
_Moment = Annotated[int, msgspec.Meta(ge=0, le=2**33)]
_Reason = Annotated[str, msgspec.Meta(max_length=_TEXT)]


class Refill(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One refill that the pump confirmed.  Volumes in nl; ``delivered_nl`` is what it counted since the one before."""

    utc_s: _Moment
    expected_nl: _Volume
    withdrawn_nl: _Volume
    delivered_nl: _Volume
    filled_nl: _Volume
    concentration_ng_ml: Annotated[int, msgspec.Meta(ge=0, le=4_000_000_000)]
    evaluation: _Reason = ""  # of the discrepancy, by the operator
    reason: _Reason = ""  # for another concentration without a bridge

    @property
    def difference_nl(self) -> int:
        """Expected minus withdrawn."""
        return self.expected_nl - self.withdrawn_nl


class _File(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    pump_ledger: int
    device: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    refills: list[Refill] = []


@dataclass(frozen=True)
class Ledger:
    """Of one pump.  ``refills`` are oldest first."""

    device_id: str  # 16 hex digits
    refills: tuple[Refill, ...] = ()

    def with_refill(self, refill: Refill) -> "Ledger":
        """The same with one more."""
        return Ledger(self.device_id, (*self.refills, refill)[-KEPT:])

    def delivered_nl(self, expected_nl: int, capacity_nl: int) -> int:
        """What the pump counted since the latest refill; since it was full, where none is known, or where it was
        refilled without this computer."""
        filled_nl = self.refills[-1].filled_nl if self.refills else capacity_nl
        if filled_nl < expected_nl:
            filled_nl = capacity_nl
        return max(0, filled_nl - expected_nl)


def one_line(text: str) -> str:
    """``text`` as it is kept: printable, on one line, at most so long."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:_TEXT]


def path_of(folder: Path, device_id: str) -> Path:
    """The file of the pump ``device_id``; raises UsageError for what isn't an id, and so could be a path."""
    if not _DEVICE.fullmatch(device_id):
        raise UsageError(f'"{device_id[:40]}" is no device id.', "It has 16 hexadecimal digits.")
    return folder / f"{device_id}.yaml"


def load(folder: Path, device_id: str) -> Ledger:
    """The ledger of ``device_id``, an empty one where there is none; raises yamlfile.FileFault."""
    path = path_of(folder, device_id)
    if not path.exists():
        return Ledger(device_id)
    file, marks = yamlfile.load_marked(path, _File)
    if file.pump_ledger != SCHEMA:
        problem = f"schema {file.pump_ledger} is not known."
        remedy = f"This program knows schema {SCHEMA}; use the one that wrote it."
        raise yamlfile.FileFault(str(path), marks.line("pump-ledger"), "pump-ledger", problem, remedy)
    if file.device != device_id:
        problem = f"is of the pump {file.device}."
        raise yamlfile.FileFault(str(path), marks.line("device"), "device", problem, "Move it to that pump's name.")
    moments = [refill.utc_s for refill in file.refills]
    if moments != sorted(moments):
        raise yamlfile.FileFault(
            str(path), marks.line("refills"), "refills", "aren't in the order of time.", "Put the oldest first."
        )
    return Ledger(device_id, tuple(file.refills))


def save(folder: Path, ledger: Ledger) -> None:
    """Whole or not at all.  Raises UsageError where the folder can't be written."""
    atomic.write_text(path_of(folder, ledger.device_id), dumps(ledger), "Check the folder's permissions.")


def dumps(ledger: Ledger) -> str:
    """The file's text: every refill with its moment as a comment, and whole numbers in the units that they name."""
    lines = [f"pump-ledger: {SCHEMA}", f'device: "{ledger.device_id}"', "refills:" if ledger.refills else "refills: []"]
    for refill in ledger.refills:
        moment = datetime.fromtimestamp(refill.utc_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
        mark = "-"
        for name, value in msgspec.to_builtins(refill).items():
            text = msgspec.json.encode(value).decode()  # text quoted as JSON, which YAML reads
            comment = f"  # {moment} UTC" if name == "utc-s" else ""
            lines.append(f"  {mark} {name}: {text}{comment}")
            mark = " "
    return "\n".join(lines) + "\n"
