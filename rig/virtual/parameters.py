"""What a virtual rig is made of, as data: ``resources/rigs/*.yaml``, or a file of one's own."""

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from firmware_link.errors import UsageError
from rig import yamlfile
from rig.physics.balance import BalanceFigures
from rig.physics.battery import Cell, GaugeFigures
from rig.physics.circuit import Circuit
from rig.physics.drive import Drive
from rig.physics.front import Catheter
from rig.physics.oscillator import Crystal
from rig.physics.pressure import PressureFigures
from rig.physics.reservoir import Reservoir
from rig.physics.room import RoomFigures
from rig.physics.tubing import Tube
from rig.resources import resource

SCHEMA = 1
DEFAULT = "bench"


class RigParameters(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One rig; each section belongs to the module of ``rig.physics`` that its type comes from."""

    rig: Annotated[int, msgspec.Meta(ge=SCHEMA, le=SCHEMA)]  # the version of this file
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    drive: Drive
    tube: Tube
    circuit: Circuit
    catheter: Catheter
    reservoir: Reservoir
    battery: Cell
    balance: BalanceFigures
    pressure: PressureFigures
    voltage: GaugeFigures
    room: RoomFigures
    crystal: Crystal

    @property
    def step_nl(self) -> float:
        """What one step sweeps on average with a new and warm tube, nL."""
        return self.tube.step_nl(self.drive)


def names() -> tuple[str, ...]:
    """The rigs that come with the program."""
    return tuple(sorted(path.stem for path in resource("rigs").glob("*.yaml")))


def load(name_or_path: str = DEFAULT) -> RigParameters:
    """The rig of this name, or that a file describes.

    Raises FileFault, a UsageError, with the line and the field of whatever is wrong in it.
    """
    if name_or_path in names():
        return _named(name_or_path)
    path = Path(name_or_path).expanduser()
    if not path.suffix and not path.exists():
        raise UsageError(f'There is no rig "{name_or_path}".', f"Choose one of {', '.join(names())}, or name a file.")
    return _read(path)


@cache
def _named(name: str) -> RigParameters:
    return _read(resource(f"rigs/{name}.yaml"))


def _read(path: Path) -> RigParameters:
    parameters: RigParameters = yamlfile.load(path, RigParameters)
    return parameters
