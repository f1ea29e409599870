"""The whole plant against the figures of domain.md, section 5."""

import math
from typing import Any

import pytest

from rig.physics.circuit import PASCAL_PER_MMHG
from rig.physics.front import outlet_now
from rig.virtual.plant import Plant
from tests.rig.virtual.plants import EXACT, HOUR_S, STEP_NL, S, deliver, plant, rest

ALARM_PA = 70_000.0
RIGID = {"circuit": {"back_pressure_per_mmhg": 0.0}}
WARM = {"room": {"mean_c": 25.0, "daily_c": 0.0, "wander_c": 0.0}}
FRESH = {"tube": {"run_in_share": 0.0, "fatigue_per_million": 0.0}}


def occluded(ml_day: float, minutes: float, **sections: Any) -> tuple[Plant, float]:
    """A plant blocked for so long, and by how much its pressure has risen."""
    rig = plant(**sections)
    deliver(rig, ml_day, 2 * minutes * 60)
    start_pa = rig.truth().pressure_pa
    rig.set_blocked(1.0)
    rest(rig, minutes * 60)
    return rig, rig.truth().pressure_pa - start_pa


@pytest.mark.parametrize(("ml_day", "minutes"), [(24, 4.2), (1, 101), (0.25, 403)])
def test_an_occlusion_takes_the_minutes_that_compliance_says(ml_day: float, minutes: float) -> None:
    """t = C dP / Q; what a roller has just sent makes up to a tenth of a stroke more or less."""
    roller_nl = STEP_NL * EXACT.drive.steps_per_compression
    _, risen_pa = occluded(ml_day, minutes, **RIGID, **FRESH)
    assert risen_pa == pytest.approx(ALARM_PA, rel=0.005, abs=0.1 * roller_nl)


@pytest.mark.parametrize(("ml_day", "minutes"), [(24, 4.2), (1, 101), (0.25, 403)])
def test_back_pressure_makes_an_occlusion_a_tenth_slower(ml_day: float, minutes: float) -> None:
    """dP/dt = Q (1 - k P)/C: t = -C ln(1 - k dP) / (k Q)."""
    k = EXACT.circuit.back_pressure_per_mmhg / PASCAL_PER_MMHG
    slower = -math.log(1 - k * ALARM_PA) / (k * ALARM_PA)
    assert slower == pytest.approx(1.12, abs=0.01)
    _, risen_pa = occluded(ml_day, minutes * slower, **FRESH)
    assert risen_pa == pytest.approx(ALARM_PA, rel=0.01)


@pytest.mark.parametrize("ml_day", [24, 1, 0.25])
def test_the_bolus_at_release_is_what_the_compliance_held(ml_day: float) -> None:
    rig, risen_pa = occluded(ml_day, 101 / ml_day, **RIGID, **FRESH)
    rig.step(0, rig.now_us, rig.now_us)
    before = rig.truth()
    rig.set_blocked(0.0)
    rest(rig, 60)
    assert rig.truth().delivered_nl - before.delivered_nl == pytest.approx(70_000, rel=0.01)
    assert rig.truth().delivered_nl - before.delivered_nl == pytest.approx(risen_pa, rel=1e-3)
    assert rig.truth().pumped_nl == before.pumped_nl


@pytest.mark.parametrize(("mmhg", "share"), [(-100, 1.04), (100, 0.96), (300, 0.88)])
def test_back_pressure_takes_off_four_parts_in_ten_thousand_for_each_mmhg(mmhg: float, share: float) -> None:
    rig = plant(**FRESH)
    rig.set_back_pressure(mmhg * PASCAL_PER_MMHG - EXACT.circuit.outlet_pa)
    rest(rig, 60)
    rig.step(32_000, rig.now_us, rig.now_us + round(HOUR_S * S))  # ten revolutions
    before = rig.truth()
    rest(rig, HOUR_S)
    truth = rig.truth()
    swept_nl = 10 * EXACT.tube.stroke_nl
    assert (truth.pumped_nl - before.pumped_nl) / swept_nl == pytest.approx(share, abs=2e-4)
    assert (truth.delivered_nl - before.delivered_nl) / swept_nl == pytest.approx(share, abs=2e-3)


def test_at_one_ml_a_day_a_revolution_takes_28_minutes_and_is_exact() -> None:
    """Over a revolution a plant without losses delivers a stroke, wherever it begins; half a roller is a pulse."""
    rig = plant(**RIGID, **FRESH)
    rig.step(5 * 3200, 0, round(5 * 27.96 * 60 * S))
    rest(rig, 1234.5)
    before = rig.truth()
    rest(rig, 27.96 * 60)
    truth = rig.truth()
    assert truth.rotor_steps - before.rotor_steps == 3200
    assert truth.pumped_nl - before.pumped_nl == pytest.approx(EXACT.tube.stroke_nl, rel=1e-9)
    assert EXACT.tube.stroke_nl / (27.96 * 60) * 86_400 == pytest.approx(1e6, rel=0.002)
    flows = []
    for _ in range(466):
        rest(rig, 4.66 * 60 / 466)
        flows.append(rig.truth().flow_nl_s)
    assert max(flows) / min(flows) > 1.5
    assert rig.truth().flow_nl_s == pytest.approx(truth.flow_nl_s, rel=1e-6)


