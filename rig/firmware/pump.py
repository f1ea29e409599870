"""The pump itself: every way from one doing to the next.

stopped <-> running <-> bolus        by commands, a bolus's end, a program's end, and alarms
any     ->  minimum_rate             after a reset while delivering; left by start or stop
"""

from firmware_link.vocabulary import (
    AFTER_RESUME,
    ALARM_BITS,
    ALARMS,
    BOLUS,
    MINIMUM_RATE,
    OUTCOME_DONE,
    RUNNING,
    SETTING_KEYS,
    STOP_REASONS,
    STOPPED,
)
from rig.firmware import alarms, state
from rig.firmware.program import Course, ProgramError
from rig.firmware.program import unpack as unpack_program
from rig.firmware.refusal import Refused
from rig.firmware.safety import BY_END, GuardedFlow

# The same stop and start so often in so long is not a remedy but a fault.
CYCLING_US = 600000000
CYCLING_STARTS = 3
_MAXIMUM_FLOW = SETTING_KEYS["maximum_flow_pl_s"]
_MAXIMUM_BOLUS_FLOW = SETTING_KEYS["maximum_bolus_flow_pl_s"]
_BY_PROGRAM = STOP_REASONS.index("program")
_NOT_CYCLING = (None, STOP_REASONS.index("update"), BY_END, _BY_PROGRAM)  # stops that are no sign of trouble


