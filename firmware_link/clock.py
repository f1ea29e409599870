"""Time as a parameter.  Only ``SystemClock`` reads the machine's clocks."""

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is, for deadlines and for stamping."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never runs backwards.  Deadlines are in it."""

    def utc_us(self) -> int:
        """Microseconds since 1970-01-01 UTC, for stamping what is recorded."""


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        return time.monotonic()

    def utc_us(self) -> int:
        return time.time_ns() // 1000


class ManualClock:
    """A clock that somebody else moves: tests, and rigs on virtual time."""

    def __init__(self, utc_us: int = 1_700_000_000_000_000) -> None:
        self._elapsed_us = 0
        self._utc_base_us = utc_us

    def monotonic(self) -> float:
        return self._elapsed_us / 1e6

    def utc_us(self) -> int:
        return self._utc_base_us + self._elapsed_us

    def advance(self, seconds: float) -> None:
        """Moves on by ``seconds``, zero or more."""
        if seconds < 0:
            raise ValueError(f"time can't run backwards by {-seconds} s")
        self._elapsed_us += round(seconds * 1e6)
