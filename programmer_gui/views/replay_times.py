"""Times of a recording in words, of one width while they run."""

from rig.moments import clock_text

US = 1_000_000
HOUR_US, DAY_US = 3600 * US, 86_400 * US


def elapsed_text(span_us: int, whole_us: int) -> str:
    """ "00:12:31.4", "3 d 04:12:31": as fine as it moves, and always as long as that of ``whole_us``."""
    tenths = max(0, span_us) // 100_000
    seconds, tenth = divmod(tenths, 10)
    days, seconds = divmod(seconds, 86_400)
    clock = clock_text(seconds)
    if whole_us >= DAY_US:
        width = len(str(whole_us // DAY_US))
        return f"{str(days).rjust(width, chr(0x2007))} d {clock}"
    return f"{clock}.{tenth}" if whole_us < HOUR_US else clock
