"""What a laboratory balance of its own shows, beside the pump's samples, on this computer's clock."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rig.balancestate import TROUBLES as TROUBLES
from rig.balancestate import BalanceState as BalanceState

#: One reading: when it came (UTC), what it showed, and whether the balance called it stable.
WEIGHING_DTYPE = np.dtype([("host_us", "i8"), ("mass_ug", "i8"), ("stable", "u1")])


def no_weighings() -> NDArray[np.void]:
    """(0,) of ``WEIGHING_DTYPE``."""
    return np.empty(0, WEIGHING_DTYPE)


def weighings(rows: list[tuple[int, int, bool]]) -> NDArray[np.void]:
    """(n,) of (host_us, mass_ug, stable)."""
    made: NDArray[Any] = np.array(rows, WEIGHING_DTYPE)
    return made
