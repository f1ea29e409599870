"""Procedures: what takes several commands, as generators that yield a Command and are sent its Reply.

A caller drives them with ``rig.session.execute`` or a step at a time; a refused command is thrown in as its error.
So a procedure owns no thread, and STOP can go between any two of its commands.
"""

from collections.abc import Generator
from dataclasses import dataclass

from firmware_link import vocabulary, wire
from firmware_link.errors import DeviceFault, PeerError
from firmware_link.messages import PROGRAM_HEAD
from rig.firmware.program import Program, of_head
from rig.session import Command, Reply

_HEAD_FIELDS = tuple(name for name, _ in PROGRAM_HEAD)
_CHUNK = wire.BY_NAME["stage_chunk"].max_records


@dataclass(frozen=True)
class Receipt:
    """What was proven after a write: the digest of what was sent, read back and committed, and what the pump does."""

    digest: int
    segments: int
    state: str  # vocabulary.STATES
    t_us: int  # device time of the proof


def read(which: int) -> Generator[Command, Reply, Program | None]:
    """The whole program in slot ``which`` (vocabulary.WHICH), None when it is empty.

    Raises PeerError where what arrives isn't what the pump says it holds.
    """
    segments: list[tuple[int, ...]] = []
    while True:
        try:
            reply = yield Command("read_program", {"which": which, "offset": len(segments)})
        except DeviceFault as fault:
            if fault.name in ("no_program", "not_staged"):
                return None
            raise
        head = reply.values
        segments += reply.records
        total = head["prelude_count"] + head["cycle_count"]
        if total > vocabulary.MAX_SEGMENTS or not all(duration_ms for _, duration_ms in reply.records):
            raise PeerError("The program that the pump holds makes no sense.", "Write it anew.")
        if len(segments) >= total or not reply.records:
            break
    program: Program = of_head([head[name] for name in _HEAD_FIELDS], segments)
    if len(segments) != total or program.digest() != head["digest"]:
        raise PeerError("The program that came back is not the one the pump says it holds.", "Read it again.")
    return program


def write(program: Program) -> Generator[Command, Reply, Receipt]:
    """Stages ``program``, reads it back, compares, commits by digest, and proves what the pump then holds.

    Raises DeviceFault where the pump refuses, PeerError where it holds something else than was sent.  Until the
    commit the old program stays in force.
    """
    segments = program.prelude + program.cycle
    yield Command("stage_begin", dict(zip(_HEAD_FIELDS, program.head(), strict=True)))
    for offset in range(0, len(segments), _CHUNK):
        yield Command("stage_chunk", {"offset": offset}, segments[offset : offset + _CHUNK])
    _compare((yield from read(vocabulary.STAGED)), program, "transferred")
    yield Command("commit", {"digest": program.digest()})
    _compare((yield from read(vocabulary.ACTIVE)), program, "put in force")
    status = (yield Command("get_status")).values
    if status["digest"] != program.digest():
        raise PeerError("The pump reports another program than the one just written.", "Stop the pump and write again.")
    return Receipt(program.digest(), len(segments), vocabulary.state_name(status["state"]), status["t_us"])


def start() -> Generator[Command, Reply, str]:
    """Starts the pump and returns the state that it then reports."""
    yield Command("start")
    status = (yield Command("get_status")).values
    return vocabulary.state_name(status["state"])


def _compare(held: Program | None, program: Program, how: str) -> None:
    if held is None or held.pack() != program.pack():
        raise PeerError(
            f"The program was not {how} as it was sent.", "Write it again; check the cable if this repeats."
        )
