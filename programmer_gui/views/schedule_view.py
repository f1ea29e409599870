"""A day or a week drawn as strips: the steps as blocks as high as their rate, the base as a line between them."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from programmer_gui.models import schedule
from programmer_gui.models.derived import parsed
from programmer_gui.models.schedule import DAY, Block
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.tokens import Tokens
from rig.therapy import units
from rig.therapy.modes import WEEKDAYS

LEFT, RIGHT, TOP, BOTTOM = 48, 12, 4, 20
DAY_HEIGHT, WEEK_HEIGHT = 152, 36  # of a strip
HEADROOM = 1.3  # above the highest step, for its words
LEAST = 4.0  # px of a step that gives nothing


class ScheduleCanvas(QWidget):
    """Draws a ScheduleModel; ``schedule_edit`` adds mouse and keys."""

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__()
        self.model, self._theme = model, theme
        self.hint = ""  # what is being dragged, in words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(320)
        for signal in (model.changed, model.selection_changed):
            signal.connect(self._follow)
        theme.changed.connect(self.update)
        self._follow()

    def _follow(self) -> None:
        lanes = max(1, self.model.lanes)
        self.setFixedHeight(TOP + BOTTOM + (DAY_HEIGHT if lanes == 1 else lanes * WEEK_HEIGHT))
        self.update()

    # -- where things are ----------------------------------------------------------------------------------------

    def strip(self, lane: int) -> QRectF:
        """The day ``lane``."""
        lanes = max(1, self.model.lanes)
        height = (self.height() - TOP - BOTTOM) / lanes
        return QRectF(LEFT, TOP + lane * height, max(1, self.width() - LEFT - RIGHT), height)

    def x_of(self, minute: float) -> float:
        """Where a time of day is."""
        return LEFT + max(1, self.width() - LEFT - RIGHT) * minute / DAY

    def minute_of(self, x: float) -> float:
        """The time of day there, not bounded."""
        return (x - LEFT) * DAY / max(1, self.width() - LEFT - RIGHT)

    def rects(self, block: Block) -> list[QRectF]:
        """Where ``block`` is drawn: two places where it goes on after midnight."""
        found = []
        for lane, start, end in schedule.pieces_of(block, max(1, self.model.lanes)):
            strip = self.strip(lane)
            height = max(LEAST, self._height(strip, block.rate_ng_day or 0))
            left, right = self.x_of(start), self.x_of(end)
            found.append(QRectF(left, strip.bottom() - height, max(2.0, right - left), height))
        return found

    def _height(self, strip: QRectF, rate_ng_day: int) -> float:
        top = max([block.rate_ng_day or 0 for block in self.model.blocks] + [self._base(), 1]) * HEADROOM
        return (strip.height() - 3) * rate_ng_day / top

    def _base(self) -> int:
        return parsed(self.model.program.value("base"), units.DOSE_RATE) or 0

    # -- drawing -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        tokens = self._theme.tokens
        for lane in range(self.model.lanes):
            self._draw_strip(painter, lane, tokens)
        self._draw_hours(painter, tokens)
        for block in self.model.blocks:
            self._draw_block(painter, block, tokens)
        self._draw_overlaps(painter, tokens)
        painter.setPen(QColor(tokens.text))
        for block in self.model.blocks:
            self._draw_words(painter, block, max(self.rects(block), key=lambda rect: rect.width()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _draw_strip(self, painter: QPainter, lane: int, tokens: Tokens) -> None:
        strip = self.strip(lane)
        week = self.model.lanes > 1
        shown = week and lane == self.model.lane
        if week:
            if lane in self.model.alike:
                painter.fillRect(QRectF(0, strip.top(), self.width(), strip.height()), QColor(tokens.raised))
            if shown:
                painter.fillRect(QRectF(0, strip.top(), 3, strip.height()), QColor(tokens.accent))
            painter.setPen(QColor(tokens.text if shown else tokens.muted))
            middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(10, strip.top(), LEFT, strip.height()), middle, WEEKDAYS[lane].capitalize())
        base_y = strip.bottom() - self._height(strip, self._base())
        soft = QColor(tokens.plan)
        soft.setAlpha(24)
        painter.fillRect(QRectF(strip.left(), base_y, strip.width(), strip.bottom() - base_y), soft)
        painter.setPen(QPen(QColor(tokens.plan), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(strip.left(), base_y), QPointF(strip.right(), base_y))
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        painter.drawLine(QPointF(strip.left(), strip.bottom()), QPointF(strip.right(), strip.bottom()))
        if not week and self._base():
            painter.setPen(QColor(tokens.muted))
            box = QRectF(0, base_y - 14, LEFT - 6, 28)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, right, f"base\n{self._base() / 1000:.5g}")

    def _draw_hours(self, painter: QPainter, tokens: Tokens) -> None:
        step = 3 if self.width() >= 480 else 6
        bottom = self.height() - BOTTOM
        for hour in range(0, 25, step):
            x = round(self.x_of(hour * 60)) + 0.5
            painter.setPen(QPen(QColor(tokens.grid), 1))
            painter.drawLine(QPointF(x, TOP), QPointF(x, bottom))
            painter.setPen(QColor(tokens.muted))
            box = QRectF(x - 20, bottom + 4, 40, 14)
            box.moveRight(min(box.right(), self.width() - 1.0))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{hour:02}:00")

    def _draw_block(self, painter: QPainter, block: Block, tokens: Tokens) -> None:
        chosen = block.path == self.model.selected
        here = chosen and block.lane == self.model.lane
        fill = _blend(tokens.accent, tokens.surface, 0.6 if here else 0.45 if chosen else 0.25)
        rects = self.rects(block)
        for rect in rects:
            painter.setPen(QPen(QColor(tokens.text if here else tokens.accent), 2 if here else 1))
            painter.setBrush(fill)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, 0))
        if here:
            self._draw_handles(painter, rects, tokens)

    def _draw_handles(self, painter: QPainter, rects: list[QRectF], tokens: Tokens) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.text))
        for x, rect in ((rects[0].left(), rects[0]), (rects[-1].right(), rects[-1])):
            painter.drawRoundedRect(QRectF(x - 2.5, rect.center().y() - 7, 5, 14), 2, 2)

    def _draw_words(self, painter: QPainter, block: Block, rect: QRectF) -> None:
        """The rate, as long as there is room: within a block in a day, in what is left of the strip in a week."""
        if block.rate_ng_day is None:
            words = ["?"]
        else:
            words = [units.dose_rate_text(block.rate_ng_day), f"{block.rate_ng_day / 1000:.5g}"]
        if self.hint and block.path == self.model.selected and block.lane == self.model.lane:
            words = [self.hint, *words]
        metrics = painter.fontMetrics()
        strip = self.strip(block.lane)
        for text in words:
            width = metrics.horizontalAdvance(text)
            if width + 4 <= rect.width() or text == self.hint:
                inside = rect.height() >= 18
                top = rect.top() + 2 if inside else max(strip.top(), rect.top() - 15)
                left = min(max(0.0, rect.center().x() - width / 2), self.width() - width - 1.0)
                painter.drawText(QPointF(left, top + metrics.ascent()), text)
                return

    def _draw_overlaps(self, painter: QPainter, tokens: Tokens) -> None:
        for lane, start, end in schedule.overlaps(self.model.blocks):
            strip = self.strip(lane)
            rect = QRectF(self.x_of(start), strip.top() + 2, self.x_of(end) - self.x_of(start), strip.height() - 2)
            painter.setPen(QPen(QColor(tokens.alarm_high), 1))
            hatch = QColor(tokens.alarm_high)
            hatch.setAlpha(140)
            painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.drawRect(rect)


def _blend(over: str, under: str, share: float) -> QColor:
    """A colour between two: blocks hide what is behind them."""
    a, b, rest = QColor(over), QColor(under), 1 - share
    mixed = [
        share * one + rest * other
        for one, other in ((a.redF(), b.redF()), (a.greenF(), b.greenF()), (a.blueF(), b.blueF()))
    ]
    return QColor.fromRgbF(*mixed)
