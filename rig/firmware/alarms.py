"""Which alarms stand, and what the sensors say about them.  Priority and pump action are vocabulary.ALARMS."""

from firmware_link.vocabulary import ALARM_BITS, ALARMS, SETTING_KEYS, STOPPED, TO_STOP
from rig.firmware.balance import FREE_FLOW_UNCERTAINTIES, FreeFlow, RefillWatch, is_handled
from rig.firmware.plausible import BALANCE, Plausible
from rig.firmware.tolerance import NoFlow, Tolerance, reading

# A rotor this part of a turn behind is stalled: more than a coupling gives, less than one roller of a head with six.
STALL_PART = 8
OCCLUSION_SENSES = 3  # in a row: one pulse of the rollers is no occlusion
# Between two readings of the battery at least.  Of five, three must be low: the dip of a passivated cell, which falls
# off within 5 s to a third (domain.md section 5), is no end of life.
BATTERY_US = 5000000
BATTERY_SENSES = 5
BATTERY_LOW = 3
DAY_S = 86400
# Between two readings at most: where something looks wrong (and never less), what a balance shows rises, a refill is
# watched, there is a balance, or not.
SUSPICIOUS_US = 250000
RISING_US = 2000000  # so quick that a hand shows
REFILLED_US = 60000000
BALANCE_US = 900000000
STANDING_US = 3600000000

STALL = ALARM_BITS["motor_stall"]
OCCLUSION = ALARM_BITS["occlusion"]
ERI = ALARM_BITS["battery_eri"]
EOS = ALARM_BITS["battery_eos"]
FREE_FLOW = ALARM_BITS["free_flow"]
NO_FLOW = ALARM_BITS["no_flow"]
FLOW_TOLERANCE = ALARM_BITS["flow_tolerance"]
SENSOR_FAULT = ALARM_BITS["sensor_fault"]

BLOCKING = 0  # bits of the alarms that stop the pump
LATCHING = 0  # bits of those that stay until somebody clears them
for _bit, _, _, _action, _latching in ALARMS:
    BLOCKING |= (_action == TO_STOP) << _bit
    LATCHING |= _latching << _bit

#: Settings by which the flow is judged.
JUDGING = [
    SETTING_KEYS[name]
    for name in (
        "revolution_pl",
        "steps_per_revolution",
        "rollers",
        "tolerance_permille",
        "balance_uncertainty_nl",
        "evaporation_nl_day",
    )
]
_OCCLUSION_PA = SETTING_KEYS["occlusion_pa"]
_ERI_PERMILLE = SETTING_KEYS["eri_permille"]
_ERI_MV = SETTING_KEYS["eri_mv"]
_EOS_MV = SETTING_KEYS["eos_mv"]
_EOS_DAYS = SETTING_KEYS["eos_days"]
_LIFE_DAYS = SETTING_KEYS["battery_life_days"]
_TOLERANCE = SETTING_KEYS["tolerance_permille"]
_UNCERTAINTY = SETTING_KEYS["balance_uncertainty_nl"]


class _Majority:
    """Whether at least BATTERY_LOW of the last BATTERY_SENSES were true."""

    def __init__(self):
        self._bits = 0

    def add(self, low):
        self._bits = (self._bits << 1 | low) & ((1 << BATTERY_SENSES) - 1)
        if not self._bits:
            return False
        return sum(self._bits >> i & 1 for i in range(BATTERY_SENSES)) >= BATTERY_LOW


