"""Letting go of the pump: it goes on without the window, and an update is proven before, or knowingly left unproven."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCloseEvent

from programmer_gui import words
from programmer_gui.updating import Updating
from programmer_gui.views.pump_dialogs import CloseDialog
from programmer_gui.views.unproven_dialog import UnprovenDialog
from programmer_gui.wiring import Wiring
from rig.linkstate import LinkState
from rig.session import SessionInfo

UNPROVEN = "Let go of while the program wasn't proven: what the pump delivers is not known. {}"


class Closing(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring, updating: Updating) -> None:
        super().__init__(wiring)
        self._wiring, self._updating = wiring, updating
        self._models = wiring.window.models
        self._agreed = False
        self.hindered: Callable[[str], bool] = lambda verb: False  # by a test script
        self._when_stopped = False
        self._models.pump.state_changed.connect(self._close_when_stopped)
        self._models.pump.stop_changed.connect(self._stay)
        wiring.controls.guard = self._guard
        wiring.window.closing.connect(self._asked)

    def _asked(self, event: QCloseEvent) -> None:
        info = None if self._models.link.recorded else self._models.link.info
        unproven = self._models.update.unproven and info is not None
        leaves_running = self._models.pump.running and info is not None and not info.virtual
        if self._agreed or not (unproven or leaves_running or self._breaks_off(info)):
            event.accept()
            return
        event.ignore()
        if self._breaks_off(info) and self.hindered("Close"):
            return
        if unproven:
            self._guard("Close", self._wiring.window.close)
        else:
            self._wiring.asking.show("close", self._dialog)

    def _breaks_off(self, info: SessionInfo | None) -> bool:
        """Whether a script runs on a real pump, which it is to leave in good order; where its cleanup waits for a pump
        that is gone, nobody need wait with it."""
        running = self._models.scripts.running
        if running is None or info is None or info.virtual:
            return False
        return not running.cancelling or self._models.link.state is LinkState.ONLINE

    def _guard(self, verb: str, go: Callable[[], object]) -> None:
        """Goes at once where nothing is left to prove; else asks."""
        if not self._models.update.unproven or self._models.link.info is None or self._models.link.recorded:
            go()
            return
        self._wiring.asking.dialogs.close("unproven")

        def anyway() -> None:
            standing = self._models.update.standing
            self._wiring.controls.note(UNPROVEN.format(standing.what if standing else "").strip())
            self._models.update.settle()
            go()

        def make() -> UnprovenDialog:
            dialog = UnprovenDialog(self._wiring.window, self._models.update, verb)
            dialog.prove_asked.connect(self._updating.finish)
            dialog.stop_asked.connect(self._wiring.controls.stop)
            dialog.accepted_by_operator.connect(anyway)
            return dialog

        self._wiring.asking.show("unproven", make)

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
