"""Serial ports as transports: real ones, pseudo-terminals, and pyserial's addresses of far ones.

Where the port has a file descriptor, it is read with ``os.read`` when ``select`` says so.  Elsewhere (Windows,
RFC 2217) pyserial's own read waits in short turns.
"""

import contextlib
import errno
import math
import os
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import serial
from serial.tools import list_ports as list_ports_of_system

from firmware_link.errors import NoPump, PortError, PortLost
from firmware_link.ports import PortInfo, find_pump, why_not_open
from firmware_link.transport import Transport

_READ_SIZE = 65536
_TTY_SIZE = 4095  # no terminal gives more at once, and one that gives less has no more
_READS_AT_MOST = 64  # so that a flood leaves time for other things
_TURN_S = 0.02  # of waiting, where a wake can't interrupt
_REPLUG = "Plug it in again, or check its cable; it is looked for by itself."


def list_ports() -> list[PortInfo]:
    """All serial ports, by path.  Takes about a millisecond, so that it may be called every second."""
    return sorted(
        PortInfo(
            path=port.device,
            usb_id=(port.vid, port.pid) if port.vid is not None else None,
            serial_number=port.serial_number or "",
            description=port.description if port.description not in (None, "n/a") else "",
        )
        for port in list_ports_of_system.comports()
    )


def resolver(address: str) -> Callable[[], Transport]:
    """What opens ``address``: "auto", "serial:NUMBER", a port's path, or a pyserial URL.

    Each call looks anew, since a pump that was plugged in again may come under another name.  It raises NoPump,
    PortBusy or PortError.
    """
    if address == "auto":
        return lambda: open_port(find_pump(list_ports()).path)
    if address.startswith("serial:"):
        return lambda: open_port(find_pump(list_ports(), address.removeprefix("serial:")).path)
    return lambda: open_port(address)


@dataclass(frozen=True)
class Line:
    """How a port is set."""

    baud: int = 115_200
    bits: int = 8  # 7 or 8
    parity: str = "none"  # or "even" or "odd"


#: To boards with native USB it means nothing.
USB = Line()


def open_port(path: str, line: Line = USB) -> Transport:
    """Opens a port by path or URL, for this process alone.  Raises NoPump, PortBusy or PortError.

    DTR is asserted, as boards with native USB need it, and never pulsed.
    """
    try:
        # An inter-byte time of 0 makes an empty read tell "nothing yet" from "gone".
        port = serial.serial_for_url(
            path,
            baudrate=line.baud,
            bytesize=line.bits,
            parity=line.parity[0].upper(),
            timeout=0,
            write_timeout=0,
            exclusive=True,
            inter_byte_timeout=0,
        )
    except (OSError, ValueError) as error:
        raise _not_open(path, error) from error
    try:
        descriptor = port.fileno()
    except (OSError, AttributeError):
        return PolledTransport(path, port)
    return SerialTransport(path, port, descriptor)


def _not_open(path: str, error: OSError | ValueError) -> PortError:
    if "://" in path:
        return NoPump(f"{path} can't be reached: {error}.", "Check the address and that its server runs.")
    number = getattr(error, "errno", None)
    if number is None:  # it was opened, but takes no settings
        number = errno.ENOTTY
    return why_not_open(path, OSError(number, os.strerror(number)), list_ports())


def _lost(name: str, error: BaseException | None) -> PortLost:
    cause = f": {getattr(error, 'strerror', None) or error}" if error else ""
    lost = PortLost(f"{name} is gone{cause}.", _REPLUG)
    lost.__cause__ = error
    return lost


class SerialTransport:
    """A port with a file descriptor; a ``transport.Transport``."""

    def __init__(self, name: str, port: Any, descriptor: int) -> None:
        self.name = name
        self._port: Any = port
        self._descriptor = descriptor
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)

    def read(self) -> bytes:
        parts: list[bytes] = []
        while True:
            try:
                data = os.read(self._descriptor, _READ_SIZE)
            except BlockingIOError:
                return b"".join(parts)
            except OSError as error:
                if parts:  # the next call says it again
                    return b"".join(parts)
                raise _lost(self.name, error) from error
            if not data:
                if parts:
                    return b"".join(parts)
                raise _lost(self.name, None)
            parts.append(data)
            if len(data) < _TTY_SIZE or len(parts) == _READS_AT_MOST:
                return b"".join(parts)

    def write(self, data: bytes) -> int:
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise _lost(self.name, error) from error

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        try:
            ear = self._ear.fileno()
            ready, _, _ = select.select([self._descriptor, ear], [], [], max(0.0, timeout_s))
            if gather_s and ready and ear not in ready:
                ready, _, _ = select.select([ear], [], [], gather_s)
            if ear in ready:
                self._ear.recv(_READ_SIZE)
        except (OSError, ValueError) as error:
            raise _lost(self.name, error) from error

    def wake(self) -> None:
        with contextlib.suppress(OSError):  # full: it is about to wake anyway; closed: nobody waits
            self._mouth.send(b"\0")

    def close(self) -> None:
        self._descriptor = -1
        self._ear.close()
        self._mouth.close()
        _close(self._port)


class PolledTransport:
    """A port that only pyserial can wait for; a ``transport.Transport``."""

    def __init__(self, name: str, port: Any) -> None:
        self.name = name
        self._port: Any = port
        self._early = b""  # came while waiting
        self._woken = False

    def read(self) -> bytes:
        early, self._early = self._early, b""
        return early + self._read(0)

    def write(self, data: bytes) -> int:
        try:
            return self._port.write(data) or 0
        except serial.SerialTimeoutException:
            return 0
        except (OSError, TypeError) as error:
            raise _lost(self.name, error) from error

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        for _ in range(math.ceil(timeout_s / _TURN_S)):
            if self._early or self._woken:
                break
            self._early = self._read(min(timeout_s, _TURN_S))
        self._woken = False

    def wake(self) -> None:
        self._woken = True

    def close(self) -> None:
        _close(self._port)

    def _read(self, timeout_s: float) -> bytes:
        try:
            self._port.timeout = timeout_s
            return bytes(self._port.read(self._port.in_waiting or 1))
        except (OSError, TypeError, AttributeError) as error:  # what pyserial raises after an unplug differs
            raise _lost(self.name, error) from error


def _close(port: Any) -> None:
    try:
        port.close()
    except (OSError, TypeError, AttributeError) as error:
        if getattr(error, "errno", None) not in (None, errno.EBADF, errno.EIO, errno.ENXIO, errno.ENODEV):
            raise
