"""Wall time on a board without a clock of its own: unset until a host says."""

# Hosts say whole seconds and each connection says them again.  A jump this small isn't worth a break in a cycle.
TOLERATED_US = 1500000
UTC_MAX_S = 0xFFFFFFFF  # a u32 on the wire, in 2106


class WallClock:
    """UTC from the device's microseconds."""

    def __init__(self, utc_offset_min=0):
        self.is_set = False
        self.utc_offset_min = utc_offset_min
        self._base_us = 0

    def utc_us(self, now_us):
        """Microseconds since 1970; meaningless while unset."""
        return self._base_us + now_us

    def utc_s(self, now_us):
        """Seconds since 1970, 0 while unset."""
        return min((self._base_us + now_us) // 1000000, UTC_MAX_S) if self.is_set else 0

    def agrees(self, now_us, utc_s):
        """Whether it is set, and to this within what is tolerated."""
        return self.is_set and abs(self.utc_us(now_us) - utc_s * 1000000) <= TOLERATED_US

    def set(self, now_us, utc_s):
        """From now on it is ``utc_s`` at ``now_us``."""
        self._base_us = utc_s * 1000000 - now_us
        self.is_set = True
