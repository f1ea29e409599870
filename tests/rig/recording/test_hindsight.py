"""The truth of a recorded run: beside its samples, and told from detection."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from firmware_link.clock import ManualClock
from rig import described
from rig.record import Order, checked, record_session
from rig.recording.hindsight import Detection
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.resources import resource
from rig.session import Batch, LinkState
from rig.targets import open_session
from rig.truth import TRUTH_DTYPE, Strike
from rig.virtual.faults import Fault
from tests.rig.live_bench import Bench
from tests.rig.recording import make

PROGRAM = resource("programs/continuous-20ml.yaml")
MINUTES_US = 60_000_000
FAULTS = (Fault("stall", at_s=60, duration_s=30), Fault("power_cut", at_s=150, duration_s=10))


@pytest.fixture(scope="module", params=["sim:?seed=7&speed=max", "upy:?seed=7&speed=max"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four minutes of a pump that stalls, is stopped by its alarm, and loses its power for a moment."""
    path = tmp_path_factory.mktemp("run") / "a.run.duckdb"
    session = open_session(request.param)
    try:
        for fault in FAULTS:
            session.inject(fault)
        order = Order(request.param, path, PROGRAM, 4 * MINUTES_US)
        record_session(session, checked(PROGRAM, ""), order, lambda *_: None)
    finally:
        session.close()
    return path


def test_each_sample_has_its_truth(run: Path) -> None:
    with RunReader(run) as reader:
        samples, truth = reader.samples(0, 100_000), reader.truth()
    assert set(samples["boot"].tolist()) == {1, 2}
    keys = truth[["boot", "t_us"]]
    assert len(np.unique(keys)) == len(keys)
    where = np.searchsorted(keys, samples[["boot", "t_us"]])
    assert np.array_equal(keys[where], samples[["boot", "t_us"]])
    assert (np.diff(truth["true_us"]) > 0).all()
    true_nl = truth["delivered_nl"][where]
    assert true_nl[-1] > 10_000
    assert np.abs((samples["measured_nl"] - samples["measured_nl"][0]) - (true_nl - true_nl[0])).max() < 2_000


def test_strikes_are_kept_with_their_moments(run: Path) -> None:
    with RunReader(run) as reader:
        strikes, started_us = reader.records(Strike), reader.run.started_us
    assert [(strike.what, strike.begins) for strike in strikes] == [
        ("stall", True),
        ("stall", False),
        ("power_cut", True),
        ("power_cut", False),
    ]
    after_s = [(strike.host_us - started_us) / 1e6 for strike in strikes]
    assert after_s == pytest.approx([60, 90, 150, 160], abs=2)


def test_a_fault_is_told_with_the_alarm_that_answers_it(run: Path) -> None:
    with RunReader(run) as reader:
        stall, cut = reader.hindsight().detections
        (alarm,) = [event for event in reader.events() if event.kind == "motor_stall"]
        truth = reader.truth()
    assert (stall.what, stall.alarm, cut.what) == ("stall", "motor_stall", "power_cut")
    # The log has its delay in whole milliseconds.
    (sensed,) = truth[(truth["boot"] == alarm.boot) & (np.abs(truth["t_us"] - alarm.detected_us) < 1000)]
    assert stall.after_s == pytest.approx((int(sensed["true_us"]) - stall.struck_us) * 1e-6, abs=0.001)
    assert stall.ended_us == stall.struck_us + 30_000_000


def test_true_totals_stand_beside_the_recorded_ones(run: Path) -> None:
    with RunReader(run) as reader:
        found, summary, truth = reader.hindsight(), reader.summary(), reader.truth()
    assert found.rows == len(truth)
    assert found.recorded["commanded_nl"] == summary.commanded_nl
    assert found.recorded["measured_nl"] == summary.measured_nl
    assert summary.measured_nl is not None
    assert found.true["delivered_nl"] == pytest.approx(summary.measured_nl, abs=2_000)
    assert found.true["leaked_nl"] == 0
    assert found.clock_drift_ppm is None  # two boots


def test_truth_is_told_only_when_asked_for(run: Path) -> None:
    data, text = described.of_run(run)
    assert "truth" not in data
    assert "true delivered" not in text
    data, text = described.of_run(run, truth=True)
    assert data["truth"]["detections"][0]["alarm"] == "motor_stall"
    assert "true delivered" in text
    assert "fault stall" in text
    assert "motor stalled after" in text


