"""Colours and fonts of the charts, from the window's tokens."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from programmer_gui.tokens import Tokens

SMALL_PX = 11  # marks of the axes, units, captions
LINE_PX = 1.5  # a curve, logical
#: A mark's colour by its priority (IEC 60601-1-8), and its shape: never told apart by colour alone.
MARK_COLORS = ("muted", "alarm_low", "alarm_medium", "alarm_high")


class Look:
    """One theme at one base font."""

    def __init__(self, tokens: Tokens, font: QFont) -> None:
        self.tokens = tokens
        self.body = QFont(font)
        self.body.setFeature(QFont.Tag("tnum"), 1)  # figures of one width don't dance
        self.small = QFont(self.body)
        self.small.setPixelSize(SMALL_PX)
        self.title = QFont(self.body)
        self.title.setWeight(QFont.Weight.DemiBold)
        self.body_metrics = QFontMetricsF(self.body)
        self.small_metrics = QFontMetricsF(self.small)
        self.title_metrics = QFontMetricsF(self.title)
        self._colors: dict[str, QColor] = {}

    def color(self, name: str) -> QColor:
        """The colour of a token."""
        if name not in self._colors:
            self._colors[name] = QColor(str(getattr(self.tokens, name)))
        return self._colors[name]

    def hairline(self, name: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen one device pixel wide."""
        pen = QPen(self.color(name), 1, style)
        pen.setCosmetic(True)
        return pen

    def curve_pen(self, name: str, ratio: float) -> QPen:
        """For a line of LINE_PX at ``ratio`` device pixels each; at least, and with 0, one device pixel."""
        pen = QPen(self.color(name), max(1.0, LINE_PX * ratio))
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # a round one costs ten times as much
        return pen
