"""The firmware's board under MicroPython: the link is standard input and output, the plant is asked over a socket.

Started as ``micropython -m rig.virtual.upy_board FD`` by ``rig.virtual.upy``; FD is the socket.  It runs there and
nowhere else, so it keeps to what MicroPython offers.  Ends when the socket does.
"""

import select
import struct
import sys

from rig.firmware.board import Board
from rig.firmware.core import run
from rig.virtual import lockstep

_SLEEP_SIZE = struct.calcsize(lockstep.AWAKE)
_SENSED_SIZE = struct.calcsize(lockstep.SENSED)
_BEGIN_SIZE = struct.calcsize(lockstep.BEGIN)
_COUNTER = 0xFFFFFFFF


class Gone(SystemExit):
    """The plant's end of the socket is closed: the rig is no more."""


class UpyBoard(Board):
    """One boot of the board; ``plant`` is the socket, ``host_in`` and ``host_out`` the two ways of the link."""

    def __init__(self, plant, host_in, host_out):
        self._plant = plant
        self._host_in = host_in
        self._host_out = host_out
        self.device_id, self.capabilities = struct.unpack(lockstep.BEGIN, self._receive(_BEGIN_SIZE))
        self._now_us = 0
        self._room = 0  # bytes that the link takes until the next sleep
        self._linked = False
        self._presses = 0
        self._bytes_in = 0
        self._bytes_out = 0
        self._page_at = None  # (region, page number) of ``_page``
        self._page = b""
        self._incoming = select.poll()
        self._incoming.register(host_in, select.POLLIN)
        self._answers = select.poll()
        self._answers.register(plant, select.POLLIN)
        self._answers.register(host_in, select.POLLIN)

    def _send(self, op, *values):
        self._plant.write(bytes((op,)) + struct.pack(lockstep.REQUESTS[op], *values))

    def _receive(self, size):
        data = self._plant.read(size)
        if len(data) < size:
            raise Gone
        return data

    def now(self):
        return self._now_us

    def step(self, count, start_us, end_us):
        self._send(lockstep.STEP, count, start_us, end_us)

    def sound(self, priority):
        self._send(lockstep.SOUND, priority)

    def linked(self):
        return bool(self._linked)

    def presses(self):
        return self._presses

    def sense(self):
        self._send(lockstep.SENSE)
        return lockstep.unpack_sensed(self._receive(_SENSED_SIZE))

    def load(self, region, offset, size):
        data = b""
        while len(data) < size:
            at = offset + len(data)
            page = self._load_page(region, at // lockstep.PAGE)
            data += page[at % lockstep.PAGE : at % lockstep.PAGE + size - len(data)]
        return data

    def _load_page(self, region, number):
        if self._page_at != (region, number):
            self._send(lockstep.LOAD, lockstep.REGIONS.index(region), number * lockstep.PAGE, lockstep.PAGE)
            self._page = self._receive(lockstep.PAGE)
            self._page_at = (region, number)
        return self._page

    def store(self, region, offset, data):
        self._page_at = None
        self._send(lockstep.STORE, lockstep.REGIONS.index(region), offset, len(data))
        self._plant.write(data)

    def read(self):
        if not self._incoming.poll(0):
            return b""
        data = self._host_in.read(512) or b""  # does not block: gives what there is
        self._bytes_in = (self._bytes_in + len(data)) & _COUNTER
        return data

    def write(self, data):
        if len(data) > self._room:
            return False
        self._room -= len(data)
        self._bytes_out = (self._bytes_out + len(data)) & _COUNTER
        sent = 0
        while sent < len(data):
            sent += self._host_out.write(data[sent:]) or 0
        return True

    def sleep_until(self, due_us):
        self._send(lockstep.SLEEP, due_us, self._bytes_in, self._bytes_out)
        ready = self._answers.poll()
        if all(stream is not self._plant for stream, _ in ready):
            self._send(lockstep.WAKE)
        news = struct.unpack(lockstep.AWAKE, self._receive(_SLEEP_SIZE))
        self._now_us, self._room, self._linked, self._presses = news


def main():
    """Runs the firmware until the rig ends."""
    with open(int(sys.argv[1]), "r+b") as plant:
        run(UpyBoard(plant, sys.stdin.buffer, sys.stdout.buffer))


if __name__ == "__main__":
    main()
