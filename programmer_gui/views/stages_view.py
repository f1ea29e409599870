"""What a program does one after another, as a picture: blocks of one width, the higher the faster."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.models.stages import Picture, Stage
from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens

HEIGHT = 124
WORDS = 22  # below the blocks
TOP = 20
PAD = 6  # between words
ROOT = 0.5  # of the rate: a bolus is a hundred times the base, and both shall be seen


class StagesView(QWidget):
    """Still; its words are what it says to those who can't see it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture = Picture()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Stages of the program")
        theme.changed.connect(self.update)

    @property
    def picture(self) -> Picture:
        """What is drawn."""
        return self._picture

    def show_picture(self, picture: Picture) -> None:
        """Draws it."""
        self._picture = picture
        self.setFixedHeight(HEIGHT if picture.stages else 48)
        self.setAccessibleDescription(picture.words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        tokens, stages = self._theme.tokens, self._picture.stages
        painter.setPen(QColor(tokens.muted))
        if not stages:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._picture.after)
        else:
            width = self.width() / len(stages)
            bottom = self.height() - WORDS
            painter.drawLine(QPointF(0, bottom + 0.5), QPointF(self.width(), bottom + 0.5))
            longest = max(painter.fontMetrics().horizontalAdvance(stage.below) for stage in stages)
            each = 1 if longest <= width - PAD else 2  # where there is no room: below every second one
            for at, stage in enumerate(stages):
                self._draw(painter, stage, at * width, width, tokens)
                if at % each == 0:
                    self._write(painter, stage.below, (at + 0.5) * width, width * each - PAD)
        painter.end()

    def _draw(self, painter: QPainter, stage: Stage, left: float, width: float, tokens: Tokens) -> None:
        most = max(one.rate_ng_day for one in self._picture.stages) or 1
        bottom = self.height() - WORDS
        height = max(3.0, (bottom - TOP) * (stage.rate_ng_day / most) ** ROOT)
        inner = width * 0.34 if stage.bolus else width
        rect = QRectF(left + (width - inner) / 2, bottom - height, inner, height)
        colour = QColor(tokens.pressure if stage.bolus else tokens.accent)
        fill = QColor(colour)
        fill.setAlpha(60)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(fill)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, 0))
        metrics = painter.fontMetrics()
        room, shown = int(width - PAD), stage.title
        if metrics.horizontalAdvance(shown) > room:
            shown = stage.title.split(" ")[0] if room > 20 else ""
            shown = shown if shown.replace(".", "").isdigit() else ""
        painter.setPen(QColor(tokens.text))
        painter.drawText(QPointF(left + (width - metrics.horizontalAdvance(shown)) / 2, rect.top() - 4), shown)

    def _write(self, painter: QPainter, text: str, middle: float, room: float) -> None:
        """What is said below a stage, around its ``middle``, if there is room."""
        wide = painter.fontMetrics().horizontalAdvance(text)
        if wide <= room:
            left = min(max(0.0, middle - wide / 2), self.width() - wide)
            painter.setPen(QColor(self._theme.tokens.muted))
            painter.drawText(QPointF(left, self.height() - WORDS + 4 + painter.fontMetrics().ascent()), text)
