"""A pump is programmed, recorded and described, by every host that runs its firmware."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from firmware_link import vocabulary
from firmware_link.errors import SafetyStop, UsageError
from rig import described
from rig.record import Order, Recorded, checked, parse_duration, record, record_session
from rig.recording.database import Database
from rig.recording.errors import RecordingError
from rig.recording.reader import RunReader
from rig.recording.summary import Summary
from rig.resources import resource
from rig.session import Batch, Command, Reply, Session, execute
from rig.targets import open_session
from rig.virtual.faults import Fault

FAST_BASE = resource("programs/continuous-20ml.yaml")
STEP_NL = 19_438_991 / 3200 / 1000
TEN_MIN_US = 600_000_000
HOSTS = ["sim:?seed=7&speed=max", "upy:?seed=7&speed=120"]


def silent(done: int, total: int | None, what: str) -> None:
    """Nobody watches."""


def order(target: str, folder: Path, duration_us: int = TEN_MIN_US) -> Order:
    return Order(target, folder / "a.run.duckdb", FAST_BASE, duration_us)


def record_with(fault: Fault, target: str, folder: Path) -> Recorded:
    """Records ten minutes on a rig that gets ``fault`` first."""
    what = order(target, folder)
    session = open_session(target)
    try:
        session.inject(fault)
        return record_session(session, checked(FAST_BASE, ""), what, silent)
    finally:
        session.close()


def interrupt(session: Session, polls: int) -> None:
    """Somebody presses Ctrl-C in the poll of this number."""
    poll, numbers = session.poll, iter(range(1, polls))

    def until_then(timeout_s: float) -> Batch:
        if next(numbers, None) is None:
            session.poll = poll  # type: ignore[method-assign]
            raise KeyboardInterrupt
        return poll(timeout_s)

    session.poll = until_then  # type: ignore[method-assign]


def judge(summary: Summary, folder: Path) -> None:
    """What ten minutes at 20 mL a day must come to; on a slow computer the poll that ends them comes late."""
    with RunReader(folder / "a.run.duckdb") as reader:
        t_us = reader.samples(0, 100_000)["t_us"]
    assert summary.planned_nl is not None
    assert summary.commanded_nl is not None
    assert summary.measured_nl is not None
    assert 138_000 < summary.planned_nl <= 20e6 * (t_us[-1] - t_us[0]) / 86_400e6 + STEP_NL
    assert abs(summary.commanded_nl - summary.planned_nl) <= STEP_NL
    assert abs(summary.measured_nl / summary.commanded_nl - 1) <= 0.01


@pytest.mark.parametrize("target", HOSTS)
def test_ten_minutes_deliver_what_was_planned_and_the_file_says_the_same(target: str, tmp_path: Path) -> None:
    recorded = record(order(target, tmp_path), silent)
    assert recorded.error is None
    judge(recorded.summary, tmp_path)
    said, _ = described.of_summary(recorded.summary, tmp_path / "a.run.duckdb")
    kept, text = described.of_run(tmp_path / "a.run.duckdb")
    assert {name: kept[name] for name in said} == said
    assert said["ended"] == "duration"
    assert kept["programs"][0]["name"] == "Continuous, 20 mL/day"
    assert kept["programs"][0]["confirmed"]
    assert {"started": 1, "program_committed": 1, "stopped": 1}.items() <= kept["events_by_kind"].items()
    assert json.loads(json.dumps(kept)) == kept
    assert "Continuous, 20 mL/day" in text


@pytest.mark.parametrize("target", HOSTS)
def test_a_stalled_rotor_fails_the_same_judgement(target: str, tmp_path: Path) -> None:
    recorded = record_with(Fault("stall"), target, tmp_path)
    with pytest.raises(AssertionError):
        judge(recorded.summary, tmp_path)
    assert isinstance(recorded.error, SafetyStop)
    assert "motor stall" in recorded.error.what
    kept, _ = described.of_run(tmp_path / "a.run.duckdb")
    assert kept["events_by_kind"]["motor_stall"] == 1


def test_an_unplugged_cable_leaves_a_gap_and_the_recording_goes_on(tmp_path: Path) -> None:
    target = HOSTS[0]
    recorded = record_with(Fault("unplug", at_s=100, duration_s=60), target, tmp_path)
    assert recorded.error is None
    judge(recorded.summary, tmp_path)  # the pump delivers by itself, and its counters say so
    assert recorded.summary.gaps >= 1
    with RunReader(tmp_path / "a.run.duckdb") as reader:
        numbers = [event.number for event in reader.events()]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        samples = reader.samples(0, 10_000)
        steps_s = (samples["t_us"][1:] - samples["t_us"][:-1]) / 1e6
        assert 55 < steps_s.max() < 70


def test_a_pump_that_never_comes_back_leaves_a_gap_too(tmp_path: Path) -> None:
    session = open_session(HOSTS[0])
    try:
        session.inject(Fault("unplug", at_s=10))
        interrupt(session, polls=200)
        recorded = record_session(session, checked(FAST_BASE, ""), order(HOSTS[0], tmp_path), silent)
    finally:
        session.close()
    assert recorded.summary.ended == "interrupted"
    assert recorded.summary.gaps == 1
    kept, _ = described.of_run(tmp_path / "a.run.duckdb")
    assert kept["gaps"] == 1


def test_events_are_on_disk_before_the_pump_may_forget_them(tmp_path: Path) -> None:
    session = open_session(HOSTS[0])
    told: list[tuple[int, int]] = []
    acknowledge = session.acknowledge

    def look_first(last_event: int) -> None:
        for end in ("", ".wal"):  # what a crash at this moment would leave
            (tmp_path / f"copy{end}").write_bytes((tmp_path / f"a.run.duckdb{end}").read_bytes())
        with RunReader(tmp_path / "copy") as reader:
            told.append((last_event, max(event.number for event in reader.events())))
        acknowledge(last_event)

    session.acknowledge = look_first  # type: ignore[method-assign]
    try:
        record_session(session, checked(FAST_BASE, ""), order(HOSTS[0], tmp_path, 2_000_000), silent)
    finally:
        session.close()
    assert told
    assert all(durable >= last for last, durable in told)


def test_a_pump_at_work_is_recorded_without_disturbing_it(tmp_path: Path) -> None:
    session = open_session(HOSTS[0])
    try:
        first = Order(HOSTS[0], tmp_path / "first.run.duckdb", FAST_BASE, 60_000_000, keep_running=True)
        record_session(session, checked(FAST_BASE, ""), first, silent)
        second = Order(HOSTS[0], tmp_path / "second.run.duckdb", None, 60_000_000)
        recorded = record_session(session, None, second, silent)
    finally:
        session.close()
    assert recorded.summary.planned_nl is not None
    assert recorded.summary.commanded_nl is not None
    assert 13_000 < recorded.summary.planned_nl < 15_000
    assert abs(recorded.summary.planned_nl - recorded.summary.commanded_nl) <= STEP_NL + 1


def test_an_interrupted_recording_is_closed_in_good_order(tmp_path: Path) -> None:
    session = open_session(HOSTS[0])
    try:
        forever = Order(HOSTS[0], tmp_path / "a.run.duckdb", FAST_BASE, None)
        interrupt(session, polls=60)
        recorded = record_session(session, checked(FAST_BASE, ""), forever, silent)
    finally:
        session.close()
    assert recorded.summary.ended == "interrupted"
    kept, _ = described.of_run(tmp_path / "a.run.duckdb")
    assert kept["ended"] == "interrupted"
    assert kept["events_by_kind"]["stopped"] == 1


def test_a_full_disk_stops_the_pump_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_rows, rows_before = Database.put_rows, iter(range(20))

    def full_at_last(database: Database, table: str, rows: Any) -> None:
        if next(rows_before, None) is None:
            raise duckdb.IOException("IO Error: Could not write file: No space left on device")
        put_rows(database, table, rows)

    monkeypatch.setattr(Database, "put_rows", full_at_last)
    session = open_session(HOSTS[0])
    try:
        forever = Order(HOSTS[0], tmp_path / "a.run.duckdb", FAST_BASE, None)
        with pytest.raises(RecordingError, match="the disk is full"):
            record_session(session, checked(FAST_BASE, ""), forever, silent)
        status = execute(session, one("get_status")).values
    finally:
        session.close()
    assert vocabulary.STATES[status["state"]] == "stopped"
    assert status["commanded_pl"] > 0


def one(name: str) -> Generator[Command, Reply, Reply]:
    return (yield Command(name))


def test_beyond_a_soft_limit_needs_a_reason_and_beyond_a_hard_one_nothing_helps(tmp_path: Path) -> None:
    path = tmp_path / "strong.yaml"
    text = FAST_BASE.read_text(encoding="utf-8").replace("50 ug/mL ", "200 ug/mL ")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="soft limit") as caught:
        checked(path, "")
    assert "--confirm" in caught.value.remedy
    assert checked(path, "bench trial")
    path.write_text(text.replace("20 mL/day", "25 mL/day"), encoding="utf-8")
    with pytest.raises(UsageError, match="hard limit"):
        checked(path, "bench trial")


def test_durations_are_pump_time_in_words() -> None:
    assert parse_duration("10min") == TEN_MIN_US
    assert parse_duration("forever") is None
    with pytest.raises(UsageError, match="duration"):
        parse_duration("soon")
    with pytest.raises(UsageError, match="no time"):
        parse_duration("0s")
