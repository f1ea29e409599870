"""An update of the pump's program as the window follows it, until what the pump does is proven or known."""

from PySide6.QtCore import QObject, Signal

from rig.firmware.program import Program as DeviceProgram
from rig.programs.update import DONE, STOPPED, Standing, Update


class UpdateModel(QObject):
    """``changed`` follows each stage, each end, and each answer to where the pump stands."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.update: Update | None = None  # the latest
        self.program: DeviceProgram | None = None  # that it puts in force
        self.standing: Standing | None = None  # where one that broke off left the pump, once the pump has said so
        self.asked = False  # somebody wants one, which hasn't begun yet
        self.active = False  # it is being carried out now
        self.broken = False  # it broke off, and nothing is proven yet
        self._stopped = False  # by the operator, since it began

    @property
    def unproven(self) -> bool:
        """Whether what the pump does isn't proven: an update is under way, or broke off without a known end."""
        return self.active or self.broken

    @property
    def busy(self) -> bool:
        """Whether another one has to wait: to ask twice is to write twice."""
        return self.asked or self.active

    def ask(self) -> None:
        """Somebody wants one."""
        self.asked = True
        self.changed.emit()

    def move(self, update: Update, program: DeviceProgram) -> None:
        """It begins its next stage."""
        self.update, self.program, self.standing, self._stopped = update, program, None, False
        self.asked, self.active, self.broken = False, update.stage != DONE, False
        self.changed.emit()

    def end(self, proven: bool) -> None:
        """Its procedure is over; one that hadn't begun changes nothing."""
        if self.active or self.broken:
            self.asked, self.active, self.broken = False, False, not proven
            self.changed.emit()
        elif self.asked:
            self.asked = False
            self.changed.emit()

    def stand(self, standing: Standing) -> None:
        """What the pump says has become of it."""
        self.standing = standing
        stopped = self._stopped and standing.state == STOPPED
        self.active, self.broken = False, not (standing.settled or stopped)
        self.changed.emit()

    def stopped(self) -> None:
        """The pump has confirmed the operator's STOP: it is stopped on purpose."""
        if self.update is not None:
            self._stopped = True
            self.active, self.broken = False, False
            self.changed.emit()

    def settle(self) -> None:
        """It doesn't matter any more: the pump was let go of, or does since what somebody told it."""
        if self.update is not None or self.asked:
            self.update = self.program = self.standing = None
            self.asked = self.active = self.broken = False
            self.changed.emit()
