"""pyqtgraph's view boxes, as hands know them here: one way each, a fixed step a notch, double clicks."""

import math

import pyqtgraph
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent, MouseDragEvent
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

_ZOOM_A_NOTCH = 0.8
_PAN_A_NOTCH = 0.1  # of the width
_NOTCH = 120  # of a wheel, in eighths of a degree


class HandBox(pyqtgraph.ViewBox):
    """Hands zoom and drag along ``way`` (XAxis or YAxis) only, between spans of ``least`` and ``most``."""

    moved = Signal(float, float)  # by hand: the new range
    pointed = Signal(float)  # the time of a double click
    clicked = Signal(float)  # and of each single one

    def __init__(self, way: int, least: float, most: float) -> None:
        super().__init__(enableMenu=False, defaultPadding=0)
        self.setMouseEnabled(x=way == self.XAxis, y=way == self.YAxis)
        limits = ("minXRange", "maxXRange") if way == self.XAxis else ("minYRange", "maxYRange")
        self.setLimits(**dict(zip(limits, (least, most), strict=True)))
        # pyqtgraph zooms by 1.02 to the power of this an eighth of a degree.
        self.state["wheelScaleFactor"] = math.log(_ZOOM_A_NOTCH) / math.log(1.02) / _NOTCH
        self.sigRangeChangedManually.connect(lambda _ways: self.moved.emit(*self.viewRange()[way]))

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:
        """Zooms about the pointer; with Shift, or sideways, pans the time."""
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if axis == self.YAxis or not (shifted or event.orientation() == Qt.Orientation.Horizontal):
            super().wheelEvent(event, axis)
            return
        begin, end = self.viewRange()[0]
        self.translateBy(x=-event.delta() / _NOTCH * _PAN_A_NOTCH * (end - begin))
        event.accept()
        self.sigRangeChangedManually.emit([True, False])

    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        """The right button is the menu's."""
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
        else:
            super().mouseDragEvent(event, axis)

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        """Tells of clicks, here and on the axis."""
        if event.button() == Qt.MouseButton.LeftButton:
            at = self.mapSceneToView(event.scenePos()).x()
            (self.pointed if event.double() else self.clicked).emit(at)
