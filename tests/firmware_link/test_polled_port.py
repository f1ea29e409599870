"""A serial transport where there is no file descriptor to wait for."""

import errno

import pytest

from firmware_link.errors import PortLost
from firmware_link.serial_port import PolledTransport


class Turns:
    """A port as pyserial gives it where there is no descriptor."""

    def __init__(self) -> None:
        self.timeout = 0.0
        self.waiting = bytearray()
        self.turns: list[float] = []
        self.error: Exception | None = None
        self.closed = False

    @property
    def in_waiting(self) -> int:
        if self.error:
            raise self.error
        return len(self.waiting)

    def read(self, size: int) -> bytes:
        self.turns.append(self.timeout)
        data, self.waiting = bytes(self.waiting[:size]), self.waiting[size:]
        return data

    def write(self, data: bytes) -> int:
        if self.error:
            raise self.error
        return len(data)

    def close(self) -> None:
        self.closed = True


def test_a_port_without_a_descriptor_is_waited_for_in_turns() -> None:
    port = Turns()
    transport = PolledTransport("COM3", port)
    transport.wait(0.1)
    assert port.turns == [0.02] * 5
    transport.wake()
    transport.wait(0.1)
    assert len(port.turns) == 5
    port.waiting += b"abc"
    transport.wait(0.1)
    assert transport.read() == b"abc"
    assert transport.write(b"xy") == 2
    port.error = OSError(errno.EIO, "gone")
    for act in (transport.read, lambda: transport.write(b"x"), lambda: transport.wait(0.1)):
        with pytest.raises(PortLost, match="COM3 is gone: gone"):
            act()
    transport.close()
    assert port.closed
