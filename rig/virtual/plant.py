"""The plant beyond the pins: rotor, tube, catheter, cup and cell, moved on in closed form from event to event.

Between two *breaks* (the rotor starts or stands, a fault begins or ends, the reservoir runs dry) everything is a
formula of the time since the last one, so what the plant shows at a moment doesn't depend on when it was looked at
before.  ``t_us`` is microseconds since the rig was made.
"""

import math
from dataclasses import dataclass, field

from firmware_link.vocabulary import INFO
from rig.physics import noise
from rig.physics.balance import Balance, BalanceFigures
from rig.physics.battery import Cell
from rig.physics.circuit import STANDING, Circuit, Flow, Transient
from rig.physics.drive import Drive
from rig.physics.reservoir import Reservoir, runs_dry_s
from rig.virtual.buzzer import Buzzer


@dataclass(frozen=True)
class PlantParameters:
    """What this rig is made of; the defaults are domain.md's, or marked as guesses where they stand."""

    drive: Drive = field(default_factory=Drive)
    circuit: Circuit = field(default_factory=Circuit)
    reservoir: Reservoir = field(default_factory=Reservoir)
    cell: Cell = field(default_factory=Cell)
    balance: BalanceFigures = field(default_factory=BalanceFigures)
    pressure_noise_pa: float = 5.0
    battery_noise_mv: float = 0.7
    room_cc: float = 2260.0  # hundredths of a degree Celsius
    room_swing_cc: float = 25.0


@dataclass(frozen=True)
class Truth:
    """What really is, which no sensor shows: for tests and for whoever injects faults."""

    t_us: int
    rotor_steps: int  # since the rig was made
    turning: bool
    pumped_nl: float  # drawn from the reservoir since the rig was made
    delivered_nl: float  # into the cup since the rig was made
    pressure_pa: float
    reservoir_nl: float
    charge: float  # 0 to 1
    tones: int  # sounded since the rig was made
    sounding: int  # the priority whose tone comes again and again; 0 for silence


