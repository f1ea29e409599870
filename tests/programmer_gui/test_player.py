"""The player's model: what is shown at once, what is asked of the engine, and when."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.models.player import SPEEDS, PlayerModel
from programmer_gui.playing import Halt, Play, Seek
from programmer_gui.views.player_bar import parse_speed, speed_text
from programmer_gui.views.replay_times import elapsed_text
from programmer_gui.views.timeline_track import covered
from rig.recording.records import Run
from rig.replay.landmarks import Landmarks
from rig.session import Playback
from rig.tracker import Totals

US = 1_000_000
FILE = Path("day.run.duckdb")


def landmarks(*at_s: float) -> Landmarks:
    """Those of a run whose only marks are events at these seconds."""
    at_us = np.array([round(at * US) for at in at_s], np.int64)
    run = Run(4, "id", "1", "sim:", "virtual rig", True, 0)
    nothing = np.empty((0, 2), np.int64)
    knots = np.array([0, 100 * US], np.int64)
    priority = np.zeros(len(at_us), np.int8)
    return Landmarks(FILE, run, at_us, priority, (), (), (), (), nothing, knots, np.array([0.0, 100.0]))


def stands(at_us: int, playing: bool = False, speed: float = 1.0) -> Playback:
    """Where an engine says that it is, in a recording of 100 s."""
    return Playback(0, 100 * US, at_us, playing, speed, at_us / US, Totals())


class Engine:
    """What the player asks for, and the engine's answers."""

    def __init__(self, player: PlayerModel) -> None:
        self.player, self.asked = player, []
        player.asked.connect(self.asked.append)
        player.open(FILE)
        player.take(stands(0), sought=True)

    def seeks(self) -> list[float]:
        return [one.at_us / US for one in self.asked if isinstance(one, Seek)]

    def arrive(self) -> None:
        """The latest seek is done."""
        at_us = [one.at_us for one in self.asked if isinstance(one, Seek)][-1]
        self.player.take(stands(at_us), sought=True)

    def play(self, at_s: float, speed: float = 1.0) -> None:
        """It has played up to there."""
        self.player.take(stands(round(at_s * US), True, speed), sought=False)


@pytest.fixture
def engine(qapp) -> Engine:
    return Engine(PlayerModel())


def test_of_a_scrub_only_the_first_and_the_newest_position_are_sought(engine):
    for at_s in range(10, 60):
        engine.player.seek(at_s * US)
        assert engine.player.at_us == at_s * US  # shown at once
    assert engine.seeks() == [10]
    engine.arrive()
    assert engine.player.at_us == 59 * US  # the hand's place, not the place that was reached meanwhile
    assert engine.seeks() == [10, 59]
    engine.arrive()
    assert engine.seeks() == [10, 59]


def test_what_was_played_before_a_seek_is_not_shown_any_more(engine):
    engine.play(5)
    engine.player.seek(50 * US)
    engine.play(5.1)
    assert engine.player.at_us == 50 * US
    engine.arrive()
    engine.play(50.1)
    assert engine.player.at_us == round(50.1 * US)


def test_positions_stay_within_the_recording(engine):
    engine.player.seek(-5 * US)
    assert engine.player.at_us == 0
    engine.player.seek(500 * US)
    assert engine.player.at_us == 100 * US


def test_the_end_is_played_again_from_the_start(engine):
    engine.player.seek(100 * US)
    engine.arrive()
    engine.player.toggle()
    assert engine.asked[-2:] == [Seek(0), Play(1.0)]


def test_a_hand_on_the_playhead_pauses_and_letting_go_plays_on(engine):
    engine.play(5)
    engine.player.grab()
    engine.player.seek(30 * US)
    engine.player.release()
    assert engine.asked == [Halt(), Seek(30 * US), Play(1.0)]
    engine.asked.clear()
    engine.player.take(stands(30 * US), sought=True)
    engine.player.grab()
    engine.player.release()
    assert engine.asked == []  # it stood before


