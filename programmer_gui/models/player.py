"""A recording being played: where it stands, how fast it goes, and what is asked of it.

The position that is asked for is shown at once; of what is asked for while a seek is under way only the newest is
sought, so that a hand on the timeline never waits.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from programmer_gui.playing import Halt, Play, Seek

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.recording.records import Note
    from rig.replay.landmarks import Landmarks
    from rig.session import Playback

SPEEDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1000.0, 3000.0, 10_000.0, math.inf)
LEAST, MOST = SPEEDS[0], SPEEDS[-2]


class PlayerModel(QObject):
    """``asked`` carries an intent for the engine."""

    opened = Signal(bool)  # whether there is a recording
    moved = Signal(object)  # the position, UTC microseconds
    changed = Signal()  # playing, speed
    landmarks_changed = Signal(object)  # rig.replay.landmarks.Landmarks, or None while they are being read
    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.start_us = self.end_us = self.at_us = 0
        self.at_s: float | None = None  # on the run's axis, of the last sample there; None until the engine has said
        self.playing = False
        self.speed = 1.0
        self.landmarks: Landmarks | None = None
        self._ready = False  # the engine has said where it stands
        self._sought: int | None = None  # under way
        self._wanted: int | None = None  # to be sought next
        self._held = False
        self._resume = False

    @property
    def is_open(self) -> bool:
        """Whether there is a recording, whose extent is known."""
        return self._ready

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is the moment that was asked for."""
        return self._ready and self._sought is None and self._wanted is None

    # -- from the engine -----------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """A recording is being opened."""
        self.close()
        self.path = path

    def close(self) -> None:
        """There is none any more."""
        self.path = self.landmarks = self.at_s = self._sought = self._wanted = None
        self.playing = self._held = self._resume = False
        self.speed = 1.0
        if self._ready:
            self._ready = False
            self.opened.emit(False)
        self.landmarks_changed.emit(None)

    def set_landmarks(self, landmarks: "Landmarks") -> None:
        """What was read of the whole recording."""
        if landmarks.path == self.path:
            self.landmarks = landmarks
            self.landmarks_changed.emit(landmarks)

    def set_notes(self, notes: "tuple[Note, ...]") -> None:
        """After an edit."""
        if self.landmarks is not None:
            self.landmarks = replace(self.landmarks, notes=notes)
            self.landmarks_changed.emit(self.landmarks)

    def take(self, playback: "Playback", sought: bool) -> None:
        """Where the engine stands; ``sought`` where it has gone there, and hasn't just played on."""
        if not self._ready:
            self._begin(playback)
        if sought:
            self._sought = None
        if self._sought is None and self._wanted is not None and not self._held:
            self._send_wanted()
        elif self._sought is None and not self._held:
            self._move(playback.at_us, playback.at_s)
        if (playback.playing, playback.speed) != (self.playing, self.speed) and not self._held:
            self.playing = playback.playing
            self.speed = playback.speed if playback.playing else self.speed
            self.changed.emit()

    def _begin(self, playback: "Playback") -> None:
        self._ready = True
        self.start_us, self.end_us = playback.start_us, playback.end_us
        self.at_us, self.at_s = playback.at_us, playback.at_s
        self.opened.emit(True)
        self.moved.emit(self.at_us)
        self.changed.emit()

    def _move(self, at_us: int, at_s: float | None = None) -> None:
        if (at_us, at_s) != (self.at_us, self.at_s):
            self.at_us, self.at_s = at_us, at_s
            self.moved.emit(at_us)

    # -- from the operator ---------------------------------------------------------------------------------------

    def seek(self, at_us: int) -> None:
        """Goes there; shown at once."""
        if not self._ready:
            return
        self._wanted = min(max(at_us, self.start_us), self.end_us)
        self._move(self._wanted)
        if self._sought is None and not self._held:
            self._send_wanted()

    def _send_wanted(self) -> None:
        self._sought, self._wanted = self._wanted, None
        self.asked.emit(Seek(self._sought or 0))

    def toggle(self) -> None:
        """Plays or pauses; from the end, plays again from the start."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Goes on."""
        if not self._ready or self._held:
            return
        if self.at_us >= self.end_us:
            self.seek(self.start_us)
        self.asked.emit(Play(self.speed))

    def pause(self) -> None:
        """Stands still."""
        if self._ready and not self._held:
            self.asked.emit(Halt())

    def set_speed(self, speed: float) -> None:
        """Recorded seconds a second, LEAST to MOST, or ``math.inf`` for as fast as it goes."""
        self.speed = speed if speed == math.inf else min(max(speed, LEAST), MOST)
        self.changed.emit()
        if self.playing and not self._held:
            self.asked.emit(Play(self.speed, begin=False))

    def faster(self) -> None:
        """The next of SPEEDS."""
        self.set_speed(SPEEDS[min(bisect_right(SPEEDS, self.speed), len(SPEEDS) - 1)])

    def slower(self) -> None:
        """The one before."""
        self.set_speed(SPEEDS[max(bisect_left(SPEEDS, self.speed) - 1, 0)])

    def step(self, forward: bool) -> None:
        """To the next or the previous event; where there is none, to the end or the start."""
        if self.landmarks is None:
            return
        arrived_us = self.landmarks.arrived_us
        if forward:
            at = int(arrived_us.searchsorted(self.at_us, "right"))
            self.seek(int(arrived_us[at]) if at < len(arrived_us) else self.end_us)
        else:
            at = int(arrived_us.searchsorted(self.at_us, "left")) - 1
            self.seek(int(arrived_us[at]) if at >= 0 else self.start_us)

    # -- a hand on the timeline, and an edit of the file -----------------------------------------------------------

    def grab(self) -> None:
        """A hand takes the playhead: while it holds it, nothing is played."""
        self._resume = self.playing
        if self.playing:
            self.pause()

    def release(self) -> None:
        """It lets go: what was played is played on."""
        if self._resume:
            self._resume = False
            self.play()

    def hold(self) -> None:
        """The file is let go of for a while: nothing is asked of the engine."""
        self._held = True
        self.playing = False
        self.changed.emit()

    def go_on(self) -> None:
        """It can be read again, and stands where it stood."""
        self._held = False
        self._sought, self._wanted = self.at_us, None  # what takes it up again goes there
