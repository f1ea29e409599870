"""STOP's key, caught before any dialog or field can take it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent


class StopKey(QObject):
    """Installed on the application: F12 stops the pump, wherever the focus is."""

    def __init__(self, stop: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._stop = stop

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F12:
            if not event.isAutoRepeat():
                self._stop()
            return True
        return False  # not asked of Qt: of all that it watches, some may be gone, and their wrappers stale
