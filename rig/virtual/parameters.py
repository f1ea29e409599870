"""What a virtual rig is made of, as data: ``resources/rigs/*.yaml``, or a file of one's own."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

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
    like: str = ""  # a rig that comes with the program, which says what this file leaves out
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
    return _read(_file(name))


def _file(name: str) -> Path:
    return resource(f"rigs/{name}.yaml")


def _read(path: Path) -> RigParameters:
    tree = yamlfile.parse(yamlfile.read_text(path), str(path))
    parameters: RigParameters = yamlfile.converted(_said(tree, str(path)), RigParameters, tree, str(path))
    return parameters


def _said(tree: Any, path: str) -> Any:
    """What a file says, with what it leaves out as in the rig that it is ``like``."""
    said = yamlfile.plain(tree, path)
    like = said.get("like") if isinstance(said, dict) else None
    if like is None:
        return said
    if like not in names():
        known = f"Valid here: {', '.join(names())}."
        raise yamlfile.FileFault(path, yamlfile.line_of(tree, ["like"]), "like", f'there is no rig "{like}".', known)
    base = _file(like)
    under = _said(yamlfile.parse(yamlfile.read_text(base), str(base)), str(base))
    return _over(under, said)


def _over(under: Any, said: Any) -> Any:
    if not isinstance(under, dict) or not isinstance(said, dict):
        return said
    return {**under, **{key: _over(under.get(key), value) for key, value in said.items()}}
