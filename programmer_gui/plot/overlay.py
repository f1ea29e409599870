"""What lies over all charts, along the time: cursors, the signs of events, and a word on the picture's state."""

from collections.abc import Callable

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPen

from programmer_gui.plot.boxes import HandBox
from programmer_gui.plot.cursors import NAMES, Cursors
from programmer_gui.plot.data import Mark
from programmer_gui.plot.items import Scene
from programmer_gui.plot.look import MARK_COLORS, Look
from programmer_gui.plot.ticks import Clock, time_text

_SIGN_PX = 10.0
_SIGN_Y = 14.0  # their middle, from the top
_BAR = QPainterPath()
_BAR.addRect(-0.17, -0.5, 0.34, 1.0)
_SYMBOLS = (_BAR, "o", "d", "t1")  # by priority: bar, disc, diamond, triangle; never told apart by colour alone
_PLAYHEAD_PX = 1.5
_GRAB_PX = 10.0  # how wide a cursor is to the hand


class Playhead(pyqtgraph.InfiniteLine):
    """Where a recording is being looked at; ``asked`` is told where a hand drags it."""

    def __init__(self, asked: Callable[[float], None]) -> None:
        super().__init__(angle=90, movable=True)
        self.addMarker("v", 0.985, _GRAB_PX)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setZValue(2)
        self.sigDragged.connect(lambda line: asked(line.value()))

    def show_at(self, at: float | None) -> None:
        """Goes to ``at``, unless a hand holds it; None hides it."""
        self.setVisible(at is not None)
        if at is not None and not self.moving:
            self.setValue(at)


class Overlay:
    """Puts it all into ``box``; ``moved`` is called when a hand moves one of ``cursors``, ``asked`` with where a hand
    wants the playhead."""

    def __init__(
        self, box: HandBox, cursors: Cursors, moved: Callable[[], None], asked: Callable[[float], None]
    ) -> None:
        self._box = box
        self._cursors = cursors
        self._moved = moved
        self._signs = pyqtgraph.ScatterPlotItem(size=_SIGN_PX, pen=None, antialias=True, hoverable=True, tip=self._tip)
        self._signed: object = None
        self._clock: Clock | None = None
        self._note = pyqtgraph.TextItem(anchor=(1, 0))
        self._lines = [self._line(index) for index in range(len(NAMES))]
        self._playhead = Playhead(asked)
        for item in (self._signs, self._note, self._playhead, *self._lines):
            box.addItem(item, ignoreBounds=True)

    def set_look(self, look: Look) -> None:
        """Changes colours and fonts."""
        self._note.setFont(look.small)
        self._note.setColor(look.color("text"))
        for set_pen in (self._playhead.setPen, self._playhead.setHoverPen):
            set_pen(look.color("text"), width=_PLAYHEAD_PX)
        self._note.fill = pyqtgraph.mkBrush(look.color("accent_soft"))
        for line in self._lines:
            line.setPen(look.color("accent"))
            line.setHoverPen(look.color("accent"))
            line.label.setFont(look.small)
            line.label.border = QPen(look.color("accent"))

    def refresh(self, scene: Scene, note: str) -> None:
        """Shows ``scene``, and ``note`` unless it is empty.  The letter of the cursor that keys move is filled."""
        self._box.setXRange(scene.window.begin, scene.window.end, padding=0)
        self._sign(scene)
        self._note.setVisible(bool(note))
        if note:
            self._note.setText(note)
            self._note.setPos(scene.window.end, 1)
        self._playhead.show_at(scene.playhead)
        for index, line in enumerate(self._lines):
            line.setVisible(self._cursors.shown)
            if self._cursors.shown:
                self._show(line, self._cursors.at[index], index == self._cursors.active, scene.look)

    def _show(self, line: pyqtgraph.InfiniteLine, at: float, active: bool, look: Look) -> None:
        line.setZValue(active)
        line.setValue(at)
        line.label.fill = pyqtgraph.mkBrush(look.color("accent" if active else "surface"))
        line.label.setColor(look.color("accent_text" if active else "accent"))

    def _sign(self, scene: Scene) -> None:
        marks = sorted(scene.marks, key=lambda mark: mark.priority)  # the gravest on top
        y = 1 - _SIGN_Y / max(self._box.height(), 1.0)
        self._clock = scene.clock
        if (marks, y, scene.look) == self._signed:
            return
        self._signed = (marks, y, scene.look)
        # One brush for all of a kind: pyqtgraph draws a sign anew for each.
        brushes = [pyqtgraph.mkBrush(scene.look.color(name)) for name in MARK_COLORS]
        self._signs.setData(
            x=[mark.x for mark in marks],
            y=[y] * len(marks),
            data=marks,
            symbol=[_SYMBOLS[mark.priority] for mark in marks],
            brush=[brushes[mark.priority] for mark in marks],
        )

    def _tip(self, *, x: float, y: float, data: Mark) -> str:
        text = f"{time_text(x, 1.0, self._clock)}  {data.title}"
        return f"{text}\n{data.detail}" if data.detail else text

    def _line(self, index: int) -> pyqtgraph.InfiniteLine:
        options = {"position": 1.0, "anchors": [(0.5, 0.1), (0.5, 0.1)]}
        line = pyqtgraph.InfiniteLine(angle=90, movable=True, label=NAMES[index], labelOpts=options)
        line.addMarker("o", 0.99, _GRAB_PX)  # below the letter; it makes the line easier to take
        line.setCursor(Qt.CursorShape.SplitHCursor)
        line.sigDragged.connect(lambda line: self._move(index, line.value()))
        line.sigClicked.connect(lambda line, _event: self._move(index, line.value()))
        return line

    def _move(self, index: int, x: float) -> None:
        self._cursors.move(index, x)
        self._moved()
