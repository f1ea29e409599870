"""The plant beyond the pins: rotor, tube, catheter, cup and cell, what happens to them, and what is seen of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rig.truth import Truth
from rig.virtual.course import Course
from rig.virtual.parameters import RigParameters
from rig.virtual.sanity import within
from rig.virtual.sensors import Reading, Sensors


class Plant(Course):
    """One rig's physics.  ``advance`` moves its time on; orders and faults act at the present moment.

    Raises RigFault where it is asked for the impossible.
    """

    def __init__(self, parameters: RigParameters, seed: int) -> None:
        super().__init__(parameters, seed)
        self.sensors = Sensors(parameters, seed, self.truth, self.room.celsius())
        self.advance(0)

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Something happens at the present moment."""
        self.settle()
        try:
            yield
        finally:
            self.go_on()

    def set_stalled(self, stalled: bool) -> None:
        """Holds the rotor, or lets it go on with what is left of its order; the steps in between are lost."""
        with self._change():
            self._rotor.hold(stalled, self._crystal.ticks(self.now_us))

    def set_missed(self, fraction: float) -> None:
        """Loses this share, 0 to 1, of the steps that the rotor is told to turn, evenly."""
        within(fraction, 0, 1, "of the steps lost")
        with self._change():
            self._rotor.miss(fraction, self._crystal.ticks(self.now_us))

    def set_torn(self, fraction: float) -> None:
        """Lets this share, 0 to 1, of what the rotor sweeps escape at the head."""
        within(fraction, 0, 1, "of the flow through a tear")
        with self._change():
            self._path.torn = fraction

    def set_free_flow(self, flow_nl_s: float) -> None:
        """Lets so much run through the tube beside what the rotor moves; 0 ends it."""
        within(flow_nl_s, 0, 1e6, "nL/s of free flow")
        with self._change():
            self._path.free_nl_s = flow_nl_s

    def set_wear(self, compressions: float) -> None:
        """Puts in a tube with so many compressions; 0 for a new one."""
        within(compressions, 0, 1e12, "compressions")
        with self._change():
            self._wear.renew(compressions, self._rotor.position(self._crystal.ticks(self.now_us)))

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
        with self._change():
            self._path.turn_to(replace(self._path.outlet, **changes))

    def set_reservoir(self, volume_nl: float) -> None:
        """Empties or fills the reservoir to ``volume_nl``, up to what it holds."""
        with self._change():
            self._path.fill(volume_nl)

    def set_concentration(self, concentration_ng_ml: float) -> None:
        """What leaves the reservoir from now on has this concentration."""
        with self._change():
            self._path.feed(concentration_ng_ml)

    # What is, and what the sensors show of it

    def reservoir_nl(self) -> float:
        """What is left in the reservoir now."""
        return max(0.0, self._now().reservoir_nl)

    def truth(self) -> Truth:
        """What really is, now."""
        t_us, rotor, ticks = self.now_us, self._rotor, self._crystal.ticks(self.now_us)
        pressure, pumped, delivered, leaked, reservoir = self._now()
        concentration, drug = self._path.drug(delivered)
        charge, celsius = self.power.charge(), self._room.celsius(t_us)
        position = rotor.position(ticks)
        return Truth(  # in their order: by name it takes twice as long, at each reading of the sensors
            t_us,
            self.oscillator.device_us(),
            rotor.steps(ticks),
            rotor.turning,
            pumped,
            delivered,
            leaked,
            drug,
            concentration,
            self._path.flow_nl_s(pressure),
            pressure,
            reservoir if reservoir > 0 else 0.0,
            charge,
            self.power.voltage_v(charge, celsius),
            self._wear.compressions(position),
            self._wear.efficiency(position),
            celsius,
            self.buzzer.count(ticks),
            self.buzzer.priority,
        )

    def sense(self) -> Reading:
        """What the sensors show of that."""
        return self.sensors.read(self.truth())
