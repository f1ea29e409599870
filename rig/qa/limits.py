"""What a measured value is held to, and over which stretch of a run it is measured."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Limits:
    """From ``low`` to ``high``, ends included, None for no limit.

    With ``of`` they are per cent by which the value may differ from what was ``of`` over the same stretch (-5, 5);
    else they are in ``unit``.
    """

    low: float | None = None
    high: float | None = None
    unit: str = ""
    of: Literal["", "commanded", "planned"] = ""


@dataclass(frozen=True)
class Over:
    """Which stretch of a run an expectation is about.

    ``last_ms``: the last so long up to now.  ``since``: from the begin of the step with this label until now.
    ``during``: that step only.  None of them: what the kind of expectation says.
    """

    last_ms: int = 0
    since: str = ""
    during: str = ""


USUAL = Over()  #: the kind of expectation says which stretch
