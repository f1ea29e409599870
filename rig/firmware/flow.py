"""What flows now, until when, and what is written and driven because of it.

The moments at which something changes by itself (a segment's end, a bolus's, a level of the reservoir, two days
stopped) are found ahead, so nothing polls in between.
"""

from firmware_link.vocabulary import ALARM_BITS, BOLUS, MINIMUM_RATE, RUNNING, SETTING_KEYS, STOPPED
from rig.firmware import alarms, state
from rig.firmware.control import Control
from rig.firmware.delivery import Delivery
from rig.firmware.demand import Demands
from rig.firmware.reservoir import Reservoir
from rig.firmware.tube import Tube

HOUR_US = 3600000000
MINUTE_US = 60000000
_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]
_STEPS = SETTING_KEYS["steps_per_revolution"]
_MINIMUM_FLOW = SETTING_KEYS["minimum_flow_pl_s"]
_MAXIMUM_FLOW = SETTING_KEYS["maximum_flow_pl_s"]
_STOPPED_ALARM_H = SETTING_KEYS["stopped_alarm_h"]
_REMINDER_MIN = SETTING_KEYS["reminder_min"]


class Flow:
    """The base of ``Pump``, which adds the ways from one doing to the next.

    Where a method takes ``at_us`` and ``now_us``, something happened at the one and is noticed at the other.
    ``advance`` brings everything up to the present, then other methods may be called, and ``settle`` makes memory and
    motor follow.
    """

    def __init__(self, board, record, now_us):
        self._record = record
        self.memory = record.state
        self.settings = self.memory.settings
        self.clock = record.clock
        self.reservoir = Reservoir(self.memory, record.found in (state.FRESH, state.LOST))
        self.demands = Demands(self.memory, self.clock)
        self.delivery = Delivery(board, self.memory.commanded_pl, self.settings[_REVOLUTION_PL], self.settings[_STEPS])
        self.control = Control(self.settings, self.delivery)
        self.tube = Tube(self.memory)
        self.doing = STOPPED
        self.alarms = self.memory.alarms
        self.course = None
        self.bolus = None  # (command id, volume_pl, began_us, duration_us, after) while one is delivered
        self._in_prelude = False
        self._began_us = 0  # the minimum rate
        self._until_us = None  # end of the stretch that is followed
        self.due_us = None  # when ``advance`` must be called next; None for never
        self._stopped_from_us = now_us - self.memory.stopped_age_s * 1000000
        self._eri_from_us = now_us - self.memory.eri_age_s * 1000000
        self._battery_from_us = now_us - self.memory.battery_age_s * 1000000
        self._replanned = True
        self.stall_steps = self.settings[_STEPS] // alarms.STALL_PART

    def configured(self, now_us, keys):
        """Takes over the settings ``keys``, which have changed; the calibration only while halted."""
        settings = self.settings
        self.stall_steps = settings[_STEPS] // alarms.STALL_PART
        self.mend(now_us, now_us)
        if any(key in alarms.JUDGING for key in keys):
            self.watch.forget_flow()
        self.delivery.calibrate(now_us, settings[_REVOLUTION_PL], settings[_STEPS])
        self.control.keep(self.delivery)
        self.tube.calibrate(self.commanded_pl(now_us))
        self.plan(now_us, now_us)

    # Looking

    def commanded_pl(self, now_us):
        """Picolitres since the pump was made."""
        return self.delivery.commanded_pl(now_us)

    def reservoir_nl(self, now_us):
        """Nanolitres left."""
        return self.reservoir.left_pl(self.delivery.commanded_pl(now_us)) // 1000

    def eri_age_s(self, now_us):
        """Seconds since the battery's ERI, 0 before."""
        return (now_us - self._eri_from_us) // 1000000 if self.alarms >> alarms.ERI & 1 else 0

    def battery_age_s(self, now_us):
        """Seconds since the battery was new."""
        return (now_us - self._battery_from_us) // 1000000

    def bolus_left_ms(self, now_us):
        """Milliseconds of the bolus still to come."""
        return (self.bolus[2] + self.bolus[3] - now_us) // 1000 if self.bolus else 0

    # The flow of time

    def advance(self, now_us):
        """Lets happen, in order and at its own moment, everything that is due by ``now_us``."""
        while self.due_us is not None and self.due_us <= now_us:
            at_us = self.due_us
            if at_us == self._until_us:
                self._end_stretch(at_us, now_us)
            elif self.doing == STOPPED:
                self._end_patience(at_us, now_us)
            self.plan(at_us, now_us)

    def _end_stretch(self, at_us, now_us):
        if self.doing == BOLUS:
            self._end_bolus(at_us, now_us)
        elif self.doing == RUNNING and self._in_prelude and not self.course.in_prelude(at_us):
            self._in_prelude = False
            self._event("prelude_ended", at_us, now_us)

    def _end_patience(self, at_us, now_us):
        for name, after_us, value in self._patience():
            if self._stopped_from_us + after_us <= at_us:
                self.raise_alarm(name, at_us, now_us, value)

    def _patience(self):
        """(alarm, so long after the stop, value of its event) of what is to come while it stands still."""
        hours = self.settings[_STOPPED_ALARM_H]
        found = [("stopped_long", hours * HOUR_US, hours)]
        minutes = self.settings[_REMINDER_MIN]
        if self.course and self.course.program.stops:
            minutes = self.course.program.reminder_min or minutes
        if minutes:
            found.append(("stopped_reminder", minutes * MINUTE_US, minutes))
        return [row for row in found if not self.alarms >> ALARM_BITS[row[0]] & 1]

    def plan(self, at_us, now_us):
        """Finds the flow from ``at_us`` on and the next moment at which something changes."""
        self.mend(at_us, now_us)
        self._until_us = None
        try:
            agreed = self._follow(at_us, now_us)
        except Exception:  # noqa: BLE001  what is planned makes no sense at all
            agreed = False
        if not agreed:
            self._distrust(at_us, now_us)
            return
        self._replanned = True
        self._check_levels(at_us, now_us)
        self._find_due(at_us)

    def _follow(self, at_us, now_us):
        """Has ``delivery`` follow what flows from ``at_us`` on; whether two ways agree on where that leads."""
        from_us, until_us, volume_pl, duration_us = at_us, None, 0, 1
        if self.doing == RUNNING:
            from_us, until_us, _, volume_pl, duration_us = self.course.stretch(at_us)
            if until_us is None:
                self._leave_program(at_us, now_us)
        elif self.doing == BOLUS:
            _, volume_pl, from_us, duration_us, _ = self.bolus
            until_us = from_us + duration_us
        elif self.doing == MINIMUM_RATE:
            hours = (at_us - self._began_us) // HOUR_US
            from_us = self._began_us + hours * HOUR_US
            volume_pl, duration_us = self.settings[_MINIMUM_FLOW] * 3600, HOUR_US
            until_us = from_us + HOUR_US
        self.delivery.follow(at_us, from_us, volume_pl, duration_us)
        self.control.keep(self.delivery)
        self._until_us = until_us
        return self.control.agrees(self, at_us, until_us)

    def _find_due(self, at_us):
        self.due_us = self._until_us
        if self.doing == STOPPED:
            for _, after_us, _ in self._patience():
                moment_us = max(self._stopped_from_us + after_us, at_us)
                self.due_us = moment_us if self.due_us is None else min(self.due_us, moment_us)
            return
        is_low = self.alarms >> ALARM_BITS["low_reservoir"] & 1
        levels = [self.reservoir.empty_at_pl if is_low else self.reservoir.low_at_pl]
        if not self.alarms >> ALARM_BITS["tube_service"] & 1:
            levels.append(self.tube.worn_at_pl)
        for level_pl in levels:
            level_us = self.delivery.reaches(level_pl)
            if level_us is not None and level_us < self.due_us:
                self.due_us = level_us

    def _check_levels(self, at_us, now_us):
        left_pl = self.reservoir.left_pl(self.delivery.commanded_pl(at_us))
        low_pl = self.reservoir.empty_at_pl - self.reservoir.low_at_pl
        for name, level_pl in (("low_reservoir", low_pl), ("empty_reservoir", 0)):
            if left_pl <= level_pl:
                self.raise_alarm(name, at_us, now_us, left_pl // 1000)
            else:
                self.end_alarm(name, at_us, now_us, left_pl // 1000)
        commanded_pl = self.delivery.commanded_pl(at_us)
        if self.tube.is_worn(commanded_pl):
            self.raise_alarm("tube_service", at_us, now_us, self.tube.compressions(commanded_pl))
        else:
            self.end_alarm("tube_service", at_us, now_us, self.tube.compressions(commanded_pl))

    def settle(self, now_us):
        """Writes what changed, and moves the rotor as planned; a halt goes first.  Raises OSError where the memory
        fails."""
        if self._replanned and self.delivery.halted:
            self._drive(now_us)
        if self._record.changed:
            self.save(now_us)
        if self._replanned or (self.delivery.due_us is not None and self.delivery.due_us <= now_us):
            self._drive(now_us)

    def _drive(self, now_us):
        self._replanned = False
        until_us = None if self.delivery.halted else self.due_us
        # Stopped means that the rotor stands, whatever it owes.
        catch_up_pl_s = self.settings[_MAXIMUM_FLOW] if self.doing != STOPPED else 0
        self.delivery.drive(now_us, until_us, catch_up_pl_s)

    def save(self, now_us):
        """Writes the state."""
        memory = self.memory
        memory.state = self.doing
        memory.alarms = self.alarms
        self.demands.keep()
        memory.eri_age_s = self.eri_age_s(now_us)
        memory.battery_age_s = self.battery_age_s(now_us)
        memory.stopped_age_s = max(now_us - self._stopped_from_us, 0) // 1000000 if self.doing == STOPPED else 0
        if self.course:
            memory.prelude_elapsed_us = self.course.elapsed_at(now_us)
        damaged = self._record.save(now_us, self.commanded_pl(now_us))
        if damaged:
            self.raise_alarm("memory_corrected" if damaged == 1 else "memory_error", now_us, now_us)
