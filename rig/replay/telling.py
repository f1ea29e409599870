"""A recording told on the command line: how things stood at a moment, and what happened from then on."""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from firmware_link import telemetry, vocabulary, wire
from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import UsageError
from rig import words
from rig.moments import at_text, iso_text, parse_within
from rig.replay.moment import Moment
from rig.replay.session import GATHER_S, ReplaySession
from rig.session import Batch, Event, Gap, LinkChange, LinkState
from rig.terminal import json_line, plain
from rig.therapy import units

_POLL_S = 0.5
_UNKNOWN = "not known"


@dataclass(frozen=True)
class Wanted:
    """What to tell; the texts of ``at`` and ``until`` are as ``moments.parse_at`` reads them, "" for the ends."""

    run: Path
    speed: float = 1.0  # math.inf: as fast as it goes
    at: str = ""
    until: str = ""


def tell(wanted: Wanted, as_json: bool, say: Callable[[str], None], clock: Clock | None = None) -> None:
    """Says the state at the one moment, where one is given, what happened up to the other as it comes, and the state
    there.

    ``say`` is given a line of text, or one JSON object.  Raises RunFileError, and UsageError for times that the
    recording hasn't.
    """
    session = ReplaySession(f"replay:{wanted.run}", wanted.run, clock or SystemClock(), speed=wanted.speed)
    try:
        for data in _told(session, wanted):
            say(json_line(data) if as_json else plain(_TEXTS[data["type"]](data)))
    finally:
        session.close()


def _told(session: ReplaySession, wanted: Wanted) -> Iterator[dict[str, Any]]:
    playback = session.playback
    extent = playback.start_us, playback.end_us
    begin_us = parse_within(wanted.at, *extent) if wanted.at else playback.start_us
    until_us = parse_within(wanted.until, *extent) if wanted.until else playback.end_us
    if until_us < begin_us:
        raise UsageError("The end lies before the beginning.", "Give a later --until, or an earlier --at.")
    if wanted.at:  # before the beginning nothing is known
        yield _state(_moment(session, begin_us), playback.start_us)
    for batch in _played(session, until_us):
        for told_us, data in _happenings(batch, begin_us):
            if told_us <= until_us:
                yield data | _when(told_us, playback.start_us)
    yield _state(_moment(session, until_us), playback.start_us)


def _played(session: ReplaySession, until_us: int) -> Iterator[Batch]:
    """All that comes up to there, and perhaps a little more."""
    while session.playback.playing:
        if session.playback.at_us >= until_us:
            session.pause()  # what is due by now comes all the same
        batch = session.poll(_POLL_S if session.playback.playing else 2 * GATHER_S)
        _check(batch)
        yield batch


def _moment(session: ReplaySession, at_us: int) -> Moment:
    session.seek(at_us)
    batch = session.poll(0.0)
    _check(batch)
    assert batch.moment is not None
    return batch.moment


def _check(batch: Batch) -> None:
    """Raises what closed the session: the file can't be read on."""
    for link in batch.links:
        if link.state is LinkState.CLOSED and link.error is not None:
            raise link.error


# -- as data -------------------------------------------------------------------------------------------------------


def _when(at_us: int, start_us: int) -> dict[str, Any]:
    return {"at": at_text(at_us, start_us), "utc": iso_text(at_us), "at_us": at_us}


