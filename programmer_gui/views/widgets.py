"""Small parts that the views are made of.  Distances are multiples of 8 px, half of that inside a part."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTableView,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from programmer_gui.theme import Theme

GAP = 8
MARGIN = 16
SEGMENT_PAD = 32


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Sets a property that the style sheet looks at, and looks again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def take_items(table: QTableWidget, first: int = 0) -> None:
    """Empties the rows from ``first`` on.  What Qt itself deletes, when an item is replaced or its row goes, is freed
    while the binding still uses it, and the window crashes some time later (seen with PySide 6.11)."""
    for at in range(first, table.rowCount()):
        for section in range(table.columnCount()):
            table.takeItem(at, section)
        table.takeVerticalHeaderItem(at)


def plain_rows(table: QTableView, row_px: int) -> None:
    """Makes a table a list of lines: all of one height, no grid, no numbers, and the tab key goes past them."""
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_px)
    table.horizontalHeader().setHighlightSections(False)


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label; ``role`` is one of the style sheet's."""
    result = QLabel(text)
    if role:
        result.setProperty("role", role)
    result.setWordWrap(wrap)
    result.setTextFormat(Qt.TextFormat.PlainText)
    return result


LEAST = 5  # letters of a shortened line, with its ellipsis, that still say something


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room, or is left out where next to nothing would be seen;
    the whole text is its tool tip then."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._whole = ""
        if role:
            self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(24)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    @property
    def whole(self) -> str:
        """The text, unshortened."""
        return self._whole

    def set_whole(self, text: str) -> None:
        """Shows ``text``."""
        if text != self._whole:
            self._whole = text
            self._fit()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(24, self.width()))
        self.setText(shown if len(shown) > LEAST or shown == self._whole else "")
        self.setToolTip(self._whole if shown != self._whole else "")
        self.setAccessibleName(self._whole)


def button(text: str, role: str = "", name: str = "", tip: str = "") -> QPushButton:
    """A push button; ``name`` for those who can't see its text in context."""
    result = QPushButton(text)
    if role:
        result.setProperty("role", role)
    result.setAccessibleName(name or text)
    result.setToolTip(tip)
    result.setAutoDefault(False)
    return result


def menu_button(theme: Theme, icon: str, words: str) -> QToolButton:
    """A button that opens a menu, "Open  ▾"; empty so far."""
    made = QToolButton()
    made.setText(words)
    made.setAccessibleName(words.split()[0])
    made.setProperty("role", "button")
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setMenu(QMenu(made))
    theme.bind_icon(made, icon)
    return made


class Segment(QToolButton):
    """One of several that exclude each other, side by side; the chosen one is bold, and has room to be."""

    def sizeHint(self) -> QSize:
        hint, bold = super().sizeHint(), QFont(self.font())
        bold.setBold(True)
        wide = QFontMetrics(bold).horizontalAdvance(self.text())
        return QSize(max(hint.width(), wide + SEGMENT_PAD), hint.height())


def segment(text: str, place: str, name: str) -> Segment:
    """``place`` is "first", "last" or "" for between; ``name`` for those who can't see it in context."""
    result = Segment()
    result.setText(text)
    result.setCheckable(True)
    result.setProperty("role", "segment")
    result.setProperty("place", place)
    result.setAccessibleName(name)
    return result


def row(*items: QWidget | QLayout | int | None, gap: int = GAP) -> QHBoxLayout:
    """Items side by side: a number is a space, None takes what is left."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, items)
    return layout


def column(*items: QWidget | QLayout | int | None, gap: int = GAP) -> QVBoxLayout:
    """Items one below the other: a number is a space, None takes what is left."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    _fill(layout, items)
    return layout


def _fill(layout: QHBoxLayout | QVBoxLayout, items: tuple[QWidget | QLayout | int | None, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def rule(vertical: bool = False) -> QFrame:
    """A hairline."""
    line = QFrame()
    line.setObjectName("rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class Card(QFrame):
    """A titled surface.  Its content goes into ``body``."""

    def __init__(self, title: str = "", margin: int = MARGIN) -> None:
        super().__init__()
        self.setObjectName("card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(GAP)
        self.heading = label(title, "heading")
        self.header = row(self.heading, None)
        if title:
            self.body.addLayout(self.header)


class Lamp(QWidget):
    """The pump's state as a shape and a colour: never the colour alone."""

    def __init__(self, theme: Theme, size: int = 36) -> None:
        super().__init__()
        self._theme = theme
        self._symbol, self._level = "none", "muted"
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def show_state(self, symbol: str, level: str, words: str) -> None:
        """``symbol`` and ``level`` as in programmer_gui.words; ``words`` for those who can't see it."""
        self._symbol, self._level = symbol, level
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        names = {"good": "good", "muted": "muted"}
        colour = QColor(getattr(tokens, names.get(self._level, f"alarm_{self._level}")))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(self.width())
        soft = QColor(colour)
        soft.setAlpha(36)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(soft)
        painter.drawEllipse(QRectF(1.5, 1.5, side - 3, side - 3))
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        draw_symbol(painter, self._symbol, QPointF(side / 2, side / 2), side / 5, colour)
        painter.end()


def draw_symbol(painter: QPainter, symbol: str, centre: QPointF, r: float, colour: QColor) -> None:
    """The lamp's symbol of half-width ``r``."""
    x, y = centre.x(), centre.y()
    if symbol == "play":
        painter.drawPolygon(QPolygonF([QPointF(x - 0.7 * r, y - r), QPointF(x + r, y), QPointF(x - 0.7 * r, y + r)]))
    elif symbol == "stop":
        painter.drawRect(QRectF(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r))
    elif symbol == "drop":
        painter.drawEllipse(QPointF(x, y + 0.3 * r), 0.8 * r, 0.8 * r)
        painter.drawPolygon(QPolygonF([QPointF(x, y - 1.3 * r), QPointF(x + 0.72 * r, y), QPointF(x - 0.72 * r, y)]))
    elif symbol == "minimum":
        painter.drawRect(QRectF(x - r, y - 0.3 * r, 2 * r, 0.6 * r))
    elif symbol == "alarm":
        painter.drawRect(QRectF(x - 0.22 * r, y - 1.2 * r, 0.44 * r, 1.5 * r))
        painter.drawEllipse(QPointF(x, y + 0.9 * r), 0.3 * r, 0.3 * r)
    else:
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x - 0.8 * r, y), QPointF(x + 0.8 * r, y))


class Gauge(QWidget):
    """A thin bar, filled to a fraction."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fraction = 0.0
        self._level = ""
        self.setFixedHeight(4)
        theme.changed.connect(self.update)

    def show_fraction(self, fraction: float, level: str = "") -> None:
        """``fraction`` from 0 to 1; ``level`` of words.LEVELS colours it, "" leaves it in the accent."""
        if (fraction, level) != (self._fraction, self._level):
            self._fraction, self._level = min(1.0, max(0.0, fraction)), level
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.border))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), self.height()), 2, 2)
        colour = getattr(tokens, f"alarm_{self._level}") if self._level in ("low", "medium", "high") else tokens.accent
        painter.setBrush(QColor(colour))
        if self._fraction > 0:
            painter.drawRoundedRect(QRectF(0, 0, max(4.0, self.width() * self._fraction), self.height()), 2, 2)
        painter.end()
