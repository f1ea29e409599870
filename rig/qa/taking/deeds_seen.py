"""What somebody did, from what went over the wire and what befell the rig: the deeds of a bench session, in order."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware_link import vocabulary, wire
from firmware_link.errors import UsageError
from rig.qa import deeds as d
from rig.qa.taking.taken import Taken, Wrote
from rig.session import ControlFrame, LinkState
from rig.therapy.program_file import loads
from rig.truth import Strike
from rig.virtual.fault_kinds import BY_NAME

_NEAR_US = 5_000_000  # what is done to a rig by hand belongs to the command so near to it
_FOR_UPDATE = vocabulary.STOP_REASONS.index("update")
_SETTING_NAMES = {row[0]: row[1] for row in vocabulary.SETTINGS}
_ANSWERS = ("ok", "refused", "outcome")
_NO_REFUSAL = ("stale", "wrong_session")  # answers to a frame that was sent again
_LAST = 1 << 60  # of what didn't go over the wire
#: A lost link that one of these explains was not the operator's hand.
CUTS = frozenset({"unplug", "power_cut", "power_cut_in_write", "reset", "brown_out", "battery_step", "new_battery"})


@dataclass(frozen=True)
class Done:
    """A deed, and when it began and was done, UTC by the session's clock."""

    body: d.Deed
    begin_us: int
    end_us: int
    refused: str = ""  # of vocabulary.ERRORS: the pump did not do it
    until_us: int = 0  # of a fault that ended: when
    order: int = _LAST  # among those of the same moment


@dataclass(frozen=True)
class Seen:
    """The deeds in the order of their beginnings, and what could not become one, as sentences."""

    deeds: tuple[Done, ...]
    remarks: tuple[str, ...]


@dataclass
class _Asked:
    """A command, when it first went out, and what the pump said."""

    name: str
    values: dict[str, int]
    records: list[tuple[int, ...]]
    begin_us: int
    order: int
    end_us: int = 0
    refused: str = ""


def seen(taken: Taken) -> Seen:
    """The deeds of a session."""
    remarks: list[str] = []
    asked = _asked(taken.frames)
    written = _written(taken, asked, remarks)
    commands = [
        done for one in asked if not any(_belongs(one, write) for write in written) for done in _command(taken, one)
    ]
    faults = _faults(taken, remarks)
    deeds = _joined([*written, *commands], faults)
    deeds += _unplugged(taken) + _noted(taken, deeds)
    return Seen(tuple(sorted(deeds, key=lambda one: (one.begin_us, one.order))), tuple(remarks))


# -- commands ----------------------------------------------------------------------------------------------------------


def _asked(frames: list[ControlFrame]) -> list[_Asked]:
    """Every command once, however often it was sent, with its answer; those without one have ``end_us`` 0."""
    found: dict[object, _Asked] = {}
    waiting: dict[int, _Asked] = {}
    for frame in frames:
        try:
            layout, sequence, head, body = wire.unpack_payload(frame.payload)
        except wire.FrameError:
            continue
        values = dict(zip(layout.fields, head, strict=True))
        if frame.outgoing:
            key = values.get("command_id") or (values.get("session"), sequence, layout.name)
            if key not in found:
                found[key] = _Asked(layout.name, values, wire.records_of(layout, body), frame.host_us, len(found))
            waiting[sequence] = found[key]
        elif layout.name in _ANSWERS and sequence in waiting:
            _answer(waiting[sequence], values, frame.host_us)
    return list(found.values())


def _answer(asked: _Asked, values: dict[str, int], host_us: int) -> None:
    refused = vocabulary.ERROR_NAMES.get(values.get("code", 0), "")
    if refused in _NO_REFUSAL or asked.end_us:
        return
    asked.end_us, asked.refused = host_us, refused


def _clear(taken: Taken, asked: _Asked) -> d.Deed:
    bits = asked.values["alarms"]
    rows = taken.samples(0, asked.begin_us)
    standing = int(rows["alarms"][-1]) if len(rows) else 0
    names = tuple(name for bit, name, *_ in vocabulary.ALARMS if bits >> bit & 1)
    return d.ClearAlarms() if standing & ~bits == 0 else d.ClearAlarms(names)


def _set(taken: Taken, asked: _Asked) -> d.Deed | None:
    named = tuple((_SETTING_NAMES[key], value) for key, value in asked.records if key in _SETTING_NAMES)
    kept = tuple(pair for pair in named if pair[0] != "sample_interval_ms")  # the script has one for all of it
    return d.Set(kept) if kept else None


#: A command that an operator gives -> the deed that it is.
_DEEDS: dict[str, Callable[[Taken, _Asked], d.Deed | None]] = {
    "start": lambda taken, asked: d.Start(),
    "stop": lambda taken, asked: d.Stop(),
    "bolus": lambda taken, asked: d.Bolus(
        asked.values["volume_pl"], asked.values["duration_ms"], "stop" if asked.values["after"] else "resume"
    ),
    "demand": lambda taken, asked: d.OnDemand(),
    "refill": lambda taken, asked: d.Refill(
        asked.values["filled_nl"], asked.values["withdrawn_nl"], asked.values["concentration_ng_ml"]
    ),
    "battery_replaced": lambda taken, asked: d.ReplaceBattery(),
    "tube_replaced": lambda taken, asked: d.ReplaceTube(),
    "clear_alarms": _clear,
    "set_config": _set,
    "silence": lambda taken, asked: d.Silence(),
    "self_test": lambda taken, asked: d.SelfTest(),
}


