"""How one rig's physics moves on in time, in closed form from break to break.

Between two *breaks* everything is a formula of the time since the last one.  Breaks are where an order begins or ends,
something is done to the rig, the reservoir runs dry, at each full hour (of the tube's temperature and the crystal's
rate), and at each 500 compressions (of the tube's wear).  None of them depends on who looks, so what the rig shows at a
moment doesn't either.  ``t_us`` is microseconds since the rig was made.
"""

import math

from firmware_link.vocabulary import INFO
from rig.physics.drive import Rotor
from rig.physics.oscillator import Oscillator
from rig.physics.room import Room
from rig.virtual.buzzer import Buzzer
from rig.virtual.flowpath import FlowPath, Volumes
from rig.virtual.influences import Power, PumpClock, RoomControl
from rig.virtual.parameters import RigParameters
from rig.virtual.sanity import RigFault
from rig.virtual.sensors import Sensors
from rig.virtual.wear import Wear

HOUR_US = 3_600_000_000


class Course:
    """The parts of one rig, and their time.  Raises RigFault where it is asked for the impossible."""

    sensors: Sensors

    def __init__(self, parameters: RigParameters, seed: int) -> None:
        self.parameters = parameters
        self.now_us = 0
        self.buzzer = Buzzer()
        self.presses = 0  # of the pump's button
        self._room = Room(parameters.room, seed)
        self._crystal = Oscillator(parameters.crystal, seed, self._room.celsius)
        self._rotor = Rotor()  # in ticks of the crystal, which makes its pulses
        self._path = FlowPath(parameters)
        self._wear = Wear(parameters.tube, parameters.drive)
        self._roller_steps = parameters.drive.steps_per_compression
        self.room = RoomControl(self._room, self._crystal, self)
        self.oscillator = PumpClock(self._crystal, self)
        self.power = Power(parameters.battery, parameters.battery.step_c(parameters.step_nl), self)
        self._break_us = 0  # the last one
        self._hour_us = 0  # the next full one
        self._dry_s: float | None = None  # when after the last break the reservoir runs dry, if before the next,
        self._dry_us = 0  # and the microsecond of that
        self._next_us = 0  # the next break
        self._look_us, self._look = -1, self._path.at(0.0)  # what was seen last, and when

    # Time

    def advance(self, t_us: int) -> None:
        """Moves on to ``t_us``, never back."""
        if t_us < self.now_us:
            raise RigFault(f"its time would go back from {self.now_us} to {t_us} us")
        while self._next_us <= t_us:
            self.now_us = self._next_us
            self._break()
        self.now_us = t_us

    def _break(self) -> None:
        """What happens by itself at the present moment."""
        now_us = self.now_us
        if self._dry_s is not None and self._dry_us <= now_us:
            self.settle(self._dry_s)
            self._path.empty()
        else:
            self.settle()
        if now_us >= self._hour_us:
            self._hour_us = (now_us // HOUR_US + 1) * HOUR_US
            self._crystal.forget(now_us)
        self._rotor.turn_over(self._crystal.ticks(now_us))
        self.power.load(self._rotor.driven)
        self.go_on()

    def settle(self, flowed_s: float | None = None) -> None:
        """Takes the present state as the new starting point, after so much of flowing since the last."""
        self._path.settle((self.now_us - self._break_us) * 1e-6 if flowed_s is None else flowed_s)
        self._rotor.settle(self._crystal.ticks(self.now_us))
        self.sensors.settle(self._path.delivered_nl, self.now_us)
        self._break_us = self.now_us
        self._look_us = -1

    def go_on(self) -> None:
        """Starts the formulas anew from the last break, and looks for the next."""
        now_us, rotor, path = self.now_us, self._rotor, self._path
        self._next_us = self._hour_us
        due_ticks = rotor.due_us()
        if due_ticks is not None:
            self._next_us = min(self._next_us, max(now_us, self._crystal.at_us(due_ticks)))
        if rate := rotor.rate * (1 + self._crystal.ppm(now_us) * 1e-6):
            position = rotor.position(self._crystal.ticks(now_us))
            ends_s = self._wear.at(position, self._room.mean_c(now_us, self._next_us)) / rate  # of these compressions
            self._next_us = min(self._next_us, now_us + max(1, math.ceil(ends_s * 1e6)))
            mean_nl_s = rate * self._wear.step_nl
            turn_rad_s = 2 * math.pi * rate / self._roller_steps
            phase = self.parameters.drive.roller_phase(position)
            path.go_on(mean_nl_s, self.parameters.tube.waves(mean_nl_s, turn_rad_s, phase))
        else:
            path.go_on(0.0, ())
        self._dry_s = path.dry_s((self._next_us - now_us) * 1e-6)
        if self._dry_s is not None:
            self._dry_us = now_us + max(1, math.ceil(self._dry_s * 1e6))
            self._next_us = min(self._next_us, self._dry_us)

    def _now(self) -> Volumes:
        """Where the liquid is now."""
        if self._look_us != self.now_us:
            self._look_us, self._look = self.now_us, self._path.at((self.now_us - self._break_us) * 1e-6)
        return self._look

    # Orders

    def step(self, count: int, start_ticks: int, end_ticks: int) -> None:
        """The board's order to the rotor, see ``rig.firmware.board``, in ticks of its crystal since the rig was made;
        begins now at the earliest."""
        start_ticks = max(start_ticks, self._crystal.ticks(self.now_us))
        if count < 0 or (count and end_ticks <= start_ticks):
            raise RigFault(f"its rotor can't turn {count} steps from {start_ticks} to {end_ticks} us")
        self._rotor.order(count, start_ticks, end_ticks)
        self._next_us = min(self._next_us, max(self.now_us, self._crystal.at_us(start_ticks)))
        self.advance(self.now_us)

    def power_on(self) -> None:
        """The board boots, and its clock begins at 0."""
        self.oscillator.boot()
        self.power.electronics(True)

    def power_off(self) -> None:
        """Nobody drives the motor or the buzzer any more."""
        self.step(0, 0, 0)
        self.sound(INFO)
        self.power.electronics(False)

    def sound(self, priority: int) -> None:
        """The board's order to its buzzer."""
        self.buzzer.sound(priority, self._crystal.ticks(self.now_us))

    def driven_steps(self) -> int:
        """Whole steps that the motor was driven for since the rig was made, whether the rotor took them or not."""
        return self._rotor.driven_steps(self._crystal.ticks(self.now_us))

    def rotor_steps(self) -> int:
        """Whole steps that the rotor has really turned since the rig was made."""
        return self._rotor.steps(self._crystal.ticks(self.now_us))
