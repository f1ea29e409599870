"""All models of one window."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from programmer_gui.models.eventlog import EventLogModel
from programmer_gui.models.link import LinkModel
from programmer_gui.models.program import ProgramModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.models.run import RunModel
from programmer_gui.tokens import Tokens
from rig.therapy.limits import LimitSet


class Models(QObject):
    """What the views render."""

    def __init__(self, tokens: Tokens, limits: Callable[[], LimitSet], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = LinkModel(self)
        self.pump = PumpModel(self)
        self.log = EventLogModel(tokens, self)
        self.program = ProgramModel(limits, self)
        self.run = RunModel(self)
