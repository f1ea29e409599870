"""What a pump's refills say together: does it deliver what it counts?  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from rig.therapy import units

_FEWEST = 2


class Judged(Protocol):
    """A refill: expected minus withdrawn, and what the pump counted since the one before, both in nl."""

    @property
    def difference_nl(self) -> int: ...

    @property
    def delivered_nl(self) -> int: ...


@dataclass(frozen=True)
class Trend:
    """Sums over ``refills`` of them, those before which nothing was delivered left out.

    ``permille`` is the mean discrepancy of what was delivered, positive where the pump delivers more than it counts;
    None for fewer than two.
    """

    refills: int
    difference_nl: int
    delivered_nl: int
    permille: float | None
    sentence: str


def trend(refills: Iterable[Judged]) -> Trend:
    """What the discrepancies of ``refills`` come to."""
    counted = [refill for refill in refills if refill.delivered_nl > 0]
    difference_nl = sum(refill.difference_nl for refill in counted)
    delivered_nl = sum(refill.delivered_nl for refill in counted)
    if len(counted) < _FEWEST:
        few = f"Too few refills for a trend: {len(counted)}."
        return Trend(len(counted), difference_nl, delivered_nl, None, few)
    permille = 1000 * difference_nl / delivered_nl
    over = f"over {len(counted)} refills, {units.volume_text(abs(difference_nl))} of {units.volume_text(delivered_nl)}"
    if round(permille) == 0:
        sentence = f"It delivers what it counts, to 0.1 %, {over}."
    else:
        sentence = (
            f"It delivers {abs(permille) / 10:.1f} % {'more' if permille > 0 else 'less'} than it counts, {over}."
        )
    return Trend(len(counted), difference_nl, delivered_nl, permille, sentence)
