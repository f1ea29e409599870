"""What the pump sounds, for whoever listens: a tone at once and again each interval, as ``Board.sound`` promises."""

from firmware_link.vocabulary import INFO, TONES

_INTERVAL_US = {priority: interval_s * 1_000_000 for priority, interval_s in TONES}


class Buzzer:
    """One buzzer over all boots of a rig; its time is ticks of the board's crystal."""

    def __init__(self) -> None:
        self.priority = INFO
        self._since_ticks = 0
        self._before = 0

    def sound(self, priority: int, ticks: int) -> None:
        """From ``ticks`` on this priority's tone; INFO is silence."""
        self._before = self.count(ticks)
        self.priority = priority
        self._since_ticks = ticks

    def count(self, ticks: int) -> int:
        """Tones so far."""
        if self.priority == INFO:
            return self._before
        return self._before + 1 + (ticks - self._since_ticks) // _INTERVAL_US[self.priority]
