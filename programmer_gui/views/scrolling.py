"""A column that scrolls: never wider than there is room, and as high as its wrapped words need."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

MARGIN = 16  # kept around what is scrolled to


def reveal(widget: QWidget) -> None:
    """Scrolls whatever ``widget`` is in, so that it is in sight."""
    holder = widget.parentWidget()
    while holder is not None:
        if isinstance(holder, QScrollArea):
            holder.ensureWidgetVisible(widget, 0, MARGIN)
        holder = holder.parentWidget()


class Column(QScrollArea):
    """Qt asks a scrolled widget for its least height without its width, and so cuts off what is wrapped."""

    fitted = Signal()  # what is needed may have changed

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = widget
        self.setWidget(widget)
        widget.installEventFilter(self)

    def needed(self) -> int:
        """The height of all of it at this width."""
        layout = self._inner.layout()
        if layout is None or not layout.hasHeightForWidth():
            return self._inner.sizeHint().height()
        return int(layout.totalHeightForWidth(self.viewport().width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inner and event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._inner.setMinimumHeight(self.needed())
        self.fitted.emit()
