"""Taking down what is done at the bench, so that a script can be made of it.  On the engine's thread, free of Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_link.errors import UsageError
from rig.session import Session

if TYPE_CHECKING:  # what takes it down takes a while to import: only when it is wanted
    from programmer_gui.evidence import Evidence
    from rig.qa.taking.taken import Taken, Wrote

ENOUGH = "as much was taken down as can be"


@dataclass(frozen=True)
class TakeDown:
    """From now on; ``held`` is the program that the pump holds, as far as anybody knows."""

    held: "Wrote | None" = None


@dataclass(frozen=True)
class TakeNoMore:
    """Hand over what was taken down, or with ``forget`` drop it."""

    forget: bool = False


@dataclass(frozen=True)
class TakingBegan:
    """It is taken down since then: UTC, by the session's clock."""

    since_us: int


@dataclass(frozen=True)
class TakingEnded:
    """What was taken down; None where it is dropped.  ``why`` it ended, where nobody asked it to."""

    taken: "Taken | None"
    why: str = ""


Told = TakingBegan | TakingEnded


def serve(session: Session, evidence: "Evidence", intent: TakeDown | TakeNoMore, put: Callable[[Told], None]) -> None:
    """Does what ``intent`` says.  Raises UsageError where there is no pump to be worked with."""
    if isinstance(intent, TakeNoMore):
        end(evidence, put, forget=intent.forget)
        return
    device = session.info.device
    if device is None or not session.info.can_control:
        raise UsageError("There is no pump whose use could become a script.", "Connect to one first.")
    from rig.qa.taking.taken import Taken

    since_us = session.clock.utc_us()
    evidence.taken = Taken(since_us, device, session.info.virtual, session.info.target, held=intent.held)
    put(TakingBegan(since_us))


def watch(evidence: "Evidence", put: Callable[[Told], None]) -> None:
    """Ends it by itself before it takes too much room."""
    if evidence.taken is not None and evidence.taken.full:
        end(evidence, put, ENOUGH)


def end(evidence: "Evidence", put: Callable[[Told], None], why: str = "", forget: bool = False) -> None:
    """Hands over what was taken down, if anything is."""
    taken, evidence.taken = evidence.taken, None
    if taken is None:
        return
    taken.end_us = evidence.clock.utc_us()
    put(TakingEnded(None if forget else taken, why))
