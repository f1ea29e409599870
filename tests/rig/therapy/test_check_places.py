"""Where a finding stands: beside the field that the operator would change."""

import pytest

from rig.therapy import limits, modes
from rig.therapy.check import check
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.modes import Bolus, Mode
from tests.rig.therapy.bench import HOUR_MS, program

HELD = Context(held=compile_program(program(), 0, 0), held_concentration_ng_ml=500_000)  # 100 ug/day
BOLUS = Bolus(1000, 600_000)


@pytest.mark.parametrize(
    ("mode", "field"),
    [
        (modes.PeriodicBolus(BOLUS, 6 * HOUR_MS, 10_000), "base"),
        (modes.Prime(("pump",), 2 * 10**9, 10_000), "dose"),
        (modes.OnDemandBolus(10_000, modes.OnDemand(1000, 600_000, 4, 2 * HOUR_MS)), "base"),
        (modes.FlexDay(10_000, (modes.Step(0, HOUR_MS, dose_ng_day=12_000),)), "steps"),
        (modes.Taper(10_000, 0, 5000), "dose"),
    ],
)
def test_a_fall_stands_beside_the_dose_that_the_program_begins_with(mode: Mode, field: str) -> None:
    findings = check(program(mode), limits.standard("bench"), HELD)
    assert [one.field for one in findings if "falls at once" in one.what] == [field]
