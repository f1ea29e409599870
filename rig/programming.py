"""Procedures: what takes several commands, as generators that yield a Command and are sent its Reply.

A caller drives them with ``rig.session.execute`` or a step at a time; a refused command is thrown in as its error.
So a procedure owns no thread, and STOP can go between any two of its commands.
"""

from collections.abc import Generator
from dataclasses import dataclass

from firmware_link import vocabulary, wire
from firmware_link.errors import PeerError
from rig.session import Command, Reply
from rig.therapy.compile import Compiled

_CHUNK = wire.BY_NAME["stage_chunk"].max_records


@dataclass(frozen=True)
class Receipt:
    """What was proven after a write: the digest of what was sent, read back and committed, and what the pump does."""

    digest: int
    segments: int
    state: str  # vocabulary.STATES
    t_us: int  # device time of the proof


@dataclass(frozen=True)
class Held:
    """A program as the pump holds it; ``digest`` 0 and no segments when it holds none."""

    digest: int
    anchor_utc_s: int
    utc_offset_min: int
    prelude: tuple[tuple[int, int], ...]  # (volume_pl, duration_ms)
    cycle: tuple[tuple[int, int], ...]


def read(which: int) -> Generator[Command, Reply, Held]:
    """The program in slot ``which`` (vocabulary.WHICH), all of it."""
    segments: list[tuple[int, ...]] = []
    while True:
        reply = yield Command("read_program", {"which": which, "offset": len(segments)})
        head = reply.values
        segments += reply.records
        total = head["prelude_count"] + head["cycle_count"]
        if len(segments) >= total or not reply.records:
            break
    if len(segments) != total:
        raise PeerError(f"The pump sent {len(segments)} of {total} segments of its program.", "Read it again.")
    pairs = tuple((volume_pl, duration_ms) for volume_pl, duration_ms in segments)
    split = head["prelude_count"]
    return Held(head["digest"], head["anchor_utc_s"], head["utc_offset_min"], pairs[:split], pairs[split:])


def write(program: Compiled) -> Generator[Command, Reply, Receipt]:
    """Stages ``program``, reads it back, compares, commits by digest, and proves what the pump then holds.

    Raises DeviceFault where the pump refuses, PeerError where it holds something else than was sent.  Until the
    commit the old program stays in force.
    """
    yield Command("stage_begin", program.head())
    segments = program.prelude + program.cycle
    for offset in range(0, len(segments), _CHUNK):
        yield Command("stage_chunk", {"offset": offset}, segments[offset : offset + _CHUNK])
    digest = program.digest()
    _compare((yield from read(vocabulary.STAGED)), program, digest, "transferred")
    yield Command("commit", {"digest": digest})
    _compare((yield from read(vocabulary.ACTIVE)), program, digest, "put in force")
    status = (yield Command("get_status")).values
    if status["digest"] != digest:
        raise PeerError("The pump reports another program than the one just written.", "Stop the pump and write again.")
    return Receipt(digest, len(segments), vocabulary.STATES[status["state"]], status["t_us"])


def start() -> Generator[Command, Reply, str]:
    """Starts the pump and returns the state that it then reports."""
    yield Command("start")
    status = (yield Command("get_status")).values
    return vocabulary.STATES[status["state"]]


def _compare(held: Held, program: Compiled, digest: int, how: str) -> None:
    same = (
        held.digest == digest
        and (held.anchor_utc_s, held.utc_offset_min) == (program.anchor_utc_s, program.utc_offset_min)
        and (held.prelude, held.cycle) == (program.prelude, program.cycle)
    )
    if not same:
        raise PeerError(f"The program was not {how} as it was sent.", "Write it again; check the cable if this repeats.")
