"""A dose program as people set it: what is in the reservoir, what it is for, and one of the modes.

Values are whole base units (ng, ng/day, ng/mL, pl, ms, um); ``units`` reads and shows them.
"""

from dataclasses import dataclass

from rig.therapy.modes import Mode
from rig.therapy.profiles import Catheter, Pump


@dataclass(frozen=True)
class Program:
    """Everything that can be programmed.  ``compile`` turns it into what the pump holds."""

    name: str
    drug: str
    concentration_ng_ml: int
    mode: Mode
    pump: Pump
    catheter: Catheter
    trimmed_um: int = 0  # cut off the catheter
    limits: str = "bench"  # key of a limit set
    device: str = ""  # 16 hex digits of the only pump it is for; "" for any
    time_zone: str = ""  # IANA name or "+01:00"; "" for this computer's

    @property
    def dead_volume_pl(self) -> int:
        """From the reservoir's outlet to the catheter's tip."""
        return self.pump.path_nl * 1000 + self.catheter.dead_volume_pl(self.trimmed_um)


def volume_pl(dose_ng: int, concentration_ng_ml: int) -> int:
    """The volume that carries ``dose_ng``, to the nearest picolitre; 0 at no concentration, where there is none."""
    if concentration_ng_ml <= 0:
        return 0
    return (2 * dose_ng * 1_000_000_000 + concentration_ng_ml) // (2 * concentration_ng_ml)


def dose_ng(volume_pl_: int, concentration_ng_ml: int) -> int:
    """The dose in ``volume_pl_``, to the nearest nanogram: ``volume_pl`` the other way round."""
    return (2 * volume_pl_ * concentration_ng_ml + 1_000_000_000) // 2_000_000_000
