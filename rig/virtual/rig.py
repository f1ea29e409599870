"""The virtual rig whose firmware runs in this process."""

from typing import Any

from firmware_link.transport import Transport
from rig.firmware.core import Firmware
from rig.virtual.base import Rig, RigLink
from rig.virtual.board import LINK_ROOM, Cable, VirtualBoard
from rig.virtual.flash import PowerFailed
from rig.virtual.schedule import NEVER_US


class VirtualRig(Rig):
    """``sim:``.  Everything happens in the calls of the thread that owns it."""

    name = "virtual rig"

    def __init__(self, seed: int = 1, speed: float = 1.0, **options: Any) -> None:
        super().__init__(seed, speed, **options)
        self._link: RigTransport | None = None
        self._firmware: Firmware | None = None
        self._board: VirtualBoard
        self.power_on()

    def power_on(self) -> None:
        self._board = VirtualBoard(self.plant, self.truths, self.flash, self.cable, self.device_id)
        self.powered = True
        try:
            self._firmware = Firmware(self._board)
        except PowerFailed:
            self.lose_power()
        self.turn()

    def power_off(self) -> None:
        self.plant.power_off()
        self._firmware = None
        self._due_us = NEVER_US
        self.powered = False

    def connect(self) -> Transport:
        self.check_plugged()
        self.drop_link()
        self._link = RigTransport(self, self.cable)
        self.cable.opened = True
        return self.relay.wrap(self._link, self.rest)

    def drop_link(self) -> None:
        self.cable.clear()
        self.cable.opened = False
        if self._link is not None:
            self._link.lost = True
            self._link = None

    def due_us(self) -> int:
        return self.plant.now_us if self.cable.to_pump else self._due_us

    def turn(self) -> None:
        if self._firmware is None:
            return
        board = self._board
        try:
            due_us = self._firmware.poll(board.now())
        except PowerFailed:
            self.lose_power()
        else:  # Never at once again: a poll that changes nothing would stop time.
            self._due_us = board.at_us(max(due_us, board.now() + 1))

    def unread(self) -> int:
        return len(self.cable.to_host)

    def close(self) -> None:
        self.drop_link()
        self._firmware = None
        self._due_us = NEVER_US


class RigTransport(RigLink):
    """``firmware_link.transport.Transport`` to the pump on a virtual rig."""

    def __init__(self, rig: VirtualRig, cable: Cable) -> None:
        super().__init__(rig.name, rig)
        self._cable = cable

    def read(self) -> bytes:
        self._check()
        data = bytes(self._cable.to_host)
        self._cable.to_host.clear()
        return data

    def write(self, data: bytes) -> int:
        self._check()
        taken = data[: LINK_ROOM - len(self._cable.to_pump)]
        self._cable.to_pump += taken
        return len(taken)
