"""A recording holds all that its plan needs, so a run that was cut short has one too."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rig.record import Order, Recorded, checked, record_session
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.resources import resource
from rig.session import Batch, Session, Status
from rig.targets import open_session
from rig.virtual.faults import Fault
from tests.rig.pump_bench import Bench
from tests.rig.recording import make, make_bad

PROGRAM = resource("programs/continuous-20ml.yaml")
MINUTE_US = 60_000_000


@pytest.fixture
def session() -> Iterator[Session]:
    session = open_session("sim:?seed=7&speed=max")
    yield session
    session.close()


def record(session: Session, path: Path, program: bool, file: Path = PROGRAM) -> Recorded:
    order = Order("sim:", path, file if program else None, 2 * MINUTE_US, keep_running=True)
    return record_session(session, checked(file, "") if program else None, order, lambda *_: None)


def test_the_plan_of_a_program_written_while_recording(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    planned_nl = record(session, path, program=True).summary.planned_nl
    assert planned_nl is not None
    assert planned_nl > 25_000
    with RunReader(path) as reader:
        assert reader.replanned_nl() == planned_nl


def test_the_plan_of_a_program_that_is_written_before_the_first_sample(session: Session, tmp_path: Path) -> None:
    """As of a pump that seldom takes one."""
    bench = Bench(session)
    bench.connect()
    bench.look_each(20_000_000)
    path = tmp_path / "a.run.duckdb"
    summary = record(session, path, program=True).summary
    with RunReader(path) as reader:
        (started,) = [event for event in reader.events() if event.kind == "started"]
        assert started.occurred_us < reader.samples(0, 1)["t_us"][0]
        assert reader.replanned_nl() == summary.planned_nl
    assert summary.planned_nl == pytest.approx(summary.commanded_nl, abs=10)
    assert summary.planned_nl > 20_000


def test_the_plan_of_a_pump_that_was_at_work_already(session: Session, tmp_path: Path) -> None:
    record(session, tmp_path / "first.run.duckdb", program=True)
    path = tmp_path / "second.run.duckdb"
    planned_nl = record(session, path, program=False).summary.planned_nl
    assert planned_nl is not None
    assert planned_nl > 25_000
    with RunReader(path) as reader:
        assert reader.replanned_nl() == planned_nl
        assert [program.name for program in reader.programs()] == ["found on the pump"]


def test_the_plan_of_a_run_of_the_format_before(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    planned_nl = record(session, path, program=True).summary.planned_nl
    with duckdb.connect(str(path)) as connection:
        make_bad.take_back(connection, 1)
        # The digest was over a shorter head then.
        connection.execute("UPDATE programs SET digest = '00000000deadbeef'")
        connection.execute(f"UPDATE events SET value = {0xDEADBEEF & 0x7FFFFFFF} WHERE kind = 'program_committed'")
    with RunReader(path) as reader:
        assert reader.replanned_nl() == planned_nl


def test_an_on_demand_bolus_is_in_the_plan_as_in_the_delivery(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    session.inject(Fault("press_button", at_s=30))
    summary = record(session, path, program=True, file=resource("programs/on-demand-bolus.yaml")).summary
    assert summary.planned_nl is not None
    assert summary.planned_nl > 4000  # 20 µL over 5 min, of which less than 2 min
    assert abs(summary.planned_nl - summary.commanded_nl) <= 1
    with RunReader(path) as reader:
        assert reader.replanned_nl() == summary.planned_nl
        assert "demand_granted" in [event.kind for event in reader.events()]


def test_a_run_cut_short_has_its_plan(session: Session, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.run.duckdb", tmp_path / "cut.run.duckdb"
    summary = record(session, whole, program=True).summary
    with RunReader(whole) as reader, RunWriter(cut, session.clock, session.info) as writer:
        run, (program,) = reader.run, reader.programs()
        assert run.found is not None
        writer.add(Batch(status=Status(run.found, 0), samples=reader.samples(0, 10**6), events=reader.events()))
        writer.program(program.name, program.source, program.program(), program.receipt)
        writer.commit()
    with RunReader(cut) as reader:
        assert reader.cut_short
        assert reader.summary().planned_nl == summary.planned_nl


def test_a_run_that_does_not_say_what_the_pump_began_with_has_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    with RunWriter(path, make.ManualClock(make.UTC_US), make.SESSION) as writer:
        for batch in make.batches(100):
            writer.add(batch)
        writer.add(Batch(status=Status({"digest": 5, "state": 1}, 0)))
        assert writer.finish("test").planned_nl is None
    with RunReader(path) as reader:
        assert reader.summary().planned_nl is None
