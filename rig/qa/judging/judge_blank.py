"""What a stretch without any flow shows of evaporation."""

import numpy as np

from rig.accuracy import blank, budget
from rig.accuracy.method import DENSITY_G_ML
from rig.qa.judging import judge_volumes as reading
from rig.qa.judging.material import Evaporation, Material
from rig.qa.told import Stretch


def blank_ug_s(material: Material, stretch: Stretch) -> Evaporation | None:
    """For ``Material.blank_ug_s``; what the pump commanded meanwhile is taken off.  None where no balance was read
    often enough."""
    volumes = reading.of_stretch(material, stretch)
    if volumes.span_us <= 0:
        return None
    at_us = volumes.read_at_us()
    at_us = at_us[(at_us >= volumes.start_us) & (at_us <= volumes.end_us)]
    ug = (volumes.read_nl(at_us) - volumes.commanded_at(at_us)) * DENSITY_G_ML
    celsius = volumes.celsius_at(np.array([volumes.start_us, volumes.end_us]))
    off_nl = budget.total(volumes.balance(volumes.span_us, float(celsius[1] - celsius[0])))
    found = blank.evaporation((at_us - volumes.start_us) / 1e6, ug, off_nl * DENSITY_G_ML)
    return None if found is None else Evaporation(*found, volumes.by)