def _command(taken: Taken, asked: _Asked) -> list[Done]:
    make = _DEEDS.get(asked.name)
    body = make(taken, asked) if make is not None and asked.end_us else None
    return [] if body is None else [Done(body, asked.begin_us, asked.end_us, asked.refused, order=asked.order)]


# -- programs ----------------------------------------------------------------------------------------------------------


def write_of(wrote: Wrote, remarks: list[str]) -> d.WriteProgram | None:
    """The deed of writing ``wrote``; None, and a remark, where nobody has its file."""
    try:
        program = loads(wrote.source, wrote.name) if wrote.source else None
    except UsageError as error:
        remarks.append(f"The program “{wrote.name}” can't be read: {error.what}")
        return None
    if program is None:
        remarks.append(f"The program “{wrote.name}” was left out: nobody here has its file. Put one in.")
        return None
    return d.WriteProgram(program, wrote.source, "", wrote.ensure == "stopped", wrote.confirm)


def _written(taken: Taken, asked: list[_Asked], remarks: list[str]) -> list[Done]:
    """Each program that was put in force, with all commands that belong to that."""
    found = []
    for wrote in taken.wrote:
        commits = [one for one in asked if one.name == "commit" and f"{one.values['digest']:016x}" == wrote.digest]
        before = [one for one in commits if one.begin_us <= wrote.host_us]
        body = write_of(wrote, remarks)
        if before and body is not None:
            commit = before[-1]
            staged = [one for one in asked if one.name == "stage_begin" and one.order < commit.order]
            first = staged[-1] if staged else commit
            found.append(Done(body, first.begin_us, max(wrote.host_us, commit.begin_us), order=first.order))
    broken = sum(one.name == "stage_begin" for one in asked) - len(taken.wrote)
    if broken > 0:
        remarks.append("A program that was not put in force was left out.")
    return found


def _belongs(asked: _Asked, write: Done) -> bool:
    """Whether a command was sent to put the program of ``write`` in force.  In virtual time the next deed may have the
    same moment."""
    if asked.order < write.order or asked.begin_us > write.end_us:
        return False
    if asked.name == "stop":
        return asked.values["reason"] == _FOR_UPDATE
    started = isinstance(write.body, d.WriteProgram) and not write.body.stopped
    return asked.begin_us < write.end_us or (asked.name == "start" and started)


# -- faults ------------------------------------------------------------------------------------------------------------


def _faults(taken: Taken, remarks: list[str]) -> list[Done]:
    """Each fault from its begin on; one that ended knows when."""
    open_: dict[str, int] = {}
    found: list[Done] = []
    for strike in taken.strikes:
        kind = BY_NAME.get(strike.what)
        if kind is None:
            continue
        if strike.begins:
            open_[strike.what] = len(found)
            found.append(Done(_fault(strike), strike.host_us, strike.host_us))
        elif strike.what in open_:
            at = open_.pop(strike.what)
            found[at] = replace(found[at], until_us=strike.host_us)
        else:
            remarks.append(f"“{kind.title}” had begun before the recording and was left out.")
    return found


def _fault(strike: Strike) -> d.Deed:
    if strike.what == "press_button":
        return d.OnDemand(button=True)
    return d.MakeFault(strike.what, amount=strike.amount)


_BY_HAND = {d.Refill: "fill_reservoir", d.ReplaceBattery: "new_battery", d.ReplaceTube: "new_tube"}


def _joined(commands: list[Done], faults: list[Done]) -> list[Done]:
    """With what the window did to the rig by itself taken into the command that it belongs to."""
    result = []
    for done in commands:
        what = _BY_HAND.get(type(done.body), "")
        near = [one for one in faults if _is(one, what) and abs(one.begin_us - done.end_us) <= _NEAR_US]
        for one in near[:1]:
            faults.remove(one)
            done = _with_truth(done, one)
        result.append(done)
    return [*result, *faults]


def _with_truth(done: Done, by_hand: Done) -> Done:
    body, fault = done.body, by_hand.body
    if isinstance(body, d.Refill) and isinstance(fault, d.MakeFault) and fault.amount is not None:
        really_nl = round(fault.amount * 1e6)
        body = replace(body, really_nl=None if really_nl == body.filled_nl else really_nl)
    return replace(done, body=body, end_us=max(done.end_us, by_hand.begin_us))


def _is(done: Done, what: str) -> bool:
    return isinstance(done.body, d.MakeFault) and done.body.what == what


def _unplugged(taken: Taken) -> list[Done]:
    """The link was lost and came back, and no fault says why: somebody pulled the cable."""
    found: list[Done] = []
    lost_us = 0
    for link in taken.material.links:
        if link.state is LinkState.LOST and not lost_us:
            lost_us = link.host_us
        elif link.state is LinkState.ONLINE and lost_us:
            told = [one for one in taken.strikes if one.what in CUTS or one.what.startswith("link_")]
            if not any(one.host_us <= link.host_us for one in told):
                found.append(Done(d.MakeFault("unplug"), lost_us, lost_us, until_us=link.host_us))
            lost_us = 0
    return found


def _noted(taken: Taken, deeds: list[Done]) -> list[Done]:
    """Words of the operator's; what the program wrote about a deed is said by that deed."""
    return [
        Done(d.TakeNote(text), host_us, host_us)
        for host_us, text in taken.notes
        if not any(one.begin_us <= host_us <= one.end_us + _NEAR_US for one in deeds)
    ]
