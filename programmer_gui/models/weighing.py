"""The laboratory balance beside the pump, if there is one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rig.balancestate import BalanceState

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.session import Batch, SessionInfo


class BalanceModel(QObject):
    """Its address and how it does; of a recording, what it showed."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = ""  # "": there is none
        self.state: BalanceState | None = None
        self.recorded_ug: int | None = None  # shown at this moment of a recording

    def open(self, info: "SessionInfo | None") -> None:
        """A session began, or (None) ended."""
        address = info.balance if info else ""
        if address != self.address or not address:
            self.address, self.state, self.recorded_ug = address, None, None
            self.changed.emit()

    def take(self, batch: "Batch", recorded: bool = False) -> None:
        """What a session brought."""
        if batch.balance is not None:
            self.state = batch.balance
        elif recorded and len(batch.weighings):
            self.recorded_ug = int(batch.weighings["mass_ug"][-1])
        else:
            return
        self.changed.emit()
