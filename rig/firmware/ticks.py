"""Board ticks that wrap, made into microseconds that don't."""


class Ticks:
    """Extends a counter of ``bits`` bits.  Call ``extend`` at least once each half turn of the counter."""

    def __init__(self, raw, bits=30):
        self._mask = (1 << bits) - 1
        self._last = raw & self._mask
        self._t_us = 0

    def extend(self, raw):
        """Microseconds since the first reading, for the counter's present reading ``raw``."""
        raw &= self._mask
        self._t_us += (raw - self._last) & self._mask
        self._last = raw
        return self._t_us
