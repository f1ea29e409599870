"""A pump that restarts goes on from the counter that it had kept; a recording knows more, and says it everywhere."""

from pathlib import Path

import numpy as np
import pytest

from firmware_link.clock import ManualClock
from rig.compare.comparing import compare
from rig.recording.card import card_of
from rig.recording.curves import RunCurves
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.replay.replay import Replay
from rig.report.evidence import Evidence, Options
from rig.session import Batch
from rig.tracker import Tracker
from tests.rig.recording import make

KEPT_NL = (0, 40_000)  # what the second and the third boot begin with


def restarting() -> list[np.ndarray]:
    """Three boots of five minutes, each half a minute after the one before."""
    boots = []
    for number in range(3):
        rows = make.samples(0, 3000, boot=number + 1, balance=False)
        rows["host_us"] += number * 330_000_000
        rows["commanded_nl"] += KEPT_NL[number - 1] if number else 0
        boots.append(rows)
    return boots


@pytest.mark.parametrize("finished", [True, False])
def test_all_totals_count_what_was_commanded_before_a_restart(tmp_path: Path, finished: bool) -> None:
    boots, path, tracker = restarting(), tmp_path / "restarts.run.duckdb", Tracker()
    expected_nl = sum(int(rows["commanded_nl"][-1] - rows["commanded_nl"][0]) for rows in boots)
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        placed = []
        for rows in boots:
            for first in range(0, len(rows), 700):
                batch = Batch(samples=rows[first : first + 700])
                writer.add(batch)
                placed.append(tracker.add(batch))
        writer.commit()
        if finished:
            assert writer.finish("duration", planned_nl=0).commanded_nl == expected_nl
    commanded = np.concatenate([one.commanded_nl for one in placed])
    assert (np.diff(commanded) >= 0).all()
    assert tracker.totals.commanded_nl == commanded[-1] == expected_nl
    with RunReader(path) as reader:
        evidence = Evidence(reader, Options())
        assert reader.summary().commanded_nl == evidence.whole.commanded_nl == expected_nl
        assert reader.info()["lost_us"] == 2 * 30_100_000, "from the last sample of each boot to the next boot's first"
        middle_us = evidence.boots[1].epoch_us + evidence.boots[1].end_us
        assert evidence.delivered([(evidence.start_us, middle_us)])[0].commanded_nl == commanded[5999]
    assert card_of(path).commanded_nl == expected_nl
    with Replay(path) as replay:
        assert replay.moment(replay.shelves.end_us).totals.commanded_nl == expected_nl


def test_curves_and_comparisons_do_not_fall_back_at_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "restarts.run.duckdb"
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        for rows in restarting():
            writer.add(Batch(samples=rows))
        writer.finish("duration", planned_nl=0)
    curves = RunCurves(path)
    columns = curves.overview().columns["measured"]  # without a balance, what was commanded
    curves.let_go()
    assert (np.diff(columns[np.isfinite(columns)]) >= 0).all()
    for most_exact in (10_000_000, 0):
        monkeypatch.setattr("rig.compare.columns.EXACT_SAMPLES", most_exact)
        one = compare(path, [path]).against[0]
        commanded = next(curve for curve in one.curves if curve.field == "commanded_nl")
        low = commanded.golden_low[np.isfinite(commanded.golden_low)]
        assert (np.diff(low) >= 0).all()
        assert not commanded.deviation[np.isfinite(commanded.deviation)].any()
