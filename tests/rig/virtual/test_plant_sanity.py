"""What holds of a plant whatever is done to it, and what it refuses."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rig.truth import Truth
from rig.virtual.plant import Plant
from rig.virtual.sanity import RigFault
from tests.rig.virtual.plants import BENCH, EXACT, HOUR_S, S, deliver, plant, rest, steps_of

CHANGES = {
    "set_stalled": st.booleans(),
    "set_missed": st.sampled_from([0.0, 0.2, 0.9]),
    "set_torn": st.sampled_from([0.0, 0.3, 1.0]),
    "set_free_flow": st.sampled_from([0.0, 30.0, 16_000.0]),
    "set_wear": st.sampled_from([0.0, 200_000.0, 1e8]),
    "set_blocked": st.sampled_from([0.0, 0.5, 1.0]),
    "set_kinked": st.sampled_from([1.0, 2000.0, 1e5]),
    "set_leaking": st.sampled_from([0.0, 0.5, 0.99]),
    "set_disconnected": st.booleans(),
    "set_back_pressure": st.sampled_from([0.0, -13_332.2, 39_996.6]),
    "set_reservoir": st.sampled_from([0.0, 5000.0, 20e6, 40e6]),
    "set_concentration": st.sampled_from([0.0, 50_000.0, 4_000_000.0]),
    "drift": st.sampled_from([0.0, -5000.0, 5000.0]),
    "jump": st.integers(1000, 3600 * S),
    "room": st.sampled_from([None, 5.0, 45.0]),
    "charge": st.sampled_from([0.0, 0.01, 1.0]),
    "passivate": st.floats(0.05, 2),
    "boot": st.none(),
    "order": st.tuples(st.integers(0, 4000), st.integers(0, 100 * S), st.integers(S, 1000 * S)),
}
BESIDE: dict[str, Callable[[Plant, Any], object]] = {
    "drift": lambda rig, ppm: rig.oscillator.drift(ppm),
    "jump": lambda rig, us: rig.oscillator.jump(us),
    "room": lambda rig, celsius: rig.room.set(celsius),
    "charge": lambda rig, share: rig.power.set_charge(share),
    "passivate": lambda rig, volt: rig.power.passivate(volt),
    "boot": lambda rig, _: (rig.power_off(), rig.power_on()),
}
change = st.one_of(*(st.tuples(st.just(name), amount) for name, amount in CHANGES.items()))
courses = st.lists(st.tuples(change, st.integers(0, 2000 * S)), max_size=15)


def do(rig: Plant, what: str, amount: Any) -> None:
    if what == "order":
        clock, (count, after, lasts) = rig.oscillator, amount
        start = clock.ticks(clock.device_us()) + after
        rig.step(count, start, start + lasts)
    elif what in BESIDE:
        BESIDE[what](rig, amount)
    else:
        getattr(rig, what)(amount)


def stored_nl(truth: Truth) -> float:
    return EXACT.circuit.compliance_nl_pa * (truth.pressure_pa - EXACT.circuit.outlet_pa)


@given(courses)
@settings(max_examples=150)
def test_no_volume_is_lost_or_made(course: list[tuple[tuple[str, Any], int]]) -> None:
    """Filled is what is in the reservoir, stored, delivered and leaked, and what was drawn has gone somewhere."""
    rig, filled_nl = plant(), 20e6
    before = rig.truth()
    for (what, amount), after_us in course:
        if what == "set_reservoir":
            filled_nl += amount - rig.reservoir_nl()
        do(rig, what, amount)
        rest(rig, after_us / S)
        truth = rig.truth()
        gone_nl = stored_nl(truth) + truth.delivered_nl + truth.leaked_nl
        assert truth.reservoir_nl + gone_nl == pytest.approx(filled_nl, abs=1e-2)
        assert truth.pumped_nl == pytest.approx(gone_nl, abs=1e-2)
        assert truth.reservoir_nl >= 0
        assert truth.rotor_steps >= before.rotor_steps
        assert truth.compressions >= 0
        assert truth.pumped_nl >= before.pumped_nl - 1000  # what a roller takes back against a pressure
        assert 0 <= truth.charge <= 1
        assert 5 <= truth.temperature_c <= 45
        assert 0 <= truth.battery_v <= 3.62
        assert truth.leaked_nl >= before.leaked_nl - 50_000  # what a higher head outside presses back
        assert 0 <= truth.concentration_ng_ml <= 4_000_000
        before = truth


@given(courses, st.lists(st.integers(0, 20_000 * S), max_size=30))
@settings(max_examples=100)
def test_looking_changes_nothing_at_all(course: list[tuple[tuple[str, Any], int]], looks: list[int]) -> None:
    """Looked at often or never, it comes to the same to the last bit, and so do its sensors."""
    seen, blind = Plant(BENCH, 3), Plant(BENCH, 3)
    looks.sort()
    for (what, amount), after_us in course:
        for rig in (seen, blind):
            do(rig, what, amount)
        until_us = seen.now_us + after_us
        while looks and looks[0] <= until_us:
            seen.advance(max(seen.now_us, looks.pop(0)))
            seen.sense()
            seen.truth()
        for rig in (seen, blind):
            rig.advance(until_us)
    assert seen.truth() == blind.truth()
    assert seen.sense() == blind.sense()


IMPOSSIBLE = [
    ("advance", (-1,)),
    ("step", (-1, 0, S)),
    ("step", (10, 5 * S, 5 * S)),
    ("step", (10, 0, -S)),
    ("set_missed", (1.1,)),
    ("set_torn", (-0.1,)),
    ("set_free_flow", (-1.0,)),
    ("set_free_flow", (math.nan,)),
    ("set_wear", (-1.0,)),
    ("set_blocked", (1.5,)),
    ("set_kinked", (0.5,)),
    ("set_leaking", (1.0,)),
    ("set_back_pressure", (math.inf,)),
    ("set_reservoir", (-1.0,)),
    ("set_reservoir", (40.1e6,)),
    ("set_concentration", (-1.0,)),
]


@pytest.mark.parametrize(("what", "amounts"), IMPOSSIBLE)
def test_the_impossible_is_refused_in_a_sentence_and_changes_nothing(what: str, amounts: tuple[Any, ...]) -> None:
    rig, other = plant(), plant()
    for one in (rig, other):
        deliver(one, 24, HOUR_S)
        rest(one, 60)
    with pytest.raises(RigFault, match=r"^The virtual rig can't go on: .+\.$") as caught:
        getattr(rig, what)(*amounts)
    assert caught.value.remedy
    for one in (rig, other):
        rest(one, 600)
    assert rig.truth().delivered_nl == pytest.approx(other.truth().delivered_nl)


def test_volumes_that_do_not_add_up_are_noticed() -> None:
    """Its own assertion: nobody can take liquid out behind its back."""
    rig = plant()
    deliver(rig, 24, HOUR_S)
    rest(rig, 60)
    path = rig._path
    path._settled = path._settled._replace(delivered_nl=path._settled.delivered_nl + 1.0)
    with pytest.raises(RigFault, match="missing"):
        rest(rig, 2 * HOUR_S)


def test_a_seed_has_sensors_of_its_own_and_no_flow_of_its_own() -> None:
    readings = []
    for seed in (1, 1, 2):
        rig = Plant(replace(EXACT), seed)
        rig.step(steps_of(24, 600), 0, 600 * S)
        rest(rig, 600)
        readings.append((rig.sense(), rig.truth().delivered_nl))
    assert readings[0] == readings[1]
    assert readings[0][0] != readings[2][0]
