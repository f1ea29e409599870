"""Moments and speeds of a recording, as people write them."""

import math
import re
from datetime import UTC, datetime

from firmware_link.errors import UsageError
from rig.therapy import units

SLOWEST, FASTEST = 0.1, 10_000.0  #: recorded seconds a second; or math.inf
EXAMPLES = 'For example 00:12:31 or "12 min" from the beginning, or 2026-05-01T12:00:00Z.'
_CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,6})?)", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check_speed(speed: float) -> float:
    """The same; raises UsageError for what is no speed of a replay."""
    if speed == math.inf or SLOWEST <= speed <= FASTEST:
        return speed
    raise UsageError(
        f"A recording can't be played {speed:g} times as fast as it was.",
        f"From {SLOWEST:g} to {FASTEST:,.0f} times, or as fast as it goes.",
    )


def parse_speed(text: str) -> float:
    """A factor, or math.inf for "max"; raises UsageError."""
    if text == "max":
        return math.inf
    try:
        return check_speed(float(text))
    except ValueError as error:
        raise UsageError(f'"{text[:40]}" is no speed.', "For example 60, or max.") from error


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


def _iso_us(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f'"{text[:60]}" is no moment.', EXAMPLES) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def at_text(at_us: int, start_us: int) -> str:
    """ "00:12:31.250": how long after ``start_us``; with a minus before it."""
    sign, since_us = ("-" if at_us < start_us else ""), abs(at_us - start_us)
    seconds, rest_us = divmod(since_us, 1_000_000)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest_us // 1000:03d}"


def utc_text(at_us: int) -> str:
    """ "2026-05-01T12:00:00.250Z"; "" for what no calendar has."""
    try:
        moment = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_us % 1_000_000 // 1000:03d}Z"
