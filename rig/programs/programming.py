"""Procedures: what takes several commands, as generators that yield a Command and are sent its Reply.

A caller drives them with ``rig.session.execute`` or a step at a time; a refused command is thrown in as its error.
So a procedure owns no thread, and STOP can go between any two of its commands.
"""

from collections.abc import Generator
from typing import TypeVar

from firmware_link import vocabulary, wire
from firmware_link.errors import DeviceFault, PeerError, UsageError
from firmware_link.messages import PROGRAM_HEAD
from rig.firmware.program import Program, of_head
from rig.programs.update import (
    ACTING,
    COMMIT,
    COMPARE,
    CONFIRM,
    DONE,
    INTERROGATE,
    PROVE,
    RUNNING,
    STAGE,
    STOPPED,
    Ensure,
    Found,
    Proof,
    Standing,
    Tell,
    Update,
    ignore,
)
from rig.session import Command, Reply

Result = TypeVar("Result")
Procedure = Generator[Command, Reply, Result]

_HEAD_FIELDS = tuple(name for name, _ in PROGRAM_HEAD)
_CHUNK = wire.BY_NAME["stage_chunk"].max_records
_FOR_UPDATE = vocabulary.STOP_REASONS.index("update")
#: Alarms under which a pump doesn't start.
_BLOCKING = [bit for bit, name, _, action, _ in vocabulary.ALARMS if action == vocabulary.TO_STOP] + [
    vocabulary.ALARM_BITS["memory_error"]
]


def read(which: int) -> Procedure[Program | None]:
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


def interrogate() -> Procedure[Found]:
    """What the pump does, how it is set, and what it holds."""
    status = (yield Command("get_status")).values
    config = (yield Command("get_config")).records
    names = {row[0]: row[1] for row in vocabulary.SETTINGS}
    settings = {names[key]: value for key, value in config if key in names}
    return Found(
        digest=status["digest"],
        state=vocabulary.state_name(status["state"]),
        alarms=status["alarms"],
        commanded_pl=status["commanded_pl"],
        reservoir_nl=status["reservoir_nl"],
        settings=settings,
        program=(yield from read(vocabulary.ACTIVE)),
    )


def update(program: Program, ensure: Ensure = RUNNING, tell: Tell = ignore) -> Procedure[Proof]:
    """Puts ``program`` in force and proves what the pump then does: ``ensure`` says what it is to do, and a program
    without segments is always left stopped.

    Interrogates, stages, reads back, compares, commits by digest, reads back, and proves.  ``tell`` is told each stage
    before it begins.  Until the commit the old program stays in force, and the pump goes on with it: the change from
    one to the other is a single step on the pump, so a link lost at any moment leaves one of them at work.  Only a
    pump that is to be left stopped is stopped first.

    Raises UsageError before anything was sent where it can't succeed, DeviceFault where the pump refuses, and
    PeerError where it holds or does something else than it should; ``where_are_we`` says what is in force then.
    """
    if not program.prelude and not program.cycle:
        ensure = STOPPED
    order = Update(program.digest(), ensure)
    tell(order.at(INTERROGATE))
    found = yield from interrogate()
    _refuse_in_vain(found, ensure)
    yield from _transfer(program, order := order.at(STAGE, found), tell)
    tell(order.at(COMMIT))
    if ensure == STOPPED and found.state != STOPPED:
        yield Command("stop", {"reason": _FOR_UPDATE})
    yield Command("commit", {"digest": program.digest()})
    return (yield from prove(program, order, tell))


def prove(program: Program, order: Update, tell: Tell = ignore) -> Procedure[Proof]:
    """The end of an update, also of one that broke off after its commit: ``program`` is in force, and the pump does
    what ``order`` wants of it.  Raises as ``update``."""
    tell(order.at(CONFIRM))
    _compare((yield from read(vocabulary.ACTIVE)), program, "put in force")
    tell(order.at(PROVE))
    status = yield from _proven(program, order)
    tell(order.at(DONE))
    segments = len(program.prelude) + len(program.cycle)
    state = vocabulary.state_name(status["state"])
    before = order.found.digest if order.found else 0
    return Proof(program.digest(), segments, state, status["t_us"], before, order.ensure)


