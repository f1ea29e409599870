"""The clock of a pump on a virtual rig, as its host makes it out."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from firmware_link.vocabulary import LOW
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch, Session
from rig.targets import open_session
from rig.tracker import Tracker
from rig.virtual.faults import Fault

SECONDS = 300


@pytest.fixture(params=["sim:?seed=7&speed=max", "upy:?seed=7&speed=max"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    opened = open_session(request.param)
    yield opened
    opened.close()


def watch(session: Session, seconds: float) -> tuple[Tracker, list[Batch]]:
    """So many seconds of the pump's."""
    tracker, batches = Tracker(), list[Batch]()
    while tracker.totals.duration_us < seconds * 1e6:
        batches.append(session.poll(0.5))
        tracker.add(batches[-1])
    return tracker, batches


def true_ppm(batches: list[Batch]) -> float:
    """By the truth, between its last row and one that is a minute before."""
    truth = np.concatenate([batch.truth for batch in batches])[["true_us", "t_us"]]
    late = truth[truth["true_us"] > truth["true_us"][-1] - 60_000_000]
    pump_us, true_us = (int(late[name][-1]) - int(late[name][0]) for name in ("t_us", "true_us"))
    return (pump_us / true_us - 1) * 1e6


def test_the_drift_of_a_crystal_and_of_a_fault_is_found(session: Session) -> None:
    session.inject(Fault("clock_drift", amount=200))
    tracker, batches = watch(session, SECONDS)
    ppm = true_ppm(batches)
    assert 180 <= ppm <= 220
    clock = tracker.totals.clock
    assert clock is not None
    assert clock.drift_ppm == pytest.approx(ppm, abs=3 * (0.01 + clock.residual_s) / clock.span_s * 1e6)
    assert clock.offset_s == pytest.approx(ppm * SECONDS * 1e-6, abs=0.1)
    assert (clock.jumps, clock.samples > 100) == (0, True)
    assert clock == tracker.clock


def test_a_jump_is_told_and_goes_into_the_recording(session: Session, tmp_path: Path) -> None:
    session.inject(Fault("clock_jump", at_s=100, amount=60))
    tracker, batches = watch(session, 180)
    clock = tracker.clock
    assert clock is not None
    assert clock.jumps == 1
    assert clock.last_jump is not None
    assert clock.last_jump.jump_s == pytest.approx(60, abs=0.6)
    path = tmp_path / "a.run.duckdb"
    with RunWriter(path, session.clock, session.info) as writer:
        for batch in batches:
            writer.add(batch)
        writer.finish("test", 0)
    with RunReader(path) as reader:
        (event,) = [event for event in reader.events() if event.kind == "host_clock_jump"]
        assert (event.number, event.priority, event.boot) == (0, LOW, 1)
        assert event.value == round(clock.last_jump.jump_s * 1e3)
        assert event.detected_us == clock.last_jump.t_us
        assert reader.summary().events == len(reader.events())


def test_a_run_file_tells_the_drift_over_it(tmp_path: Path) -> None:
    session = open_session("sim:?seed=7&speed=max")
    try:
        _, batches = watch(session, SECONDS)
        path = tmp_path / "a.run.duckdb"
        with RunWriter(path, session.clock, session.info) as writer:
            for batch in batches:
                writer.add(batch)
            writer.finish("test", 0)
    finally:
        session.close()
    with RunReader(path) as reader:
        clock, truly = reader.info()["clock"], reader.hindsight().clock_drift_ppm
    assert truly == pytest.approx(true_ppm(batches), abs=0.5)
    assert clock["drift_ppm"] == pytest.approx(truly, abs=20)
    assert (clock["boot"], clock["span_s"] > SECONDS - 20) == (1, True)
