"""What of a timeline doesn't move while it is played: events, gaps and notes of a whole recording."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF

from programmer_gui.models.player import PlayerModel
from programmer_gui.tokens import Tokens

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    import numpy as np
    from numpy.typing import NDArray

    from rig.replay.landmarks import Landmarks

COLOURS = ("muted", "alarm_low", "alarm_medium", "alarm_high")
HEIGHTS = (0.3, 0.5, 0.75, 1.0)  # of the track, by priority: not the colour alone


class TrackPicture:
    """Painted once, so that the playhead costs one blit; ``track`` is its place."""

    def __init__(self, player: PlayerModel, tokens: Tokens, track: QRectF) -> None:
        self._player, self._tokens, self._track = player, tokens, track

    def painted(self, size: QSize, ratio: float) -> QPixmap:
        """``size`` logical pixels at ``ratio`` device pixels each."""
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter, tokens, track = QPainter(picture), self._tokens, self._track
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if self._player.landmarks is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            self._paint_gaps(painter, self._player.landmarks)
            self._paint_marks(painter, self._player.landmarks)
            self._paint_notes(painter, self._player.landmarks)
        painter.end()
        return picture

    def _paint_gaps(self, painter: QPainter, landmarks: "Landmarks") -> None:
        """Lost time, hatched as in the charts; each of them is seen, and neighbours share their pixels."""
        track = self._track
        for begin, end in covered(self._along(landmarks.gaps_us), round(track.width())):
            area = QRectF(track.left() + begin, track.top() + 1, end - begin, track.height() - 2)
            painter.fillRect(area, QColor(self._tokens.border))
            painter.fillRect(area, QBrush(QColor(self._tokens.muted), Qt.BrushStyle.BDiagPattern))

    def _along(self, at_us: "NDArray[np.int64]") -> "NDArray[np.float64]":
        """How far into the track positions are, px."""
        player = self._player
        along: NDArray[np.float64] = (at_us - player.start_us).astype(float) * (
            self._track.width() / max(1, player.end_us - player.start_us)
        )
        return along

    def _paint_marks(self, painter: QPainter, landmarks: "Landmarks") -> None:
        """One line a pixel column and priority: a million events cost what the pixels do."""
        track = self._track
        import numpy as np

        along = self._along(landmarks.arrived_us)
        inside = (along >= 0) & (along <= track.width())
        for priority, (colour, share) in enumerate(zip(COLOURS, HEIGHTS, strict=True)):
            at = along[inside & (landmarks.priority == priority)]
            painter.setPen(QPen(QColor(str(getattr(self._tokens, colour))), 2 if priority else 1))
            height = (track.height() - 4) * share
            for x in np.unique(at.round().astype(int)).tolist():
                left = track.left() + x
                painter.drawLine(QPointF(left, track.bottom() - 2 - height), QPointF(left, track.bottom() - 2))

    def _paint_notes(self, painter: QPainter, landmarks: "Landmarks") -> None:
        """Little flags at the top, one a pixel column."""
        track = self._track
        colour = QColor(self._tokens.accent)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour)
        for x in sorted({round(self._x_of(note.host_us)) for note in landmarks.notes}):
            if track.left() <= x <= track.right():
                top = track.top() + 2
                painter.drawLine(QPointF(x, top), QPointF(x, top + 13))
                painter.drawPolygon(QPolygonF([QPointF(x, top), QPointF(x + 7, top + 3), QPointF(x, top + 6)]))

    def _x_of(self, at_us: int) -> float:
        player, track = self._player, self._track
        return track.left() + (at_us - player.start_us) / max(1, player.end_us - player.start_us) * track.width()


def covered(pairs: "NDArray[np.float64]", width: int) -> list[tuple[int, int]]:
    """The columns, of ``width``, that ``pairs`` (n, 2) of begin and end touch: (first, behind the last), in order."""
    import numpy as np

    begin = np.clip(np.floor(pairs[:, 0]), 0, width - 1).astype(int)
    end = np.clip(np.ceil(pairs[:, 1]), begin + 1, width).astype(int)
    depth = np.zeros(width + 1, int)
    np.add.at(depth, begin, 1)
    np.add.at(depth, end, -1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.cumsum(depth) > 0, [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
