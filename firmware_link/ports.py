"""Which serial ports there are, which of them is a pump's, and who holds one that is busy."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from firmware_link.errors import NoPump, PortBusy, PortError

#: USB ids (vendor, product) of the boards that the pump's firmware runs on.
BOARDS = {(0x2E8A, 0x0005): "Raspberry Pi Pico with MicroPython"}


@dataclass(frozen=True, order=True)
class PortInfo:
    """One serial port of this computer, as its system lists it."""

    path: str
    usb_id: tuple[int, int] | None  # vendor, product; None where it isn't USB
    serial_number: str
    description: str

    @property
    def is_board(self) -> bool:
        """Whether a pump's firmware may be behind it."""
        return self.usb_id in BOARDS

    def sentence(self) -> str:
        """For people: "/dev/ttyACM0 (Raspberry Pi Pico with MicroPython, 2e8a:0005, serial:E6614)"."""
        usb = [f"{self.usb_id[0]:04x}:{self.usb_id[1]:04x}"] if self.usb_id else []
        number = [f"serial:{self.serial_number}"] if self.serial_number else []
        name = BOARDS.get(self.usb_id, self.description) if self.usb_id else self.description
        return f"{self.path} ({', '.join([name or 'no description', *usb, *number])})"


def find_pump(ports: Iterable[PortInfo], serial_number: str | None = None) -> PortInfo:
    """The one board among ``ports``, or the port with that USB serial number.  Raises NoPump listing what is there."""
    seen = list(ports)
    if serial_number == "":  # as that of every port that has none
        raise NoPump(f"serial: names no number. {_seen_sentence(seen)}", "Write the number after it: serial:NUMBER.")
    if serial_number is None:
        found, wanted = [port for port in seen if port.is_board], "No pump is connected."
    else:
        found = [port for port in seen if port.serial_number.lower() == serial_number.lower()]
        wanted = f"No port has the serial number {serial_number}."
    if len(found) == 1:
        return found[0]
    if found:
        names = "; ".join(port.sentence() for port in found)
        raise NoPump(f"{len(found)} boards are connected: {names}.", "Say which, by its port or serial:NUMBER.")
    raise NoPump(f"{wanted} {_seen_sentence(seen)}", "Plug the pump in, or name its port.")


def _seen_sentence(seen: Iterable[PortInfo]) -> str:
    names = "; ".join(port.sentence() for port in seen)
    return f"Serial ports seen: {names}." if names else "This computer has no serial port now."


def why_not_open(path: str, error: OSError, seen: Iterable[PortInfo]) -> PortError:
    """What to tell somebody whose port ``path`` can't be opened, where the ports ``seen`` are."""
    if isinstance(error, PermissionError):
        return _forbidden(path)
    if isinstance(error, FileNotFoundError):
        return NoPump(f"There is no port {path}. {_seen_sentence(seen)}", "Plug the pump in, or name its port.")
    if error.errno == errno.ENOTTY or not _may_be_a_port(path):
        return PortError(f"{path} is not a serial port. {_seen_sentence(seen)}", "Name the pump's port.")
    holders = holders_of(path)
    if holders:
        return PortBusy(f"{path} is in use by {', '.join(holders)}.", "Close that program, then try again.")
    if isinstance(error, BlockingIOError) or error.errno == errno.EBUSY:
        return PortBusy(f"{path} is in use by another program.", "Close that program, then try again.")
    return PortError(f"{path} can't be opened: {error.strerror or error}.", "Check that it is a serial port.")


def _may_be_a_port(path: str) -> bool:
    try:
        return os.name == "nt" or stat.S_ISCHR(os.stat(path).st_mode)
    except OSError:
        return True


def _forbidden(path: str) -> PortBusy:
    what = f"You may not open {path}."
    try:
        import grp  # not on Windows

        group = grp.getgrgid(os.stat(path).st_gid).gr_name
    except (ImportError, KeyError, OSError):
        return PortBusy(what, "Ask the administrator of this computer for access to serial ports.")
    return PortBusy(what, f"Join the group {group}: sudo usermod -aG {group} $USER, then log in again.")


def holders_of(path: str) -> list[str]:
    """Who has ``path`` open, "name (process number)", as far as /proc tells; none where there is no /proc."""
    try:
        device = os.stat(path).st_rdev
    except OSError:
        return []
    return [_name_of(process) for process in Path("/proc").glob("[0-9]*") if _has_open(process, device)]


def _has_open(process: Path, device: int) -> bool:
    try:
        descriptors = os.listdir(process / "fd")
    except OSError:  # it has ended, or belongs to somebody else
        return False
    for descriptor in descriptors:
        with contextlib.suppress(OSError):  # closed since
            if os.stat(process / "fd" / descriptor).st_rdev == device:
                return True
    return False


def _name_of(process: Path) -> str:
    if process.name == str(os.getpid()):
        return "this program"
    try:
        return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    except OSError:
        return f"process {process.name}"
