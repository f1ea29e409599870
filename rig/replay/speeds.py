"""How fast a recording is played."""

import math

from firmware_link.errors import UsageError

SLOWEST, FASTEST = 0.1, 10_000.0  #: recorded seconds a second; or math.inf


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
