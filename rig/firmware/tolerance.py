"""Flow against what was commanded, by the balance: none at all, or not as much as it should be.

Both cut what was commanded into windows, sized so that what the balance can't know stays small beside it, and to whole
strokes of the rollers.  A *reading* is (t_us, commanded_nl, measured_nl, pressure_pa, temperature_cc), with what has
evaporated added to what is measured; a *stretch* is what happened between two of them, and the moment of the first:
(t_us, duration_us, commanded_nl, measured_nl, risen_pa, warmer_cc).
"""

from firmware_link.vocabulary import SETTING_KEYS

# What the pressure dams up in the outlet line isn't lost, and what it lets go isn't too much: compliance is about
# 1 uL/kPa (domain.md section 5), here at most…
DAMMED_NL_PA = 2
EVAPORATION_PART = 4  # the setting is right to this part of it
DRIFT_NL_C = 2000  # of a balance, for each degree: 1.5 mg (domain.md section 5), and so much more for safety
NO_FLOW_STROKES = 2
NO_FLOW_UNCERTAINTIES = 3
PROOFS = 8  # readings in a row, so that a balance that shakes has time to show itself
RUNGS = 5  # of the ladder, each twice as long as the one before
DAY_US = 86400000000

_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]
_ROLLERS = SETTING_KEYS["rollers"]
_TOLERANCE = SETTING_KEYS["tolerance_permille"]
_UNCERTAINTY = SETTING_KEYS["balance_uncertainty_nl"]
_EVAPORATION = SETTING_KEYS["evaporation_nl_day"]


def reading(now_us, commanded_nl, balance_nl, pressure_pa, temperature_cc, settings):
    """A reading, as the windows want it."""
    return now_us, commanded_nl, balance_nl + settings[_EVAPORATION] * now_us // DAY_US, pressure_pa, temperature_cc


def _between(first, last):
    return (first[0],) + tuple([after - before for before, after in zip(first, last)])


def _later(first, before, now):
    """The reading ``first``, as if nothing had happened between the other two."""
    return tuple([begin + after - earlier for begin, earlier, after in zip(first, before, now)])


def _joined(first, last):
    return (first[0],) + tuple([first[i] + last[i] for i in range(1, len(first))])


def _unsure_nl(stretch, settings):
    """What may be wrong with what was measured beside the balance's own uncertainty."""
    _, duration_us, _, _, _, warmer_cc = stretch
    evaporated_nl = settings[_EVAPORATION] * duration_us // (DAY_US * EVAPORATION_PART)
    return evaporated_nl + DRIFT_NL_C * abs(warmer_cc) // 100


def _unexplained_nl(stretch):
    """What came too much, or below 0 too little, that the pressure doesn't explain."""
    _, _, commanded_nl, measured_nl, risen_pa, _ = stretch
    excess_nl = measured_nl - commanded_nl
    released_nl = -DAMMED_NL_PA * risen_pa
    if excess_nl > 0:
        return max(0, excess_nl - max(0, released_nl))
    return min(0, excess_nl + max(0, -released_nl))


class Stretch:
    """What is judged at its end: from one reading on, until so much has been commanded."""

    def forget(self):
        """The next reading begins one."""
        self._first = None
        self._last = None  # the reading before
        self.due_nl = None  # what will have been commanded at its end

    def skip(self, now):
        """What has happened since the last reading counts for nothing."""
        if self._first is not None:
            self._first = _later(self._first, self._last, now)
            self.due_nl += now[1] - self._last[1]
            self._last = now


