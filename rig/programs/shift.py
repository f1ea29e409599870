"""A pump keeps a fixed offset from UTC: what is to be done where the clocks have moved since.  Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from rig.firmware.program import Program
from rig.programs.receipt import offset_text
from rig.therapy.units import duration_text


@dataclass(frozen=True)
class Moved:
    """The clocks where a program is at home are no longer where it believes them."""

    before_min: int  # east of UTC, as the pump has it
    now_min: int

    @property
    def sentence(self) -> str:
        """What that means, for people."""
        apart = duration_text(abs(self.now_min - self.before_min) * 60_000)
        late = "later" if self.now_min > self.before_min else "earlier"
        return (
            f"The clocks have changed: the pump's program goes by {offset_text(self.before_min)}, and it is "
            f"{offset_text(self.now_min)} now. Its times of day come {apart} {late} than they were meant."
        )


def moved(held: Program, offset_at: Callable[[int], int], utc_s: int) -> Moved | None:
    """Whether ``held`` goes by another offset than is in force at ``utc_s``; None where it makes no difference.

    An even flow, and a program without a cycle, is the same at any offset.
    """
    now_min = offset_at(utc_s)
    if now_min == held.utc_offset_min or len(held.cycle) < 2:
        return None
    return Moved(held.utc_offset_min, now_min)


def shifted(held: Program, utc_offset_min: int) -> Program:
    """``held`` at the same local times by ``utc_offset_min``: for a program that nobody has the file of any more.

    Its prelude was given when it was written, so only the cycle goes on; a program without one stays as it is.
    """
    prelude = () if held.cycle else held.prelude
    anchor_utc_s = held.anchor_utc_s - (utc_offset_min - held.utc_offset_min) * 60
    return Program(anchor_utc_s, utc_offset_min, prelude, held.cycle, held.demand, held.reminder_min)
