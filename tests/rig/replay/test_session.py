"""A recording as a session: its pace, what it can't, and what it says when the file can't be read on."""

import math
from pathlib import Path

import duckdb
import pytest

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig import meeting
from rig.recording.errors import RunFileError
from rig.replay.replay import Replay
from rig.replay.session import ReplaySession
from rig.session import Command, Event, LinkState
from rig.targets import ReplayTarget, open_session, parse_replay
from rig.tracker import Tracker
from rig.virtual.faults import Fault
from tests.rig.recording import make

S = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """100 s in blocks of a second, 5 s of them lost in the middle."""
    make.make_run(tmp_path / "a.run.duckdb", 1000)
    return tmp_path / "a.run.duckdb"


def session_of(path: Path, speed: float = 1.0) -> tuple[ReplaySession, ManualClock]:
    clock = ManualClock()
    return ReplaySession(f"replay:{path}", path, clock, speed=speed, rest=clock.advance), clock


@pytest.mark.parametrize("speed", [0.1, 1.0, 10.0])
def test_a_block_comes_when_it_came(path: Path, speed: float) -> None:
    session, clock = session_of(path, speed)
    assert len(session.poll(100.0).events) == 4, "what came at the beginning comes at once"
    for block in range(1, 4):
        assert len(session.poll(100.0).samples) == 10
        assert clock.monotonic() == pytest.approx(block / speed, abs=1e-3)
        assert session.playback.at_us == pytest.approx(make.UTC_US + block * S, abs=2000)


def test_fast_play_gathers_what_is_due_and_loses_nothing(path: Path) -> None:
    session, clock = session_of(path, 10_000.0)
    rows = polls = 0
    while session.playback.playing:
        rows += len(session.poll(1.0).samples)
        polls += 1
    assert (rows, polls < 5) == (1000, True)
    assert clock.monotonic() < 0.1


def test_as_fast_as_it_goes_no_time_passes(path: Path) -> None:
    session, clock = session_of(path, math.inf)
    batches = [session.poll(1.0) for _ in range(2)]
    assert (len(batches[0].samples), clock.monotonic(), session.playback.playing) == (1000, 0.0, False)
    assert session.playback.at_us == session.playback.end_us


def test_a_pause_stands_and_goes_on_from_there(path: Path) -> None:
    session, clock = session_of(path)
    for _ in range(3):
        session.poll(100.0)
    session.pause()
    at_us = session.playback.at_us
    assert not len(session.poll(7.0).samples)
    assert (clock.monotonic(), session.playback.at_us) == (pytest.approx(9.0, abs=0.01), at_us)
    session.play(2.0)
    assert session.playback.speed == 2.0
    assert len(session.poll(100.0).samples) == 10
    assert clock.monotonic() == pytest.approx(9.5, abs=0.01)


def test_a_seek_gives_the_moment_first_and_then_what_follows(path: Path) -> None:
    session, _ = session_of(path)
    session.seek(make.UTC_US + 30 * S + 1)
    moment = session.poll(0.0).moment
    assert moment is not None
    assert (moment.totals.samples, moment.at_s) == (300, 29.9)
    assert session.poll(100.0).samples["index"].tolist() == list(range(300, 310))
    session.seek(0)
    first = session.poll(0.0).moment
    assert first is not None
    assert (first.at_us, first.totals.samples) == (session.playback.start_us, 0)


def test_play_at_the_end_begins_anew(path: Path) -> None:
    session, _ = session_of(path, math.inf)
    session.seek(1 << 60)
    while session.playback.playing:
        session.poll(0.0)
    assert session.playback.at_us == session.playback.end_us
    session.play()
    moment = session.poll(0.0).moment
    assert moment is not None
    assert moment.at_us == session.playback.start_us


