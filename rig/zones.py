"""Offsets from UTC of the zones that programs name.  A pump keeps a fixed one: the check names the next change."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

_FIXED = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])")


@cache
def offset_at(zone: str = "") -> Callable[[int], int]:
    """Tells the offset of ``zone`` in minutes east of UTC at a moment in s since 1970.

    ``zone`` is an IANA name, "+01:00", or "" for this computer's.  Raises ZoneInfoNotFoundError (a KeyError) for a name
    that isn't known; ``rig.therapy.reading`` refuses those.
    """
    fixed = _FIXED.fullmatch(zone)
    if fixed:
        east_min = int(f"{fixed[1]}1") * (int(fixed[2]) * 60 + int(fixed[3]))
        return lambda utc_s: east_min
    if not zone:
        return lambda utc_s: round(time.localtime(utc_s).tm_gmtoff / 60)
    info = ZoneInfo(zone)

    def of(utc_s: int) -> int:
        offset = datetime.fromtimestamp(utc_s, UTC).astimezone(info).utcoffset()
        return 0 if offset is None else round(offset.total_seconds() / 60)

    return of