class _Rotor:
    """Whether the rotor follows its steps."""

    def __init__(self):
        self._offset = 0
        self._lost = None  # steps, of a stall that was cleared and isn't known to have ended
        self._from_steps = 0
        self._still_us = 0
        self.recovered = None  # (since when, steps lost), once

    def begin(self, rotor_steps):
        """It stands at ``rotor_steps`` where 0 are commanded."""
        self._offset = rotor_steps

    def forget(self, now_us, position, rotor_steps):
        """Whatever it has lost so far is known; count anew from here, and see whether it follows again."""
        self._lost = (self._lost or 0) + max(position + self._offset - rotor_steps, 0)
        self._offset = rotor_steps - position
        self._from_steps = rotor_steps
        self._still_us = now_us

    def check(self, now_us, rotor_steps, delivery, stall_steps):
        """(since when, steps behind) where it is stalled, else None."""
        behind = delivery.position(now_us) + self._offset - rotor_steps
        if behind < -stall_steps:  # a sensor that was silent has caught up; a stall mustn't hide behind that
            self._offset -= behind
            behind = 0
        if behind > stall_steps:
            return delivery.moment_of(rotor_steps - self._offset), behind
        if self._lost is not None:
            if rotor_steps <= self._from_steps:
                self._still_us = now_us
            elif rotor_steps - self._from_steps >= stall_steps:
                self.recovered = (self._still_us, self._lost)
                self._lost = None
        return None


