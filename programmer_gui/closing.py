"""Closing the window: the pump goes on without it, and the operator is told so."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCloseEvent

from programmer_gui import words
from programmer_gui.views.pump_dialogs import CloseDialog
from programmer_gui.wiring import Wiring


class Closing(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        self._wiring = wiring
        self._models = wiring.window.models
        self._agreed = False
        self._when_stopped = False
        self._models.pump.state_changed.connect(self._close_when_stopped)
        self._models.pump.stop_changed.connect(self._stay)
        wiring.window.closing.connect(self._asked)

    def _asked(self, event: QCloseEvent) -> None:
        info = self._models.link.info
        leaves_running = self._models.pump.running and info is not None and not info.virtual
        if self._agreed or not leaves_running:
            event.accept()
            return
        event.ignore()
        self._wiring.asking.show("close", self._dialog)

    def _dialog(self) -> CloseDialog:
        state = words.STATES.get(self._models.pump.state, words.NOT_KNOWN).title.lower()
        dialog = CloseDialog(self._wiring.window, state)
        dialog.accepted_by_operator.connect(self._close)
        dialog.stop_and_close.connect(self._stop_and_close)
        return dialog

    def _stop_and_close(self) -> None:
        """Closes once the pump says that it stopped; where it doesn't, the window stays and says so."""
        self._wiring.controls.stop()
        self._when_stopped = True

    def _close_when_stopped(self, state: str) -> None:
        if state == "stopped" and self._when_stopped:
            self._close()

    def _stay(self, *_: str) -> None:
        """A STOP that failed ends the wish: a later one, for another reason, must not close the window."""
        if self._models.pump.stop_unresolved:
            self._when_stopped = False

    def _close(self) -> None:
        self._agreed = True
        QTimer.singleShot(0, self._wiring.window, self._wiring.window.close)
