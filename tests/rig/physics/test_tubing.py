"""The tube against the figures of domain.md, section 5."""

import math

import pytest
from msgspec.structs import replace

from rig.physics.tubing import stroke_nl
from rig.virtual.parameters import load

DRIVE, TUBE = load().drive, load().tube
TUBE_LIFE = 200_000  # compressions, of the bench pump's profile


@pytest.mark.parametrize(
    ("inner_mm", "stroke_ul"), [(0.25, 4.84), (0.51, 19.4), (0.76, 41.7), (1.02, 72.3), (1.52, 148.8)]
)
def test_stroke_volumes_are_the_makers(inner_mm: float, stroke_ul: float) -> None:
    assert replace(TUBE, inner_diameter_mm=inner_mm).stroke_nl / 1e3 == pytest.approx(stroke_ul, abs=0.06)


def test_one_ml_a_day_is_a_revolution_in_28_minutes_and_a_pulse_in_4_66() -> None:
    minutes = stroke_nl(0.51) * 1440 / 1e6
    assert minutes == pytest.approx(27.96, abs=0.04)
    assert minutes / DRIVE.rollers == pytest.approx(4.66, abs=0.01)


@pytest.mark.parametrize("start", [0.0, 17.3, 3199.9, 123_456_789.5])
@pytest.mark.parametrize("revolutions", [1, 2, 1000])
def test_a_whole_revolution_sweeps_its_stroke_wherever_it_begins(start: float, revolutions: int) -> None:
    swept = TUBE.swept_nl(DRIVE, start, start + revolutions * DRIVE.steps_per_revolution)
    assert swept == pytest.approx(revolutions * stroke_nl(0.51), rel=1e-9)


def test_pulsation_is_felt_within_a_roller_and_integrates_finely_to_the_same() -> None:
    roller = DRIVE.steps_per_compression
    parts = [TUBE.swept_nl(DRIVE, i * roller / 500, (i + 1) * roller / 500) for i in range(500)]
    assert math.fsum(parts) == pytest.approx(roller * TUBE.step_nl(DRIVE))
    assert max(parts) / min(parts) > 1.5


@pytest.mark.parametrize("a", [0.01, 0.05])
@pytest.mark.parametrize("n1", [2e4, 2e5])
@pytest.mark.parametrize("b", [0.0, 0.05])
def test_wear_is_run_in_and_then_fatigue(a: float, n1: float, b: float) -> None:
    tube = replace(TUBE, run_in_share=a, run_in_compressions=n1, fatigue_per_million=b)
    assert tube.efficiency(0) == 1
    assert tube.efficiency(n1) == pytest.approx(1 - a * (1 - math.exp(-1)) - b * n1 / 1e6)
    assert tube.efficiency(2e6) == pytest.approx(1 - a - 2 * b, abs=a * math.exp(-10))


def test_a_tube_of_the_bench_stays_within_5_percent_for_its_life_and_moves_nothing_in_the_end() -> None:
    shares = [TUBE.efficiency(n) for n in range(0, TUBE_LIFE + 1, 1000)]
    assert 0.95 < min(shares) < 0.98
    assert shares == sorted(shares, reverse=True)
    assert TUBE.efficiency(1e8) == 0


@pytest.mark.parametrize(("celsius", "share"), [(12, 0.97), (21, 0.997), (22, 1.0), (37, 1.0)])
def test_cold_takes_three_permille_a_degree_below_22(celsius: float, share: float) -> None:
    assert TUBE.warmth(celsius) == pytest.approx(share)
