"""A schedule on a desk of its own, and a mouse that drags on it."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from programmer_gui.models.program import ProgramModel
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.schedule_card import ScheduleCard
from rig.therapy import profiles

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
NOON = {"start": "12:00", "end": "14:00", "rate": "150 ug/day"}
DAY = {
    "pump-program": 2,
    "name": "A day",
    "mode": "flex day",
    "drug": "water",
    "concentration": "500 ug/mL",
    "base": "100 ug/day",
    "steps": [NOON, {"start": "22:00", "end": "05:00", "rate": "120 ug/day"}],
}


def card_of(qtbot: QtBot, theme: Theme, document: dict) -> ScheduleCard:
    """The card of ``document``, shown, with nothing to undo."""
    model = ProgramModel(profiles.standard)
    model.begin()
    model.load(document)
    model.undo_stack.clear()
    made = ScheduleCard(ScheduleModel(model), theme)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    QApplication.processEvents()
    return made


def drag(
    qtbot: QtBot, card: ScheduleCard, start: float, end: float, modifiers=NONE, lane: int = 0, steps: int = 4
) -> None:
    """With the mouse, from one time of day to another."""
    view = card.view
    y = view.strip(lane).bottom() - 6
    points = [QPoint(round(view.x_of(start + (end - start) * at / steps)), round(y)) for at in range(steps + 1)]
    qtbot.mousePress(view, LEFT, modifiers, points[0])
    for point in points[1:]:
        move(view, point, modifiers)
    qtbot.mouseRelease(view, LEFT, modifiers, points[-1])


def move(view, point: QPoint, modifiers) -> None:
    where = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, where, view.mapToGlobal(where), Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(view, event)
