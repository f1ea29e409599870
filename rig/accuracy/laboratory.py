"""What a laboratory balance's weighings are known to, and what evaporates from the cup on it."""

from collections.abc import Mapping

from rig.accuracy import judging
from rig.accuracy.budget import Budget
from rig.accuracy.method import DENSITY_G_ML
from rig.balance.uncertainty import Figures, parts_of_difference

EXPANDED = 2.0  # standard uncertainties, for about 95 %
ANOTHER_CUP = 2.0  # times what evaporates by the pump's setting, which is about the cup on its own balance
APART = 3.0  # intervals between readings, beyond which some are missing


def parts_nl(figures: Figures, span_us: int, warmer_c: float) -> Budget:
    """What the balance may be off, as its own readings tell, on what came in ``span_us``, over which it became so much
    warmer."""
    parts = parts_of_difference(figures, span_us / 1e6, abs(warmer_c))
    return tuple((f"balance's {name}", EXPANDED * ug / DENSITY_G_ML) for name, ug in parts)


def evaporated_nl(
    settings: Mapping[str, int], span_us: int, blank_ug_s: tuple[float, float] | None = None
) -> tuple[float, float]:
    """(what has left the cup in ``span_us``, known to ±): by a blank; without one its cup is taken for one like that
    which the pump's setting is about, which may be wrong by twice of it."""
    if blank_ug_s is not None:
        nl, off_nl = (one / DENSITY_G_ML * span_us / 1e6 for one in blank_ug_s)
        return nl, off_nl
    nl = judging.evaporated_nl(settings, span_us)
    return nl, ANOTHER_CUP * nl
