"""What acts on the plant from beside its flow: the room, the crystal and the supply.

Whoever changes one has the plant settle first, since its formulas hold only while they stay as they are.
"""

from typing import Protocol

from rig.physics.battery import Cell, Film
from rig.physics.oscillator import Oscillator
from rig.physics.room import Room

BOARD_LOWEST_V = 2.0  # below this the board is off


class Site(Protocol):
    """What they need of the plant."""

    now_us: int

    def settle(self) -> None:
        """Takes the state at the present moment as the new starting point of all formulas."""
        ...

    def go_on(self) -> None:
        """Starts the formulas anew from there."""
        ...

    def driven_steps(self) -> int:
        """Whole steps that the motor was driven for since the rig was made, whether the rotor took them or not."""
        ...


class PumpClock:
    """The pump's microseconds of this boot: its crystal's ticks since then, and where they have jumped."""

    def __init__(self, oscillator: Oscillator, site: Site) -> None:
        self._oscillator = oscillator
        self._site = site
        self._ahead_us = 0  # of the ticks
        self._since_us = 0  # when that began to be so

    def boot(self) -> None:
        """They begin at 0 again."""
        self._set_ahead(-self._oscillator.ticks(self._site.now_us))

    def device_us(self) -> int:
        """What the pump's clock shows now."""
        return self._oscillator.ticks(self._site.now_us) + self._ahead_us

    def at_us(self, device_us: int) -> int:
        """The rig's first microsecond at which the pump's clock shows ``device_us`` or more, if nothing changes it;
        some past one where it has."""
        return max(self._since_us, self._oscillator.at_us(device_us - self._ahead_us))

    def ticks(self, device_us: int) -> int:
        """The crystal's ticks when the pump's clock shows ``device_us``: what motor pulses are counted by."""
        return device_us - self._ahead_us

    def drift(self, ppm: float) -> None:
        """From now on the crystal is so much faster than by itself."""
        self._site.settle()
        self._oscillator.set_drift(ppm, self._site.now_us)
        self._site.go_on()

    def jump(self, us: int) -> None:
        """The clock is so much ahead at once; pulses under way don't see it, they are counted by the crystal."""
        self._set_ahead(self._ahead_us + us)

    def _set_ahead(self, ahead_us: int) -> None:
        self._ahead_us, self._since_us = ahead_us, self._site.now_us


class RoomControl:
    """The room, for whoever changes it."""

    def __init__(self, room: Room, oscillator: Oscillator, site: Site) -> None:
        self._room = room
        self._oscillator = oscillator
        self._site = site

    def set(self, celsius: float | None) -> None:
        """From now on it goes to so much; None leaves it to itself again."""
        self._site.settle()
        self._room.hold(celsius, self._site.now_us)
        self._oscillator.renew(self._site.now_us)
        self._site.go_on()

    def celsius(self) -> float:
        """How warm it is now."""
        return self._room.celsius(self._site.now_us)


class Power:
    """The cell with what it drives: a motor whose steps take ``step_c`` each, and electronics while they are on."""

    def __init__(self, cell: Cell, step_c: float, site: Site) -> None:
        self._cell = cell
        self._step_c = step_c
        self._site = site
        self._film = Film(cell)
        self._supply_v: float | None = None
        self._drain_a = cell.idle_a
        self._spent_c = 0.0
        self._spent_steps, self._spent_us = 0, 0  # up to where consumption is in _spent_c

    def charge(self) -> float:
        """State of charge now, 0 to 1."""
        spent_c = self._spent_c + self._drain_a * (self._site.now_us - self._spent_us) * 1e-6
        spent_c += self._step_c * (self._site.driven_steps() - self._spent_steps)
        return max(0.0, 1 - spent_c / self._cell.capacity_c)

    def voltage_v(self, charge: float, temperature_c: float) -> float:
        """What the board is supplied with now, at this charge and in this room; never below 0 V."""
        if self._supply_v is not None:
            return self._supply_v
        if not charge:
            return 0.0
        film = self._film
        volt = self._cell.voltage_v(charge, temperature_c, film.loaded)
        return max(0.0, volt - film.volt(self._site.now_us)) if film.loaded else volt

    def feeds(self) -> bool:
        """Whether the board can run from it: a cell that isn't empty carries it over its dips."""
        return self.charge() > 0 if self._supply_v is None else self._supply_v >= BOARD_LOWEST_V

    def load(self, loaded: bool) -> None:
        """The motor is driven from now on, or isn't."""
        self._film.load(loaded, self._site.now_us)

    def electronics(self, on: bool) -> None:
        """The board takes its share from now on, or the cell has only itself to feed."""
        self.set_charge(self.charge())
        self._drain_a = self._cell.idle_a if on else self._cell.self_discharge_a

    def set_charge(self, charge: float) -> None:
        """A cell with ``charge``, 0 to 1, of its capacity left."""
        self._spent_c = (1 - charge) * self._cell.capacity_c
        self._spent_steps, self._spent_us = self._site.driven_steps(), self._site.now_us

    def passivate(self, volt: float) -> None:
        """A film takes ``volt`` off the next load's voltage, or the present one's."""
        self._film.grow(volt, self._site.now_us)

    def set_supply(self, volt: float | None) -> None:
        """The board is supplied with so much, whatever the cell has; None: by the cell again."""
        self._supply_v = volt