def _happenings(batch: Batch, since_us: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Events, lost time and changes of the link, each with its position, in the order of these."""
    told: list[tuple[int, dict[str, Any]]] = [(event.host_us, _of_event(event)) for event in batch.events]
    told += [(link.host_us, _of_link(link)) for link in batch.links]
    told += [(_noticed_us(gap, batch, since_us), {"type": "gap"} | asdict(gap)) for gap in batch.gaps]
    for at_us, data in sorted(told, key=lambda one: one[0]):
        since_us = max(since_us, at_us)
        yield since_us, data


def _noticed_us(gap: Gap, batch: Batch, since_us: int) -> int:
    """When the first sample after it came."""
    samples = batch.samples
    after = (samples["boot"] == gap.boot) & (samples["t_us"] >= gap.end_us)
    return int(samples["host_us"][after.argmax()]) if after.any() else since_us


def _of_event(event: Event) -> dict[str, Any]:
    known = {"title": words.event_title(event.kind), "details": words.event_detail(event)}
    return {"type": "event", "priority_name": words.LEVELS[_level(event)]} | asdict(event) | known


def _level(event: Event) -> int:
    return event.priority if event.priority in range(len(words.LEVELS)) else 0


def _of_link(link: LinkChange) -> dict[str, Any]:
    return {"type": "link", "state": link.state.value, "why": link.error.sentence() if link.error else ""}


def _state(moment: Moment, start_us: int) -> dict[str, Any]:
    """How things stood; volumes in nl, and the latest sample in the units of its fields."""
    batch, totals = moment.batch, moment.totals
    sample = batch.samples[-1] if len(batch.samples) else None
    readings: dict[str, int | None] = {}
    if sample is not None:
        readings = {channel.field: int(sample[channel.field]) for channel in telemetry.CHANNELS}
        readings = {name: None if value == wire.MISSING else value for name, value in readings.items()}
    return {
        "type": "state",
        **_when(moment.at_us, start_us),
        "axis_s": moment.at_s,
        "state": None if sample is None else vocabulary.state_name(int(sample["state"])),
        "alarms": [] if sample is None else [alarm.name for alarm in words.active_alarms(int(sample["alarms"]))],
        "readings": readings,
        "program": moment.program and {"name": moment.program.name, "digest": moment.program.digest},
        "status": batch.status and batch.status.fields,
        "link": batch.links[-1].state.value if batch.links else None,
        "counters": asdict(batch.counters),
        "faults": [strike.what for strike in moment.standing],
        "totals": asdict(totals),
        "next_event_us": moment.next_event_us,
        "previous_event_us": moment.previous_event_us,
    }


# -- in words ------------------------------------------------------------------------------------------------------


def _event_text(data: dict[str, Any]) -> str:
    level = data["priority_name"]
    mark = f"{words.LEVEL_SYMBOLS[level]} {words.LEVEL_WORDS[level]:<6}"
    return f"{data['at']}  {mark}  {data['title']}" + (f": {data['details']}" if data["details"] else "")


def _gap_text(data: dict[str, Any]) -> str:
    lost_ms = max(0, data["end_us"] - data["start_us"]) // 1000
    missing = f", {data['missing']:,} missing" if data["missing"] else ""
    what = "the link" if data["kind"] == "link" else data["kind"]
    return f"{data['at']}  – Lost    {units.duration_text(lost_ms)} of {what}{missing}"


def _link_text(data: dict[str, Any]) -> str:
    said = {"online": "Link online", "lost": "Link lost", "connecting": "Connecting"}[data["state"]]
    return f"{data['at']}  – Link    {said}" + (f": {data['why']}" if data["why"] else "")


def _state_text(data: dict[str, Any]) -> str:
    """A table: how things stood."""
    readings, totals = data["readings"], data["totals"]
    alarms = [words.event_title(name) for name in data["alarms"]]
    rows = [
        ("state", words.STATES[data["state"]].title if data["state"] in words.STATES else _UNKNOWN),
        ("alarms", ", ".join(alarms) or "none"),
        ("program", data["program"]["name"] if data["program"] else _UNKNOWN),
        ("link", data["link"] or _UNKNOWN),
        ("commanded", units.volume_text(totals["commanded_nl"])),
        ("delivered", _volume(totals["measured_nl"])),
        ("planned", units.volume_text(totals["planned_nl"])),
        *((channel.title.lower(), _reading(channel, readings)) for channel in telemetry.CHANNELS[2:]),
        ("samples", f"{totals['samples']:,}"),
        ("events", f"{totals['events']:,}"),
        ("gaps", f"{totals['gaps']:,}"),
    ]
    if data["faults"]:
        rows.append(("faults in force", ", ".join(data["faults"])))
    width = max(len(name) for name, _ in rows)
    return "\n".join([f"{data['at']}  {data['utc']}", *(f"  {name:<{width}}  {value}" for name, value in rows)])


def _volume(nl: int | None) -> str:
    return _UNKNOWN if nl is None else units.volume_text(nl)


def _reading(channel: telemetry.Channel, readings: dict[str, int | None]) -> str:
    value = readings.get(channel.field)
    return _UNKNOWN if value is None or not math.isfinite(value) else f"{value * channel.scale:.5g} {channel.unit}"


_TEXTS = {"state": _state_text, "event": _event_text, "gap": _gap_text, "link": _link_text}