class Move:
    """One order to the rotor: ``count`` steps between two moments, from a whole step and a position within it."""

    __slots__ = ("count", "end_us", "position", "start_us", "steps")

    def __init__(self, count: int, start_us: int, end_us: int, steps: int, position: float) -> None:
        self.count = count
        self.start_us = start_us
        self.end_us = end_us
        self.steps = steps
        self.position = position

    def done(self, t_us: int) -> int:
        """Steps taken by ``t_us``; the k-th comes at start + k * (end - start) // count, as the board promises."""
        if t_us >= self.end_us:
            return self.count
        elapsed = t_us - self.start_us
        return min(self.count, ((elapsed + 1) * self.count - 1) // (self.end_us - self.start_us))

    def rate(self) -> float:
        """Steps per second.  A halt may have left the rotor beyond its last whole step: the next move is shorter."""
        return (self.steps + self.count - self.position) / (self.end_us - self.start_us) * 1e6

    def position_at(self, t_us: int) -> float:
        """Where the rotor is, in steps and fractions."""
        return self.position + self.rate() * (min(t_us, self.end_us) - self.start_us) * 1e-6


class Plant:
    """One rig's physics.  ``advance`` moves its time on; orders and faults act at the present moment."""

    def __init__(self, parameters: PlantParameters, seed: int) -> None:
        self.parameters = parameters
        self.now_us = 0
        self.buzzer = Buzzer()
        self.presses = 0  # of the pump's button
        self._stalled = False
        self._free_nl_s = 0.0
        self._conductance = parameters.circuit.conductance_nl_s_pa
        self._move: Move | None = None
        self._next: tuple[int, int, int] | None = None  # (start, end, count) of an order still to begin
        # The state at the last break.
        self._break_us = 0
        self._steps = 0
        self._position = 0.0
        self._delivered_nl = 0.0
        self._pumped_nl = 0.0
        self._reservoir_nl = parameters.reservoir.filled_nl
        self._spent_c = 0.0
        self._spent_steps, self._spent_us = 0, 0  # up to where consumption is in _spent_c
        self._transient = Transient(parameters.circuit, self._conductance, STANDING, parameters.circuit.outlet_pa)
        self._step_c = parameters.cell.step_c(parameters.drive.step_nl)
        self._balance = Balance(parameters.balance, seed)
        self._pressure_key = noise.stream(seed, "pressure")
        self._battery_key = noise.stream(seed, "battery")
        self._room = noise.Wander(noise.stream(seed, "room"), parameters.room_swing_cc, (1800.0, 7200.0, 28800.0))

    def advance(self, t_us: int) -> None:
        """Moves on to ``t_us``, never back."""
        while (at_us := self._next_break()) is not None and at_us <= t_us:
            self._settle(at_us)
            if self._next is not None and self._next[0] <= at_us:
                (_, end_us, count), self._next = self._next, None
                self._move = Move(count, at_us, end_us, self._steps, self._position) if count else None
            else:
                self._move = None
            self._go_on()
        self.now_us = max(self.now_us, t_us)

    def _next_break(self) -> int | None:
        ends = []
        if self._move is not None:
            ends.append(self._move.end_us)
        if self._next is not None:
            ends.append(self._next[0])
        return min(ends) if ends else None

    def step(self, count: int, start_us: int, end_us: int) -> None:
        """The board's order to the rotor, see ``rig.firmware.board``; begins at ``start_us``, now at the earliest."""
        if count < 0 or (count and end_us <= start_us):
            raise ValueError(f"can't turn {count} steps from {start_us} to {end_us} us")
        self._next = (max(start_us, self.now_us), end_us, count)
        self.advance(self.now_us)

    def power_off(self) -> None:
        """Nobody drives the motor or the buzzer any more."""
        self.step(0, self.now_us, self.now_us)
        self.buzzer.sound(INFO, self.now_us)

    def rotor_steps(self) -> int:
        """Whole steps that the rotor has really turned since the rig was made."""
        if self._move is None or self._stalled:
            return self._steps
        return self._move.steps + self._move.done(self.now_us)

    def turning(self) -> bool:
        """Whether the rotor is under way and not held."""
        return self._move is not None and not self._stalled

    def _flow(self) -> Flow:
        """What the rotor sends from now on at its present speed."""
        if self._reservoir_nl <= 0:
            return STANDING
        if self._move is None or self._stalled:
            return Flow(self._free_nl_s) if self._free_nl_s else STANDING
        drive = self.parameters.drive
        rate = self._move.rate()
        mean = rate * drive.step_nl
        turn = 2 * math.pi * rate * drive.rollers / drive.steps_per_revolution
        phase = drive.roller_phase(self._position)
        waves = tuple((a * mean, k * turn, k * phase + at) for k, (a, at) in enumerate(drive.ripple, start=1))
        return Flow(mean + self._free_nl_s, waves)

    def _circuit_now(self, t_us: int) -> tuple[float, float, float]:
        """(pressure, pumped, let out) since the last break; makes a break of its own where the reservoir ran dry."""
        elapsed_s = (t_us - self._break_us) * 1e-6
        state = self._transient.at(elapsed_s)
        if state[1] < self._reservoir_nl or not self._reservoir_nl:
            return state
        dry_s = runs_dry_s(lambda s: self._transient.at(s)[1], self._reservoir_nl, elapsed_s)
        self._settle_with(self._break_us + math.ceil(dry_s * 1e6), self._transient.at(dry_s))
        self._reservoir_nl = 0.0
        self._go_on()
        return self._transient.at((t_us - self._break_us) * 1e-6)

    def _settle(self, t_us: int) -> None:
        """Takes the state at ``t_us`` as the new starting point."""
        self._settle_with(t_us, self._circuit_now(t_us))

    def _settle_with(self, t_us: int, circuit: tuple[float, float, float]) -> None:
        if self._move is not None and not self._stalled:
            self._steps = self._move.steps + self._move.done(t_us)
            self._position = self._move.position_at(t_us)
        self._pressure_pa, pumped, out = circuit
        self._pumped_nl += pumped
        self._reservoir_nl -= pumped
        self._delivered_nl += out
        self._break_us = t_us

    def _go_on(self) -> None:
        """Starts the formulas anew from the last break."""
        self._transient = Transient(self.parameters.circuit, self._conductance, self._flow(), self._pressure_pa)

    def set_stalled(self, stalled: bool) -> None:
        """Holds the rotor, or lets it go on with what is left of its order; the steps in between are lost."""
        self._settle(self.now_us)
        if self._stalled and not stalled and self._move is not None:
            left = self._move.count - self._move.done(self.now_us)
            end_us = self._move.end_us
            self._move = Move(left, self.now_us, end_us, self._steps, self._position) if left else None
        self._stalled = stalled
        self._go_on()

    def set_blocked(self, fraction: float) -> None:
        """Lets the outlet pass only ``1 - fraction`` of what it did when open; 1 blocks it."""
        self._settle(self.now_us)
        self._conductance = self.parameters.circuit.conductance_nl_s_pa * (1 - fraction)
        self._go_on()

    def set_free_flow(self, flow_nl_s: float) -> None:
        """Lets so much run through the tube beside what the rotor moves; 0 ends it."""
        self._settle(self.now_us)
        self._free_nl_s = flow_nl_s
        self._go_on()

    def set_reservoir(self, volume_nl: float) -> None:
        """Empties or fills the reservoir to ``volume_nl``."""
        self._settle(self.now_us)
        self._reservoir_nl = volume_nl
        self._go_on()

    def set_charge(self, charge: float) -> None:
        """Swaps the cell for one with ``charge``, 0 to 1, of its capacity left."""
        self._spent_c = (1 - charge) * self.parameters.cell.capacity_c
        self._spent_steps, self._spent_us = self.rotor_steps(), self.now_us

    def charge(self) -> float:
        """State of charge now, 0 to 1."""
        cell = self.parameters.cell
        spent = self._spent_c + cell.idle_a * (self.now_us - self._spent_us) * 1e-6
        spent += self._step_c * (self.rotor_steps() - self._spent_steps)
        return max(0.0, 1 - spent / cell.capacity_c)

    def truth(self) -> Truth:
        """What really is, now."""
        pressure, pumped, out = self._circuit_now(self.now_us)
        return Truth(
            t_us=self.now_us,
            rotor_steps=self.rotor_steps(),
            turning=self.turning(),
            pumped_nl=self._pumped_nl + pumped,
            delivered_nl=self._delivered_nl + out,
            pressure_pa=pressure,
            reservoir_nl=max(0.0, self._reservoir_nl - pumped),
            charge=self.charge(),
            tones=self.buzzer.count(self.now_us),
            sounding=self.buzzer.priority,
        )

    def sense(self) -> tuple[int, int, int, int, int, int]:
        """What the sensors show: (rotor_steps since the rig was made, pressure_pa, balance_nl, battery_mv,
        charge_permille, temperature_cc), whole numbers."""
        t_us = self.now_us
        parameters = self.parameters
        pressure, _, out = self._circuit_now(t_us)
        charge = self.charge()
        millivolts = parameters.cell.voltage_v(charge, self.turning()) * 1e3
        return (
            self.rotor_steps(),
            round(pressure + parameters.pressure_noise_pa * noise.white(self._pressure_key, t_us)),
            self._balance.reading_nl(self._delivered_nl + out, t_us),
            max(0, round(millivolts + parameters.battery_noise_mv * noise.white(self._battery_key, t_us))),
            round(charge * 1000),
            round(parameters.room_cc + self._room.at(t_us * 1e-6)),
        )