def crowd(path: Path) -> None:
    """A hundred thousand starts in a second."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """INSERT INTO events SELECT 4 + n, 'started', 0, 1, n, n, 1700000000, 2, 0, ? + 10 * n
            FROM range(1, 100001) AS _(n)""",
            [make.UTC_US],
        )


def test_where_more_comes_than_can_be_given_the_position_waits(path: Path) -> None:
    crowd(path)
    session, clock = session_of(path, 20.0)
    session.seek(make.UTC_US)
    session.poll(0.0)
    positions_us = []
    for _ in range(5):
        clock.advance(4.0)  # 80 s of the run go by, and the first second has too many events for that
        session.poll(0.0)
        positions_us.append(session.playback.at_us - make.UTC_US)
    assert positions_us == sorted(positions_us)
    assert 0 < positions_us[-1] < S
    session.pause()
    assert session.playback.at_us == make.UTC_US + positions_us[-1]


def test_going_back_among_many_events_follows_only_the_last_of_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(path)
    noted = 0

    def count(tracker: Tracker, event: Event) -> None:
        nonlocal noted
        noted += 1
        note(tracker, event)

    with Replay(path) as replay:
        end_us = replay.shelves.end_us
        at_once = replay.moment(end_us - 10 * S).totals
        replay.moment(end_us)
        note = Tracker._note
        monkeypatch.setattr(Tracker, "_note", count)
        assert replay.moment(end_us - 10 * S).totals == at_once
    assert noted <= 20_000


def test_wake_ends_a_poll(path: Path) -> None:
    session, clock = session_of(path)
    session.poll(0.0)
    session.wake()
    session.poll(50.0)
    assert clock.monotonic() == 0.0


def test_a_file_that_was_let_go_of_can_be_edited_and_played_on(path: Path) -> None:
    session, _ = session_of(path)
    session.seek(make.UTC_US + 30 * S)
    session.poll(0.0)
    session.let_go()
    assert session.playback.totals.samples == 300
    with duckdb.connect(str(path)) as connection:  # refused while this process reads it
        connection.execute("DELETE FROM notes")
    assert session.poll(100.0).samples["index"].tolist() == list(range(300, 310))


def test_a_recording_takes_no_commands(path: Path) -> None:
    session, _ = session_of(path)
    assert (session.info.can_control, session.info.can_seek, session.info.virtual) == (False, True, False)
    assert session.info.device == make.DEVICE
    with pytest.raises(UsageError, match="recording"):
        session.command(Command("stop"))
    with pytest.raises(UsageError, match="recording"):
        session.inject(Fault("reset"))
    with pytest.raises(UsageError, match="recording"):
        meeting.connect(session)
    with pytest.raises(UsageError, match="times as fast"):
        session.play(0.01)
    session.acknowledge(3)


def test_what_can_not_be_read_on_closes_the_session(path: Path) -> None:
    session, _ = session_of(path)
    session.let_go()
    path.write_bytes(path.read_bytes()[:5000])
    (link,) = session.poll(1.0).links
    assert link.state is LinkState.CLOSED
    assert isinstance(link.error, RunFileError)
    assert not session.poll(1.0).links


def test_a_live_session_has_no_time_to_choose() -> None:
    session = open_session("sim:?speed=max")
    assert session.playback is None
    for act in (session.play, session.pause, lambda: session.seek(0)):
        with pytest.raises(UsageError, match="as it is now"):
            act()
    session.close()


def test_addresses_of_recordings(path: Path) -> None:
    assert parse_replay("sim:") is None
    assert parse_replay("replay:a?b.run.duckdb") == ReplayTarget(Path("a?b.run.duckdb"), 1.0)
    assert parse_replay("replay:C:\\runs\\a?b?speed=max") == ReplayTarget(Path("C:\\runs\\a?b"), math.inf)
    session = open_session(f"replay:{path}?speed=60")
    assert session.playback is not None
    assert session.playback.speed == 60.0
    session.close()
    for address, said in (
        ("replay:", "names no recording"),
        ("replay:a?speed=0", "0 times as fast"),
        ("replay:a?speed=fast", "no speed"),
        ("replay:a?speed=20000", "20000 times"),
        ("replay:nosuch.run.duckdb", "no file"),
    ):
        with pytest.raises(UsageError, match=said):
            open_session(address)
