"""The firmware's board in this process: pins on the plant, flash in memory, the link as two buffers."""

from firmware_link.vocabulary import CAPABILITIES
from rig.firmware.board import Board
from rig.physics import noise
from rig.truth import TruthLog
from rig.virtual.flash import Flash
from rig.virtual.plant import Plant
from rig.virtual.sensors import Reading

READ_MAX = 512
LINK_ROOM = 4095  # bytes that each direction of the link holds, as a pseudo-terminal does
VIRTUAL_CAPABILITIES = sum(1 << CAPABILITIES.index(name) for name in ("balance", "pressure", "virtual"))


def device_id_of(seed: int) -> int:
    """The device id of the pump on the rig with this seed."""
    return noise.stream(seed, "device")


class Cable:
    """Both directions of one link, and whether it is plugged in."""

    __slots__ = ("opened", "plugged", "to_host", "to_pump")

    def __init__(self) -> None:
        self.plugged = True
        self.opened = False  # a host has it open
        self.to_host = bytearray()
        self.to_pump = bytearray()

    def linked(self) -> bool:
        """Whether a host has it open and it is plugged in, as the USB of a board knows."""
        return self.plugged and self.opened

    def clear(self) -> None:
        """What is on its way is lost."""
        self.to_host.clear()
        self.to_pump.clear()


class Pins:
    """Motor, sensors and button of one boot: the plant in the board's own time and counts.

    What truly is whenever the sensors are read goes to ``truths``.
    """

    def __init__(self, plant: Plant, truths: TruthLog) -> None:
        self._plant = plant
        self._truths = truths
        plant.power_on()
        truths.booted()
        self._boot_steps = plant.sensors.steps(plant.rotor_steps())
        self._boot_presses = plant.presses

    def now(self) -> int:
        """t_us of this boot, by the pump's crystal."""
        return self._plant.oscillator.device_us()

    def at_us(self, device_us: int) -> int:
        """The rig's time at which it is ``device_us`` of this boot."""
        return self._plant.oscillator.at_us(device_us)

    def step(self, count: int, start_us: int, end_us: int) -> None:
        """As ``Board.step``."""
        clock = self._plant.oscillator
        self._plant.step(count, clock.ticks(start_us), clock.ticks(end_us))

    def sense(self) -> Reading:
        """As ``Board.sense``."""
        truth = self._plant.truth()
        self._truths.note(truth)
        reading = self._plant.sensors.read(truth)
        return reading[0] - self._boot_steps, *reading[1:]

    def presses(self) -> int:
        """As ``Board.presses``."""
        return self._plant.presses - self._boot_presses

    def sound(self, priority: int) -> None:
        """As ``Board.sound``."""
        self._plant.sound(priority)


class VirtualBoard(Pins, Board):
    """One boot of the board."""

    capabilities = VIRTUAL_CAPABILITIES

    def __init__(self, plant: Plant, truths: TruthLog, flash: Flash, cable: Cable, device_id: int) -> None:
        super().__init__(plant, truths)
        self.device_id = device_id
        self._flash = flash
        self._cable = cable

    def load(self, region: str, offset: int, size: int) -> bytes:
        return self._flash.load(region, offset, size)

    def store(self, region: str, offset: int, data: bytes) -> None:
        self._flash.store(region, offset, data)

    def read(self) -> bytes:
        data = bytes(self._cable.to_pump[:READ_MAX])
        del self._cable.to_pump[:READ_MAX]
        return data

    def write(self, data: bytes) -> bool:
        cable = self._cable
        if not cable.plugged or len(cable.to_host) + len(data) > LINK_ROOM:
            return False
        cable.to_host += data
        return True

    def linked(self) -> bool:
        return self._cable.linked()
