"""Shows in the models where a recording is: after a seek nothing of what was known before counts, only its moment."""

from dataclasses import replace
from typing import TYPE_CHECKING

from programmer_gui.messages import Received
from programmer_gui.models.bundle import Models
from programmer_gui.models.eventlog import LogEntry, entry_of
from programmer_gui.models.pump import Progress
from rig.linkstate import LinkState
from rig.session import Batch, Standing

if TYPE_CHECKING:
    from rig.recording.records import Note
    from rig.replay.landmarks import Landmarks
    from rig.tracker import Totals

MARKER = "Marker"
LINKS = {state.value: state for state in LinkState}


def show(models: Models, message: Received) -> None:
    """What ``message``, which is a recording's, says."""
    assert message.playback is not None
    moment, standing = message.batch.moment, message.standing
    if moment is not None:
        models.pump.reset()
        models.rig.reset()
        _identify(models, message)
        _take(models, moment.batch, standing, moment.totals)
    _take(models, message.batch, standing, message.totals)
    totals = message.totals
    models.pump.set_clock(totals.clock)
    models.pump.set_progress(
        Progress(totals.measured_nl, totals.commanded_nl, totals.planned_nl) if totals.samples else None
    )
    models.player.take(message.playback, moment is not None)


def _identify(models: Models, message: Received) -> None:
    """The settings of the moment: words depend on them."""
    info, moment = models.link.info, message.batch.moment
    device = moment.device if moment is not None else None
    if info is not None and device is not None and device != info.device:
        models.link.identified(replace(info, device=device))
        models.pump.identify(device)


def _take(models: Models, batch: Batch, standing: Standing, totals: "Totals") -> None:
    models.link.balance.take(batch, recorded=True)
    for change in batch.links:
        models.link.change(change)
    models.pump.take(batch)
    models.rig.take(batch, standing, models.link.state is LinkState.ONLINE, totals.commanded_nl)
    models.link.count(batch.counters)


def happened(landmarks: "Landmarks") -> tuple[LogEntry, ...]:
    """The log of a whole recording without its notes, by when each was there; that takes a while for thousands."""
    found = [entry_of(event)._replace(at_us=at_us) for at_us, event in landmarks.listed]
    lost = False
    for at_us, link in landmarks.links:
        was_lost, lost = lost, is_lost(lost, LINKS.get(link.state))
        if lost and not was_lost:
            found.append(link_lost(link.host_us, link.error)._replace(at_us=at_us))
        elif was_lost and not lost:
            found.append(link_back(link.host_us)._replace(at_us=at_us))
    return tuple(sorted(found, key=by_moment))


def by_moment(entry: LogEntry) -> int:
    """When it is there."""
    return entry.at_us


def is_lost(lost: bool, state: LinkState | None) -> bool:
    """Whether the link is lost after it went to ``state``, by the log; connecting anew isn't back yet."""
    return state is LinkState.LOST or (lost and state is not LinkState.ONLINE)


def link_lost(host_us: int, why: str) -> LogEntry:
    """The host's own entry."""
    return LogEntry(0, host_us, 0, "medium", "host_link_lost", "Link lost", why)


def link_back(host_us: int) -> LogEntry:
    """The host's own entry."""
    return LogEntry(0, host_us, 0, "info", "host_link_back", "Link back", "")


def note_entry(note: "Note") -> LogEntry:
    """A note, or a marker, with its author."""
    words = f"{note.text}  – {note.author}".strip() if note.author else note.text
    title = MARKER if note.marker else "Note"
    return LogEntry(0, note.host_us, 0, "info", "host_note", title, words, note.host_us)
