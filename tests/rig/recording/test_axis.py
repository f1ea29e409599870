"""Both times of a run: the axis of its charts, and when things had arrived."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from firmware_link.clock import ManualClock
from rig.recording.axis import RunAxis
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch
from rig.tracker import Tracker
from tests.rig.recording import make

S = 1_000_000


def written(path: Path, *parts: NDArray[np.void]) -> None:
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        for part in parts:
            writer.add(Batch(samples=part))
        writer.finish("test")


def rebooted(count: int, after_s: int) -> NDArray[np.void]:
    """Samples of the next boot, which came ``after_s`` after the first of the boot before."""
    rows = make.samples(0, count, boot=2)
    rows["host_us"] += after_s * S
    return rows


def test_axis_seconds_are_those_of_a_live_run(tmp_path: Path) -> None:
    parts = make.samples(0, 5000), make.samples(5100, 400), rebooted(300, 900)
    written(tmp_path / "a.run.duckdb", *parts)
    live = Tracker()
    seconds = np.concatenate([live.add(Batch(samples=part)).t_s for part in parts])
    with RunReader(tmp_path / "a.run.duckdb") as reader:
        axis = RunAxis(reader)
        rows = reader.samples(0, axis.rows)
        assert [axis.seconds(int(row["boot"]), int(row["t_us"])) for row in rows] == seconds.tolist()
        assert [axis.seconds_of(row) for row in range(axis.rows)] == seconds.tolist()
        assert axis.seconds(7, 0) is None
        assert axis.zero_us == int(rows["host_us"][0])


def test_between_two_samples_the_position_goes_on_with_the_axis(tmp_path: Path) -> None:
    written(tmp_path / "a.run.duckdb", make.samples(0, 50), make.samples(100, 50))  # 5 s, 5 s lost, 5 s
    with RunReader(tmp_path / "a.run.duckdb") as reader:
        axis = RunAxis(reader)
        lost_at_us = make.UTC_US + 5 * S
        assert axis.rows_at(lost_at_us) == 50
        assert axis.host_at(4.9) == lost_at_us
        assert axis.host_at(7.9) == lost_at_us + 3 * S
        assert axis.seconds_at(axis.host_at(7.9)) == 4.9
        assert axis.host_at(10.0) == make.UTC_US + 11 * S  # with the block that brought it
        assert axis.host_at(-2.0) == make.UTC_US - 1 * S
        assert (axis.rows_at(axis.host_at(-2.0)), axis.seconds_at(axis.host_at(-2.0))) == (0, 0.0)


@st.composite
def any_arrivals(draw: st.DrawFn) -> NDArray[np.void]:
    """Samples in several stretches, whose host's and whose pump's clock jump."""
    count = draw(st.integers(1, 60))
    rows = make.samples(0, count)
    rows["index"] = rows["index"] + np.cumsum(
        draw(st.lists(st.sampled_from([0, 0, 0, 5]), min_size=count, max_size=count))
    )
    rows["boot"] = np.cumsum(draw(st.lists(st.sampled_from([0, 0, 0, 0, 1]), min_size=count, max_size=count)))
    for field in ("host_us", "t_us"):
        jumps = st.sampled_from([0, 0, 0, 100_000, 3 * S, -2 * S])
        rows[field] += np.cumsum(draw(st.lists(jumps, min_size=count, max_size=count)))
    return rows


@settings(max_examples=8)
@given(any_arrivals(), st.lists(st.floats(-10, 500), min_size=1, max_size=5))
def test_position_and_axis_are_inverse_whatever_the_clocks_do(rows: NDArray[np.void], seconds: list[float]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run.duckdb"
        written(path, rows)
        with RunReader(path) as reader:
            axis = RunAxis(reader)
            arrivals = [axis.arrival_us(row) for row in range(len(rows))]
            assert arrivals == sorted(arrivals)
            for row, arrived_us in enumerate(arrivals):
                assert axis.rows_at(arrived_us - 1) <= row < axis.rows_at(arrived_us)
            positions = [axis.host_at(one) for one in sorted(seconds)]
            assert positions == sorted(positions)
            if (np.diff(rows["host_us"]) >= 0).all():
                assert arrivals == rows["host_us"].tolist()
                there = [axis.seconds_at(position) for position in arrivals]
                if there == sorted(there):
                    assert [axis.seconds_at(axis.host_at(one)) for one in there] == there


def test_a_run_without_samples_has_an_axis_all_the_same(tmp_path: Path) -> None:
    written(tmp_path / "a.run.duckdb")
    with RunReader(tmp_path / "a.run.duckdb") as reader:
        axis = RunAxis(reader)
        assert (axis.rows, axis.zero_us, axis.seconds(1, 5)) == (0, make.UTC_US, None)
        assert (axis.host_at(2.5), axis.rows_at(make.UTC_US), axis.seconds_at(make.UTC_US)) == (
            make.UTC_US + 2_500_000,
            0,
            0.0,
        )


def test_an_outline_that_isnt_of_these_samples_is_refused(tmp_path: Path) -> None:
    import duckdb

    from rig.recording.errors import RunFileError

    path = tmp_path / "a.run.duckdb"
    written(path, make.samples(0, 100))
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE rollup SET rows = 200")
    with RunReader(path) as reader:
        axis = RunAxis(reader)
        with pytest.raises(RunFileError, match="altered"):
            axis.arrival_us(0)
