"""An update of the pump's program: its stages, how far it got, and where an interrupted one left the pump."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from rig.firmware.program import Program

Ensure = Literal["running", "stopped"]
RUNNING: Ensure = "running"
STOPPED: Ensure = "stopped"
ACTING = ("running", "bolus")  # of vocabulary.STATES: the program is being delivered

INTERROGATE, STAGE, COMPARE, COMMIT, CONFIRM, PROVE, DONE = STAGES = (
    "interrogate",
    "stage",
    "compare",
    "commit",
    "confirm",
    "prove",
    "done",
)
STAGE_WORDS = {
    INTERROGATE: "Asking what the pump holds",
    STAGE: "Transferring the program",
    COMPARE: "Reading back and comparing",
    COMMIT: "Putting it in force",
    CONFIRM: "Reading back what is in force",
    PROVE: "Proving what the pump does",
    DONE: "Written and proven",
}


@dataclass(frozen=True)
class Found:
    """What an interrogation found."""

    digest: int  # of the program in force, 0 for none
    state: str  # vocabulary.STATES
    alarms: int
    commanded_pl: int
    reservoir_nl: int
    settings: dict[str, int]  # vocabulary.SETTINGS by name
    program: Program | None


@dataclass(frozen=True)
class Update:
    """An update under way: what it is to come to, and how far it is."""

    digest: int  # of the new program
    ensure: Ensure
    stage: str = INTERROGATE  # of STAGES
    found: Found | None = None  # what the pump held and did before; None until it has said so

    def at(self, stage: str, found: Found | None = None) -> "Update":
        """The same, at ``stage``, and with what was ``found`` in it."""
        return replace(self, stage=stage, found=found or self.found)


Tell = Callable[[Update], None]


def ignore(update: Update) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Proof:
    """What was proven: the digest of what was sent, read back twice and found in force, and what the pump does."""

    digest: int
    segments: int
    state: str  # vocabulary.STATES
    t_us: int  # device time of the proof
    digest_before: int  # of the program that was in force, 0 for none
    ensured: Ensure


@dataclass(frozen=True)
class Standing:
    """Where an interrupted update left the pump, as the pump itself says."""

    order: Update
    digest: int  # in force now, 0 for none
    state: str  # vocabulary.STATES
    alarms: int
    staged: bool  # the whole new program waits in the pump, not in force

    @property
    def holds(self) -> str:
        """Which program is in force: "new", "old", "other" than both, or "none"."""
        if self.digest == self.order.digest:
            return "new"
        if self.digest == 0:
            return "none"
        found = self.order.found
        return "old" if found is None or self.digest == found.digest else "other"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to prove: it does what it was to do, or what it did before."""
        if self.holds == "new":
            return self.state in ACTING if self.order.ensure == RUNNING else self.state == STOPPED
        if self.state in ACTING:
            return self.holds == "old"
        found = self.order.found
        return self.state == STOPPED and (found is None or found.state == STOPPED)

    @property
    def what(self) -> str:
        """In a sentence."""
        holding = {
            "new": "The new program is in force",
            "old": "The new program is not in force: the pump holds the one it had",
            "other": "The pump holds another program than the one before and the new one",
            "none": "The pump holds no program",
        }[self.holds]
        doing = {
            "running": "and the pump runs",
            "bolus": "and the pump runs (a bolus)",
            "stopped": "and the pump is stopped" if self.settled else "but the pump is stopped",
            "minimum_rate": "but the pump is at its minimum rate, since it was reset",
        }.get(self.state, f"and the pump is at “{self.state}”")
        return f"{holding}, {doing}."

    @property
    def remedy(self) -> str:
        """What to do."""
        if self.holds != "new":
            return "Write the program again."
        return "" if self.settled else "Start it and prove that it runs, or stop it."
