"""Reading a program from a pump that makes no sense."""

from typing import Any

import pytest

from firmware_link import vocabulary
from firmware_link.errors import PeerError
from firmware_link.messages import PROGRAM_HEAD
from rig.firmware.program import Program
from rig.programs import programming
from rig.session import Reply


def reply(program: Program, segments: tuple[Any, ...]) -> Reply:
    names = [name for name, _ in PROGRAM_HEAD]
    head = {"digest": program.digest()} | dict(zip(names, program.head(), strict=True))
    return Reply(1, "read_program", head, segments)


@pytest.mark.parametrize(
    "program",
    [
        Program(0, 0, [], [(1000, 0)]),
        Program(0, 0, [(1, 0)], [(1000, 60_000)]),
        Program(0, 0, [], [(1, 1)] * (vocabulary.MAX_SEGMENTS + 1)),
    ],
)
def test_a_program_that_can_not_run_is_refused(program: Program) -> None:
    procedure = programming.read(vocabulary.ACTIVE)
    next(procedure)
    with pytest.raises(PeerError, match="makes no sense"):
        procedure.send(reply(program, program.prelude + program.cycle))
