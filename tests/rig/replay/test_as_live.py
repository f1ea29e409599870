"""A recorded run of a virtual rig with faults gives, replayed, the very numbers that it gave live."""

import hashlib
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from firmware_link.clock import ManualClock
from rig.recording.reader import RunReader
from rig.replay.moment import Cursor
from rig.replay.replay import Replay
from rig.replay.session import ReplaySession
from rig.session import Batch, LinkState, Status, no_samples
from rig.tracker import Delivered, Totals, Tracker
from rig.truth import no_truth
from tests.rig.replay.lived import DAILY, Lived, live


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Lived]:
    return live(tmp_path_factory.mktemp("lived"))


def played(path: Path, speed: float) -> tuple[list[Batch], Totals]:
    """All batches of the recording, and the totals at its end."""
    clock = ManualClock()
    session = ReplaySession(f"replay:{path}", path, clock, speed=speed, rest=clock.advance)
    batches = []
    while session.playback.playing:
        batches.append(session.poll(1.0))
    totals = session.playback.totals
    session.close()
    return batches, totals


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def joined(batches: list[Batch]) -> NDArray[np.void]:
    return np.concatenate([no_samples(), *(batch.samples for batch in batches)])


@pytest.mark.parametrize("speed", [50.0, math.inf])
def test_a_recording_replays_to_what_it_was_live(lived: tuple[Path, Lived], speed: float) -> None:
    path, bench = lived
    before = digest(path)
    batches, totals = played(path, speed)
    assert {"occlusion", "boot", "refilled"} <= {event.kind for event in bench.events}, "the faults showed"
    assert {link.state for batch in bench.batches for link in batch.links} >= {LinkState.LOST, LinkState.ONLINE}
    assert np.array_equal(joined(batches), joined(bench.batches))
    assert [event for batch in batches for event in batch.events] == bench.events
    gaps = [gap for batch in bench.batches for gap in batch.gaps]
    assert len(gaps) > 2
    assert [gap for batch in batches for gap in batch.gaps] == gaps
    truths = [np.concatenate([no_truth(), *(batch.truth for batch in some)]) for some in (batches, bench.batches)]
    assert np.array_equal(*truths)
    weighed = [np.concatenate([batch.weighings for batch in some]) for some in (batches, bench.batches)]
    assert len(weighed[0]) > 90
    assert np.array_equal(*weighed)
    strikes = [[strike for batch in some for strike in batch.strikes] for some in (batches, bench.batches)]
    assert strikes[0] == strikes[1]
    assert replace(totals, clock=None) == replace(bench.tracker.totals, clock=None)
    assert digest(path) == before, "nothing is written"


def test_the_totals_at_the_end_are_those_of_info(lived: tuple[Path, Lived]) -> None:
    path, _ = lived
    _, totals = played(path, math.inf)
    with RunReader(path) as reader:
        summary, clock = reader.summary(), reader.clock()
        told = (summary.samples, summary.events, summary.gaps, summary.commanded_nl, summary.measured_nl)
        assert (totals.samples, totals.events, totals.gaps, totals.commanded_nl, totals.measured_nl) == told
        assert totals.planned_nl == summary.planned_nl == reader.replanned_nl()
        assert clock is not None
        assert totals.clock is not None


def test_it_begins_when_the_recording_began(lived: tuple[Path, Lived]) -> None:
    """With the first that was heard, not with a rig's truth, which is taken to come a second early."""
    path, bench = lived
    heard_us = min(link.host_us for batch in bench.batches for link in batch.links)
    with Replay(path) as replay:
        assert replay.shelves.start_us == min(heard_us, replay.run.started_us)


def test_curves_are_the_same_point_by_point(lived: tuple[Path, Lived]) -> None:
    """Each curve that a chart draws, placed by the same tracker, as it came."""
    path, bench = lived
    tracker = Tracker()
    tracker.program(DAILY)
    with Replay(path) as replay:
        assert replay.run.found is not None
        tracker.add(Batch(status=Status(replay.run.found, 0)))
        arrivals = np.unique([*joined(bench.batches)["host_us"], *replay.event_times()]).tolist()
        cursors = [Cursor(), *map(replay.shelves.there, arrivals)]
        batches = [replay.between(*pair) for pair in pairwise(cursors)]
    replayed = [tracker.add(replace(batch, status=None)) for batch in batches]
    for column in Delivered.__dataclass_fields__:
        live_column = np.concatenate([getattr(one, column) for one in bench.delivered])
        assert np.array_equal(
            np.concatenate([getattr(one, column) for one in replayed]), live_column, equal_nan=True
        ), column
