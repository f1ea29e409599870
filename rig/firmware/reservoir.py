"""How much is left, by integration, and what a refill says about it."""

from firmware_link.vocabulary import SETTING_KEYS

# A refill is to be looked into when more is missing (or left) than this, or than the imitated pump's accuracy explains.
DISCREPANCY_NL = 2000000
ACCURACY_PERMILLE = 145
SYRINGE_NL = 100000  # a withdrawn volume isn't read better than this

_CAPACITY_NL = SETTING_KEYS["reservoir_nl"]
_LOW_NL = SETTING_KEYS["low_reservoir_nl"]


def explained_nl(delivered_nl):
    """How far what is withdrawn may be from what is expected, ``delivered_nl`` (0 or more) after the last refill."""
    return min(DISCREPANCY_NL, max(delivered_nl * ACCURACY_PERMILLE // 1000, SYRINGE_NL))


def is_discrepant(expected_nl, withdrawn_nl, delivered_nl):
    """Whether what was withdrawn is too far from what was expected."""
    return abs(expected_nl - withdrawn_nl) > explained_nl(delivered_nl)


class Reservoir:
    """Keeps its numbers in the saved ``state``."""

    def __init__(self, state, is_new):
        self._state = state
        if is_new:
            state.empty_at_pl = state.settings[_CAPACITY_NL] * 1000  # a new pump comes filled with water

    def left_pl(self, commanded_pl):
        """Picolitres left; below 0 is empty."""
        return self._state.empty_at_pl - commanded_pl

    @property
    def low_at_pl(self):
        """What will have been commanded when it becomes low."""
        return self._state.empty_at_pl - self._state.settings[_LOW_NL] * 1000

    @property
    def empty_at_pl(self):
        """What will have been commanded when it is empty."""
        return self._state.empty_at_pl

    @property
    def capacity_nl(self):
        """How much goes in."""
        return self._state.settings[_CAPACITY_NL]

    def refill(self, commanded_pl, withdrawn_nl, filled_nl):
        """It was emptied of ``withdrawn_nl`` and filled with ``filled_nl``.  Returns (expected minus withdrawn in nl,
        whether that is to be looked into)."""
        state = self._state
        expected_nl = max(self.left_pl(commanded_pl), 0) // 1000
        delivered_nl = (commanded_pl - state.refilled_at_pl) // 1000
        state.empty_at_pl = commanded_pl + filled_nl * 1000
        state.refilled_at_pl = commanded_pl
        return expected_nl - withdrawn_nl, is_discrepant(expected_nl, withdrawn_nl, delivered_nl)
