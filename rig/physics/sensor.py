"""What a sensor lets through: its reading, or, with something wrong, nothing, always the same, or more noise."""

from typing import Generic, TypeVar

from firmware_link.errors import UsageError

DEAD, STUCK, NOISY = "dead", "stuck", "noisy"

T = TypeVar("T")


class Sensor(Generic[T]):
    """One sensor.  ``dead`` is what the board reads where nothing answers, or the converter sees 0 V."""

    def __init__(self, dead: T) -> None:
        self._dead = dead
        self._shown = dead
        self._held = False
        self.louder = 1.0  #: so many times its own noise

    def set(self, how: str, times: float, shown: T) -> None:
        """From now on it is "" (well), "dead", "stuck" at ``shown``, or "noisy", so many times as before."""
        if how not in ("", DEAD, STUCK, NOISY):
            raise UsageError(f'how: a sensor can\'t be "{how}".', 'Choose one of "", "dead", "stuck", "noisy".')
        self._held = how in (DEAD, STUCK)
        self._shown = self._dead if how == DEAD else shown
        self.louder = times if how == NOISY else 1.0

    def shows(self, reading: T) -> T:
        """What the board reads where the sensor would read ``reading``."""
        return self._shown if self._held else reading
