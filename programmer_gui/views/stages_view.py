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
            for at, stage in enumerate(stages):
                self._draw(painter, stage, at * width, width, tokens)
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
        room = int(width - 6)
        painter.setPen(QColor(tokens.text))
        for text, y, colour_name in (
            (stage.title, rect.top() - 4, "text"),
            (stage.below, bottom + 4 + metrics.ascent(), "muted"),
        ):
            shown = text if metrics.horizontalAdvance(text) <= room else text.split(" ")[0] if room > 20 else ""
            if shown != text and not shown.replace(".", "").isdigit():
                shown = ""
            painter.setPen(QColor(getattr(tokens, colour_name)))
            x = left + (width - metrics.horizontalAdvance(shown)) / 2
            painter.drawText(QPointF(x, y), shown)
