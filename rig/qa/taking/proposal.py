"""One expectation that a recorded session proposes, to accept, edit or leave out."""

import math
from dataclasses import dataclass, replace

from firmware_link.errors import UsageError
from rig.measured import Measurement
from rig.qa.expectations import ExpectEvent, ExpectField, ExpectNoEvent, ExpectVolume
from rig.qa.limits import Limits

Proposable = ExpectVolume | ExpectEvent | ExpectNoEvent | ExpectField


@dataclass(frozen=True)
class Proposal:
    """An expectation behind the step ``after`` (of a ``Draft``, counted from 0), and what the session measured."""

    after: int
    body: Proposable
    measured: tuple[Measurement, ...]
    keep: bool  # whether it is accepted
    doubt: str = ""  # why it isn't, where it wasn't from the first

    @property
    def limits(self) -> Limits | None:
        """What can be edited, in the unit that people read; None where nothing can."""
        body = self.body
        if isinstance(body, ExpectEvent):
            return Limits(body.after_ms / 1000, body.within_ms / 1000, "s")
        if isinstance(body, ExpectNoEvent) or (isinstance(body, ExpectField) and body.word):
            return None
        return body.limits

    def accepted(self, keep: bool) -> "Proposal":
        """Accepted, or left out."""
        return replace(self, keep=keep)

    def edited(self, low: float | None, high: float | None) -> "Proposal":
        """With other limits; raises UsageError for impossible ones."""
        if low is None and high is None:
            raise UsageError("An expectation without limits expects nothing.", "Give one, or leave it out.")
        if any(value is not None and not math.isfinite(value) for value in (low, high)):
            raise UsageError("That is no limit.", "Give a number.")
        if low is not None and high is not None and low > high:
            raise UsageError(f"At least {low:g} is more than at most {high:g}.", "Exchange them.")
        return replace(self, body=self._limited(low, high), keep=True, doubt="")

    def _limited(self, low: float | None, high: float | None) -> Proposable:
        body = self.body
        if isinstance(body, ExpectEvent):
            if high is None or high <= 0 or (low or 0) < 0:
                raise UsageError("An event has a time by which it is to come.", "Give more than 0 s.")
            return replace(body, after_ms=round((low or 0) * 1000), within_ms=round(high * 1000))
        if isinstance(body, ExpectNoEvent):
            raise UsageError("This has no limits.", "Accept it, or leave it out.")
        if body.limits.of and (low is None or high is None):
            raise UsageError("Of a share both ends are needed.", "Give at least and at most, in per cent.")
        if low == high:
            raise UsageError("A measured value is never exactly so.", "Leave some room.")
        return replace(body, limits=replace(body.limits, low=low, high=high))
