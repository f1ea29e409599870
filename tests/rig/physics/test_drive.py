import math

import pytest

from rig.physics.drive import Drive, stroke_nl


@pytest.mark.parametrize(
    ("inner_mm", "stroke_ul"), [(0.25, 4.84), (0.51, 19.4), (0.76, 41.7), (1.02, 72.3), (1.52, 148.8)]
)
def test_stroke_volumes_are_the_makers(inner_mm: float, stroke_ul: float) -> None:
    assert stroke_nl(inner_mm) / 1e3 == pytest.approx(stroke_ul, abs=0.06)


def test_one_ml_a_day_is_a_revolution_in_28_minutes() -> None:
    minutes = stroke_nl(0.51) * 1440 / 1e6
    assert minutes == pytest.approx(27.96, abs=0.04)
    assert minutes / Drive().rollers == pytest.approx(4.66, abs=0.01)


@pytest.mark.parametrize("start", [0.0, 17.3, 3199.9, 123_456_789.5])
@pytest.mark.parametrize("revolutions", [1, 2, 1000])
def test_a_whole_revolution_sweeps_its_stroke_wherever_it_begins(start: float, revolutions: int) -> None:
    drive = Drive()
    swept = drive.swept_nl(start, start + revolutions * drive.steps_per_revolution)
    assert swept == pytest.approx(revolutions * stroke_nl(0.51), rel=1e-9)


def test_pulsation_is_felt_within_a_roller_and_integrates_finely_to_the_same() -> None:
    drive = Drive()
    roller = drive.steps_per_revolution / drive.rollers
    parts = [drive.swept_nl(i * roller / 500, (i + 1) * roller / 500) for i in range(500)]
    assert math.fsum(parts) == pytest.approx(roller * drive.step_nl)
    assert max(parts) / min(parts) > 1.5