class Watch:
    """Judges what is sensed.  ``check`` takes one reading and returns the alarms that it proves."""

    def __init__(self):
        self.suspicious = False  # something looks wrong, so sense again soon
        self.ended = []  # what the last check found to be over, as it returns what it proves
        self.rotor = _Rotor()
        self.sensors = Plausible()
        self._told_sensors = None  # before the first reading, whatever stands from before the boot
        self._pressure_pa = 0  # the last that can be, as the next
        self._temperature_cc = 0
        self._pressure_since_us = 0
        self._pressure_senses = 0
        self._battery_us = 0
        self._battery_low = False
        self._eri = _Majority()
        self._eos = _Majority()
        self._reading = None  # the last one, of tolerance.reading
        self._stands = False  # as that was taken
        self.free_flow = FreeFlow()
        self.no_flow = NoFlow()
        self.tolerance = Tolerance()
        self.refill = RefillWatch()

    def forget_battery(self):
        """There is another battery."""
        self._eri = _Majority()
        self._eos = _Majority()

    def forget_flow(self):
        """What the balance says begins anew."""
        self._reading = None
        self.free_flow.forget()
        self.no_flow.forget()
        self.tolerance.forget()

    def refilled(self, now_us):
        """The reservoir was filled, and maybe the cup emptied."""
        self.forget_flow()
        self.refill.begin(now_us)

    def rest_us(self, has_balance):
        """So long at most until the next reading, however little flows."""
        if self.suspicious:
            return SUSPICIOUS_US
        if self._battery_low:
            return BATTERY_US
        if self.free_flow.rising:
            return RISING_US
        if self.refill.watching:
            return REFILLED_US
        return BALANCE_US if has_balance else STANDING_US

    @property
    def due_nl(self):
        """What will have been commanded when the next window of the flow ends; None without one."""
        due_nl = self.no_flow.due_nl
        slot_nl = self.tolerance.due_nl
        return due_nl if slot_nl is None or (due_nl is not None and due_nl < slot_nl) else slot_nl

    def check(self, now_us, sensed, pump):
        """[(alarm bit, occurred_us, value)] for what this reading proves and does not stand yet."""
        proven = []
        self.ended = []
        settings = pump.settings
        delivery = pump.delivery
        sensed = self.sensors.check(now_us, sensed, settings[_UNCERTAINTY])
        self._check_sensors(now_us, pump.alarms, proven)
        rotor_steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc = sensed
        if rotor_steps is not None:
            stall = self.rotor.check(now_us, rotor_steps, delivery, pump.stall_steps)
            if stall:
                proven.append((STALL, stall[0], stall[1]))
        if pressure_pa is None:
            self._pressure_senses = 0
        else:
            self._pressure_pa = pressure_pa
            self._check_pressure(now_us, pressure_pa, settings[_OCCLUSION_PA], pump.doing == STOPPED, proven)
        if temperature_cc is not None:
            self._temperature_cc = temperature_cc
        if pump.alarms >> FLOW_TOLERANCE & 1 and not (self.sensors.has_balance and settings[_TOLERANCE]):
            self.ended.append((FLOW_TOLERANCE, now_us, 0))  # nobody judges that any more
        if balance_nl is not None:
            self._check_flow(now_us, balance_nl, pump, proven)
        elif self.sensors.bits >> BALANCE & 1 or not self.sensors.has_balance:
            self.forget_flow()  # but one reading that fails forgets nothing
        if battery_mv is None:
            self._battery_low = False
        elif now_us >= self._battery_us:
            self._battery_us = now_us + BATTERY_US
            self._battery_low = self._check_battery(now_us, battery_mv, charge_permille, pump, proven)
        self.suspicious = self.sensors.doubtful or self.no_flow.doubtful or self.free_flow.doubtful
        self.suspicious |= self._pressure_senses > 0
        return proven

    def _check_sensors(self, now_us, standing, proven):
        """One alarm for all sensors: where others are wrong than it says, it comes anew."""
        bits = self.sensors.bits
        stands = standing >> SENSOR_FAULT & 1
        if (bits == self._told_sensors or (not bits and self.sensors.doubtful)) if stands else not bits:
            return
        if stands:
            self.ended.append((SENSOR_FAULT, now_us, self._told_sensors or 0))
        if bits:
            proven.append((SENSOR_FAULT, self.sensors.since_us, bits))
        self._told_sensors = bits

    def _check_flow(self, now_us, balance_nl, pump, proven):
        settings = pump.settings
        uncertainty_nl = settings[_UNCERTAINTY]
        commanded_nl = pump.delivery.driven_pl(now_us) // 1000
        now = reading(now_us, commanded_nl, balance_nl, self._pressure_pa, self._temperature_cc, settings)
        if self._reading is not None:
            self._follow(now, uncertainty_nl)
        self._reading = now
        self._stands = pump.doing == STOPPED
        if not pump.alarms >> FREE_FLOW & 1:
            found = self.free_flow.check(now_us, balance_nl, commanded_nl, self._pressure_pa, uncertainty_nl)
            if found:
                proven.append((FREE_FLOW, found[0], found[1]))
        if pump.alarms & BLOCKING:  # what stands for a reason of its own is judged no further
            self.no_flow.forget()
            self.tolerance.forget()
            return
        found = self.no_flow.check(now, settings)
        if found:
            proven.append((NO_FLOW, found[0], found[1]))
        found = self.tolerance.check(now, settings)
        stands = pump.alarms >> FLOW_TOLERANCE & 1
        if found and found[0] != stands:
            (proven if found[0] else self.ended).append((FLOW_TOLERANCE, found[1] if found[0] else now_us, found[2]))
            if stands:
                self.tolerance.forget()  # longer windows still hold what is over

    def _follow(self, now, uncertainty_nl):
        """Leaves out of the windows what isn't the pump's since the last reading: hands, and the time while it stood;
        so that who stops it often, or touches the cup, hides nothing."""
        risen_nl = now[2] - self._reading[2]
        passed_us = now[0] - self._reading[0]
        # A knock goes up and down again, and where it is small both count.
        if is_handled(passed_us, abs(risen_nl), uncertainty_nl):
            self.free_flow.skip(risen_nl)
        is_much = abs(risen_nl) > FREE_FLOW_UNCERTAINTIES * uncertainty_nl
        if self._stands or (is_much and is_handled(passed_us, risen_nl, uncertainty_nl)):
            self.no_flow.skip(now)
            self.tolerance.skip(now)

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
            if self._eos.add(low):
                proven.append((EOS, now_us, battery_mv))
            else:
                late_s = max(
                    pump.eri_age_s(now_us) - settings[_EOS_DAYS] * DAY_S,
                    pump.battery_age_s(now_us) - settings[_LIFE_DAYS] * DAY_S,
                )
                if late_s >= 0:
                    proven.append((EOS, max(now_us - late_s * 1000000, 0), battery_mv))
        return unproven

    def _check_pressure(self, now_us, pressure_pa, limit_pa, stands, proven):
        """A program's pauses count too: what short boluses dam up shows in them."""
        if pressure_pa < limit_pa or stands:
            self._pressure_senses = 0
            return
        if not self._pressure_senses:
            self._pressure_since_us = now_us
        self._pressure_senses += 1
        if self._pressure_senses >= OCCLUSION_SENSES:
            self._pressure_senses = 0
            proven.append((OCCLUSION, self._pressure_since_us, pressure_pa))