def where_are_we(order: Update) -> Procedure[Standing]:
    """What has become of an update that broke off: which program is in force, whether the new one waits in the staging
    area, and what the pump does."""
    status = (yield Command("get_status")).values
    staged = False
    try:
        reply = yield Command("read_program", {"which": vocabulary.STAGED, "offset": 0})
        staged = reply.values["digest"] == order.digest
    except DeviceFault as fault:
        if fault.name != "not_staged":
            raise
    return Standing(order, status["digest"], vocabulary.state_name(status["state"]), status["alarms"], staged)


def start() -> Procedure[str]:
    """Starts the pump and returns the state that it then reports."""
    yield Command("start")
    status = (yield Command("get_status")).values
    return vocabulary.state_name(status["state"])


def check_device(wanted: str, device_id: str) -> None:
    """Raises UsageError for a program that is for another pump; ``wanted`` "" is for any."""
    if wanted and wanted != device_id:
        raise UsageError(
            f"This program is for the pump {wanted}, and {device_id} is connected.",
            "Connect that pump, or change “device” in the program.",
        )


def _refuse_in_vain(found: Found, ensure: Ensure) -> None:
    """Nothing has been sent yet: what is bound to fail half-way isn't begun."""
    if ensure == STOPPED or found.state == "running":
        return
    if found.state == "bolus":
        raise UsageError("A bolus is being delivered.", "Wait until it ends, or stop the pump, then write again.")
    standing = [vocabulary.ALARMS[bit][1].replace("_", " ") for bit in _BLOCKING if found.alarms >> bit & 1]
    if standing:
        raise UsageError(
            f"The pump would not start: {', '.join(standing)}.",
            "Remove the cause and clear the alarm first, or write the program and leave the pump stopped.",
        )


def _transfer(program: Program, order: Update, tell: Tell) -> Procedure[None]:
    tell(order)
    segments = program.prelude + program.cycle
    yield Command("stage_begin", dict(zip(_HEAD_FIELDS, program.head(), strict=True)))
    for offset in range(0, len(segments), _CHUNK):
        yield Command("stage_chunk", {"offset": offset}, segments[offset : offset + _CHUNK])
    tell(order.at(COMPARE))
    _compare((yield from read(vocabulary.STAGED)), program, "transferred")


def _proven(program: Program, order: Update) -> Procedure[dict[str, int]]:
    """The pump's status, which proves that it does with ``program`` what it is to do."""
    status: dict[str, int] = (yield Command("get_status")).values
    state = vocabulary.state_name(status["state"])
    # A program without a cycle may have come to its end: to start it then would give it twice.
    before_pl = order.found.commanded_pl if order.found else 0
    over = not program.cycle and status["commanded_pl"] - before_pl >= program.prelude_pl
    change = None
    if order.ensure == STOPPED and state != STOPPED:
        change = Command("stop", {"reason": _FOR_UPDATE})
    elif order.ensure == RUNNING and state not in ACTING and not (state == STOPPED and over):
        change = Command("start")
    if change is not None:
        yield change
        status = (yield Command("get_status")).values
        state = vocabulary.state_name(status["state"])
    if status["digest"] != program.digest():
        raise PeerError("The pump reports another program than the one just written.", "Stop the pump and write again.")
    if order.ensure == STOPPED and state != STOPPED:
        raise PeerError("The new program is in force, but the pump did not stop.", "Press STOP.")
    if order.ensure == RUNNING and state not in ACTING and not (state == STOPPED and not program.cycle):
        what = f"The new program is in force, but the pump isn't running: it is at “{state.replace('_', ' ')}”."
        raise PeerError(what, "Look at its alarms, then start or stop it.")
    return status


def _compare(held: Program | None, program: Program, how: str) -> None:
    if held is None or held.pack() != program.pack():
        raise PeerError(
            f"The program was not {how} as it was sent.", "Write it again; check the cable if this repeats."
        )
