"""What an address of a balance opens: a serial port, or a virtual balance under a virtual rig."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from firmware_link import serial_port
from firmware_link.errors import NoPump, PumpError, UsageError
from firmware_link.transport import Transport
from rig.balance.address import CUPS, FORMS, SIM, BalanceAddress, parse
from rig.balance.scale import Scale
from rig.balance.session import BalanceSession
from rig.balance.twins import MtSicsTwin, SbiTwin, Twin
from rig.session import Session

if TYPE_CHECKING:
    from rig.virtual.base import Rig

_AT_ONCE_S = 0.05  # real time that a pump may well wait
TWINS: dict[str, type[MtSicsTwin] | type[SbiTwin]] = {"mt-sics": MtSicsTwin, "sbi": SbiTwin}


class TwinPort:
    """A transport to a virtual balance in this process, which answers at once."""

    def __init__(self, twin: Twin, name: str) -> None:
        self.name = name
        self._twin = twin

    def read(self) -> bytes:
        return self._twin.say()

    def write(self, data: bytes) -> int:
        self._twin.hear(data)
        return len(data)

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        """Not at all: time is the rig's."""

    def wake(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """It goes on weighing."""


class Aside:
    """Opens a port that may take its time, a server's, on a thread, so that no pump waits for it.  Called again and
    again, it raises NoPump until that is open."""

    def __init__(self, opener: Callable[[], Transport], name: str) -> None:
        self._opener, self._name = opener, name
        self._thread: threading.Thread | None = None
        self._opened: list[Transport | PumpError] = []

    def __call__(self) -> Transport:
        if self._thread is None:
            self._thread = threading.Thread(target=self._open, daemon=True)
            self._thread.start()
        self._thread.join(_AT_ONCE_S)
        if self._thread.is_alive():
            raise NoPump(f"{self._name} hasn't answered yet.", "Check the address and that its server runs.")
        self._thread = None
        opened = self._opened.pop()
        if isinstance(opened, PumpError):
            raise opened
        return opened

    def _open(self) -> None:
        try:
            self._opened.append(self._opener())
        except PumpError as error:
            self._opened.append(error)


def twin_of(rig: "Rig", seed: int, language: str, cup: str = "oil") -> Twin:
    """A virtual balance under the outlet of ``rig``.  Raises UsageError for a language that no balance speaks, or a cup
    that there isn't."""
    if language not in TWINS or cup not in CUPS:
        raise UsageError(f'There is no virtual balance "{language}:{cup}".', 'There are "mt-sics", "sbi", "sbi:open" …')
    return TWINS[language](Scale(rig.plant, seed, cup), lambda: rig.now_us)


def weighed(session: Session, text: str, rig: "Rig | None", seed: int = 0) -> BalanceSession:
    """``session`` with the balance that the address ``text`` names; ``rig`` is the session's own, if it is virtual.

    Raises UsageError for an address that can't be read, or a virtual balance beside a real pump.
    """
    address = parse(text)
    return BalanceSession(session, address, _opener(address, rig, seed))


def _opener(address: BalanceAddress, rig: "Rig | None", seed: int) -> Callable[[], Transport]:
    if address.port != SIM:
        opener = partial(serial_port.open_port, address.port, address.line)
        return Aside(opener, address.port) if "://" in address.port else opener
    if rig is None:
        remedy = f"Name its port: {FORMS[0][0]}."
        raise UsageError("A virtual balance weighs under a virtual rig only.", remedy)
    twin = twin_of(rig, seed, address.language, address.cup)
    return lambda: TwinPort(twin, "virtual balance")
