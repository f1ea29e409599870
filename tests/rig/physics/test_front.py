"""The fronts that the plant tracks, against the arrays that the planning uses, and against real tanks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.physics.front import Fronts, outlet_fraction, outlet_now, outlet_volume, passed_volume
from rig.virtual.parameters import load

DEAD_NL = 486_000.0


def test_the_benchs_dead_volume_is_its_path_and_its_catheter() -> None:
    assert load().catheter.dead_volume_nl == pytest.approx(DEAD_NL)  # 0.2 mL + 110 cm at 0.0026 mL/cm


@pytest.mark.parametrize("tanks", [1, 5, 50, 200])
def test_one_volume_gives_what_the_arrays_do(tanks: int) -> None:
    volumes = np.concatenate([[0.0, 1.0], np.linspace(0, 1.2 * passed_volume(DEAD_NL, tanks), 400)])
    pairs = np.array([outlet_now(float(volume), DEAD_NL, tanks) for volume in volumes])
    assert pairs[:, 0] == pytest.approx(outlet_fraction(volumes, DEAD_NL, tanks), abs=1e-11)
    assert pairs[:, 1] == pytest.approx(outlet_volume(volumes, DEAD_NL, tanks), abs=1e-9 * DEAD_NL)
    assert outlet_now(-1.0, DEAD_NL, tanks) == (0.0, 0.0)


@pytest.mark.parametrize("tanks", [5, 50])
def test_fronts_behind_each_other_are_what_a_chain_of_tanks_does(tanks: int) -> None:
    """Each tank stepped by itself, in steps so fine that they matter in the third digit only."""
    fronts = Fronts(DEAD_NL, tanks, 500_000.0)
    chain = np.full(tanks, 500_000.0)
    step_nl, drug = DEAD_NL / tanks / 50, 0.0
    fed = {0: 2_000_000.0, 20 * tanks: 0.0, 70 * tanks: 1_000_000.0}
    head = 500_000.0
    for i in range(200 * tanks):
        if i in fed:
            head = fed[i]
            fronts.feed(head, i * step_nl)
        before = np.concatenate([[head], chain[:-1]])
        drug += chain[-1] * step_nl
        chain = chain + (before - chain) * (step_nl * tanks / DEAD_NL)
        fronts.settle((i + 1) * step_nl)
        if i % (10 * tanks) == 0:
            concentration, dose = fronts.at((i + 1) * step_nl)
            assert concentration == pytest.approx(chain[-1], abs=0.025 * 1_500_000)
            assert dose == pytest.approx(drug * 1e-6, rel=0.01, abs=0.005 * DEAD_NL)


def test_a_front_that_has_passed_leaves_an_exact_account() -> None:
    fronts = Fronts(DEAD_NL, 50, 0.0)
    fronts.feed(500_000.0, 1000.0)
    far = 1000.0 + passed_volume(DEAD_NL, 50)
    before = fronts.at(far)
    fronts.settle(far)
    assert fronts.at(far) == pytest.approx(before, rel=1e-12)
    assert fronts.at(far + 5e6) == pytest.approx((500_000.0, before[1] + 5e6 * 0.5))
    assert before[1] == pytest.approx((passed_volume(DEAD_NL, 50) - DEAD_NL) * 0.5)


def test_what_enters_at_prime_speed_mixes_more_and_what_follows_mixes_alike() -> None:
    catheter = load().catheter
    assert [catheter.tanks_at(ml_day * 1e6 / 86_400) for ml_day in (0.048, 23.9, 24.1, 1000)] == [50, 50, 5, 5]
    fronts = Fronts(DEAD_NL, 50, 500_000.0)
    fronts.feed(2_000_000.0, 0.0)
    fronts.enter(5)
    fronts.feed(0.0, DEAD_NL / 20)
    fronts.enter(50)  # too late for both
    first, second = outlet_now(DEAD_NL, DEAD_NL, 5), outlet_now(0.95 * DEAD_NL, DEAD_NL, 5)
    assert fronts.at(DEAD_NL)[0] == pytest.approx(5e5 + 15e5 * first[0] - 20e5 * second[0])
    assert fronts.at(DEAD_NL)[1] == pytest.approx(0.5 * DEAD_NL + 1.5 * first[1] - 2.0 * second[1])
    far = DEAD_NL / 20 + passed_volume(DEAD_NL, 5)
    fronts.settle(far)
    fronts.feed(500_000.0, far)  # the others are out
    fronts.enter(50)
    assert fronts.at(far + DEAD_NL)[0] == pytest.approx(5e5 * outlet_now(DEAD_NL, DEAD_NL, 50)[0])


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1e5, 5e4, 3e6, 4e6]), st.sampled_from([-0.2, 0.0, 0.3, 1.5])), min_size=1),
    st.sampled_from([1, 5, 50]),
)
def test_what_leaves_the_tip_is_never_less_than_nothing_nor_more_than_was_fed(
    course: list[tuple[float, float]], tanks: int
) -> None:
    fronts, volume_nl = Fronts(DEAD_NL, tanks, 5e4), 0.0
    for fed_ng_ml, turns in course:
        fronts.feed(fed_ng_ml, volume_nl)
        for _ in range(4):
            volume_nl += turns / 4 * DEAD_NL
            fronts.settle(volume_nl)
            assert 0 <= fronts.at(volume_nl)[0] <= 4e6 * (1 + 1e-9)


def test_liquid_that_comes_back_takes_its_drug_back() -> None:
    fronts = Fronts(DEAD_NL, 50, 500_000.0)
    fronts.feed(0.0, 0.0)
    there, back = fronts.at(DEAD_NL), fronts.at(0.9 * DEAD_NL)
    assert back[1] < there[1]
    assert back[0] > there[0]
    assert fronts.at(DEAD_NL) == there
