"""A board in memory: its motor turns as told, its sensors say what a test sets, its time is the test's.

Whole numbers and plain classes only, so that MicroPython runs it too.
"""

from rig.firmware.board import Board

_PAGE = 256


class PowerCut(BaseException):
    """Power failed in the middle of a store; no firmware can catch that."""


class Pages:
    """A region of memory that takes no room where nothing was written."""

    def __init__(self):
        self._pages = {}

    def load(self, offset, size):
        """``size`` bytes."""
        out = bytearray(b"\xff" * size)
        done = 0
        while done < size:
            at = (offset + done) % _PAGE
            part = min(size - done, _PAGE - at)
            page = self._pages.get((offset + done) // _PAGE)
            if page is not None:
                out[done : done + part] = page[at : at + part]
            done += part
        return bytes(out)

    def store(self, offset, data):
        """Writes ``data``."""
        done = 0
        while done < len(data):
            at = (offset + done) % _PAGE
            part = min(len(data) - done, _PAGE - at)
            index = (offset + done) // _PAGE
            if index not in self._pages:
                self._pages[index] = bytearray(b"\xff" * _PAGE)
            self._pages[index][at : at + part] = data[done : done + part]
            done += part

    def copy(self):
        """The same bytes once more."""
        other = Pages()
        other._pages = {index: bytearray(page) for index, page in self._pages.items()}
        return other


def blank_regions():
    """The memory of a new pump."""
    return {"state": Pages(), "events": Pages()}


def copy_regions(regions):
    """The memory of ``regions`` once more."""
    return {name: pages.copy() for name, pages in regions.items()}


class MemoryBoard(Board):
    """``regions`` may be those of an earlier board: the same pump after a reset."""

    device_id = 0x1234567890ABCDEF
    capabilities = 0b0011

    def __init__(self, regions=None):
        self.t_us = 0
        self.regions = regions or blank_regions()
        self.incoming = bytearray()
        self.outgoing = []  # whole frames
        self.writable = True
        self.stalled = False
        self.pressure_pa = 0  # about: a live sensor never shows the same for long
        self.pressure_lives = True
        self.balance_nl = None  # beside what is poured
        self.battery_mv = 3620
        self.charge_permille = 1000
        self.temperature_cc = 2200
        self.store_budget = None  # bytes until power fails
        self.pressed = 0
        self._senses = 0
        self._step_pl = 0  # of a step, that comes into the cup…
        self._poured_steps = 0  # …since this one
        self.host_gone = False
        self.sounds = []  # (t_us, priority), as ordered
        self._move = (0, 0, 0)
        self._turned = 0

    def now(self):
        return self.t_us

    def step(self, count, start_us, end_us):
        assert count >= 0
        assert self.t_us <= start_us <= end_us
        self._turned += self._made()
        self._move = (count, start_us, end_us)

    def _made(self):
        """Steps of the move under way, by the rule of ``Board.step``."""
        count, start_us, end_us = self._move
        if self.stalled or self.t_us < start_us or not count:
            return 0
        if self.t_us >= end_us:
            return count
        return ((self.t_us - start_us + 1) * count - 1) // (end_us - start_us)

    def rotor_steps(self):
        """Steps really turned."""
        return self._turned + self._made()

    def pour(self, step_pl):
        """From now on so much of each step comes into the cup."""
        self.balance_nl = (self.balance_nl or 0) + self._poured_nl()
        self._step_pl = step_pl
        self._poured_steps = self.rotor_steps()

    def _poured_nl(self):
        return (self.rotor_steps() - self._poured_steps) * self._step_pl // 1000

    def sense(self):
        self._senses += 1
        return (
            self.rotor_steps(),
            self.pressure_pa + (self._senses & 1 if self.pressure_lives else 0),
            None if self.balance_nl is None else self.balance_nl + self._poured_nl(),
            self.battery_mv,
            self.charge_permille,
            self.temperature_cc,
        )

    def sound(self, priority):
        self.sounds.append((self.t_us, priority))

    def linked(self):
        return not self.host_gone

    def presses(self):
        return self.pressed

    def load(self, region, offset, size):
        return self.regions[region].load(offset, size)

    def store(self, region, offset, data):
        if self.store_budget is not None and self.store_budget < len(data):
            kept = self.store_budget
            self.store_budget = 0
            self.regions[region].store(offset, data[:kept])
            raise PowerCut()
        if self.store_budget is not None:
            self.store_budget -= len(data)
        self.regions[region].store(offset, data)

    def read(self):
        data = bytes(self.incoming[:512])
        self.incoming = self.incoming[512:]
        return data

    def write(self, data):
        if self.writable:
            self.outgoing.append(bytes(data))
        return self.writable

    def sleep_until(self, due_us):
        self.t_us = max(due_us, self.t_us)
