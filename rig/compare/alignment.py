"""Which moments of two runs are put on top of each other."""

import re
from dataclasses import dataclass
from typing import Literal

from firmware_link.errors import UsageError

_EVENT = re.compile(r"event:([a-z_]{1,40})(?::([1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class Alignment:
    """By the first sample, by the ``nth`` event of a ``kind``, or by the time of the calendar."""

    how: Literal["start", "event", "clock"] = "start"
    kind: str = ""
    nth: int = 1  # from 1

    def __str__(self) -> str:
        if self.how != "event":
            return self.how
        return f"event:{self.kind}" + (f":{self.nth}" if self.nth > 1 else "")

    def words(self) -> str:
        """ "by their start"."""
        if self.how == "start":
            return "by their start"
        if self.how == "clock":
            return "by the clock"
        kind = self.kind.replace("_", " ")
        return f'by event "{kind}"' + (f" no. {self.nth}" if self.nth > 1 else "")


def parse_alignment(text: str) -> Alignment:
    """ "start", "clock", "event:occlusion" (the first) or "event:occlusion:2"; raises UsageError for anything else."""
    if text == "start":
        return Alignment("start")
    if text == "clock":
        return Alignment("clock")
    match = _EVENT.fullmatch(text)
    if match is None:
        raise UsageError(
            f'"{text[:40]}" says not how to align.',
            "Say start, clock, event:started, or event:started:2 for the second.",
        )
    return Alignment("event", match[1], int(match[2] or 1))
