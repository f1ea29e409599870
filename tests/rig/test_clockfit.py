"""The fit of a pump's clock, on clocks that are known."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.clockfit import DRIFT_AFTER_S, POINTS, ClockFit, ClockJump, ClockState
from rig.session import Batch, Status
from rig.tracker import read_clock
from tests.rig.recording import make

HOST_US = 1_700_000_000_000_000


class Clocks:
    """A pump's clock that is ``ppm`` fast, and a link that delays each reading by up to ``delay_s``."""

    def __init__(self, ppm: float = 0.0, delay_s: float = 0.0, seed: int = 1, fit: ClockFit | None = None) -> None:
        self.fit = fit or ClockFit()
        self.ppm, self.delay_s, self.held_s = ppm, delay_s, 0.0
        self.boot, self.true_s, self.device_s = 1, 0.0, 0.0
        self.jumps: list[ClockJump] = []
        self._rng = random.Random(seed)

    def wait(self, seconds: float) -> None:
        self.true_s += seconds
        self.device_s += seconds * (1 + self.ppm * 1e-6)

    def read(self) -> None:
        late_s = max(self.held_s, self._rng.uniform(0, self.delay_s))
        jump = self.fit.add(self.boot, round(self.device_s * 1e6), HOST_US + round((self.true_s + late_s) * 1e6))
        if jump:
            self.jumps.append(jump)

    def run(self, readings: int, interval_s: float = 0.1) -> "Clocks":
        for _ in range(readings):
            self.wait(interval_s)
            self.read()
        return self

    @property
    def state(self) -> ClockState:
        assert self.fit.state is not None
        return self.fit.state


def test_before_the_first_reading_nothing_is_known() -> None:
    assert ClockFit().state is None


def test_no_drift_is_told_before_a_minute() -> None:
    clocks = Clocks(200).run(int(DRIFT_AFTER_S) * 10 - 10)
    assert clocks.state.drift_ppm is None
    assert clocks.run(20).state.drift_ppm == pytest.approx(200, abs=0.5)


@settings(max_examples=30)
@given(
    ppm=st.floats(-5000, 5000),
    delay_s=st.floats(0, 0.3),
    interval_s=st.sampled_from([0.1, 1.0, 30.0]),
    readings=st.integers(700, 1500),
    seed=st.integers(0, 1000),
)
def test_drift_and_offset_of_any_clock(ppm: float, delay_s: float, interval_s: float, readings: int, seed: int) -> None:
    clocks = Clocks(ppm, delay_s, seed).run(readings, interval_s)
    state = clocks.state
    assert state.drift_ppm == pytest.approx(ppm, abs=3 * (delay_s + 2e-6) / state.span_s * 1e6)
    assert state.offset_s == pytest.approx(ppm * 1e-6 * (clocks.true_s - interval_s), abs=2 * delay_s + 1e-3)
    assert 0 <= state.residual_s <= delay_s + 1e-5
    assert (state.samples, state.jumps, clocks.jumps) == (readings, 0, [])


@settings(max_examples=30)
@given(
    pauses=st.lists(st.tuples(st.integers(50, 300), st.floats(0.1, 20_000)), min_size=1, max_size=8),
    ppm=st.floats(-100, 100),
    seed=st.integers(0, 1000),
)
def test_lost_links_are_no_jumps(pauses: list[tuple[int, float]], ppm: float, seed: int) -> None:
    clocks = Clocks(ppm, 0.05, seed)
    for readings, pause_s in pauses:
        clocks.run(readings).wait(pause_s)
    clocks.run(700)
    assert clocks.jumps == []
    assert clocks.state.drift_ppm == pytest.approx(ppm, abs=3 * 0.05 / 70 * 1e6)


