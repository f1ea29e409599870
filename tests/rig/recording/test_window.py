"""The outline of a channel shows what the samples say, from the samples or from the rollup."""

from pathlib import Path

import numpy as np
import pytest

from firmware_link import telemetry
from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.recording import reader as reader_module
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.recording import make

INTERVAL_US = 100_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60,000 samples with 1,000 lost in the middle, then 500 of the next boot."""
    path = tmp_path_factory.mktemp("window") / "a.run.duckdb"
    writer = RunWriter(path, ManualClock(), make.SESSION)
    writer.add(Batch(samples=make.samples(0, 30_000)))
    writer.add(Batch(samples=make.samples(31_000, 30_000)))
    reboot = make.samples(0, 500, boot=2)
    reboot["host_us"] += 61_100 * INTERVAL_US
    writer.add(Batch(samples=reboot))
    writer.finish("test")
    return path


def test_boots_follow_each_other_on_one_axis(run: Path) -> None:
    with RunReader(run) as reader:
        first, second = reader.boots()
    assert (first.boot, first.rows, second.boot, second.first_row, second.rows) == (1, 60_000, 2, 60_000, 500)
    assert first.start_us + first.epoch_us == make.UTC_US + 10 * INTERVAL_US
    assert second.start_us + second.epoch_us == make.UTC_US + 61_110 * INTERVAL_US
    assert second.start_us + second.epoch_us > first.end_us + first.epoch_us


def test_a_late_first_sample_does_not_fold_time(tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    early = make.samples(0, 100)
    early["host_us"] += 60_000_000  # came a minute late
    with RunWriter(path, ManualClock(), make.SESSION) as writer:
        writer.add(Batch(samples=early))
        writer.add(Batch(samples=make.samples(0, 100, boot=2)))
        writer.finish("test")
    with RunReader(path) as reader:
        first, second = reader.boots()
    assert second.start_us + second.epoch_us == first.end_us + first.epoch_us + 1


@pytest.mark.parametrize("columns", [1, 7, 1400])
def test_every_column_is_what_its_samples_are(run: Path, columns: int) -> None:
    with RunReader(run) as reader:
        rows = reader.samples(0, 100_000)
        boots = reader.boots()
        start_us = boots[0].start_us + boots[0].epoch_us + 1_234_567
        end_us = boots[1].end_us + boots[1].epoch_us - 3_210_000
        envelope = reader.window("pressure_pa", start_us, end_us, columns)
    assert envelope.exact
    at_us = rows["t_us"] + np.where(rows["boot"] == 1, boots[0].epoch_us, boots[1].epoch_us)
    values = telemetry.column(rows, "pressure_pa")
    which = np.floor((at_us - start_us) * columns / (end_us - start_us)).astype(int)
    for column in {0, columns // 3, columns // 2, columns - 1}:
        inside = values[which == column]
        if len(inside) == 0:
            assert np.isnan(envelope.low[column])
            continue
        found = [getattr(envelope, name)[column] for name in ("low", "high", "first", "last")]
        assert found == [inside.min(), inside.max(), inside[0], inside[-1]]


def test_lost_time_shows_as_nothing(run: Path) -> None:
    with RunReader(run) as reader:
        boot = reader.boots()[0]
        lost_us = boot.start_us + boot.epoch_us + 30_000 * INTERVAL_US
        envelope = reader.window("commanded_nl", lost_us, lost_us + 1000 * INTERVAL_US, 50)
        assert np.isnan(envelope.low).all()
        assert np.isnan(envelope.last).all()


def test_the_rollup_never_shows_less_than_the_samples(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RunReader(run) as reader:
        boot = reader.boots()[0]
        start_us, end_us = boot.start_us + boot.epoch_us, boot.end_us + boot.epoch_us
        exact = reader.window("measured_nl", start_us, end_us, 9)
        monkeypatch.setattr(reader_module, "EXACT_ROWS", 1000)
        rough = reader.window("measured_nl", start_us, end_us, 9)
        lost_us = start_us + 30_000 * INTERVAL_US
        lost = reader.window("measured_nl", lost_us, lost_us + 1000 * INTERVAL_US, 5)
    assert not rough.exact
    assert (rough.low <= exact.low).all()
    assert (rough.high >= exact.high).all()
    assert rough.low.min() == exact.low.min()
    assert np.isnan(lost.low).all()


@pytest.mark.parametrize(
    ("field", "length", "columns"), [("t_us", 10, 5), ("no_such", 10, 5), ("flow_pl_s", 0, 5), ("flow_pl_s", 9, 0)]
)
def test_a_window_that_makes_no_sense_is_refused(run: Path, field: str, length: int, columns: int) -> None:
    with RunReader(run) as reader, pytest.raises(UsageError):
        reader.window(field, 0, length, columns)
