"""What the pump writes down: its state at transitions, its events as they happen."""

from rig.firmware.clock import WallClock
from rig.firmware.events import EventLog
from rig.firmware.state import LOST, Store

# While delivering, the volume is saved after so much of it and not more often than so: flash wears.
SAVE_AFTER_US = 600000000
SAVE_AFTER_PL = 50000000


class Record:
    """State, events and clock.  ``change`` marks the state as changed; ``save`` writes it."""

    def __init__(self, board):
        self._store = Store(board)
        self.state, self.found = self._store.load()
        self.state.boot_count += 1
        self.was_doing = self.state.state
        self.utc_before_s = self.state.utc_s
        self.clock = WallClock(self.state.utc_offset_min)
        self.log = EventLog(board, self.state.boot_count, self.state.acked_event, self.state.last_event)
        if self.found == LOST:  # but the events still know: no host may take it for a younger pump
            self.state.boot_count = self.log.boot = self.log.newest_boot + 1
        self.changed = True
        self._log_failed = False
        self._saved_us = 0
        self._saved_pl = self.state.commanded_pl

    def event(self, name, at_us, now_us, value=0):
        """Logs one event that happened at ``at_us`` and was noticed at ``now_us``.

        Where the memory fails, the next ``save`` says so: what happens must not be half done for want of a log.
        """
        try:
            self.log.add(name, at_us, now_us, value, self.clock.utc_s(at_us))
        except OSError:
            self._log_failed = True
            self.changed = True

    def read_back(self):
        """As ``Store.read_back``."""
        return self._store.read_back()

    def change(self):
        """The state must be written before the pump acts on it."""
        self.changed = True

    def give_up(self):
        """The memory fails; don't try again before something changes."""
        self.changed = False
        self._log_failed = False

    def is_stale(self, now_us, commanded_pl):
        """Whether so much was delivered since the last save that it should be written again."""
        return now_us - self._saved_us >= SAVE_AFTER_US and commanded_pl - self._saved_pl >= SAVE_AFTER_PL

    def save(self, now_us, commanded_pl):
        """Writes the state with this volume.  Returns how many of its two copies were found damaged, which a new one
        mustn't hide.  Raises OSError where the memory fails, or has failed an event."""
        state = self.state
        self.changed = False
        if self._log_failed:
            self._log_failed = False
            raise OSError("event log")
        self._saved_us = now_us
        self._saved_pl = commanded_pl
        state.commanded_pl = commanded_pl
        state.utc_s = self.clock.utc_s(now_us) or state.utc_s
        state.utc_offset_min = self.clock.utc_offset_min
        state.acked_event = self.log.acked
        state.last_event = self.log.last
        damaged = self._store.damaged()
        self._store.save(state)
        if damaged == 2:
            self._store.save(state)
        return damaged
