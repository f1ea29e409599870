"""What a balance says and is told, whatever its maker's words for it.  No input or output happens here."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from rig.balancestate import TROUBLES

LINE_MAX = 128  #: bytes; makers' lines have at most some forty
#: Unit as balances show it -> micrograms.
MASS_UNITS = {"kg": 1_000_000_000, "g": 1_000_000, "mg": 1000, "ug": 1, "µg": 1, "mcg": 1}
_MOST_UG = 10**14  # 100 kg; the rest is nonsense
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{0,7})?")


@dataclass(frozen=True)
class Reading:
    """What it shows."""

    mass_ug: int
    digit_ug: int  # its last digit
    stable: bool


@dataclass(frozen=True)
class Identity:
    """Who it is; "" for what this answer doesn't say."""

    model: str = ""
    serial_number: str = ""


@dataclass(frozen=True)
class Tared:
    """It shows zero now."""


@dataclass(frozen=True)
class Trouble:
    """It didn't do what it was told.  ``kind`` is of weighing.TROUBLES; ``of_tare``: it was told to tare."""

    kind: str
    detail: str = ""  # in its own words
    of_tare: bool = False

    def __post_init__(self) -> None:
        assert self.kind in TROUBLES


Said = Reading | Identity | Tared | Trouble


class Language(Protocol):
    """One maker's protocol, from the computer's side.  One command is under way at a time: the next follows what was
    said to the last, or its time-out."""

    name: str  # in an address: "mt-sics"
    greetings: tuple[bytes, ...]  # commands that ask who it is, each answered by an ``Identity``, or not at all
    ask: bytes  # makes it say what it shows, at once, whether stable or not
    tare: bytes  # makes it show zero as soon as it is stable
    tare_s: float  # so long an answer to that may take; 0: it has none

    def sent(self, command: bytes) -> None:
        """One of these is on its way."""

    def receive(self, data: bytes) -> list[Said]:
        """What it said, from bytes as they come."""

    def restart(self) -> None:
        """The line was cut: what was begun is forgotten."""


class Lines:
    """Lines out of bytes, bounded; one that is too long is damaged, and comes as ""."""

    def __init__(self) -> None:
        self._begun = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[str]:
        """The lines that ended, without control characters; empty ones, between CR and LF, are left out."""
        lines = []
        for piece in re.split(rb"(?<=[\r\n])", data):
            if piece[-1:] in (b"\r", b"\n"):
                line = self._begun + piece[:-1]
                if self._skipping or len(line) > LINE_MAX:
                    lines.append("")
                elif line:
                    lines.append("".join(c for c in line.decode("latin-1") if c.isprintable()))
                self._begun, self._skipping = b"", False
            else:
                self._begun += piece
                if len(self._begun) > LINE_MAX:
                    self._begun, self._skipping = b"", True
        return lines

    def clear(self) -> None:
        """Forgets what was begun."""
        self._begun, self._skipping = b"", False


def reading(number: str, unit: str, stable: bool) -> Reading | Trouble:
    """What "12.3456" and "g" are.  Digits in brackets count: they only aren't verified for trade."""
    plain = number.replace(" ", "").replace("[", "").replace("]", "")
    if not _NUMBER.fullmatch(plain):
        return Trouble("garbled", number)
    unit_ug = MASS_UNITS.get(unit)
    if unit_ug is None:
        return Trouble("unit", unit)
    mass_ug = Decimal(plain) * unit_ug
    decimals = len(plain.partition(".")[2])
    digit_ug = Decimal(unit_ug).scaleb(-decimals)
    if abs(mass_ug) > _MOST_UG:
        return Trouble("garbled", number)
    return Reading(round(mass_ug), max(1, round(digit_ug)), stable)
