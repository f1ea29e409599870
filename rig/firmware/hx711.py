"""An HX711 balance converter: 24 bits when its data pin is low, ten times a second.

It holds the pin high from the 25th clock until its next conversion, so one that is off, or isn't there, is found out:
its pin stays low, or never falls.
"""

from rig.firmware import readings

STALE_US = 1000000  # ten conversions


class Hx711:
    """``data`` and ``clock`` are pins; ``disable`` stops interrupts and ``enable`` lets them go on, since a clock that
    stays high for 60 us switches the chip off."""

    def __init__(self, data, clock, disable, enable):
        self._data = data
        self._clock = clock
        self._disable = disable
        self._enable = enable
        self._counts = None
        self._read_us = 0
        self._zero = None

    def read_nl(self, now_us):
        """Nanolitres since the first conversion, from the newest one; None where there was none in the last second."""
        if not self._data.value():
            counts = readings.signed_24(self._clock_in())
            if self._data.value():
                self._counts = counts
                self._read_us = now_us
                if self._zero is None:
                    self._zero = counts
        if self._counts is None or now_us - self._read_us > STALE_US:
            return None
        return readings.balance_nl(self._counts - self._zero)

    def _clock_in(self):
        raw = 0
        interrupts = self._disable()
        for _ in range(24):
            self._clock.value(1)
            self._clock.value(0)
            raw = raw << 1 | self._data.value()
        self._clock.value(1)  # the 25th chooses the gain of 128
        self._clock.value(0)
        self._enable(interrupts)
        return raw