@settings(max_examples=30)
@given(
    jump_s=st.floats(0.5, 3600),
    before=st.integers(100, 3000),
    delay_s=st.floats(0, 0.1),
    ppm=st.floats(-200, 200),
    seed=st.integers(0, 1000),
)
def test_a_jump_is_told_once_with_its_size(jump_s: float, before: int, delay_s: float, ppm: float, seed: int) -> None:
    clocks = Clocks(ppm, delay_s, seed).run(before)
    clocks.device_s += jump_s
    at_us = round((clocks.device_s + 0.1) * 1e6)
    clocks.run(1000)
    (jump,) = clocks.jumps
    assert jump.jump_s == pytest.approx(jump_s, abs=2 * delay_s + 0.01)
    assert abs(jump.t_us - at_us) <= 100
    assert clocks.state.last_jump == jump
    assert clocks.state.offset_s == pytest.approx(jump_s + ppm * 1e-6 * clocks.true_s, abs=2 * delay_s + 0.01)
    assert clocks.state.drift_ppm == pytest.approx(ppm, abs=3 * (delay_s + 1e-5) / clocks.state.span_s * 1e6)


def test_a_line_that_is_held_and_let_go_is_no_jump() -> None:
    clocks = Clocks(20, 0.01).run(1000)
    clocks.held_s = 60.0
    clocks.run(600)
    clocks.held_s = 0.0
    clocks.run(2000)
    assert clocks.jumps == []
    assert clocks.state.drift_ppm == pytest.approx(20, abs=60)
    clocks.run(36_000)
    assert clocks.state.drift_ppm == pytest.approx(20, abs=3)


def test_one_reading_that_comes_quicker_than_any_before_is_no_jump() -> None:
    clocks = Clocks(20)
    for _ in range(20):
        clocks.held_s = 2.0
        clocks.run(50)
        clocks.held_s = 0.0
        clocks.run(2)
    assert clocks.jumps == []
    assert clocks.state.drift_ppm == pytest.approx(20, abs=0.1)


def test_a_drift_that_changes_is_no_jump_and_is_followed() -> None:
    clocks = Clocks(20, 0.05).run(36_000)
    clocks.ppm = 5000
    clocks.run(90_000)
    assert clocks.jumps == []
    assert clocks.state.drift_ppm == pytest.approx(5000, abs=50)
    assert clocks.state.offset_s == pytest.approx((3600 * 20 + 9000 * 5000) * 1e-6, abs=0.1)


@pytest.mark.parametrize("boot", [2, 1])
def test_a_boot_begins_anew(boot: int) -> None:
    """Even where the pump has lost its memory, and so its count of boots."""
    clocks = Clocks(200, 0.01).run(1000)
    clocks.boot, clocks.device_s = boot, 0.0
    clocks.ppm = -300
    state = clocks.run(1000).state
    assert (state.boot, state.samples, clocks.jumps) == (boot, 1000, [])
    assert state.drift_ppm == pytest.approx(-300, abs=300)
    assert state.offset_s == pytest.approx(-0.03, abs=0.02)


def test_a_reading_that_was_overtaken_counts_for_nothing() -> None:
    clocks = Clocks().run(100)
    before = clocks.state
    clocks.fit.add(1, round(clocks.device_s * 1e6) - 1000, HOST_US)
    assert clocks.state == before


def test_a_host_whose_clock_stands_makes_no_nonsense() -> None:
    fit = ClockFit()
    for t_us in range(0, 200_000_000, 100_000):
        fit.add(1, t_us, HOST_US)
    assert fit.state is not None


@pytest.mark.parametrize(("status", "samples"), [({"t_us": 60_000_000}, 2), ({"state": 1}, 1)])
def test_a_status_is_a_reading_too_where_it_says_its_moment(status: dict[str, int], samples: int) -> None:
    fit = ClockFit()
    assert read_clock(fit, Batch(status=Status(status, HOST_US))) is None
    assert fit.state is None  # of which boot it is nobody knows
    read_clock(fit, Batch(samples=make.samples(0, 5)))
    read_clock(fit, Batch(status=Status(status, make.UTC_US + 60_000_000)))
    assert fit.state is not None
    assert (fit.state.boot, fit.state.samples) == (1, samples)


def held(fit: ClockFit) -> Iterator[int]:
    for value in vars(fit).values():
        yield len(value) if isinstance(value, list | tuple) else 1


def test_memory_is_constant() -> None:
    clocks = Clocks(20, 0.1).run(3000)
    before = sum(held(clocks.fit))
    clocks.run(200_000)
    assert sum(held(clocks.fit)) <= before + POINTS
