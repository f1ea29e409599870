"""A virtual pump at work with one program, about to be given another, over a link or a power supply that fails."""

import random
from collections.abc import Callable

from firmware_link import vocabulary
from firmware_link.errors import PortLost
from firmware_link.transport import Transport
from rig.firmware.program import Program
from rig.live import LiveSession
from rig.programs import programming
from rig.programs.update import RUNNING, Ensure, Proof, Standing, Update
from rig.session import Session, execute
from rig.virtual.base import START_UTC_US
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig

MIDNIGHT = START_UTC_US // 86_400_000_000 * 86_400
DAY_MS = 86_400_000
OLD = Program(MIDNIGHT, 0, [], [(1_000_000_000, DAY_MS)])
NEW = Program(MIDNIGHT, 60, [(20_000_000, 600_000)], [(i * 1_000_000, DAY_MS // 50) for i in range(1, 51)])


class Cut(Exception):
    """The cable is cut behind the bytes ``passed``."""

    def __init__(self, passed: bytes) -> None:
        super().__init__()
        self.passed = passed


class PowerCut(BaseException):  # what the firmware can not catch
    """The board's power failed in the middle of a write."""


class Pump:
    """``cut`` is the way, "to_pump" or "to_host", and how many bytes of the update pass before the cable is cut."""

    def __init__(self, cut: tuple[str, int] = ("", 0)) -> None:
        self.rig = VirtualRig(7, MAX_SPEED)
        self.way, self.left = cut
        self.passed = {"to_pump": 0, "to_host": 0}
        self.armed = False
        self.told: list[Update] = []

    def session(self, seed: int = 1) -> LiveSession:
        """Opens it anew, as another run of the program would."""
        return LiveSession("sim:", self._open, self.rig.clock, random.Random(seed), surroundings=self.rig)

    def begin(self, program: Program | None = OLD, ensure: Ensure = RUNNING) -> LiveSession:
        """At work with ``program``, or fresh."""
        session = self.session()
        if program is not None:
            execute(session, programming.update(program, ensure))
        return session

    def update(self, session: Session, ensure: Ensure = RUNNING) -> Proof:
        """Puts NEW in force; from here on cables fail."""
        self.armed = True
        return execute(session, programming.update(NEW, ensure, self.told.append))

    def where(self, session: Session) -> Standing:
        """What the pump says has become of it, once it answers."""
        return execute(session, programming.where_are_we(self.told[-1]))

    def held(self, session: Session) -> Program | None:
        """The whole program in force."""
        return execute(session, programming.read(vocabulary.ACTIVE))

    def _open(self) -> "CutTransport":
        return CutTransport(self.rig.connect(), self)

    def let(self, way: str, data: bytes) -> bytes:
        """What of ``data`` passes; less than all where the cable is cut, and that is over then."""
        if not self.armed:
            return data
        self.passed[way] += len(data)
        if way != self.way or len(data) < self.left or not data:
            self.left -= len(data) if way == self.way else 0
            return data
        self.way = ""
        raise Cut(data[: self.left])

    def cut_power_after(self, size: int) -> None:
        """Power fails after ``size`` more bytes have reached the flash."""
        store, left = self.rig.flash.store, [size]

        def stored(region: str, offset: int, data: bytes) -> None:
            store(region, offset, data[: left[0]])
            if len(data) >= left[0]:
                self.rig.flash.store = store  # type: ignore[method-assign]
                raise PowerCut
            left[0] -= len(data)

        self.rig.flash.store = stored  # type: ignore[method-assign,assignment]

    def power_returns(self) -> None:
        """The same pump, from what its flash holds."""
        self.rig.drop_link()
        self.rig.power_off()
        self.rig.power_on()


class CutTransport:
    """A link to the rig that is cut where the pump says."""

    def __init__(self, inner: Transport, pump: Pump) -> None:
        self._inner, self._pump = inner, pump
        self.name = inner.name
        self.wake: Callable[[], None] = inner.wake
        self.close: Callable[[], None] = inner.close
        self._broken = False

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        self._check()
        self._inner.wait(timeout_s, gather_s)

    def read(self) -> bytes:
        self._check()
        try:
            return self._pump.let("to_host", self._inner.read())
        except Cut as cut:
            self._broken = True
            return cut.passed

    def write(self, data: bytes) -> int:
        self._check()
        try:
            return self._inner.write(self._pump.let("to_pump", data))
        except Cut as cut:
            self._inner.write(cut.passed)
            self._pump.rig.turn()  # what has arrived has arrived
            self._broken = True
            return len(data)

    def _check(self) -> None:
        if self._broken:
            self._inner.close()
            raise PortLost("The cable was cut.", "Plug it in again.")
