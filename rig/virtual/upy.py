"""The virtual rig whose firmware runs in a real MicroPython, its link a pseudo-terminal that pyserial opens.

The firmware is a process of its own, yet it and the plant take turns: it runs only while the plant waits for it, and
time passes only while it sleeps.  The host's bytes take the operating system's way, and are counted at both ends
(``rig.virtual.lockstep``), so a seed repeats itself here as exactly as in process.
"""

import contextlib
import os
import struct
import weakref
from typing import Any

from firmware_link import serial_port
from firmware_link.errors import PortLost, UsageError
from firmware_link.transport import Transport
from rig.virtual import lockstep
from rig.virtual.base import Rig, RigLink
from rig.virtual.board import LINK_ROOM, VIRTUAL_CAPABILITIES, Pins
from rig.virtual.flash import PowerFailed
from rig.virtual.interpreter import Interpreter, find_micropython
from rig.virtual.schedule import NEVER_US

_ARRIVAL_S = 1.0  # real time within which counted bytes come through the pseudo-terminal
_COUNTER = 0xFFFFFFFF


class UpyRig(Rig):
    """``upy:``.  Raises UsageError where there is no MicroPython or no pseudo-terminal."""

    name = "virtual rig on MicroPython"

    def __init__(self, seed: int = 1, speed: float = 1.0, **options: Any) -> None:
        super().__init__(seed, speed, **options)
        self._command = find_micropython()
        self._master, self._slave, self.port = _open_pty()
        self._link: UpyTransport | None = None
        self.interpreter: Interpreter | None = None
        self._pins: Pins
        self._firmware_read = 0  # bytes from the host that the firmware has read, as it last said
        self.firmware_wrote = 0  # bytes to the host that the firmware has written
        self.host_wrote = self.host_read = 0  # the host's counts of the same
        self._end = weakref.finalize(self, _end, self._running(), (self._master, self._slave))
        self.power_on()

    def _running(self) -> list[Interpreter]:
        """What has to be killed at the end, where ``weakref.finalize`` can see it."""
        self._interpreters: list[Interpreter] = []
        return self._interpreters

    def power_on(self) -> None:
        self._pins = Pins(self.plant, self.truths)
        self._firmware_read = self.firmware_wrote = self.host_wrote = self.host_read = 0
        self.interpreter = Interpreter(self._command, self._master, self.device_id, VIRTUAL_CAPABILITIES)
        self._interpreters.append(self.interpreter)
        self.powered = True
        self._serve()

    def power_off(self) -> None:
        self.plant.power_off()
        for interpreter in self._interpreters:
            interpreter.kill()
        self._interpreters.clear()
        self.interpreter = None
        self._due_us = NEVER_US
        self.powered = False

    def connect(self) -> Transport:
        self.check_plugged()
        self.drop_link()
        self._link = UpyTransport(self, serial_port.open_port(self.port))
        self.cable.opened = True
        return self.relay.wrap(self._link, self.rest)

    def drop_link(self) -> None:
        self.cable.opened = False
        if self._link is not None:
            self._link.lost = True
            self._link.inner.close()
            self._link = None
        if self._end.alive:
            _flush(self._slave)
        self.host_wrote, self.host_read = self._firmware_read, self.firmware_wrote

    def due_us(self) -> int:
        return self.plant.now_us if self._on_its_way() else self._due_us

    def _on_its_way(self) -> bool:
        """Whether the firmware has yet to read something that the host has written."""
        return self.interpreter is not None and 0 < (self.host_wrote - self._firmware_read & _COUNTER) <= _COUNTER // 2

    def unread(self) -> int:
        return self.firmware_wrote - self.host_read & _COUNTER

    def turn(self) -> None:
        interpreter = self.interpreter
        if interpreter is None:
            return
        if self._on_its_way():
            self._await_wake(interpreter)
        room = LINK_ROOM - self.unread() if self.cable.plugged else 0
        try:
            news = (self._pins.now(), max(0, room), self.cable.linked(), self._pins.presses())
            interpreter.send(struct.pack(lockstep.AWAKE, *news))
            self._serve()
        except PortLost:
            self.power_off()
            raise

    def _await_wake(self, interpreter: Interpreter) -> None:
        """The host's bytes reach the firmware at their own time; it says so."""
        try:
            while interpreter.receive(_ARRIVAL_S)[0] != lockstep.WAKE:
                pass
        except TimeoutError:  # lost on the way; no more are expected
            self.host_wrote = self._firmware_read

    def _serve(self) -> None:
        """Answers the firmware until it sleeps, or the supply fails."""
        try:
            self._answer(self.interpreter)
        except PowerFailed:
            self.lose_power()

    def _answer(self, interpreter: Interpreter | None) -> None:
        while interpreter is not None:
            op, values = interpreter.receive()
            if op == lockstep.SLEEP:
                due_us, self._firmware_read, self.firmware_wrote = values
                # Never at once again: a turn that changes nothing would stop time.
                self._due_us = self._pins.at_us(max(due_us, self._pins.now() + 1))
                return
            if op == lockstep.STEP:
                self._pins.step(*values)
            elif op == lockstep.SOUND:
                self._pins.sound(*values)
            elif op == lockstep.SENSE:
                interpreter.send(lockstep.pack_sensed(self._pins.sense()))
            elif op == lockstep.LOAD:
                region, offset, size = values
                interpreter.send(self.flash.load(lockstep.REGIONS[region], offset, size))
            elif op == lockstep.STORE:
                region, offset, _, data = values
                self.flash.store(lockstep.REGIONS[region], offset, data)

    def close(self) -> None:
        if self._end.alive:
            self.drop_link()
            self.power_off()
            self._end()


class UpyTransport(RigLink):
    """The serial port to the firmware, and a rig whose time passes while it is waited on; a ``transport.Transport``."""

    def __init__(self, rig: UpyRig, inner: Transport) -> None:
        super().__init__(inner.name, rig)
        self.inner = inner
        self._upy = rig

    def read(self) -> bytes:
        self._check()
        data = self._take()
        if self._upy.unread():  # written, but still on its way
            self.inner.wait(_ARRIVAL_S)
            late = self._take()
            if not late:  # lost; no more are expected
                self._upy.host_read = self._upy.firmware_wrote
            data += late
        return data

    def _take(self) -> bytes:
        data = self.inner.read()
        self._upy.host_read = self._upy.host_read + len(data) & _COUNTER
        return data

    def write(self, data: bytes) -> int:
        self._check()
        taken = self.inner.write(data)
        self._upy.host_wrote = self._upy.host_wrote + taken & _COUNTER
        return taken


def _open_pty() -> tuple[int, int, str]:
    """(the firmware's end, the host's end, its path), raw."""
    try:
        import pty
        import tty
    except ImportError as error:
        raise UsageError("This system has no pseudo-terminals, which upy: needs.", "Use sim: here.") from error
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    return master, slave, os.ttyname(slave)


def _flush(slave: int) -> None:
    """What is on its way in either direction is lost."""
    import termios

    with contextlib.suppress(termios.error):
        termios.tcflush(slave, termios.TCIOFLUSH)


def _end(interpreters: list[Interpreter], descriptors: tuple[int, ...]) -> None:
    for interpreter in interpreters:
        interpreter.kill()
    for descriptor in descriptors:
        os.close(descriptor)