def test_a_real_pumps_run_holds_no_truth(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    bench = Bench(surroundings=None).until(LinkState.ONLINE)
    bench.pump.telemetry(3)
    bench.run(0.1)
    with RunWriter(path, bench.clock, bench.session.info) as writer:
        for batch in bench.batches:
            writer.add(batch)
        writer.finish("operator", 0)
    with RunReader(path) as reader:
        assert len(reader.samples(0, 10)) == 3
        assert len(reader.truth()) == len(reader.records(Strike)) == 0
    _, text = described.of_run(path, truth=True)
    assert "none: only a virtual pump's run holds it" in text


# -- made-up runs: what answers what ---------------------------------------------------------------------------------

SECOND = 1_000_000


def truth_of(samples: int) -> NDArray[np.void]:
    """Of ``make.samples``, by a clock that is a second behind the host's."""
    rows = np.zeros(samples, TRUTH_DTYPE)
    rows["boot"], rows["t_us"] = 1, make.samples(0, samples)["t_us"]
    rows["true_us"] = make.UTC_US + rows["t_us"] + SECOND
    return rows


def struck(at_s: float, what: str, begins: bool = True) -> Strike:
    return Strike(make.UTC_US + round(at_s * SECOND), what, begins, None)


def detections(folder: Path, strikes: list[Strike], alarms: list[tuple[float, str]]) -> list[tuple[str, str | None]]:
    """Of a run of 100 s; ``alarms`` by the pump's clock."""
    events = tuple(
        replace(make.event(number, kind), detected_us=round(at_s * SECOND), host_us=make.UTC_US + round(at_s * SECOND))
        for number, (at_s, kind) in enumerate(alarms, 1)
    )
    path = folder / "a.run.duckdb"
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        writer.add(Batch(make.samples(0, 1000), events, truth=truth_of(1000), strikes=tuple(strikes)))
        writer.finish("test", 0)
    with RunReader(path) as reader:
        return [
            (seen.what, seen.alarm and f"{seen.alarm} {seen.after_s:.1f}") for seen in reader.hindsight().detections
        ]


def test_an_alarm_answers_what_it_can_be_about_and_nothing_before_it(tmp_path: Path) -> None:
    strikes = [struck(20, "unplug"), struck(30, "leak"), struck(40, "stall"), struck(50, "stall", False)]
    alarms = [(10.0, "motor_stall"), (45.5, "motor_stall"), (70.0, "flow_tolerance")]
    assert detections(tmp_path, strikes, alarms) == [
        ("unplug", None),
        ("leak", "flow_tolerance 41.0"),
        ("stall", "motor_stall 6.5"),
    ]


def test_each_beginning_has_its_own_alarm(tmp_path: Path) -> None:
    strikes = [struck(20, "stall"), struck(30, "stall", False), struck(60, "stall")]
    assert detections(tmp_path, strikes, [(70.0, "motor_stall")]) == [("stall", None), ("stall", "motor_stall 11.0")]


def test_an_alarm_is_about_what_goes_on_rather_than_what_is_over(tmp_path: Path) -> None:
    strikes = [struck(20, "kink"), struck(30, "kink", False), struck(40, "occlusion"), struck(60, "occlusion", False)]
    assert detections(tmp_path, strikes, [(50.0, "occlusion")]) == [("kink", None), ("occlusion", "occlusion 11.0")]


def test_an_alarm_may_be_about_two_that_go_on_or_the_last_that_was(tmp_path: Path) -> None:
    strikes = [struck(5, "reset"), struck(20, "leak"), struck(30, "tube_tear"), struck(60, "power_cut")]
    alarms = [(50.0, "flow_tolerance"), (70.0, "safe_state_reset")]
    assert detections(tmp_path, [*strikes, struck(65, "power_cut", False)], alarms) == [
        ("reset", None),
        ("leak", "flow_tolerance 31.0"),
        ("tube_tear", "flow_tolerance 21.0"),
        ("power_cut", "safe_state_reset 11.0"),
    ]


def test_a_pump_that_lost_its_memory_and_counts_boots_anew_has_no_one_drift(tmp_path: Path) -> None:
    session = open_session("sim:?seed=7&speed=max")
    path = tmp_path / "a.run.duckdb"
    try:
        session.inject(Fault("power_cut", at_s=60, duration_s=1))
        session.inject(Fault("memory_corruption", at_s=60, amount=2))
        record_session(session, checked(PROGRAM, ""), Order("sim:", path, PROGRAM, 2 * MINUTES_US), lambda *_: None)
    finally:
        session.close()
    with RunReader(path) as reader:
        seen = reader.hindsight()
    assert seen.clock_drift_ppm is None


def test_a_detection_says_what_might_have_answered(tmp_path: Path) -> None:
    assert detections(tmp_path, [struck(20, "leak")], []) == [("leak", None)]
    with RunReader(tmp_path / "a.run.duckdb") as reader:
        (seen,) = reader.hindsight().detections
    assert seen == Detection("leak", None, make.UTC_US + 20 * SECOND, None, ("no_flow", "flow_tolerance"))
