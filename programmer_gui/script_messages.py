"""What the window and the engine say to each other about test scripts.  Frozen, and free of Qt."""

from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import PumpError
from rig.qa.script import Script
from rig.qa.told import StepEvent


@dataclass(frozen=True)
class RunScript:
    """Carry out this case: on the pump that is connected, or on ``target``, which is opened for it and let go of after
    it.  It is recorded into a file of its own."""

    script: Script
    target: str = ""


@dataclass(frozen=True)
class CancelScript:
    """End it, with its cleanup."""


@dataclass(frozen=True)
class AnswerScript:
    """What the operator answers."""

    text: str


@dataclass(frozen=True)
class ScriptTold:
    """What the runner tells."""

    event: StepEvent


@dataclass(frozen=True)
class ScriptRefused:
    """The case was never begun, or broke off without an end."""

    script: Script
    error: PumpError


@dataclass(frozen=True)
class CaseKept:
    """A case has begun in this recording (None for none), or is ``over`` in it."""

    digest: str
    path: Path | None
    started_us: int  # session time, UTC, of the recording's begin
    over: bool


OfScripts = RunScript | CancelScript | AnswerScript
AboutScripts = ScriptTold | ScriptRefused | CaseKept
