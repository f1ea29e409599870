"""Which alarms are heard, how often, and for how long not.

The board repeats a tone by itself (``Board.sound``), so nothing wakes up for it, and how many there have been is
arithmetic.  The first tone of an alarm is an event; how often it was repeated stands in the event that ends it.
"""

from firmware_link.vocabulary import ALARMS, HIGH, INFO, LOW, MEDIUM, SILENCE_S, TONES

SILENCE_US = SILENCE_S * 1000000
LOOK_US = 1000000  # a silence ends when the link drops, and a board that knows of that doesn't tell by itself
TRIAL_US = 2000000  # of each tone, when they are tried
_TRIAL = (LOW, MEDIUM, HIGH)
_INTERVAL_US = {priority: interval_s * 1000000 for priority, interval_s in TONES}
_PRIORITY = {bit: priority for bit, _, priority, _, _ in ALARMS}


class Tones:
    """One tone at a time: the highest priority that stands, unacknowledged, decides which and how often.

    ``event`` is called with (name, occurred_us, now_us, value).  ``settle`` makes the board follow.
    """

    def __init__(self, board, event):
        self._board = board
        self._event = event
        self._first = {}  # alarm bit -> how many tones there were with its first; None until that has sounded
        self._anew = False  # an alarm has come: sound at once
        self._changed = False  # ``settle`` has something to do
        self._priority = INFO  # what the board sounds, from when on, and how many tones came before
        self._since_us = 0
        self._before = 0
        self._silent_us = None  # since when
        self._looked_us = 0
        self._trial_us = None
        self.due_us = None  # when ``turn`` must be called

    def count(self, now_us):
        """Tones since boot."""
        if self._priority == INFO:
            return self._before
        return self._before + 1 + (now_us - self._since_us) // _INTERVAL_US[self._priority]

    def silence_left_us(self, now_us):
        """Microseconds of silence to come, 0 while there is none."""
        return 0 if self._silent_us is None else max(self._silent_us + SILENCE_US - now_us, 0)

    # Alarms

    def begin(self, bit, now_us):
        """This alarm is heard from now on, whatever silence there was."""
        self.end_silence(now_us, now_us)
        self._trial_us = None
        self._first[bit] = None
        self._anew = self._changed = True
        self._event("tone", now_us, now_us, bit)

    def resume(self, standing, now_us):
        """A boot ends no alarm: those of these bits that aren't heard yet are heard again."""
        for bit in sorted(_PRIORITY):
            if standing >> bit & 1 and bit not in self._first:
                self.begin(bit, now_us)

    def end(self, bit, now_us):
        """This alarm, if it was heard, isn't any more: it is over, or somebody has acknowledged it."""
        if bit in self._first:
            first = self._first.pop(bit)
            self._changed = True
            self._event("tones_ended", now_us, now_us, 0 if first is None else self.count(now_us) - first)

    def acknowledge(self, bits, now_us):
        """Somebody has seen these alarms; they may go on to stand."""
        for bit in sorted(self._first):
            if bits >> bit & 1:
                self.end(bit, now_us)

    # Silence and trial

    def silence(self, now_us, standing):
        """No tone for ten minutes; ``standing`` are the bits of the alarms."""
        self.end_silence(now_us, now_us)
        self._silent_us = self._looked_us = now_us
        self._changed = True
        self._event("silenced", now_us, now_us, standing)

    def end_silence(self, at_us, now_us):
        """The silence, if there is one, is over."""
        if self._silent_us is not None:
            self._event("silence_ended", at_us, now_us, (at_us - self._silent_us) // 1000000)
            self._silent_us = None
            self._changed = True

    def try_each(self, now_us):
        """Sounds every tone once, the least urgent first."""
        self._trial_us = now_us
        self._changed = True

    # The flow of time

    def turn(self, now_us):
        """Ends what is over by now."""
        self._changed = True
        if self._silent_us is not None:
            self._looked_us = now_us
            if now_us >= self._silent_us + SILENCE_US:
                self.end_silence(self._silent_us + SILENCE_US, now_us)
            elif not self._board.linked():
                self.end_silence(now_us, now_us)

    def settle(self, now_us):
        """Sounds what is wanted, and finds when ``turn`` is."""
        if not self._changed:
            return
        self._changed = False
        trial = self._trial(now_us)
        wanted = self._wanted() if trial is None else trial
        if wanted != self._priority or self._anew:
            self._before = self.count(now_us)
            self._priority = wanted
            self._since_us = now_us
            self._anew = False
            self._board.sound(wanted)
            if trial is not None:  # a trial's tone is no repeat of an alarm's
                self._first = {bit: first if first is None else first + 1 for bit, first in self._first.items()}
        if None in self._first.values():
            made = self.count(now_us)
            self._first = {bit: made if first is None else first for bit, first in self._first.items()}
        self._find_due(now_us)

    def _trial(self, now_us):
        """The tone that is tried now, None for none."""
        if self._trial_us is None:
            return None
        tried = (now_us - self._trial_us) // TRIAL_US
        if tried < len(_TRIAL):
            return _TRIAL[tried]
        self._trial_us = None
        return None

    def _wanted(self):
        if self._silent_us is not None:
            return INFO
        highest = INFO
        for bit in self._first:
            highest = max(highest, _PRIORITY[bit])
        return highest

    def _find_due(self, now_us):
        self.due_us = None
        if self._silent_us is not None:
            self.due_us = min(self._silent_us + SILENCE_US, self._looked_us + LOOK_US)
        if self._trial_us is not None:
            next_us = now_us + TRIAL_US - (now_us - self._trial_us) % TRIAL_US
            self.due_us = next_us if self.due_us is None else min(self.due_us, next_us)
