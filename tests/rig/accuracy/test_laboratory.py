"""What weighings by a laboratory balance are known to."""

import numpy as np
import pytest

from rig.accuracy import budget, laboratory
from rig.accuracy.judging import DAY_US
from rig.balance.uncertainty import Figures

FIGURES = Figures(digit_ug=100.0, repeatability_ug=80.0, drift_ug_c=200.0, wander_ug=0.0)


def test_parts_are_twice_their_standard_uncertainty_in_nl_of_water() -> None:
    parts = dict(laboratory.parts_nl(FIGURES, DAY_US, -1.5))
    assert parts["balance's repeatability"] == pytest.approx(2 * np.sqrt(2) * 80 / 0.998)
    assert parts["balance's readability"] == pytest.approx(2 * np.sqrt(2 / 12) * 100 / 0.998)
    assert parts["balance's drift"] == pytest.approx(2 * 200 * 1.5 / np.sqrt(3) / 0.998)
    assert budget.total(laboratory.parts_nl(FIGURES, DAY_US, 0.0)) < budget.total(tuple(parts.items()))


def test_without_a_blank_its_cup_is_another_one() -> None:
    settings = {"evaporation_nl_day": 2400}
    assert laboratory.evaporated_nl(settings, DAY_US) == (2400, 4800)
    assert laboratory.evaporated_nl(settings, DAY_US // 2, (0.0998, 0.00998)) == pytest.approx((4320, 432))
