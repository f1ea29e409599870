"""What the pump said of itself in a recording: its status and its settings, out of the control messages."""

from bisect import bisect_left
from dataclasses import fields, replace
from functools import cached_property, lru_cache
from typing import Any

from firmware_link import bounds, vocabulary, wire
from firmware_link.decode import Message, message_of
from firmware_link.errors import PeerError
from rig.gathering import device_info
from rig.recording.access import Tables
from rig.recording.records import Run
from rig.replay.pages import Pages
from rig.session import DeviceInfo, Status

_PAGE = 1024  # frames; a status is asked for each second
_HEARD = f"NOT outgoing AND octet_length(payload) <= {wire.MAX_FRAME} AND name = ?"
_SAID = f"SELECT rowid, host_us, payload FROM main.frames WHERE rowid >= ? AND rowid < ? AND {_HEARD} ORDER BY rowid"
_ALL = f"SELECT rowid FROM main.frames WHERE {_HEARD} ORDER BY rowid"
_ONE = "SELECT payload FROM main.frames WHERE rowid = ?"
_NAMES = {row[0]: row[1] for row in vocabulary.SETTINGS}


class Said:
    """Of the run in ``tables``.  Frames are counted in the order of the file."""

    def __init__(self, tables: Tables, run: Run) -> None:
        self._tables, self._run = tables, run
        self._message = lru_cache(8)(self._read)
        self._statuses = Pages(lambda first, stop: self._tables.rows(_SAID, first, stop, "status"), _PAGE)

    def status(self, first: int, stop: int) -> Status | None:
        """The latest of the frames from ``first`` to ``stop`` (excluded)."""
        while stop > first:
            begin = (stop - 1) // _PAGE * _PAGE
            for row, host_us, payload in reversed(self._statuses.page_of(begin)):
                message = _taken_apart("status", payload) if first <= row < stop else None
                if message is not None:
                    return Status(message.values, host_us)
            stop = begin
        return None

    def device(self, frames: int) -> DeviceInfo | None:
        """Who the pump was, and how it was set, when so many frames had come; None where the recording has no pump.

        Before the pump told its settings they are as it first did.
        """
        known = {field.name: getattr(self._run, field.name) for field in fields(DeviceInfo)}
        recorded = None if None in known.values() else DeviceInfo(**known)
        welcome, config = self._latest("welcome", frames), self._latest("config", max(frames, 1 + self._first_config))
        if config is None:
            return recorded
        try:
            if welcome is not None:
                return device_info(welcome.values, config.records)
        except (PeerError, KeyError):  # of another version
            return recorded
        settings = {_NAMES[key]: value for key, value in config.records if key in _NAMES}
        return recorded and replace(recorded, settings=recorded.settings | settings)

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        return {name: [row for (row,) in self._tables.rows(_ALL, name)] for name in ("welcome", "config")}

    @property
    def _first_config(self) -> int:
        return self._rows["config"][0] if self._rows["config"] else 0

    def _latest(self, name: str, frames: int) -> Message | None:
        rows = self._rows[name]
        before = bisect_left(rows, frames)
        return self._message(name, rows[before - 1]) if before else None

    def _read(self, name: str, row: int) -> Message | None:
        ((payload,),) = self._tables.rows(_ONE, row)
        return _taken_apart(name, payload)


def _taken_apart(name: str, payload: Any) -> Message | None:
    """None for what is no message of this version, or says what can't be."""
    try:
        message = message_of(payload)
    except wire.FrameError:
        return None
    if message.name != name or not bounds.fits_head(name, message.values):
        return None
    return message._replace(records=bounds.fitting(name, message.records))
