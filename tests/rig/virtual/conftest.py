import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rig.virtual.base import Rig
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig


def make(kind: str, seed: int = 7, speed: float = MAX_SPEED, **options: Any) -> Rig:
    """A rig of this kind; skips the test where MicroPython isn't to be had."""
    if kind == "sim":
        return VirtualRig(seed, speed, **options)
    from rig.virtual.upy import UpyRig

    if sys.platform == "win32":
        pytest.skip("MicroPython is to be had for Linux and macOS only")
    return UpyRig(seed, speed, **options)


@pytest.fixture
def make_rig() -> Iterator[Callable[..., Rig]]:
    """Makes rigs that are closed after the test."""
    made: list[Rig] = []

    def make_one(kind: str, *args: Any, **options: Any) -> Rig:
        made.append(make(kind, *args, **options))
        return made[-1]

    yield make_one
    for rig in made:
        rig.close()


@pytest.fixture(params=["sim", "upy"])
def rig(request: pytest.FixtureRequest, make_rig: Callable[..., Rig]) -> Rig:
    """A rig at the highest speed, in process and under MicroPython."""
    return make_rig(request.param)
