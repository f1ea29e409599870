"""Time zones, the impure edge: how far from UTC a place is at a moment.  ``rig.therapy.daylight`` looks for changes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from firmware_link.errors import UsageError

MAX_OFFSET_MIN = 14 * 60  # no place on earth is farther
_FIXED = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])")


def offset_at(zone: str = "") -> Callable[[int], int]:
    """A function that gives the minutes east of UTC at a moment, in s since 1970.

    ``zone`` is an IANA name, a fixed offset like "+01:00", or "" for this computer's.  Raises UsageError for what is
    none of these, and for an offset beyond 14 h.
    """
    if not zone:
        return _here
    fixed = _FIXED.fullmatch(zone)
    if fixed is None:
        return _named(zone)
    minutes = int(fixed[2]) * 60 + int(fixed[3])
    if minutes > MAX_OFFSET_MIN:
        raise UsageError(f"No place is {zone} from UTC.", "Give at most 14 h, like +01:00.")
    east = minutes if fixed[1] == "+" else -minutes
    return lambda utc_s: east


def _here(utc_s: int) -> int:
    return _minutes(datetime.fromtimestamp(utc_s, UTC).astimezone())


def _named(name: str) -> Callable[[int], int]:
    try:
        zone = ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; a path; a folder
        remedy = 'Give a name like "Europe/Paris", or an offset like "+01:00".'
        raise UsageError(f'"{name[:40]}" is no time zone that this computer knows.', remedy) from error
    return lambda utc_s: _minutes(datetime.fromtimestamp(utc_s, zone))


def _minutes(local: datetime) -> int:
    offset = local.utcoffset()
    assert offset is not None
    return round(offset.total_seconds() / 60)
