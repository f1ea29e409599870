"""All models of one window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from programmer_gui.models.eventlog import EventLogModel
from programmer_gui.models.link import LinkModel
from programmer_gui.models.occlusion import OcclusionModel
from programmer_gui.models.player import PlayerModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.models.rig import RigModel
from programmer_gui.models.run import RunModel
from programmer_gui.models.update import UpdateModel
from programmer_gui.tokens import Tokens

if TYPE_CHECKING:  # the dose domain takes a while to import: after the first paint
    from programmer_gui.models.program import ProgramModel
    from programmer_gui.models.scripts import ScriptsModel
    from rig.therapy.profiles import Profiles


class Models(QObject):
    """What the views render.  ``program`` and ``scripts`` are there after ``add_program``."""

    program: "ProgramModel"
    scripts: "ScriptsModel"

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = LinkModel(self)
        self.pump = PumpModel(self)
        self.rig = RigModel(self.pump.care, self)
        self.occlusion = OcclusionModel(self.pump, _profiles, self)
        self.log = EventLogModel(tokens, self)
        self.run = RunModel(self)
        self.player = PlayerModel(self)
        self.update = UpdateModel(self)

    def add_program(self, load_profiles: "Callable[[], Profiles]") -> None:
        """The program being edited, which isn't checked before its ``begin``; and the test scripts."""
        from programmer_gui.models.program import ProgramModel
        from programmer_gui.models.scripts import ScriptsModel

        self.program = ProgramModel(load_profiles, self)
        self.scripts = ScriptsModel(self)


def _profiles() -> "Profiles":
    from rig.therapy import profiles

    return profiles.standard()
