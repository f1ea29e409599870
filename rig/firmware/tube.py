"""How often the rollers have compressed the tube since it was new, by what was commanded."""

from firmware_link.vocabulary import SETTING_KEYS

_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]
_ROLLERS = SETTING_KEYS["rollers"]
_LIFE = SETTING_KEYS["tube_life_compressions"]
PERMILLE_MAX = 0xFFFF


class Tube:
    """Keeps its numbers in the saved ``state``: what was counted up to a volume, by the calibration that held then."""

    def __init__(self, state):
        self._state = state
        self._take_calibration()

    def _take_calibration(self):
        settings = self._state.settings
        self._revolution_pl = settings[_REVOLUTION_PL]
        self._rollers = settings[_ROLLERS]

    def calibrate(self, commanded_pl):
        """The settings may have changed: what was counted stays, what follows goes by the new ones."""
        state = self._state
        settings = state.settings
        if (settings[_REVOLUTION_PL], settings[_ROLLERS]) != (self._revolution_pl, self._rollers):
            state.tube_compressions = self.compressions(commanded_pl)
            state.tube_from_pl = commanded_pl
            self._take_calibration()

    def compressions(self, commanded_pl):
        """Of each place of the tube: a turn is one for each roller."""
        turned_pl = commanded_pl - self._state.tube_from_pl
        return self._state.tube_compressions + turned_pl * self._rollers // self._revolution_pl

    def is_worn(self, commanded_pl):
        """Whether it has had as many as the setting allows."""
        return self.compressions(commanded_pl) >= self._state.settings[_LIFE]

    @property
    def worn_at_pl(self):
        """What will have been commanded when it has."""
        left = self._state.settings[_LIFE] - self._state.tube_compressions
        return self._state.tube_from_pl - -left * self._revolution_pl // self._rollers

    def permille(self, commanded_pl):
        """How much of its life is used; 1000 is all of it."""
        return min(self.compressions(commanded_pl) * 1000 // self._state.settings[_LIFE], PERMILLE_MAX)

    def replace(self, commanded_pl):
        """There is a new one.  Returns the compressions of the old one."""
        old = self.compressions(commanded_pl)
        self._state.tube_compressions = 0
        self._state.tube_from_pl = commanded_pl
        return old
