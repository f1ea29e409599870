from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rig.therapy import modes, program
from rig.therapy.program import Program
from tests.rig.therapy.programs import PROFILES

USUAL = Program(
    "usual",
    "baclofen",
    500_000,
    modes.MinimumRate(),
    PROFILES.pumps["bench-20ml"],
    PROFILES.catheters["intrathecal-110cm"],
)


@given(st.integers(1, 10**9), st.integers(1, 10**8))
def test_volume_and_dose_convert_both_ways_within_rounding(ng: int, ng_ml: int) -> None:
    back = program.dose_ng(program.volume_pl(ng, ng_ml), ng_ml)
    assert abs(back - ng) <= ng_ml / 2e9 + 1


def test_a_hundred_micrograms_at_500_are_a_fifth_of_a_millilitre() -> None:
    assert program.volume_pl(100_000, 500_000) == 200_000_000
    assert program.dose_ng(200_000_000, 500_000) == 100_000
    assert program.volume_pl(100_000, 0) == 0


def test_dead_volume_is_that_of_the_reference() -> None:
    """Pump path and 110 cm of catheter less 21: 0.4314 mL (domain.md, section 2)."""
    assert replace(USUAL, trimmed_um=210_000).dead_volume_pl == 431_400_000
    assert USUAL.dead_volume_pl == 486_000_000
    assert replace(USUAL, trimmed_um=1_100_000).dead_volume_pl == USUAL.pump.path_nl * 1000
