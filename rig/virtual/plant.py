"""The plant beyond the pins: rotor, tube, catheter, cup and cell, moved on in closed form from event to event.

Between two *breaks* everything is a formula of the time since the last one.  Breaks are where an order begins or ends,
a fault does, the reservoir runs dry, at each full hour (of the tube's temperature), and at each 500 compressions (of
its wear).  None of them depends on who looks, so what the plant shows at a moment doesn't either.  ``t_us`` is
microseconds since the rig was made.
"""

import math
from dataclasses import replace
from typing import Any

from firmware_link.vocabulary import INFO
from rig.physics.drive import Rotor
from rig.physics.oscillator import Oscillator
from rig.physics.room import Room
from rig.truth import Truth
from rig.virtual.buzzer import Buzzer
from rig.virtual.flowpath import FlowPath, Volumes
from rig.virtual.influences import Power, PumpClock, RoomControl
from rig.virtual.parameters import RigParameters
from rig.virtual.sanity import RigFault, within
from rig.virtual.sensors import Reading, Sensors
from rig.virtual.wear import Wear

HOUR_US = 3_600_000_000


class Plant:
    """One rig's physics.  ``advance`` moves its time on; orders and faults act at the present moment.

    Raises RigFault where it is asked for the impossible.
    """

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
        self.sensors = Sensors(parameters, seed, self.truth, self._room.celsius(0))
        self._break_us = 0  # the last one
        self._hour_us = 0  # the next full one
        self._dry_s: float | None = None  # when after the last break the reservoir runs dry, if before the next,
        self._dry_us = 0  # and the microsecond of that
        self._next_us = 0  # the next break
        self._look_us, self._look = -1, self._path.at(0.0)  # what was seen last, and when
        self.advance(0)

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
            ends_s = self._wear.at(position, self._room.celsius(now_us)) / rate  # of these compressions
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
        self.buzzer.sound(INFO, self.now_us)
        self.power.electronics(False)

    def rotor_steps(self) -> int:
        """Whole steps that the rotor has really turned since the rig was made."""
        return self._rotor.steps(self._crystal.ticks(self.now_us))

    # Faults

    def set_stalled(self, stalled: bool) -> None:
        """Holds the rotor, or lets it go on with what is left of its order; the steps in between are lost."""
        self.settle()
        self._rotor.hold(stalled, self._crystal.ticks(self.now_us))
        self.go_on()

    def set_missed(self, fraction: float) -> None:
        """Loses this share, 0 to 1, of the steps that the rotor is told to turn, evenly."""
        within(fraction, 0, 1, "of the steps lost")
        self.settle()
        self._rotor.miss(fraction, self._crystal.ticks(self.now_us))
        self.go_on()

    def set_torn(self, fraction: float) -> None:
        """Lets this share, 0 to 1, of what the rotor sweeps escape at the head."""
        within(fraction, 0, 1, "of the flow through a tear")
        self.settle()
        self._path.torn = fraction
        self.go_on()

    def set_free_flow(self, flow_nl_s: float) -> None:
        """Lets so much run through the tube beside what the rotor moves; 0 ends it."""
        within(flow_nl_s, 0, 1e6, "nL/s of free flow")
        self.settle()
        self._path.free_nl_s = flow_nl_s
        self.go_on()

    def set_wear(self, compressions: float) -> None:
        """Puts in a tube with so many compressions; 0 for a new one."""
        within(compressions, 0, 1e12, "compressions")
        self.settle()
        self._wear.renew(compressions, self._rotor.position(self._crystal.ticks(self.now_us)))
        self.go_on()

    def set_blocked(self, fraction: float) -> None:
        """Lets the outlet pass only ``1 - fraction`` of what it did when open; 1 blocks it."""
        within(fraction, 0, 1, "of the outlet blocked")
        self._set_outlet(blocked=fraction)

    def set_kinked(self, times: float) -> None:
        """Makes the catheter's resistance so many times larger; 1 for none."""
        within(times, 1, 1e9, "times the resistance")
        self._set_outlet(kinked=times)

    def set_leaking(self, fraction: float) -> None:
        """Opens a second path, through which this share escapes, below 1, while the catheter is open; 0 closes it."""
        within(fraction, 0, 0.999, "of the flow beside the catheter")
        self._set_outlet(leaking=fraction)

    def set_disconnected(self, disconnected: bool) -> None:
        """Takes the catheter off, or puts it on again."""
        self._set_outlet(disconnected=disconnected)

    def set_back_pressure(self, pressure_pa: float) -> None:
        """Raises the head at the outlet by so much; 0 for none."""
        within(pressure_pa, -101_325, 1e6, "Pa of back-pressure")
        self._set_outlet(back_pressure_pa=pressure_pa)

    def _set_outlet(self, **changes: Any) -> None:
        self.settle()
        self._path.outlet = replace(self._path.outlet, **changes)
        self.go_on()

    def set_reservoir(self, volume_nl: float) -> None:
        """Empties or fills the reservoir to ``volume_nl``, up to what it holds."""
        self.settle()
        self._path.fill(volume_nl)
        self.go_on()

    def set_concentration(self, concentration_ng_ml: float) -> None:
        """What leaves the reservoir from now on has this concentration."""
        self.settle()
        self._path.feed(concentration_ng_ml)
        self.go_on()

    # What is, and what the sensors show of it

    def reservoir_nl(self) -> float:
        """What is left in the reservoir now."""
        return self._now().reservoir_nl

    def truth(self) -> Truth:
        """What really is, now."""
        t_us, rotor, ticks = self.now_us, self._rotor, self._crystal.ticks(self.now_us)
        volumes, position = self._now(), rotor.position(ticks)
        concentration, drug = self._path.drug(volumes.delivered_nl)
        charge, celsius = self.power.charge(), self._room.celsius(t_us)
        return Truth(
            t_us=t_us,
            device_us=self.oscillator.device_us(),
            rotor_steps=rotor.steps(ticks),
            turning=rotor.turning,
            pumped_nl=volumes.pumped_nl,
            delivered_nl=volumes.delivered_nl,
            leaked_nl=volumes.leaked_nl,
            drug_ng=drug,
            concentration_ng_ml=concentration,
            flow_nl_s=self._path.flow_nl_s(volumes.pressure_pa),
            pressure_pa=volumes.pressure_pa,
            reservoir_nl=volumes.reservoir_nl,
            charge=charge,
            battery_v=self.power.voltage_v(charge, celsius),
            compressions=self._wear.compressions(position),
            efficiency=self._wear.efficiency(position),
            temperature_c=celsius,
            tones=self.buzzer.count(t_us),
            sounding=self.buzzer.priority,
        )

    def sense(self) -> Reading:
        """What the sensors show of that."""
        return self.sensors.read(self.truth())
