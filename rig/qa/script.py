"""What a test script says, read: every step a frozen dataclass, every quantity a number in the unit of its name.

Limits and what is measured are in the unit that people read (``Limits``); the rest in the base units of its suffix.
A script with a table is several cases; parameters are filled in, includes and repetitions put in place.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rig.places import SCRIPT_SUFFIX
from rig.qa.deeds import Ask, Deed, Waiting
from rig.qa.expectations import Expectation

Fails = Literal["stop", "go on"]
Body = Deed | Waiting | Expectation | Ask


@dataclass(frozen=True)
class Step:
    """One step, and where it is written."""

    number: str  # "3", or "3.2" of what an include or a repetition put there
    title: str  # what people read; made of the body where the script gives none
    body: Body
    label: str = ""  # as others call it in ``over``
    file: str = ""
    line: int = 0
    on_fail: Fails | None = None  # None: as the script says
    refused: str = ""  # of a deed: the pump is to refuse it, with this of vocabulary.ERRORS


@dataclass(frozen=True)
class Needs:
    """What must be there before a case starts; "" and empty: whatever."""

    device: str = ""  # 16 hex digits
    firmware: str = ""  # at least, "0.3.0"
    capabilities: tuple[str, ...] = ()  # vocabulary.CAPABILITIES
    virtual: bool = False  # faults that nobody can make by hand
    rig: str = ""  # of a virtual one: the rig's name, as in sim:?rig=
    laboratory_balance: bool = False
    settings: tuple[tuple[str, int, int], ...] = ()  # (setting, lowest, highest)


@dataclass(frozen=True)
class Script:
    """One case of a script: what a runner carries out."""

    path: Path
    name: str
    case: str  # "" or "rate 24 mL/day, limit 15 min": the row of the table
    about: str
    tags: tuple[str, ...]
    duration_ms: int  # expected, of pump time
    interval_ms: int  # of telemetry
    needs: Needs
    on_fail: Fails
    steps: tuple[Step, ...]
    cleanup: tuple[Step, ...]
    text: str  # the file, as it was read
    digest: str  # SHA-256 of the file and all that it includes, and of the case
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """What its file is called, "occlusion"."""
        return self.path.name.removesuffix(SCRIPT_SUFFIX)

    @property
    def title(self) -> str:
        """ "Occlusion and release [rate 24 mL/day]"."""
        return f"{self.name} [{self.case}]" if self.case else self.name