class NoFlow(Stretch):
    """One window after the other, each as short as the balance allows: has less than half come out of it?

    Where nothing flows nothing falls either: a window in which the balance has fallen, as when somebody tares it, needs
    the word of the next one too.
    """

    def __init__(self):
        self.forget()

    def forget(self):
        """The next reading begins a window."""
        Stretch.forget(self)
        self._proofs = 0
        self._has_fallen = False
        self._is_second = False  # of two windows in a row without flow, the first of which has fallen

    @property
    def doubtful(self):
        """Look again at once."""
        return self._proofs > 0

    def _begin(self, now, settings):
        strokes_nl = NO_FLOW_STROKES * settings[_REVOLUTION_PL] // (settings[_ROLLERS] * 1000)
        self._first = now
        self.due_nl = now[1] + max(strokes_nl, NO_FLOW_UNCERTAINTIES * settings[_UNCERTAINTY])
        self._proofs = 0
        self._has_fallen = False

    def check(self, now, settings):
        """(since when, nl missing) where nothing flows, by so many readings; else None."""
        if self._first is None:
            self._last = now
            self._begin(now, settings)
        stretch = _between(self._last, now)
        self._has_fallen |= stretch[3] + _unsure_nl(stretch, settings) < -settings[_UNCERTAINTY]
        self._last = now
        if now[1] < self.due_nl:
            return None
        from_us, duration_us, commanded_nl, measured_nl, risen_pa, _ = stretch = _between(self._first, now)
        came_nl = measured_nl + DAMMED_NL_PA * max(0, risen_pa)
        if 2 * (came_nl + _unsure_nl(stretch, settings)) >= commanded_nl:
            self._is_second = False
            self._begin(now, settings)
            return None
        self._proofs += 1
        if self._proofs < PROOFS:
            return None
        if self._has_fallen and not self._is_second:
            self._is_second = True
            self._begin(now, settings)
            return None
        self.forget()
        return from_us + duration_us * max(0, came_nl) // commanded_nl, commanded_nl - came_nl


class Tolerance(Stretch):
    """A ladder of windows.  A window is two *slots*, and begins with each slot anew; those of a rung are twice as long
    as those of the rung below, whose slots they are made of.  A short one sees a large deviation soon, a long one a
    small deviation at last.

    Both slots of a window must deviate to the same side: a reading that was off, or a hand on the cup, is in one only.
    """

    def __init__(self):
        self.forget()

    def forget(self):
        """The next reading begins a slot."""
        Stretch.forget(self)
        self._count = 0  # of slots of the lowest rung
        self._slots = [None] * RUNGS  # the last of each rung

    def _begin(self, now, settings):
        """Slots are whole strokes of the rollers: half a turn, or so much that two show one and a half tolerances."""
        stroke_pl = settings[_REVOLUTION_PL] // settings[_ROLLERS]
        wanted_pl = settings[_UNCERTAINTY] * 1000000 // settings[_TOLERANCE]
        strokes = max(-(-settings[_ROLLERS] // 2), -(-wanted_pl // stroke_pl))
        self._first = now
        self.due_nl = now[1] - -strokes * stroke_pl // 1000

    def check(self, now, settings):
        """(whether it is out of tolerance, since when, permille) of the shortest window that ends with this reading
        and says so for sure, one way or the other; None where none does."""
        if not settings[_TOLERANCE]:
            return None
        self._last = now
        if self._first is None:
            self._begin(now, settings)
        if now[1] < self.due_nl:
            return None
        slot = _between(self._first, now)
        self._begin(now, settings)
        self._count += 1
        found = None
        for rung in range(RUNGS):
            before, self._slots[rung] = self._slots[rung], slot
            if before is None:
                break
            found = found or self._judge(before, slot, settings)
            if self._count >> rung & 1:
                break
            slot = _joined(before, slot)
        return found

    def _judge(self, before, after, settings):
        permille = settings[_TOLERANCE]
        from_us, _, commanded_nl, measured_nl, _, _ = window = _joined(before, after)
        unsure_nl = settings[_UNCERTAINTY] + _unsure_nl(window, settings)
        if abs(measured_nl - commanded_nl) + unsure_nl <= commanded_nl * permille // 1000:
            return False, from_us, (measured_nl - commanded_nl) * 1000 // commanded_nl
        sign = 1 if measured_nl > commanded_nl else -1
        if sign * _unexplained_nl(window) - unsure_nl <= commanded_nl * permille // 1000:
            return None
        first_nl, last_nl = sign * _unexplained_nl(before), sign * _unexplained_nl(after)
        if first_nl * 1000 <= before[2] * permille or last_nl * 1000 <= after[2] * permille:
            return None
        # It began in the first of the two slots, where that deviates by less than the second.
        sound_nl = max(0, before[2] - first_nl * after[2] // last_nl)
        deviation = sign * (first_nl + last_nl) * 1000 // commanded_nl
        return True, from_us + before[1] * sound_nl // before[2], deviation
