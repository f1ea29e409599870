"""What is connected, and how well."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from firmware_link.errors import PumpError
from programmer_gui.models.weighing import BalanceModel
from rig.linkstate import LinkCounters, LinkState

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.session import DeviceInfo, LinkChange, SessionInfo


class LinkModel(QObject):
    """The target, its identity, and the state of the link."""

    state_changed = Signal(object)  # LinkState
    identity_changed = Signal(object)  # SessionInfo, or None
    counters_changed = Signal(object)  # LinkCounters
    failed = Signal(str, object)  # target, PumpError
    lost = Signal(object)  # PumpError or None
    regained = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target = ""
        self.info: SessionInfo | None = None
        self.state = LinkState.CLOSED
        self.counters = LinkCounters()
        self.balance = BalanceModel(self)
        self.identity_changed.connect(self.balance.open)

    @property
    def device(self) -> "DeviceInfo | None":
        """The pump that answered, or None."""
        return self.info.device if self.info else None

    @property
    def recorded(self) -> bool:
        """Whether this is a recording, in which nothing can be changed any more."""
        return self.info is not None and self.info.can_seek

    @property
    def can_control(self) -> bool:
        """Whether commands would reach a pump now."""
        return self.state is LinkState.ONLINE and self.info is not None and self.info.can_control

    def connecting(self, target: str) -> None:
        """A target is being opened."""
        self.target = target
        self._set_state(LinkState.CONNECTING)

    def opened(self, info: "SessionInfo") -> None:
        """Its session exists."""
        self.info = info
        self.identity_changed.emit(info)

    def identified(self, info: "SessionInfo") -> None:
        """Its pump has answered."""
        before = self.state
        self.info = info
        self.identity_changed.emit(info)
        self._set_state(LinkState.ONLINE)
        if before is LinkState.LOST:  # a pump that was reset says first who it is
            self.regained.emit()

    def closed(self) -> None:
        """It was let go of."""
        self.info = None
        self._set_state(LinkState.CLOSED)
        self.identity_changed.emit(None)

    def fail(self, target: str, error: PumpError) -> None:
        """It could not be reached."""
        self.target = target
        self._set_state(LinkState.CLOSED)
        self.failed.emit(target, error)

    def change(self, change: "LinkChange") -> None:
        """What the session says about the link."""
        before = self.state
        if change.state is not LinkState.CLOSED:
            self._set_state(change.state)
        if change.state is LinkState.LOST and before is not LinkState.LOST:
            self.lost.emit(change.error)
        elif change.state is LinkState.ONLINE and before is LinkState.LOST:
            self.regained.emit()

    def count(self, counters: LinkCounters) -> None:
        """The latest totals."""
        if counters != self.counters:
            self.counters = counters
            self.counters_changed.emit(counters)

    def _set_state(self, state: LinkState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
