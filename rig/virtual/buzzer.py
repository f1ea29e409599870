"""What the pump sounds, for whoever listens: a tone at once and again each interval, as ``Board.sound`` promises."""

from firmware_link.vocabulary import INFO, TONES

_INTERVAL_US = {priority: interval_s * 1_000_000 for priority, interval_s in TONES}


class Buzzer:
    """One buzzer over all boots of a rig."""

    def __init__(self) -> None:
        self.priority = INFO
        self._since_us = 0
        self._before = 0

    def sound(self, priority: int, now_us: int) -> None:
        """From ``now_us`` on this priority's tone; INFO is silence."""
        self._before = self.count(now_us)
        self.priority = priority
        self._since_us = now_us

    def count(self, now_us: int) -> int:
        """Tones so far."""
        if self.priority == INFO:
            return self._before
        return self._before + 1 + (now_us - self._since_us) // _INTERVAL_US[self.priority]