@pytest.mark.parametrize(("celsius", "share"), [(12, 0.97), (17, 0.985), (22, 1.0), (30, 1.0)])
def test_a_colder_room_means_less_flow(celsius: float, share: float) -> None:
    rig = plant(room={"mean_c": celsius, "daily_c": 0, "wander_c": 0}, **RIGID, **FRESH)
    deliver(rig, 24, HOUR_S)
    rest(rig, HOUR_S)
    truth = rig.truth()
    assert truth.temperature_c == celsius
    assert truth.pumped_nl == pytest.approx(truth.rotor_steps * STEP_NL * share, rel=2e-3)


@pytest.mark.parametrize("worn", [0, 20_000, 199_000])
def test_the_bench_rig_stays_within_5_percent_for_its_tubes_life(worn: float) -> None:
    rig = plant(tube={"worn_compressions": worn})
    deliver(rig, 24, 12 * HOUR_S)
    rest(rig, 12 * HOUR_S)
    truth = rig.truth()
    assert truth.compressions == pytest.approx(worn + truth.rotor_steps / EXACT.drive.steps_per_compression)
    assert 0.95 < truth.delivered_nl / 12e6 < 1.0
    assert truth.efficiency == pytest.approx(EXACT.tube.efficiency(truth.compressions))


def test_wear_goes_on_evenly_whatever_the_orders() -> None:
    """By chunks of 500 compressions it comes to the integral of f(N), in one order or a hundred."""
    tube = {"run_in_share": 0.05, "run_in_compressions": 2e4, "fatigue_per_million": 0.05}
    at_once, by_parts = (plant(tube=tube, **RIGID, **WARM) for _ in range(2))
    compressions = 5000
    steps = round(compressions * EXACT.drive.steps_per_compression)
    at_once.step(steps, 0, 100_000 * S)
    for i in range(100):
        by_parts.step(steps * (i + 1) // 100 - steps * i // 100, i * 1000 * S, (i + 1) * 1000 * S)
        by_parts.advance((i + 1) * 1000 * S)
    at_once.advance(100_000 * S)
    shares = [at_once.parameters.tube.efficiency(n) for n in range(compressions)]
    expected = math.fsum(shares) / compressions * steps * STEP_NL
    assert at_once.truth().pumped_nl == pytest.approx(expected, rel=2e-5)
    assert by_parts.truth().pumped_nl == pytest.approx(expected, rel=2e-5)
    at_once.set_wear(0)
    assert at_once.truth().efficiency == 1


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_leak_takes_its_share_to_the_nanolitre(share: float) -> None:
    rig = plant()
    rig.set_leaking(share)
    deliver(rig, 24, HOUR_S)
    rest(rig, HOUR_S)
    truth = rig.truth()
    assert truth.leaked_nl / (truth.leaked_nl + truth.delivered_nl) == pytest.approx(share, rel=1e-9)


def test_a_tear_loses_its_share_of_what_the_rotor_sweeps() -> None:
    rig = plant()
    rig.set_torn(0.3)
    rig.set_free_flow(100.0)
    deliver(rig, 24, HOUR_S)
    rest(rig, HOUR_S)
    rig.step(0, rig.now_us, rig.now_us)
    rest(rig, 60)
    truth = rig.truth()
    free_nl = 100.0 * (HOUR_S + 60)
    assert truth.leaked_nl == pytest.approx(0.3 * (truth.pumped_nl - free_nl), rel=1e-3)


def test_a_catheter_that_is_off_delivers_nothing_until_it_is_on_again() -> None:
    rig = plant()
    deliver(rig, 24, 2 * HOUR_S)
    rest(rig, 600)
    rig.set_disconnected(True)
    before = rig.truth()
    rest(rig, 600)
    off = rig.truth()
    assert off.delivered_nl == before.delivered_nl
    assert off.drug_ng == before.drug_ng
    assert off.flow_nl_s == 0
    assert off.pressure_pa == pytest.approx(0, abs=5)
    rig.set_disconnected(False)
    rest(rig, 600)
    assert rig.truth().leaked_nl == pytest.approx(off.leaked_nl)
    assert rig.truth().delivered_nl > before.delivered_nl


def test_a_kink_raises_the_pressure_as_it_raises_the_resistance() -> None:
    rig = plant(**RIGID, **FRESH)
    rig.set_kinked(300)
    deliver(rig, 24, 4 * HOUR_S)
    rest(rig, 4 * HOUR_S)
    truth = rig.truth()
    lost_pa = truth.pressure_pa - EXACT.circuit.outlet_pa
    assert lost_pa == pytest.approx(300 * 0.41 * 24e6 / 86_400, rel=0.02)
    assert truth.flow_nl_s == pytest.approx(24e6 / 86_400, rel=0.02)


def test_missed_steps_are_missed_by_the_rotor_and_its_sensor() -> None:
    rig = plant(**RIGID, **FRESH)
    rig.set_missed(0.2)
    rig.step(10_000, 0, 1000 * S)
    rest(rig, 1000)
    truth = rig.truth()
    assert truth.rotor_steps == rig.sense()[0] == 8000
    assert truth.pumped_nl == pytest.approx(8000 * STEP_NL, rel=1e-3)


def test_a_held_rotor_loses_its_steps_and_goes_on_with_the_rest() -> None:
    rig = plant()
    rig.step(1000, 0, 100 * S)
    rest(rig, 30)
    rig.set_stalled(True)
    rest(rig, 20)
    assert rig.truth().rotor_steps == 300
    assert not rig.truth().turning
    rig.set_stalled(False)
    rest(rig, 50)
    assert rig.truth().rotor_steps == 800


def test_halts_lose_no_volume() -> None:
    """Halted between two steps a thousand times, it has still swept what its whole steps are worth."""
    rig = plant(**RIGID, **FRESH)
    for i in range(1000):
        rig.step(10, i * S, i * S + 900_001)
        rig.advance(i * S + 433_333)
        rig.step(0, rig.now_us, rig.now_us)
        rig.advance((i + 1) * S)
    steps = rig.truth().rotor_steps
    assert steps == 4000
    swept_nl = EXACT.tube.swept_nl(EXACT.drive, 0, steps)
    assert rig.truth().pumped_nl == pytest.approx(swept_nl, abs=2 * STEP_NL)


def test_the_reservoir_runs_dry_at_its_volume_to_the_microsecond_and_no_more_comes() -> None:
    rig = plant()
    rig.set_reservoir(10_000.0)
    rig.step(20_000, 0, 500 * S)
    rest(rig, 500)
    truth = rig.truth()
    assert truth.reservoir_nl == rig.reservoir_nl() == 0
    assert truth.pumped_nl == pytest.approx(10_000, rel=1e-9)
    assert truth.rotor_steps == 20_000
    rig.set_reservoir(20_000.0)
    deliver(rig, 24, 60)
    rest(rig, 60)
    assert rig.truth().pumped_nl - truth.pumped_nl == pytest.approx(24e6 / 1440, rel=0.05)


def test_what_was_filled_by_mistake_arrives_a_dead_volume_later() -> None:
    rig = plant(**RIGID, **FRESH)
    dead_nl = EXACT.catheter.dead_volume_nl
    assert rig.truth().concentration_ng_ml == 500_000
    rig.set_concentration(2_000_000.0)
    deliver(rig, 24, 86_400)
    for _ in range(12):
        rest(rig, 600)
        truth = rig.truth()
        fraction, volume = outlet_now(truth.delivered_nl, dead_nl, EXACT.catheter.tanks)
        assert truth.concentration_ng_ml == pytest.approx(500_000 + 1_500_000 * fraction)
        assert truth.drug_ng == pytest.approx(0.5 * truth.delivered_nl + 1.5 * volume)
    assert truth.delivered_nl > 4 * dead_nl
    assert truth.concentration_ng_ml == 2_000_000
    assert truth.drug_ng == pytest.approx(2 * truth.delivered_nl - 1.5 * dead_nl)


@pytest.mark.parametrize(("ml_day", "tanks"), [(1, 50), (240, 5)])
def test_a_prime_mixes_more_than_basal_flow_does(ml_day: float, tanks: int) -> None:
    rig = plant(**RIGID, **FRESH)
    rig.set_concentration(2_000_000.0)
    rest(rig, 600)  # nothing moves yet
    dead_nl = EXACT.catheter.dead_volume_nl
    deliver(rig, ml_day, 86_400 / ml_day)
    rest(rig, 0.4 * 86_400 / ml_day)
    truth = rig.truth()
    fraction, _ = outlet_now(truth.delivered_nl, dead_nl, tanks)
    assert truth.concentration_ng_ml == pytest.approx(500_000 + 1_500_000 * fraction)


def test_charge_goes_with_steps_and_time() -> None:
    rig = plant()
    rig.power.set_charge(0.5)
    rig.power_on()
    rig.advance(365 * 86_400 * S)
    idle = 0.5 - rig.truth().charge
    assert idle == pytest.approx(2.875 / 21.875, rel=0.01)
    before = rig.truth().charge
    deliver(rig, 1, 86_400)
    rest(rig, 86_400)
    assert before - rig.truth().charge == pytest.approx(3.875 / (21.875 * 365.25), rel=0.01)
