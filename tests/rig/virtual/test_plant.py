import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.physics.circuit import Circuit
from rig.virtual.plant import Plant, PlantParameters

S = 1_000_000
STEP_NL = PlantParameters().drive.step_nl


def plant(**changes: object) -> Plant:
    return Plant(dataclasses.replace(PlantParameters(), **changes), seed=3)


def test_steps_happen_at_the_moments_that_the_board_promises() -> None:
    rig = plant()
    rig.step(7, 10, 1010)
    seen = []
    for t in range(1100):
        rig.advance(t)
        seen.append(rig.rotor_steps())
    assert [seen.index(k) for k in range(1, 8)] == [10 + k * 1000 // 7 for k in range(1, 8)]


@given(
    orders=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60 * S), st.integers(0, 60 * S)), max_size=8),
    looks=st.lists(st.integers(0, 300 * S), max_size=10),
)
def test_looking_changes_nothing(orders: list[tuple[int, int, int]], looks: list[int]) -> None:
    """What it comes to depends on orders alone, not on when the sensors were read."""
    seen, blind = plant(), plant()
    now = 0
    for count, lasts, next_after in orders:
        for rig in (seen, blind):
            rig.step(count, now, now + lasts)
        for look in sorted(t for t in looks if now <= t < now + next_after):
            seen.advance(look)
            seen.sense()
        now += next_after
        seen.advance(now)
        blind.advance(now)
    assert dataclasses.astuple(seen.truth()) == pytest.approx(dataclasses.astuple(blind.truth()), rel=1e-9, abs=1e-6)


def test_halts_lose_no_volume() -> None:
    """Halted between two steps a thousand times, it has still swept what its whole steps are worth."""
    rig = plant(circuit=Circuit(back_pressure_per_pa=0.0))
    for i in range(1000):
        rig.step(10, i * S, i * S + 900_001)
        rig.advance(i * S + 433_333)
        rig.step(0, rig.now_us, rig.now_us)
        rig.advance((i + 1) * S)
    steps = rig.truth().rotor_steps
    assert steps == 4000
    assert rig.truth().pumped_nl == pytest.approx(rig.parameters.drive.swept_nl(0, steps), abs=2 * STEP_NL)


def test_volume_is_kept() -> None:
    rig = plant()
    rig.step(20_000, 0, 500 * S)
    rig.advance(300 * S)
    rig.set_blocked(1.0)
    rig.advance(400 * S)
    truth = rig.truth()
    stored_nl = (truth.pressure_pa - 196.0) * rig.parameters.circuit.compliance_nl_pa
    assert truth.pumped_nl == pytest.approx(truth.delivered_nl + stored_nl)
    assert truth.reservoir_nl == pytest.approx(20e6 - truth.pumped_nl)


def test_reservoir_runs_dry_at_its_volume_and_no_more_comes() -> None:
    rig = plant()
    rig.set_reservoir(10_000.0)
    rig.step(20_000, 0, 500 * S)
    rig.advance(500 * S)
    truth = rig.truth()
    assert truth.reservoir_nl == 0
    assert truth.pumped_nl == pytest.approx(10_000, rel=1e-6)
    assert truth.rotor_steps == 20_000


def test_a_held_rotor_loses_its_steps_and_goes_on_with_the_rest() -> None:
    rig = plant()
    rig.step(1000, 0, 100 * S)
    rig.advance(30 * S)
    rig.set_stalled(True)
    rig.advance(50 * S)
    assert rig.truth().rotor_steps == 300
    assert not rig.truth().turning
    rig.set_stalled(False)
    rig.advance(100 * S)
    assert rig.truth().rotor_steps == 800


def test_charge_goes_with_steps_and_time() -> None:
    rig = plant()
    rig.set_charge(0.5)
    rig.advance(365 * 86_400 * S)
    idle = 0.5 - rig.truth().charge
    assert idle == pytest.approx(2.875 / 21.875, rel=0.01)
    rig.step(164_618, rig.now_us, rig.now_us + 86_400 * S)  # 1 mL
    before = rig.truth().charge
    rig.advance(rig.now_us + 86_400 * S)
    assert before - rig.truth().charge == pytest.approx(3.875 / (21.875 * 365.25), rel=0.01)
