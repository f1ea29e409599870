"""The same seed and the same faults are the same life, to the last bit: twice, and on both hosts."""

import random
import sys
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from rig.session import Event, Gap, LinkState
from rig.targets import open_session
from rig.therapy.compile import compile_program
from rig.therapy.modes import SimpleContinuous
from rig.truth import Strike
from rig.virtual.fault_kinds import BY_NAME, GROUPS
from rig.virtual.faults import Fault
from tests.rig.pump_bench import Bench
from tests.rig.therapy import bench as therapy

LIFE_S = 300
DOSE_NG_DAY = 6_000_000  # 12 mL/day
FAULTS = (
    Fault("passivated_battery", 2, amount=0.3),
    Fault("clock_drift", 7, 200, -1500),
    Fault("room", 8, 100, 35),
    Fault("tube_tear", 10, 20, 10),
    Fault("balance_noisy", 13, 70),
    Fault("link_flip", 17, 35, 0.5),
    Fault("link_split", 20, 17, 3),
    Fault("press_button", 23),
    Fault("leak", 33, 20, 20),
    Fault("wrong_fill", 37, amount=-5),
    Fault("link_delay", 53, 20, 150),
    Fault("battery_step", 67, amount=50),
    Fault("missed_steps", 70, 7, 30),
    Fault("link_drop", 77, 10, 0.5),
    Fault("vibration", 80, 10),
    Fault("kink", 83, 67, 50),
    Fault("memory_corruption", 100),
    Fault("wrong_concentration", 103, amount=1000),
    Fault("pressure_stuck", 107, 33),
    Fault("unplug", 113, 5),
    Fault("clock_jump", 140, amount=7),
    Fault("stall", 150, 5),
    Fault("free_flow", 170, 20),
    Fault("link_reset", 200),
    Fault("power_cut", 210, 10),
    Fault("reset", 260),
    Fault("new_battery", 270),
)


@dataclass(frozen=True)
class Life:
    """All that a host and a bystander saw."""

    samples: NDArray[np.void]
    truth: NDArray[np.void]
    events: tuple[Event, ...]
    strikes: tuple[Strike, ...]
    gaps: tuple[Gap, ...]


def live(host: str, seed: int) -> Life:
    """Delivers for five minutes while one thing after another goes wrong."""
    session = open_session(f"{host}:?seed={seed}&speed=max", rng=random.Random(5))
    try:
        bench = Bench(session)
        bench.connect()
        for fault in FAULTS:
            session.inject(fault)
        program = therapy.program(SimpleContinuous(DOSE_NG_DAY))
        bench.write(compile_program(program, session.clock.utc_us() // 1_000_000, 0))
        batches = []
        while (left_s := LIFE_S - session.clock.monotonic()) > 0:
            batches.append(session.poll(left_s))
            assert LinkState.CLOSED not in [link.state for link in batches[-1].links]
    finally:
        session.close()
    return Life(
        np.concatenate([batch.samples for batch in batches]),
        np.concatenate([batch.truth for batch in batches]),
        tuple(event for batch in batches for event in batch.events),
        tuple(strike for batch in batches for strike in batch.strikes),
        tuple(gap for batch in batches for gap in batch.gaps),
    )


@cache
def first() -> Life:
    """The life that the others are compared with."""
    return live("sim", 7)


def test_the_faults_are_of_every_group() -> None:
    assert {BY_NAME[fault.what].group for fault in FAULTS} == set(GROUPS)


def test_much_happens_in_this_life() -> None:
    life = first()
    assert len({strike.what for strike in life.strikes}) == len(FAULTS)
    assert len(life.samples) > 5 * LIFE_S
    assert len(life.gaps) > 1
    assert {"sensor_fault", "safe_state_reset"} <= {event.kind for event in life.events}


@pytest.mark.parametrize("host", ["sim", "upy"])
def test_a_life_repeats_itself(host: str) -> None:
    if host == "upy" and sys.platform == "win32":
        pytest.skip("MicroPython is to be had for Linux and macOS only")
    again = live(host, 7)
    assert np.array_equal(again.samples, first().samples)
    assert np.array_equal(again.truth, first().truth)
    assert again.events == first().events
    assert again.strikes == first().strikes
    assert again.gaps == first().gaps


def test_another_seed_is_another_life() -> None:
    other = live("sim", 8)
    assert len(other.samples) > 5 * LIFE_S
    assert not np.array_equal(other.samples["measured_nl"][:1000], first().samples["measured_nl"][:1000])
    assert not np.array_equal(other.truth["t_us"][:1000], first().truth["t_us"][:1000])  # another crystal
