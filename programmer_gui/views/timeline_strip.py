"""The whole recording as one strip: events by their urgency, lost time, and the playhead, which a hand can take."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from programmer_gui.models.player import PlayerModel
from programmer_gui.theme import Theme
from programmer_gui.views.replay_times import elapsed_text
from programmer_gui.views.timeline_track import TrackPicture
from rig import words
from rig.moments import utc_text

EDGE = 9  # px at both ends, so that the playhead's handle is whole there
TOP = 9  # px above the track, for the handle
SNAP = 4  # px within which a click goes to an event
KEY_PARTS = 200  # arrows step by this part of the whole
HANDLE = ((-5.5, 0.0), (5.5, 0.0), (5.5, 4.0), (0.0, 9.0), (-5.5, 4.0))


class TimelineStrip(QWidget):
    """What hands do here goes to the player."""

    def __init__(self, player: PlayerModel, theme: Theme) -> None:
        super().__init__()
        self._player, self._theme = player, theme
        self._track: QPixmap | None = None
        self._hover: float | None = None
        self._grabbed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(44)
        self.setMinimumWidth(160)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        player.moved.connect(self._show_position)
        for signal in (player.opened, player.landmarks_changed, theme.changed):
            signal.connect(self._forget_track)
        self._show_position()

    def sizeHint(self) -> QSize:
        return QSize(480, 44)

    # -- between positions and pixels ------------------------------------------------------------------------------

    def x_of(self, at_us: int) -> float:
        """Where a position is, px."""
        span_us = max(1, self._player.end_us - self._player.start_us)
        return EDGE + (at_us - self._player.start_us) / span_us * (self.width() - 2 * EDGE)

    def at(self, x: float) -> int:
        """The position at ``x`` px; an event's own where one is near."""
        player = self._player
        along = min(1.0, max(0.0, (x - EDGE) / max(1, self.width() - 2 * EDGE)))
        at_us = player.start_us + round(along * (player.end_us - player.start_us))
        marks = player.landmarks.arrived_us if player.landmarks is not None else None
        if marks is not None and len(marks):
            near = int(marks.searchsorted(at_us))
            ends = [int(one) for one in marks[max(0, near - 1) : near + 1]]
            best = min(ends, key=lambda one: abs(one - at_us))
            if abs(self.x_of(best) - self.x_of(at_us)) <= SNAP:
                return best
        return at_us

    # -- hands -----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._player.is_open:
            self._grabbed = True
            self._player.grab()
            self._player.seek(self.at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        if self._grabbed:
            self._player.seek(self.at(self._hover))
        self._tell(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grabbed:
            self._grabbed = False
            self._player.release()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned and self._player.is_open:
            self._nudge(-turned / 120)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        player = self._player
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -20, Qt.Key.Key_PageDown: 20}
        if event.key() in steps:
            self._nudge(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            player.seek(player.start_us)
        elif event.key() == Qt.Key.Key_End:
            player.seek(player.end_us)
        else:
            super().keyPressEvent(event)

    def _nudge(self, steps: float) -> None:
        player = self._player
        player.seek(player.at_us + round(steps * max(1, (player.end_us - player.start_us) // KEY_PARTS)))

    def _tell(self, event: QMouseEvent) -> None:
        player = self._player
        if not player.is_open:
            return
        at_us = self.at(event.position().x())
        lines = [elapsed_text(at_us - player.start_us, player.end_us - player.start_us), utc_text(at_us)]
        lines += self._events_at(at_us)
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines), self)

    def _events_at(self, at_us: int) -> list[str]:
        """What happened at a position, most urgent first, at most three."""
        if self._player.landmarks is None:
            return []
        listed = self._player.landmarks.events_at(at_us)
        found = sorted(listed, key=lambda one: -one.priority)[:3]
        return [f"{words.LEVEL_SYMBOLS[words.LEVELS[one.priority]]} {words.event_title(one.kind)}" for one in found]

    # -- the picture -----------------------------------------------------------------------------------------------

    def _show_position(self, *_: object) -> None:
        player = self._player
        spans = (player.at_us - player.start_us, player.end_us - player.start_us)
        at, whole = (elapsed_text(span, spans[1]) for span in spans)
        self.setAccessibleName(f"Timeline of the recording: at {at} of {whole}")
        self.update()

    def _forget_track(self, *_: object) -> None:
        self._track = None
        self._show_position()

    def resizeEvent(self, event: object) -> None:
        self._track = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._track is None:
            self._track = TrackPicture(self._player, self._theme.tokens, self._rect()).painted(
                self.size(), self.devicePixelRatioF()
            )
        painter.drawPixmap(0, 0, self._track)
        if self._player.is_open:
            self._paint_hands(painter)
        painter.end()

    def _paint_hands(self, painter: QPainter) -> None:
        tokens, track = self._theme.tokens, self._rect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = round(self.x_of(self._player.at_us)) + 0.5
        played = QColor(tokens.accent)
        played.setAlpha(46)
        painter.fillRect(QRectF(track.left(), track.top(), x - track.left(), track.height()), played)
        if self._hover is not None and not self._grabbed:
            painter.setPen(QPen(QColor(tokens.border_strong), 1))
            over = round(min(max(self._hover, track.left()), track.right())) + 0.5
            painter.drawLine(QPointF(over, track.top()), QPointF(over, track.bottom()))
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawLine(QPointF(x, 4), QPointF(x, track.bottom() + 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, dy) for dx, dy in HANDLE]))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 4, 4)

    def _rect(self) -> QRectF:
        return QRectF(EDGE, TOP, self.width() - 2 * EDGE, self.height() - TOP - 5)
