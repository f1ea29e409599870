"""A board whose ticks wrap, as real ones do, five seconds after it starts."""

from rig.firmware.board import SLEEP_MAX_US
from rig.firmware.ticks import Ticks
from tests.boards import MemoryBoard

BITS = 30
FIRST_TICKS = (1 << BITS) - 5000000


class TickBoard(MemoryBoard):
    """``real_us`` is the true time since power-on; the firmware sees it through the ticks only."""

    def __init__(self, regions=None):
        MemoryBoard.__init__(self, regions)
        self.real_us = 0
        self.longest_sleep_us = 0
        self._ticks = Ticks(self._raw(), BITS)

    def _raw(self):
        return (FIRST_TICKS + self.real_us) & ((1 << BITS) - 1)

    def now(self):
        self.t_us = self._ticks.extend(self._raw())
        assert self.t_us == self.real_us
        return self.t_us

    def sleep_until(self, due_us):
        sleep_us = min(max(due_us - self.real_us, 0), SLEEP_MAX_US)
        self.longest_sleep_us = max(self.longest_sleep_us, sleep_us)
        self.real_us += sleep_us
        self.now()


def run_loop(board, firmware, until_us):
    """The main loop of ``core.run``, up to ``until_us``."""
    while board.real_us < until_us:
        board.sleep_until(min(firmware.poll(board.now()), until_us))
    firmware.poll(board.now())