def test_steps_go_from_event_to_event_and_then_to_the_ends(engine):
    engine.player.set_landmarks(landmarks(10, 20, 20, 30))
    for forward, at_s in ((True, 10), (True, 20), (True, 30), (True, 100), (False, 30), (False, 20), (False, 10)):
        engine.player.step(forward)
        assert engine.player.at_us == at_s * US
        engine.arrive()
    engine.player.step(False)
    assert engine.player.at_us == 0


def test_the_speed_goes_up_and_down_its_steps_and_holds_at_their_ends(engine):
    for _ in SPEEDS:
        engine.player.faster()
    assert engine.player.speed == math.inf
    for _ in SPEEDS:
        engine.player.slower()
    assert engine.player.speed == 0.1
    engine.player.set_speed(45.0)
    engine.player.faster()
    assert engine.player.speed == 60.0
    engine.player.set_speed(1e9)
    assert engine.player.speed == 10_000.0
    assert engine.asked == []  # it stands: nothing is played for that
    engine.play(5, 10_000.0)
    engine.player.slower()
    assert engine.asked == [Play(3000.0, begin=False)]


def test_while_the_file_is_edited_nothing_is_asked_and_the_hand_is_not_forgotten(engine):
    engine.player.hold()
    engine.player.seek(40 * US)
    engine.player.play()
    engine.player.pause()
    assert engine.asked == []
    assert engine.player.at_us == 40 * US
    engine.player.go_on()
    engine.player.take(stands(40 * US), sought=True)
    assert engine.player.at_us == 40 * US
    assert engine.asked == []  # what takes it up again went there


def test_what_was_read_of_another_file_is_not_shown(engine):
    engine.player.open(Path("another.run.duckdb"))
    engine.player.set_landmarks(landmarks(10))
    assert engine.player.landmarks is None


@given(st.floats(0, 100), st.floats(0, 100))
def test_axis_and_position_are_each_other_s_inverse(one, other):
    marks = landmarks()
    assert marks.position_at(marks.seconds_at(round(one * US))) == pytest.approx(one * US, abs=2)
    low, high = sorted((one, other))
    assert marks.seconds_at(round(low * US)) <= marks.seconds_at(round(high * US))


@pytest.mark.parametrize(
    ("text", "speed"),
    [("60", 60.0), ("x60", 60.0), ("0.5×", 0.5), ("0,5", 0.5), ("10\u202f000×", 10_000.0), ("max", math.inf)]
    + [(text, None) for text in ("", "fast", "-1", "0", "nan", "inf", "1e999")],
)
def test_a_speed_is_read_as_people_write_it(text, speed):
    assert parse_speed(text) == speed


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_speed_reads_back_as_it_is_shown(speed):
    assert parse_speed(speed_text(speed)) == speed


def test_times_are_as_fine_as_they_move_and_never_change_their_length():
    assert elapsed_text(751_400_000, 1800 * US) == "00:12:31.4"
    assert elapsed_text(751_400_000, 7200 * US) == "00:12:31"
    assert elapsed_text(90_061 * US, 40 * 86_400 * US) == "\u20071 d 01:01:01"
    assert elapsed_text(-5, 100) == "00:00:00.0"


@given(st.lists(st.tuples(st.floats(-50, 150), st.floats(0, 30)), max_size=30))
def test_gaps_of_one_column_are_drawn_once_and_each_is_seen(gaps):
    pairs = np.array([(begin, begin + lasts) for begin, lasts in gaps]).reshape(-1, 2)
    shown = covered(pairs, 100)
    columns = [column for begin, end in shown for column in range(begin, end)]
    assert len(columns) == len(set(columns))
    for begin, end in pairs:
        assert {min(99, max(0, math.floor(begin)))} <= set(columns)
        assert all(column in columns for column in range(max(0, math.floor(begin)), min(100, math.ceil(end))))
