"""Whether the sensors can be right at all."""

from firmware_link.vocabulary import SENSORS
from rig.firmware.balance import is_handled

CONFIRM = 3  # readings in a row that prove a sensor wrong, or right again
STUCK = 32  # readings in a row that no live pressure sensor shows the same…
STUCK_DOUBT = 8  # …and so many are reason to look sooner
# A balance that falls, faster than a cup evaporates, so often in so many readings isn't touched: it shakes.
SHAKES = 3
SHAKEN = 32
ROTOR, PRESSURE, BALANCE, BATTERY, TEMPERATURE = range(5)
assert len(SENSORS) == 5

# Of Board.sense behind the rotor, what only a broken sensor or cable says: (sensor, smallest, largest).  A ratiometric
# pressure sensor never leaves 10 to 90 % of its supply by much, a dead cell runs no board, and so on.
POSSIBLE = (
    (PRESSURE, -30000, 380000),  # Pa
    (BALANCE, -100000000000, 100000000000),  # nL: more than a life's, should nobody ever empty the cup
    (BATTERY, 500, 12000),  # mV
    (BATTERY, 0, 1000),  # permille
    (TEMPERATURE, -4500, 12500),  # hundredths of a degree Celsius
)


def impossible(sensed):
    """Bits of vocabulary.SENSORS whose values can't be."""
    bits = 0
    at = 1
    for sensor, smallest, largest in POSSIBLE:
        value = sensed[at]
        if value is not None and not smallest <= value <= largest:
            bits |= 1 << sensor
        at += 1
    return bits


class Plausible:
    """``bits`` of vocabulary.SENSORS that are proven wrong, ``since_us`` when the last of them began to be."""

    def __init__(self):
        self.bits = 0
        self.since_us = 0
        self.doubtful = False  # look again soon
        self._counts = [0] * len(SENSORS)
        self._since_us = [0] * len(SENSORS)
        self._farthest = 0  # the rotor never turns back
        self.has_balance = False  # or had one
        self._pressure_pa = None
        self._same = 0  # readings of just this pressure, since…
        self._same_us = 0
        self._balance = None  # (moment, nl) of the last reading
        self._falls = 0  # bits of the last SHAKEN readings of the balance

    def check(self, now_us, sensed, uncertainty_nl):
        """``sensed`` with None for what is wrong."""
        wrong = self._wrong(now_us, sensed) | self._shaken(now_us, sensed[2], uncertainty_nl)
        if wrong or self.bits or self.doubtful:
            self._count(now_us, wrong)
        falling = self._falls and not self.bits >> BALANCE & 1
        self.doubtful = self.doubtful or STUCK_DOUBT <= self._same < STUCK or falling > 0
        wrong |= self.bits
        if not wrong:
            return sensed
        sensors = (ROTOR, PRESSURE, BALANCE, BATTERY, BATTERY, TEMPERATURE)
        return tuple([None if wrong >> sensor & 1 else value for sensor, value in zip(sensors, sensed)])

    def _wrong(self, now_us, sensed):
        wrong = impossible(sensed)
        rotor_steps, pressure_pa, balance_nl = sensed[:3]
        if rotor_steps < self._farthest:
            wrong |= 1 << ROTOR
        else:
            self._farthest = rotor_steps
        if balance_nl is not None:
            self.has_balance = True
        elif self.has_balance:
            wrong |= 1 << BALANCE
        if pressure_pa != self._pressure_pa:
            self._pressure_pa = pressure_pa
            self._same = 1
            self._same_us = now_us
        elif self._same < STUCK:
            self._same += 1
        if self._same > STUCK - CONFIRM:
            wrong |= 1 << PRESSURE
        return wrong

    def _shaken(self, now_us, balance_nl, uncertainty_nl):
        """The balance's bit where it shakes."""
        if balance_nl is None:
            self._balance = None
            return 0
        fell = False
        if self._balance is not None:
            last_us, last_nl = self._balance
            fell = balance_nl < last_nl and is_handled(now_us - last_us, balance_nl - last_nl, uncertainty_nl)
        self._balance = now_us, balance_nl
        self._falls = (self._falls << 1 | fell) & ((1 << SHAKEN) - 1)
        if not self._falls:
            return 0
        return (sum([self._falls >> i & 1 for i in range(SHAKEN)]) >= SHAKES) << BALANCE

    def _count(self, now_us, wrong):
        self.doubtful = False
        for sensor, count in enumerate(self._counts):
            bit = 1 << sensor
            if wrong & bit:
                if not count:
                    self._since_us[sensor] = self._same_us if sensor == PRESSURE else now_us
                count = min(count + 1, CONFIRM)
            else:
                count = max(count - 1, 0)
            if count == CONFIRM and not self.bits & bit:
                self.bits |= bit
                self.since_us = self._since_us[sensor]
            elif not count:
                self.bits &= ~bit
            self._counts[sensor] = count
            self.doubtful |= 0 < count < CONFIRM
