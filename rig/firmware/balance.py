"""What the balance says against what was commanded: free flow, and a refill that pressed something through.

Both look at the *excess*, measured less commanded, since a moment of their own; they never ask what a balance can't
say, which is how much there is in all.  Whole nanolitres.
"""

WINDOW_US = 3600000000  # free flow is judged over so long at most
# So much may rise uncommanded.  What an occlusion dams up comes out at its end: the compliance is about 1 uL/kPa.
FREE_FLOW_NL = 200000
DAMMED_NL_PA = 2
TOLERANCE_PART = 2  # and this part of what was commanded: far outside any pump's accuracy
HANDLING_NL_S = 100000  # faster than that, somebody has put something on the balance
NOTICED_PART = 4  # a rise by this part of the limit is the last moment at which it may have begun
SEEN_US = 120000000  # what rose between two readings further apart may also have been put there

REFILL_WATCH_US = 1800000000


class FreeFlow:
    """Raised liquid that nobody commanded, since a baseline that follows the lowest excess and is taken anew after
    ``WINDOW_US``."""

    def __init__(self):
        self.rising = False  # look again soon
        self._doubtful = False  # it rose unseen: it must go on rising
        self.forget()

    def forget(self):
        """What is in the cup now is the new baseline."""
        self._from_us = None
        self.rising = False

    def _begin(self, now_us, excess_nl, commanded_nl):
        self._from_us = self._quiet_us = self._last_us = now_us
        self._from_nl = self._last_nl = excess_nl
        self._commanded_nl = commanded_nl
        self.rising = self._doubtful = False

    def check(self, now_us, balance_nl, commanded_nl, occlusion_pa):
        """(occurred_us, nl) where it flows freely, else None; ``balance_nl`` is None without a balance."""
        if balance_nl is None:
            self.forget()
            return None
        limit_nl = max(FREE_FLOW_NL, DAMMED_NL_PA * occlusion_pa)
        excess_nl = balance_nl - commanded_nl
        if self._from_us is None or excess_nl <= self._from_nl or self._is_handled(now_us, excess_nl, limit_nl):
            self._begin(now_us, excess_nl, commanded_nl)
            return None
        unseen = now_us - self._last_us > SEEN_US
        self._last_us, self._last_nl = now_us, excess_nl
        risen_nl = excess_nl - self._from_nl - (commanded_nl - self._commanded_nl) // TOLERANCE_PART
        if risen_nl > limit_nl:
            occurred_us = self._quiet_us
            if unseen:
                self._begin(now_us, excess_nl, commanded_nl)
                self._quiet_us = occurred_us
                self.rising = self._doubtful = True
                return None
            self.forget()
            return occurred_us, excess_nl - self._from_nl
        self.rising = self._doubtful or risen_nl > limit_nl // NOTICED_PART
        if not self.rising:
            self._quiet_us = now_us
        if now_us - self._from_us >= WINDOW_US:
            self._begin(now_us, excess_nl, commanded_nl)
        return None

    def _is_handled(self, now_us, excess_nl, limit_nl):
        return excess_nl - self._last_nl > limit_nl + HANDLING_NL_S * (now_us - self._last_us) // 1000000


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
