"""A run file that holds any values at all plays, or is refused in a sentence; it never brings the program down."""

import math
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.clock import ManualClock
from firmware_link.errors import PumpError
from rig.recording.writer import RunWriter
from rig.replay.session import ReplaySession
from rig.session import Batch, LinkState
from tests.rig.recording import make
from tests.rig.recording.test_round_trip import batches


@settings(max_examples=6)
@given(batches(), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3))
def test_any_values_at_all_play_to_the_end(written: list[Batch], positions: list[int]) -> None:
    with TemporaryDirectory() as folder:
        path, clock = Path(folder) / "a.run.duckdb", ManualClock()
        with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
            for batch in written:
                writer.add(batch)
            writer.finish("test", 0)
        try:
            session = ReplaySession("replay:", path, clock, speed=math.inf, rest=clock.advance)
        except PumpError:
            return
        heard = []
        for at_us in positions:
            session.seek(at_us)
            heard.append(session.poll(0.0))
        session.seek(session.playback.start_us)
        while session.playback.playing and len(heard) < 1000 and not closed(heard):
            heard.append(session.poll(0.0))
        assert closed(heard) or not session.playback.playing, "it comes to an end"
        for batch in heard:
            moment = batch.moment
            assert moment is None or session.playback.start_us <= moment.at_us <= session.playback.end_us
        session.close()


def closed(heard: list[Batch]) -> bool:
    """Whether the file could not be read on, and why was said."""
    return any(link.state is LinkState.CLOSED and link.error for batch in heard for link in batch.links)
