"""Times of a recording in words, of one width while they run."""

from datetime import UTC, datetime

US = 1_000_000
HOUR_US, DAY_US = 3600 * US, 86_400 * US


def elapsed_text(span_us: int, whole_us: int) -> str:
    """ "00:12:31.4", "3 d 04:12:31": as fine as it moves, and always as long as that of ``whole_us``."""
    tenths = max(0, span_us) // 100_000
    seconds, tenth = divmod(tenths, 10)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if whole_us >= DAY_US:
        width = len(str(whole_us // DAY_US))
        return f"{str(days).rjust(width, chr(0x2007))} d {clock}"
    return f"{clock}.{tenth}" if whole_us < HOUR_US else clock


def utc_text(at_us: int) -> str:
    """ "2026-05-01 12:00:00 UTC" """
    try:
        return datetime.fromtimestamp(at_us // US, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):  # a clock that a file made up
        return "no date"
