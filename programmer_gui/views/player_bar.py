"""The player of a recording, across the window above its footer: transport, where it stands, timeline, speed."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QWidget

from programmer_gui.models.player import SPEEDS, PlayerModel
from programmer_gui.theme import Theme
from programmer_gui.views.actions import Actions
from programmer_gui.views.replay_times import elapsed_text
from programmer_gui.views.timeline_strip import TimelineStrip
from programmer_gui.views.widgets import GAP, MARGIN, column, label, row
from rig.moments import utc_text

TRANSPORT = ("previous_event", "play", "next_event")
NARROW = 1200  # px
MAX = "max"


def speed_text(speed: float) -> str:
    """ "0.5×", "1 000×", "max" """
    return MAX if speed == math.inf else f"{speed:,.10g}×".replace(",", "\u202f")


def parse_speed(text: str) -> float | None:
    """What somebody typed: "60", "x60", "60 ×", "max"; None where it is no speed."""
    said = text.strip().lower()
    if said == MAX:
        return math.inf
    said = said.removeprefix("x").rstrip("x× ").replace("\u202f", "").replace(" ", "")
    try:
        speed = float(said.replace(",", "."))
    except ValueError:
        return None
    return speed if math.isfinite(speed) and speed > 0 else None


class PlayerBar(QFrame):
    """Shown while a recording is; ``close_asked`` ends that."""

    close_asked = Signal()

    def __init__(self, player: PlayerModel, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("player")
        self._player, self._actions, self._theme = player, actions, theme
        self.strip = TimelineStrip(player, theme)
        self.elapsed = label("", "value")
        self.whole = label("", "caption")
        self.clock = label("", "caption")
        self.speed = self._speed_box()
        self.transport = {name: icon_button(actions[name]) for name in TRANSPORT}
        self.transport["play"].setProperty("role", "play")
        self.marker = icon_button(actions["marker"])
        self.leave = QToolButton()
        self.leave.setProperty("role", "tool")
        self.leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.leave.setToolTip("Close the recording (Ctrl+Shift+N)")
        self.leave.setAccessibleName("Close the recording")
        theme.bind_icon(self.leave, "close")
        self.leave.clicked.connect(self.close_asked)
        self._lay_out()
        player.opened.connect(self.setVisible)
        player.opened.connect(self._show_position)
        player.moved.connect(self._show_position)
        player.changed.connect(self._show_playing)
        theme.changed.connect(self._show_playing)
        self.setVisible(False)
        self._show_position()
        self._show_playing()

    def _lay_out(self) -> None:
        times = column(row(self.elapsed, self.whole, None, gap=6), self.clock, gap=0)
        self.times = QWidget()
        self.times.setLayout(times)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 4, MARGIN, 4)
        layout.setSpacing(GAP)
        layout.addLayout(row(*self.transport.values(), gap=2))
        layout.addWidget(self.times)
        layout.addWidget(self.strip, 1)
        for item in (self.speed, self.marker, self.leave):
            layout.addWidget(item)
        self.setFixedHeight(56)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As wide as the longest time, so that nothing moves while it is played."""
        span_us = self._player.end_us - self._player.start_us
        longest = elapsed_text(span_us, span_us)
        wide = self.elapsed.fontMetrics().horizontalAdvance(longest)
        self.elapsed.setFixedWidth(wide + 2)
        self.whole.setVisible(self.width() >= NARROW)
        self.times.setMinimumWidth(max(wide, self.clock.fontMetrics().horizontalAdvance(utc_text(0))) + 8)

    def _speed_box(self) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for speed in SPEEDS:
            box.addItem(speed_text(speed), speed)
        box.setFixedWidth(96)
        box.setMaxVisibleItems(len(SPEEDS))
        box.setAccessibleName("Speed: recorded seconds a second, 0.1 to 10 000, or max")
        box.setToolTip("Speed: recorded seconds a second, 0.1 to 10 000, or max  ([ slower, ] faster)")
        box.activated.connect(lambda at: self._player.set_speed(SPEEDS[at]))
        edit = box.lineEdit()
        assert edit is not None
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        edit.editingFinished.connect(self._typed)
        return box

    def _typed(self) -> None:
        speed = parse_speed(self.speed.currentText())
        if speed is not None and speed != self._player.speed:
            self._player.set_speed(speed)
        self._show_playing()  # also where it was no speed

    def _show_position(self, *_: object) -> None:
        player = self._player
        span_us = player.end_us - player.start_us
        self.elapsed.setText(elapsed_text(player.at_us - player.start_us, span_us))
        self.elapsed.setAccessibleName(f"Elapsed: {self.elapsed.text()}")
        self.whole.setText(f"of {elapsed_text(span_us, span_us)}")
        self.clock.setText(utc_text(player.at_us))
        if self._player.at_us == self._player.start_us:
            self._fit()

    def _show_playing(self, *_: object) -> None:
        action, playing = self._actions["play"], self._player.playing
        action.setText("Pause" if playing else "Play")
        action.setIcon(self._theme.icon("pause" if playing else "play"))
        self.transport["play"].setIcon(self._theme.icon("pause" if playing else "play", "accent_text"))
        self.speed.setEditText(speed_text(self._player.speed))


def icon_button(action: QAction) -> QToolButton:
    """A button that only Tab gives the focus to: a click on it leaves the space bar to play and pause."""
    result = QToolButton()
    result.setDefaultAction(action)
    result.setProperty("role", "tool")
    result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def name() -> None:
        keys = action.shortcut().toString()
        result.setToolTip(f"{action.text()} ({keys})")
        result.setAccessibleName(action.text())

    action.changed.connect(name)
    name()
    return result
