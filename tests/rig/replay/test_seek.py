"""Seeking to any moment gives exactly the state that playing to it gives, whatever the run is."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import vocabulary
from firmware_link.clock import ManualClock
from rig.replay.moment import Moment
from rig.replay.replay import Replay
from rig.replay.session import ReplaySession
from rig.session import Batch, no_samples
from rig.truth import no_truth
from tests.rig.recording import make
from tests.rig.replay.runs import PROGRAM, Listener, S, any_batches, moments_of, write


def session_of(path: Path) -> ReplaySession:
    clock = ManualClock()
    return ReplaySession(f"replay:{path}", path, clock, rest=clock.advance)


def play_to(session: ReplaySession, at_us: int) -> Iterator[Batch]:
    """All that comes up to there, and no more."""
    clock = session.clock
    assert isinstance(clock, ManualClock)
    if session.playback.at_us < at_us:  # at the end it would begin anew
        session.play(1.0)
        clock.advance((at_us - session.playback.at_us) / 1e6)
    session.pause()
    assert session.playback.at_us == at_us
    for _ in range(1000):
        before_s = clock.monotonic()
        batch = session.poll(0.1)
        if clock.monotonic() >= before_s + 0.1:  # nothing came
            return
        yield batch
    raise AssertionError("it doesn't end")


def agrees(moment: Moment, heard: Listener) -> None:
    shown = moment.batch
    assert np.array_equal(shown.samples, heard.shown_samples())
    if len(heard.samples):
        assert set(moments_of(shown.truth)) == heard.shown_truth()
    assert np.array_equal(shown.weighings, heard.weighings[-1:])
    assert moment.there.weighings == len(heard.weighings)
    assert shown.events == heard.latest_events()
    assert shown.status == heard.status
    assert [link.state for link in shown.links] == [link.state for link in heard.links[-1:]]
    assert sorted(strike.what for strike in moment.standing) == heard.in_force()
    assert shown.counters == heard.counters
    assert moment.there.events == len(heard.events)
    assert replace(moment.totals, clock=None) == replace(heard.tracker.totals, clock=None)
    last = heard.samples[-1:]
    seconds = [heard.tracker.time_s(int(one["boot"]), int(one["t_us"])) for one in last]
    assert [moment.at_s] == (seconds or [0.0])


def same(one: Moment, other: Moment) -> None:
    """Arrays don't compare as the rest does."""
    for name in ("samples", "truth", "weighings"):
        assert np.array_equal(getattr(one.batch, name), getattr(other.batch, name))
    plain = [
        replace(moment, batch=replace(moment.batch, samples=no_samples(), truth=no_truth(), links=()))
        for moment in (one, other)
    ]
    assert repr(plain[0]) == repr(plain[1])


@settings(max_examples=6)
@given(any_batches(), st.booleans(), st.lists(st.floats(0, 1), min_size=1, max_size=4), st.integers(0, 999))
def test_seeking_gives_the_state_that_playing_gives(
    batches: list[Batch], finished: bool, shares: list[float], seed: int
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run.duckdb"
        write(path, batches, finished)
        played = session_of(path)
        begin_us, end_us = played.playback.start_us, played.playback.end_us
        with Replay(path) as forward, Replay(path) as at_random:
            times = [begin_us + round(share * (end_us - begin_us)) for share in shares] + [begin_us, end_us]
            times += [int(one) - seed % 2 for one in forward.event_times()[:2]]
            times = sorted(min(max(time, begin_us), end_us) for time in times)
            heard = Listener(forward.reader)
            moments = []
            for at_us in times:
                for batch in play_to(played, at_us):
                    heard.take(batch)
                moments.append(forward.moment(at_us))
                agrees(moments[-1], heard)
                assert played.playback.totals == moments[-1].totals
                assert played.info.device == moments[-1].device
            for at in random.Random(seed).sample(range(len(times)), len(times)):
                same(at_random.moment(times[at]), moments[at])
            goes_on(path, moments[seed % len(moments)], moments)
        played.close()


def goes_on(path: Path, sought: Moment, moments: list[Moment]) -> None:
    """What comes after a seek is what came there when all was played."""
    session = session_of(path)
    session.seek(sought.at_us)
    found = session.poll(0.0).moment
    assert found is not None
    same(found, sought)
    for moment in moments:
        if moment.at_us >= sought.at_us:
            last = None
            for batch in play_to(session, moment.at_us):
                last = batch.samples[-1] if len(batch.samples) else last
            assert last is None or last == moment.batch.samples[-1]
            assert session.playback.totals == moment.totals
            assert session.playback.at_s == moment.at_s
    session.close()


def test_the_log_of_the_next_boot_waits_for_its_first_sample(tmp_path: Path) -> None:
    """It tells when that boot was; what the boot before says meanwhile moves the plan first."""
    path, us = tmp_path / "a.run.duckdb", make.UTC_US
    started = make.event(2, "started", vocabulary.RUNNING, us + 2 * S)
    committed = make.event(1, "program_committed", PROGRAM.digest() & 0x7FFF_FFFF, us + 3 * S)
    one, two = make.samples(0, 20), make.samples(0, 600, boot=2)
    one["host_us"], two["host_us"] = us + S, us + 4 * S
    write(
        path,
        [
            Batch(samples=one),
            Batch(events=(replace(started, boot=2, occurred_us=11 * S),)),
            Batch(events=(replace(committed, occurred_us=2 * S),)),
            Batch(samples=two),
        ],
    )
    session = session_of(path)
    with Replay(path) as replay:
        heard = Listener(replay.reader)
        for batch in play_to(session, session.playback.end_us):
            heard.take(batch)
        moment = replay.moment(session.playback.end_us)
    agrees(moment, heard)
    assert 0 < moment.totals.planned_nl < moment.totals.commanded_nl, "planned from the start of the second boot on"
    session.close()
