"""What truly happens on a virtual rig, which no sensor shows and no pump knows: ground truth for tests and reports.

A rig notes one row each time its pump senses, so that a row of truth and a sample of the same moment have the same
``boot`` and ``t_us``; and one ``Strike`` for each fault that begins or ends.  Real pumps have neither.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from firmware_link.telemetry import Channel


class Truth(NamedTuple):
    """What really is at one moment.  Volumes and masses are since the rig was made."""

    t_us: int  # the rig's own time, since it was made
    device_us: int  # the pump's microseconds of this boot, by its own clock
    rotor_steps: int
    turning: bool
    pumped_nl: float  # drawn from the reservoir
    delivered_nl: float  # into the cup
    leaked_nl: float  # out of the system anywhere else
    drug_ng: float  # delivered at the tip
    concentration_ng_ml: float  # of what leaves the tip now
    flow_nl_s: float  # into the cup, now
    pressure_pa: float
    reservoir_nl: float
    charge: float  # 0 to 1
    battery_v: float
    compressions: float  # of each place of the tube
    efficiency: float  # what the tube still moves of what a new one does; 1 = new
    temperature_c: float
    tones: int  # sounded
    sounding: int  # the priority whose tone comes again and again; 0 for silence


_KINDS = {int: "i8", float: "f8", bool: "u1"}

#: A row of truth: when it was, by the pump and in truth, and then the fields of ``Truth``.
TRUTH_DTYPE = np.dtype(
    [
        ("boot", "u4"),  # as a sample's
        ("t_us", "i8"),  # as a sample's: ``Truth.device_us``
        ("true_us", "i8"),  # UTC
    ]
    + [(name, _KINDS[kind]) for name, kind in list(Truth.__annotations__.items())[2:]]
)

#: The quantities of a row that people look at; ``display = raw * scale`` in ``unit``.
TRUTHS = (
    Channel("delivered_nl", "Delivered", "µL", 1e-3),
    Channel("pumped_nl", "Drawn from the reservoir", "µL", 1e-3),
    Channel("leaked_nl", "Leaked", "µL", 1e-3),
    Channel("drug_ng", "Drug delivered", "µg", 1e-3),
    Channel("concentration_ng_ml", "Concentration at the tip", "µg/mL", 1e-3),
    Channel("flow_nl_s", "Flow", "mL/day", 86_400 * 1e-6),
    Channel("pressure_pa", "Pressure", "kPa", 1e-3),
    Channel("reservoir_nl", "Reservoir", "mL", 1e-6),
    Channel("charge", "Battery charge", "%", 100.0),
    Channel("battery_v", "Battery voltage", "V", 1.0),
    Channel("compressions", "Compressions of the tube", "", 1.0),
    Channel("efficiency", "Tube, of a new one's flow", "%", 100.0),
    Channel("temperature_c", "Temperature", "°C", 1.0),
)


@dataclass(frozen=True)
class Strike:
    """A fault began or ended, by whoever injected it."""

    host_us: int  # UTC by the session's clock
    what: str  # ``fault_kinds`` by name
    begins: bool
    amount: float | None  # in the unit of its kind; None where it has none, or ends


def no_truth() -> NDArray[np.void]:
    """(0,) of ``TRUTH_DTYPE``."""
    return np.empty(0, TRUTH_DTYPE)


class TruthLog:
    """What a rig has noted and nobody has taken yet; where nobody does, the oldest is forgotten.

    Cheap, since it is called each time a pump senses.  Boots are counted from 1; a session knows what its pump calls
    them.
    """

    ROWS_MAX = 16_384  # 27 minutes at 10 Hz
    STRIKES_MAX = 4096

    def __init__(self, start_utc_us: int) -> None:
        """The rig's time 0 is ``start_utc_us``, UTC."""
        self._start_us = start_utc_us
        self._boot = 0
        self._rows: deque[tuple[int, Truth]] = deque(maxlen=self.ROWS_MAX)
        self._strikes: deque[Strike] = deque(maxlen=self.STRIKES_MAX)

    def booted(self) -> None:
        """What is noted from now on is of the pump's next boot."""
        self._boot += 1

    def note(self, truth: Truth) -> None:
        """The pump senses, and this is so; what is noted twice for one moment is kept once."""
        rows = self._rows
        if rows and rows[-1][1].device_us == truth.device_us and rows[-1][0] == self._boot:
            rows.pop()
        rows.append((self._boot, truth))

    def strike(self, at_us: int, what: str, begins: bool, amount: float | None = None) -> None:
        """A fault begins or ends at ``at_us``, the rig's time."""
        self._strikes.append(Strike(self._start_us + at_us, what, begins, amount))

    def take_truth(self) -> NDArray[np.void]:
        """(n,) TRUTH_DTYPE: what was noted since the last time, oldest first."""
        if not self._rows:
            return no_truth()
        start_us = self._start_us
        rows = [(boot, row.device_us, start_us + row.t_us, *row[2:]) for boot, row in self._rows]
        self._rows.clear()
        return np.array(rows, TRUTH_DTYPE)

    def take_strikes(self) -> tuple[Strike, ...]:
        """What began or ended since the last time, in order."""
        strikes = tuple(self._strikes)
        self._strikes.clear()
        return strikes
