"""Moments as people write and read them: dates, and times since something began."""

import re
from datetime import UTC, datetime, timedelta, timezone

from firmware_link.errors import UsageError
from rig.therapy import units

EXAMPLES = 'For example 00:12:31 or "12 min" from the beginning, or 2026-05-01T12:00:00Z.'
IMPOSSIBLE = "a time that can't be"  # no calendar has it: a file may say anything
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,6})?)", re.ASCII)
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})")
_WESTMOST, _EASTMOST = -12 * 60, 14 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_at(text: str, start_us: int) -> int:
    """UTC microseconds of a moment: 00:12:31 (hours, minutes, seconds) or "12 min" since ``start_us``, or ISO 8601.

    An ISO time without an offset is UTC.  Raises UsageError.
    """
    said = text.strip()
    clock = _CLOCK.fullmatch(said)
    if clock:
        hours, minutes, seconds = clock[1] or "0", clock[2], clock[3].replace(",", ".")
        if int(minutes) < 60 and float(seconds) < 60:
            return start_us + round(((int(hours) * 60 + int(minutes)) * 60 + float(seconds)) * 1e6)
    elif "-" in said[1:] or "T" in said:
        return _iso_us(said)
    else:
        return start_us + units.parse(said, units.DURATION) * 1000
    raise UsageError(f'"{text}" is no time: minutes and seconds go up to 59.', EXAMPLES)


def parse_within(text: str, start_us: int, end_us: int) -> int:
    """As ``parse_at``, of a recording from ``start_us`` to ``end_us``; raises UsageError too for a moment beyond."""
    at_us = parse_at(text, start_us)
    if start_us <= at_us <= end_us:
        return at_us
    span = f"{iso_text(start_us)} to {iso_text(end_us)}"
    remedy = f"It goes from 00:00:00 to {at_text(end_us, start_us)}, {span}."
    raise UsageError(f'"{text}" isn\'t in this recording.', remedy)


def _iso_us(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f'"{text[:60]}" is no moment.', EXAMPLES) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def parse_offset_min(text: str) -> int:
    """Minutes east of UTC: of "+02:00", "-0530", "Z" or "UTC".  Raises UsageError for anything else."""
    if text.upper() in ("Z", "UTC"):
        return 0
    match = _OFFSET.fullmatch(text)
    minutes = 10**6 if match is None else int(f"{match[1]}1") * (int(match[2]) * 60 + int(match[3]))
    if match is None or not _WESTMOST <= minutes <= _EASTMOST or int(match[3]) > 59:
        raise UsageError(f'"{text[:40]}" is not an offset from UTC.', 'Write it like "+02:00", or "Z".')
    return minutes


def clock_text(seconds: int) -> str:
    """ "00:12:31", as ``parse_at`` reads it; hours go on beyond a day."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def days_text(seconds: int) -> str:
    """ "04:00:00", "3 d 04:00:00"."""
    days, rest = divmod(seconds, 86_400)
    return f"{f'{days} d ' if days else ''}{clock_text(rest)}"


def at_text(at_us: int, start_us: int) -> str:
    """ "00:12:31.250": how long after ``start_us``; with a minus before it."""
    seconds, rest_us = divmod(abs(at_us - start_us), 1_000_000)
    return f"{'-' if at_us < start_us else ''}{clock_text(seconds)}.{rest_us // 1000:03d}"


def calendar(at_us: int, offset_min: int = 0) -> datetime | None:
    """The second of UTC microseconds, at so many minutes east of UTC; None for what no calendar has."""
    try:
        return datetime.fromtimestamp(at_us // 1_000_000, timezone(timedelta(minutes=offset_min)))
    except (OverflowError, ValueError, OSError):
        return None


def iso_text(at_us: int) -> str:
    """ "2026-05-01T12:00:00.250Z"; "" for what no calendar has."""
    moment = calendar(at_us)
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{at_us % 1_000_000 // 1000:03d}Z"


def date_text(at_us: int, offset_min: int = 0) -> str:
    """ "2026-05-01 12:00:00", at so many minutes east of UTC."""
    moment = calendar(at_us, offset_min)
    return IMPOSSIBLE if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def utc_text(at_us: int) -> str:
    """ "2026-05-01 12:00:00 UTC"."""
    return IMPOSSIBLE if calendar(at_us) is None else f"{date_text(at_us)} UTC"
