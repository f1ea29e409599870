"""The laboratory balance in the window: what it shows, and taring it."""

from PySide6.QtCore import QObject

from programmer_gui.messages import Received, ZeroBalance
from programmer_gui.wiring import Wiring


class Weighing(QObject):
    """Belongs to the window."""

    def __init__(self, wiring: Wiring) -> None:
        super().__init__(wiring)
        models, self._card = wiring.window.models, wiring.window.device.balance
        self._balance = models.link.balance
        wiring.bridge.received.connect(self._take)
        models.scripts.busy_changed.connect(lambda busy: self._card.set_free(not busy))
        self._card.tare.clicked.connect(lambda: wiring.controls.send(ZeroBalance()))

    def _take(self, message: Received) -> None:
        self._balance.take(message.batch)
