"""The rig's sensors: what the pump's board is shown of the truth."""

from collections.abc import Callable
from typing import TypeAlias

from firmware_link.errors import UsageError
from firmware_link.vocabulary import SENSORS
from rig.physics import noise
from rig.physics.balance import Balance
from rig.physics.pressure import LOWEST_PA, PressureSensor
from rig.physics.sensor import STUCK, Sensor
from rig.truth import Truth
from rig.virtual.parameters import RigParameters

#: as ``Board.sense``, with the rotor's steps since the rig was made; None without a balance
Reading: TypeAlias = tuple[int, int, int | None, int, int, int]

ROTOR, PRESSURE, BALANCE, BATTERY, TEMPERATURE = SENSORS
_COLDEST_CC = -27_315


class Sensors:
    """All of one rig's.  ``truth`` says what is so now."""

    def __init__(self, parameters: RigParameters, seed: int, truth: Callable[[], Truth], tare_c: float) -> None:
        self._truth = truth
        self._balance = Balance(parameters.balance, seed, tare_c)
        self._pressure = PressureSensor(parameters.pressure, seed)
        self._voltage, self._voltage_key = parameters.voltage, noise.stream(seed, "battery")
        self._room, self._room_key = parameters.room, noise.stream(seed, "thermometer")
        self._shaken_mg = 0.0
        self._rotor = Sensor(0)
        self._unseen_steps = 0  # turned while the rotor's sensor was dead
        self._pressure_health = Sensor(round(LOWEST_PA))
        self._balance_health: Sensor[int | None] = Sensor(None)
        self._battery_health = Sensor(0)
        self._temperature_health = Sensor(_COLDEST_CC)

    def settle(self, received_nl: float, t_us: int) -> None:
        """By ``t_us`` so much has come into the cup, and goes on at another rate; at moments that don't depend on who
        looks."""
        self._balance.settle(received_nl, t_us)

    def vibrate(self, amplitude_mg: float) -> None:
        """Shakes the bench so much from now on, 0 ends it."""
        self._shaken_mg = amplitude_mg

    def set(self, name: str, how: str, times: float = 1.0) -> None:
        """From now on the sensor of ``SENSORS`` is "" (well), "dead", "stuck" at what it shows now, or "noisy", so many
        times as by itself; raises UsageError for another word."""
        steps, pressure_pa, balance_nl, battery_mv, _, temperature_cc = self.read(self._truth())
        if name == ROTOR:
            self._rotor.set(how and STUCK, times, steps)  # dead, it counts no further
            self._unseen_steps = self._truth().rotor_steps - steps
        elif name == PRESSURE:
            self._pressure_health.set(how, times, pressure_pa)
        elif name == BALANCE:
            self._balance_health.set(how, times, balance_nl)
        elif name == BATTERY:
            self._battery_health.set(how, times, battery_mv)
        elif name == TEMPERATURE:
            self._temperature_health.set(how, times, temperature_cc)
        else:
            raise UsageError(f'name: there is no sensor "{name}".', f"Choose one of {', '.join(SENSORS)}.")

    def steps(self, rotor_steps: int) -> int:
        """What the rotor's sensor has counted when the rotor has turned ``rotor_steps``."""
        return self._rotor.shows(rotor_steps - self._unseen_steps)

    def read(self, truth: Truth) -> Reading:
        """What the board is shown when ``truth`` is so."""
        t_us = truth.t_us
        pressure, balance = self._pressure_health, self._balance_health
        return (
            self.steps(truth.rotor_steps),
            pressure.shows(self._pressure.reading_pa(truth.pressure_pa, t_us, pressure.louder)),
            balance.shows(
                self._balance.reading_nl(truth.delivered_nl, truth.temperature_c, t_us, balance.louder, self._shaken_mg)
            ),
            self._battery_health.shows(self._battery_mv(truth.battery_v, t_us)),
            round(truth.charge * 1000),
            self._temperature_health.shows(self._temperature_cc(truth.temperature_c, t_us)),
        )

    def _battery_mv(self, volt: float, t_us: int) -> int:
        figures = self._voltage
        shown_mv = volt * 1e3 + self._battery_health.louder * figures.noise_mv * noise.white(self._voltage_key, t_us)
        return max(0, round(round(shown_mv / figures.resolution_mv) * figures.resolution_mv))

    def _temperature_cc(self, celsius: float, t_us: int) -> int:
        figures = self._room
        shown_c = celsius + self._temperature_health.louder * figures.noise_c * noise.white(self._room_key, t_us)
        return round(round(shown_c / figures.resolution_c) * figures.resolution_c * 100)