class Pump(GuardedFlow):
    """What it does (``doing``, of vocabulary.STATES), what it has delivered, and which alarms stand.

    Commands come as methods that raise ``Refused`` before anything has changed.
    """

    def __init__(self, board, record, now_us):
        GuardedFlow.__init__(self, board, record, now_us)
        self.digest = 0
        if self.memory.program:
            self._adopt(unpack_program(self.memory.program), self.memory.prelude_elapsed_us)
        self._boot(now_us)

    def _boot(self, now_us):
        self._event("boot", now_us, now_us, 0)
        self.plan(now_us, now_us)
        if self._record.found == state.CORRECTED:
            self.raise_alarm("memory_corrected", now_us, now_us)
        if self._record.found == state.LOST:
            self.raise_alarm("memory_error", now_us, now_us)
        if self._record.was_doing == BOLUS:
            delivered_nl = (self.memory.commanded_pl - self.memory.bolus_from_pl) // 1000
            self._event("bolus_cut_short", now_us, now_us, delivered_nl)
        if self._record.was_doing != STOPPED:
            self.alarms &= ~(1 << ALARM_BITS["safe_state_reset"])  # each reset is an entry of its own
            self.raise_alarm("safe_state_reset", now_us, now_us)
        self.tones.resume(self.alarms, now_us)
        self._may_begin = False

    def _run(self, at_us, now_us):
        self.doing = RUNNING
        self.course.resume(at_us, self.clock.utc_us(at_us))
        self._in_prelude = self.course.in_prelude(at_us)
        self._event("started", at_us, now_us, RUNNING)
        self.plan(at_us, now_us)

    def _refuse_where_unsafe(self):
        if not self.clock.is_set:
            raise Refused("clock_unset")
        if self.test_failed:
            raise Refused("self_test", self.test_failed)
        standing = self.alarms & (alarms.BLOCKING | 1 << ALARM_BITS["memory_error"])
        for bit, _, _, _, _ in ALARMS:
            if standing >> bit & 1:
                raise Refused("alarm_active", bit)

    def start(self, now_us):
        """Goes on with the program where it was; one that has ended begins anew."""
        if self.doing == RUNNING:
            return
        if self.doing == BOLUS:
            raise Refused("busy_bolus")
        self._refuse_where_unsafe()
        if self.course is None or self.course.program.stops:
            raise Refused("no_program")
        self.validate(self.course.program)
        self._refuse_cycling(now_us)
        self._leave(RUNNING, now_us, now_us)
        self.end_alarm("safe_state_reset", now_us, now_us)
        self._run(now_us, now_us)

    def _refuse_cycling(self, now_us):
        if self._stop_reason in _NOT_CYCLING:
            return
        self._restarts = [at_us for at_us in self._restarts if now_us - at_us < CYCLING_US]
        self._restarts.append(now_us)
        if len(self._restarts) >= CYCLING_STARTS:
            self._restarts = []
            self.raise_alarm("start_stop_cycling", now_us, now_us, CYCLING_STARTS)
            raise Refused("alarm_active", ALARM_BITS["start_stop_cycling"])

    def give_bolus(self, now_us, command_id, volume_pl, duration_us, after):
        """Pauses what runs and delivers ``volume_pl`` evenly.  From a stop it can only end in a stop.

        ``command_id`` is None where no command asked for it.
        """
        self._leave(BOLUS, now_us, now_us)
        self.memory.bolus_from_pl = self.commanded_pl(now_us)
        self.bolus = (command_id, volume_pl, now_us, duration_us, after)
        self._event("bolus_duration", now_us, now_us, duration_us // 1000)
        self._event("bolus_started", now_us, now_us, volume_pl // 1000)
        self.plan(now_us, now_us)

    def refuse_bolus(self, now_us, volume_pl, duration_ms, after):
        """Raises Refused where it can't be given now."""
        if self.doing == BOLUS:
            raise Refused("busy_bolus")
        self._refuse_where_unsafe()
        if self.doing == MINIMUM_RATE:
            raise Refused("alarm_active", ALARM_BITS["safe_state_reset"])
        if self.doing == STOPPED and after == AFTER_RESUME:
            raise Refused("not_running")
        fastest_pl_s = self.settings[_MAXIMUM_BOLUS_FLOW]
        if volume_pl * 1000 > fastest_pl_s * duration_ms:
            raise Refused("too_fast", fastest_pl_s)
        if volume_pl > self.reservoir.left_pl(self.commanded_pl(now_us)):
            raise Refused("reservoir_too_low", self.reservoir_nl(now_us))

    def _end_bolus(self, at_us, now_us):
        command_id, volume_pl, _, _, after = self.bolus
        self.bolus = None
        if command_id is not None:
            self.memory.note(command_id, OUTCOME_DONE)
        self._event("bolus_ended", at_us, now_us, volume_pl // 1000)
        if after == AFTER_RESUME:
            self._run(at_us, now_us)
            return
        self.doing = STOPPED
        self._stopped_from_us = at_us
        self._stop_reason = BY_END
        self._event("stopped", at_us, now_us, BY_END)

    # What it runs by

    def validate(self, program):
        """Raises Refused for a program that may not run with these settings."""
        try:
            program.validate(self.settings[_MAXIMUM_FLOW], self.settings[_MAXIMUM_BOLUS_FLOW])
        except ProgramError as error:
            raise Refused(error.name, error.detail)

    def _adopt(self, program, elapsed_us=0):
        self.course = Course(program, elapsed_us)
        self.digest = program.digest()

    def commit(self, now_us, program):
        """From now on ``program`` is its program; where one runs, the new one begins or stops it at once."""
        if self.doing == RUNNING:
            self.course.pause(now_us)
        self._adopt(program)
        self.memory.program = program.pack()
        self._event("program_committed", now_us, now_us, self.digest & 0x7FFFFFFF)
        if program.stops:
            self.stop(now_us, now_us, _BY_PROGRAM)
        elif self.doing == RUNNING:
            self._run(now_us, now_us)
        if self.doing == STOPPED:
            self.plan(now_us, now_us)  # its reminder

    def set_clock(self, now_us, utc_s, utc_offset_min):
        """It is ``utc_s``.  A cycle under way goes on where it stands by that."""
        self.clock.utc_offset_min = utc_offset_min
        if self.clock.agrees(now_us, utc_s):
            return
        off_s = 0
        if not self.clock.is_set:
            before_s = self._record.utc_before_s
            off_s = max(utc_s - now_us // 1000000 - before_s, 0) if before_s else -1
            self._stopped_from_us -= max(off_s, 0) * 1000000
            self._eri_from_us -= max(off_s, 0) * 1000000
            self._battery_from_us -= max(off_s, 0) * 1000000
        if self.doing == RUNNING:
            self.course.pause(now_us)
        self.clock.set(now_us, utc_s)
        self.demands.clock_set()
        self._event("clock_set", now_us, now_us, off_s)
        if self.doing == RUNNING:
            self.course.resume(now_us, self.clock.utc_us(now_us))
        self.plan(now_us, now_us)

    def refill(self, now_us, withdrawn_nl, filled_nl):
        """Its reservoir was emptied and filled."""
        missing_nl, discrepant = self.reservoir.refill(self.commanded_pl(now_us), withdrawn_nl, filled_nl)
        self.watch.refilled(now_us)
        self._event("refilled", now_us, now_us, filled_nl)
        if discrepant:
            self._event("refill_discrepancy", now_us, now_us, missing_nl)
        self.plan(now_us, now_us)

    def tube_replaced(self, now_us):
        """It has a new tube."""
        self._event("tube_replaced", now_us, now_us, self.tube.replace(self.commanded_pl(now_us)))
        self.plan(now_us, now_us)

    def battery_replaced(self, now_us, before_mv):
        """It has a new battery; ``before_mv`` was the old one's last."""
        self._event("battery_replaced", now_us, now_us, before_mv)
        self.watch.forget_battery()
        self._battery_from_us = now_us
        self.end_alarm("battery_eri", now_us, now_us)
        self.end_alarm("battery_eos", now_us, now_us)
