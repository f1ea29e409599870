"""Which alarms stand, and what the sensors say about them.  Priority and pump action are vocabulary.ALARMS."""

from firmware_link.vocabulary import ALARM_BITS, ALARMS, SETTING_KEYS, TO_STOP
from rig.firmware.balance import FreeFlow, RefillWatch

# A rotor this part of a turn behind is stalled: more than a coupling gives, less than one roller of a head with six.
STALL_PART = 8
OCCLUSION_SENSES = 3  # in a row: one pulse of the rollers is no occlusion
BATTERY_US = 1000000  # between two readings of the battery at least
BATTERY_SENSES = 5  # of so many, BATTERY_LOW must be low: a start-up current dip is no end of life
BATTERY_LOW = 3
DAY_S = 86400
# Between two readings at most: where something looks wrong (and never less), what a balance shows rises, there is a
# balance, or not.
SUSPICIOUS_US = 250000
RISING_US = 60000000
BALANCE_US = 900000000
STANDING_US = 3600000000

STALL = ALARM_BITS["motor_stall"]
OCCLUSION = ALARM_BITS["occlusion"]
ERI = ALARM_BITS["battery_eri"]
EOS = ALARM_BITS["battery_eos"]
FREE_FLOW = ALARM_BITS["free_flow"]

BLOCKING = 0  # bits of the alarms that stop the pump
LATCHING = 0  # bits of those that stay until somebody clears them
for _bit, _, _, _action, _latching in ALARMS:
    BLOCKING |= (_action == TO_STOP) << _bit
    LATCHING |= _latching << _bit

_OCCLUSION_PA = SETTING_KEYS["occlusion_pa"]
_ERI_PERMILLE = SETTING_KEYS["eri_permille"]
_ERI_MV = SETTING_KEYS["eri_mv"]
_EOS_MV = SETTING_KEYS["eos_mv"]
_EOS_DAYS = SETTING_KEYS["eos_days"]


class _Majority:
    """Whether at least BATTERY_LOW of the last BATTERY_SENSES were true."""

    def __init__(self):
        self._bits = 0

    def add(self, low):
        self._bits = (self._bits << 1 | low) & ((1 << BATTERY_SENSES) - 1)
        if not self._bits:
            return False
        return sum(self._bits >> i & 1 for i in range(BATTERY_SENSES)) >= BATTERY_LOW


class Watch:
    """Judges what is sensed.  ``check`` takes one reading and returns the alarms that it proves."""

    def __init__(self):
        self.suspicious = False  # something looks wrong, so sense again soon
        self._rotor_offset = 0
        self._pressure_since_us = 0
        self._pressure_senses = 0
        self._battery_us = 0
        self._battery_low = False
        self._eri = _Majority()
        self._eos = _Majority()
        self.free_flow = FreeFlow()
        self.refill = RefillWatch()

    def forget_rotor(self, position, rotor_steps):
        """Whatever the rotor has lost so far is known; count anew from here."""
        self._rotor_offset = rotor_steps - position

    def forget_battery(self):
        """There is another battery."""
        self._eri = _Majority()
        self._eos = _Majority()

    def refilled(self, now_us):
        """The reservoir was filled, and maybe the cup emptied: what the balance says begins anew."""
        self.free_flow.forget()
        self.refill.begin(now_us)

    def rest_us(self, has_balance):
        """So long at most until the next reading, however little flows."""
        if self.suspicious:
            return SUSPICIOUS_US
        if self.free_flow.rising or self.refill.watching:
            return RISING_US
        return BALANCE_US if has_balance else STANDING_US

    def check(self, now_us, sensed, pump):
        """[(alarm bit, occurred_us, value)] for what this reading proves and does not stand yet."""
        proven = []
        rotor_steps, pressure_pa, balance_nl, battery_mv, charge_permille, _ = sensed
        settings = pump.settings
        delivery = pump.delivery
        behind = delivery.position(now_us) + self._rotor_offset - rotor_steps
        if behind > pump.stall_steps:
            proven.append((STALL, delivery.moment_of(rotor_steps - self._rotor_offset), behind))
        self._check_pressure(now_us, pressure_pa, settings[_OCCLUSION_PA], delivery.flow_pl_s, proven)
        if not pump.alarms >> FREE_FLOW & 1:
            commanded_nl = delivery.commanded_pl(now_us) // 1000
            flow = self.free_flow.check(now_us, balance_nl, commanded_nl, settings[_OCCLUSION_PA])
            if flow:
                proven.append((FREE_FLOW, flow[0], flow[1]))
        if now_us >= self._battery_us:
            self._battery_us = now_us + BATTERY_US
            self._battery_low = self._check_battery(now_us, battery_mv, charge_permille, pump, proven)
        self.suspicious = self._battery_low or self._pressure_senses > 0
        return proven

    def _check_battery(self, now_us, battery_mv, charge_permille, pump, proven):
        """Whether something not yet proven looks low."""
        settings = pump.settings
        unproven = False
        if not pump.alarms >> ERI & 1:
            low = charge_permille <= settings[_ERI_PERMILLE] or battery_mv < settings[_ERI_MV]
            unproven |= low
            if self._eri.add(low):
                proven.append((ERI, now_us, battery_mv))
        if not pump.alarms >> EOS & 1:
            low = battery_mv < settings[_EOS_MV]
            unproven |= low
            if self._eos.add(low) or pump.eri_age_s(now_us) >= settings[_EOS_DAYS] * DAY_S:
                proven.append((EOS, now_us, battery_mv))
        return unproven

    def _check_pressure(self, now_us, pressure_pa, limit_pa, flow_pl_s, proven):
        if pressure_pa < limit_pa or not flow_pl_s:
            self._pressure_senses = 0
            return
        if not self._pressure_senses:
            self._pressure_since_us = now_us
        self._pressure_senses += 1
        if self._pressure_senses >= OCCLUSION_SENSES:
            self._pressure_senses = 0
            proven.append((OCCLUSION, self._pressure_since_us, pressure_pa))
