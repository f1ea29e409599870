"""How a laboratory balance does, for whoever shows it."""

from dataclasses import dataclass
from typing import Literal

#: What can be wrong with a balance, in a "host_balance_trouble" event by its index; and how that is said.
TROUBLES = {
    "gone": "it can't be reached",
    "silent": "it doesn't answer",
    "garbled": "what it says makes no sense",
    "busy": "it is busy, or doesn't settle",
    "overload": "too much is on it",
    "underload": "its pan is missing",
    "unit": "it shows another unit than grams",
    "fault": "it reports a fault",
}


@dataclass(frozen=True)
class BalanceState:
    """How a laboratory balance does."""

    address: str
    link: Literal["connecting", "online", "lost"] = "connecting"
    trouble: str = ""  # of TROUBLES; "": none
    why: str = ""  # the trouble as a sentence, with what to do
    model: str = ""
    serial_number: str = ""
    mass_ug: int | None = None  # shown last
    stable: bool = False
    digit_ug: int = 0  # the last digit of what it shows; 0: not known
    taring: bool = False

    @property
    def identity(self) -> str:
        """What a recording calls it: "ME204, 1234567, through /dev/ttyUSB1"."""
        said = ", ".join(part for part in (self.model, self.serial_number) if part)
        return f"{said or 'unknown'}, through {self.address}"
