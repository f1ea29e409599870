"""The recorder by steps, into real run files."""

import os
import random
from pathlib import Path

import pytest

from firmware_link.clock import ManualClock
from programmer_gui import recorder as r
from programmer_gui.messages import RecordingState
from rig.recording.reader import RunReader
from rig.session import Batch
from rig.targets import open_session


class Rec:
    """A recorder, a real session's batches, and what was said."""

    def __init__(self, folder: Path, capacity: int = r.QUEUE) -> None:
        self.clock = ManualClock()
        self.durable: list[int] = []
        self.states: list[RecordingState] = []
        self.recorder = r.Recorder(folder, self.clock, self.durable.append, self.states.append, capacity)
        self.session = open_session("sim:?seed=7&speed=max", rng=random.Random(7))

    def batches(self, seconds: float) -> list[Batch]:
        made = []
        while self.session.info.device is None or self.session.clock.monotonic() < seconds:
            made.append(self.session.poll(1.0))
        return made

    def begin(self) -> None:
        self.recorder.put(r.Begin(self.session.info, self.session.clock))

    def step(self) -> None:
        self.clock.advance(1.0)
        self.recorder.step()


@pytest.fixture
def rec(tmp_path):
    made = Rec(tmp_path / "runs")
    yield made
    made.recorder.close()
    made.session.close()


def test_what_is_put_is_in_the_finished_file(rec):
    batches = rec.batches(20)
    rec.begin()
    for batch in batches:
        rec.recorder.put(batch)
    rec.recorder.put(r.KeepNote("a note", rec.session.clock.utc_us()))
    rec.step()
    rec.recorder.put(r.Finish("finished", 0))
    rec.step()
    state = rec.states[-1]
    assert not state.recording
    with RunReader(state.path) as reader:
        summary = reader.summary()
        assert summary.samples == state.samples == sum(len(batch.samples) for batch in batches)
        assert [note.text for note in reader.notes()] == ["a note"]


def test_event_numbers_come_back_only_after_the_commit(rec):
    batches = rec.batches(20)
    rec.begin()
    for batch in batches:
        rec.recorder.put(batch)
    assert rec.durable == []
    rec.step()
    assert rec.durable == [max(event.number for batch in batches for event in batch.events)]


def test_a_new_recording_never_overwrites_one(rec):
    rec.batches(1)
    for _ in range(2):
        rec.begin()
        rec.recorder.put(r.Finish("finished", None))
        rec.step()
    paths = {state.path for state in rec.states}
    assert len(paths) == 2


def test_a_full_queue_ends_the_recording_in_words_and_loses_nothing_before(tmp_path):
    rec = Rec(tmp_path, capacity=4)
    batches = rec.batches(30)
    rec.begin()
    for batch in batches:
        rec.recorder.put(batch)
    rec.step()
    state = rec.states[-1]
    assert "too slow" in state.error.what
    assert not state.recording
    with RunReader(state.path) as reader:
        assert reader.summary().ended == "the disk was too slow"
    rec.begin()
    rec.step()
    assert rec.states[-1].recording
    rec.recorder.close()
    rec.session.close()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_cannot_be_made_is_said_and_the_recorder_lives(tmp_path):
    taken = tmp_path / "runs"
    taken.write_text("a file, not a folder")
    rec = Rec(taken)
    rec.batches(1)
    rec.begin()
    rec.step()
    assert rec.states[-1].error is not None
    assert rec.states[-1].error.remedy
    taken.unlink()
    rec.begin()
    rec.step()
    assert rec.states[-1].recording
    assert rec.states[-1].error is None
    rec.recorder.close()
    rec.session.close()


def test_a_disk_error_in_the_middle_is_said_and_what_was_committed_stays(rec):
    batches = rec.batches(10)
    rec.begin()
    rec.recorder.put(batches[-1])
    rec.step()
    kept = rec.states[-1].samples
    rec.recorder._writer._database.close()  # the file is gone from under the writer
    rec.recorder.put(batches[-1])
    rec.step()
    assert rec.states[-1].error is not None
    assert not rec.states[-1].recording
    with RunReader(rec.states[-1].path) as reader:
        assert reader.summary().samples == kept
