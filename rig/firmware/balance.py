"""The balance's excess, measured less commanded, since a moment of its own: free flow, and a refill that pressed
something through.  They never ask what a balance can't say, which is how much there is in all.  Whole nanolitres.
"""

from rig.firmware.tolerance import DAMMED_NL_PA, PROOFS

WINDOW_US = 3600000000  # free flow is judged over so long at most
FREE_FLOW_UNCERTAINTIES = 10  # so much may rise uncommanded…
TOLERANCE_PART = 2  # …and this part of what was commanded: far outside any pump's accuracy
NOTICED_PART = 4  # a rise by this part of the limit is the last moment at which it may have begun
# Between two readings nothing flows or evaporates faster: somebody has put something on the balance, or taken it off.
HANDLING_NL_S = 100000
EVAPORATING_NL_S = 58  # 5 mL/day: twice what an open cup of 10 cm2 loses

REFILL_WATCH_US = 1800000000


def is_handled(passed_us, risen_nl, uncertainty_nl):
    """Whether the balance has risen, or fallen, by more than the pump can have to do with."""
    by_nl_s = HANDLING_NL_S if risen_nl > 0 else EVAPORATING_NL_S
    return abs(risen_nl) > 2 * uncertainty_nl + by_nl_s * passed_us // 1000000


class FreeFlow:
    """Raised liquid that nobody commanded, since a baseline that follows the lowest excess and is taken anew after
    ``WINDOW_US``.  What an occlusion has dammed up and its end lets go, as the pressure shows, is none."""

    def __init__(self):
        self.rising = False  # look again soon
        self.forget()

    def forget(self):
        """What is in the cup now is the new baseline."""
        self._from_us = None
        self._proofs = 0
        self.rising = False

    @property
    def doubtful(self):
        """Look again at once."""
        return self._proofs > 0

    def _begin(self, now_us, excess_nl, commanded_nl, pressure_pa):
        self._from_us = self._quiet_us = now_us
        self._from_nl = self._last_nl = excess_nl
        self._commanded_nl = commanded_nl
        self._highest_pa = pressure_pa
        self._largest_nl = self._second_nl = 0  # rises between two readings
        self._proofs = 0
        self.rising = False

    def skip(self, risen_nl):
        """So much was put on the balance, or below 0 taken off it."""
        if self._from_us is not None:
            self._from_nl += risen_nl
            self._last_nl += risen_nl

    def check(self, now_us, balance_nl, commanded_nl, pressure_pa, uncertainty_nl):
        """(occurred_us, nl) where it flows freely, else None."""
        excess_nl = balance_nl - commanded_nl
        if self._from_us is None or excess_nl <= self._from_nl:
            self._begin(now_us, excess_nl, commanded_nl, pressure_pa)
            return None
        self._highest_pa = max(self._highest_pa, pressure_pa)
        step_nl = excess_nl - self._last_nl
        self._second_nl = max(self._second_nl, min(step_nl, self._largest_nl))
        self._largest_nl = max(self._largest_nl, step_nl)
        self._last_nl = excess_nl
        risen_nl = excess_nl - self._from_nl
        limit_nl = FREE_FLOW_UNCERTAINTIES * uncertainty_nl + DAMMED_NL_PA * (self._highest_pa - pressure_pa)
        beyond_nl = risen_nl - (commanded_nl - self._commanded_nl) // TOLERANCE_PART
        # What came all between two readings may also have been put there, and then something else.
        steady_nl = beyond_nl - self._largest_nl - self._second_nl
        if beyond_nl > limit_nl and steady_nl > limit_nl // NOTICED_PART:
            self._proofs += 1
            if self._proofs < PROOFS:
                return None
            self.forget()
            return self._quiet_us, risen_nl
        self._proofs = 0
        self.rising = beyond_nl > limit_nl // NOTICED_PART
        if not self.rising:
            self._quiet_us = now_us
        if now_us - (self._quiet_us if self.rising else self._from_us) >= WINDOW_US:
            self._begin(now_us, excess_nl, commanded_nl, pressure_pa)
        return None


class RefillWatch:
    """For half an hour after a refill: has more, or less, come out than was commanded?"""

    def __init__(self):
        self._until_us = None
        self._from_nl = None

    def begin(self, now_us):
        """It was filled just now; the next reading is what to go from."""
        self._until_us = now_us + REFILL_WATCH_US
        self._from_nl = None

    @property
    def watching(self):
        """Whether readings are wanted."""
        return self._until_us is not None

    def check(self, now_us, balance_nl, commanded_nl, limit_nl):
        """The difference in nl, once, where it is beyond ``limit_nl`` (0: never); else None."""
        if self._until_us is None:
            return None
        if balance_nl is None or not limit_nl or now_us > self._until_us:
            self._until_us = None
            return None
        excess_nl = balance_nl - commanded_nl
        if self._from_nl is None:
            self._from_nl = excess_nl
        if abs(excess_nl - self._from_nl) <= limit_nl:
            return None
        self._until_us = None
        return excess_nl - self._from_nl
