"""The ways to less: alarms and what the pump does because of them, stopping, the minimum rate."""

from firmware_link.vocabulary import (
    ALARM_BITS,
    ALARMS,
    BOLUS,
    MINIMUM_RATE,
    RUNNING,
    SETTING_KEYS,
    STOP_REASONS,
    STOPPED,
    TO_MINIMUM_RATE,
    TO_STOP,
)
from rig.firmware import alarms, state
from rig.firmware.flow import Flow
from rig.firmware.tones import Tones

_REFILL_NL = SETTING_KEYS["refill_watch_nl"]
BY_ALARM = STOP_REASONS.index("alarm")
BY_END = STOP_REASONS.index("bolus_end")  # of a bolus, or of a program without a cycle


class GuardedFlow(Flow):
    """A flow that alarms can stop.  The base of ``Pump``, which adds the ways to more."""

    def __init__(self, board, record, now_us):
        Flow.__init__(self, board, record, now_us)
        self.watch = alarms.Watch()
        self.watch.rotor.begin(board.sense()[0])
        self._stop_reason = None
        self._restarts = []  # moments of starts after a stop, while all those stops had the same reason
        self.tones = Tones(board, record.event)
        self.test_failed = 0  # bits of vocabulary.SELF_TESTS
        # A boot goes on with less than before; later no alarm lets a pump begin that stands.
        self._may_begin = record.was_doing != STOPPED or record.found == state.LOST

    def _event(self, name, at_us, now_us, value=0):
        self._record.event(name, at_us, now_us, value)
        self._record.change()

    # Alarms

    def raise_alarm(self, name, at_us, now_us, value=0, since_us=None):
        """The alarm stands from ``at_us`` on, and the pump does what the table wants of it; its cause was there
        ``since_us``, while the rotor went on."""
        bit, _, _, action, _ = ALARMS[ALARM_BITS[name]]
        if self.alarms >> bit & 1:
            return
        if bit == alarms.ERI:
            self._eri_from_us = at_us
        self.alarms |= 1 << bit
        self._event(name, at_us if since_us is None else since_us, now_us, value)
        self.tones.begin(bit, now_us)
        if action == TO_STOP:
            self.stop(at_us, now_us, BY_ALARM)
        elif action == TO_MINIMUM_RATE and not self.alarms & alarms.BLOCKING and self._may_flow():
            self._leave(MINIMUM_RATE, at_us, now_us)
            self._began_us = at_us
            self._event("minimum_rate", at_us, now_us, bit)
            self.plan(at_us, now_us)

    def _may_flow(self):
        return self.doing != STOPPED or self._may_begin

    def end_alarm(self, name, at_us, now_us, value=0):
        """The alarm, if it stands, is over."""
        bit = ALARM_BITS[name]
        if self.alarms >> bit & 1:
            self.alarms &= ~(1 << bit)
            self._event(name + "_over", at_us, now_us, value)
            self.tones.end(bit, now_us)

    def clear_alarms(self, now_us, bits, rotor_steps):
        """Somebody has seen these, so they are heard no more; those that latch are over, until they are proven
        again."""
        self.tones.acknowledge(bits, now_us)
        if bits >> alarms.SENSOR_FAULT & 1:
            self.watch.sensors.has_balance = False  # who has seen that it's gone may have taken it away
        bits &= self.alarms & alarms.LATCHING
        if not bits:
            return
        self._event("alarms_cleared", now_us, now_us, bits)
        for bit, name, _, _, _ in ALARMS:
            if bits >> bit & 1:
                self.end_alarm(name, now_us, now_us)
        if bits >> alarms.STALL & 1:
            self.watch.rotor.forget(now_us, self.delivery.position(now_us), rotor_steps)
        self.watch.forget_flow()

    def judge(self, now_us, sensed):
        """Raises what this reading proves, and ends what it shows to be over."""
        watch = self.watch
        proven = watch.check(now_us, sensed, self)
        for bit, at_us, value in watch.ended:
            self.end_alarm(ALARMS[bit][1], at_us, now_us, value)
        for bit, at_us, value in proven:
            self.raise_alarm(ALARMS[bit][1], now_us, now_us, value, at_us)
        if watch.rotor.recovered:
            at_us, lost = watch.rotor.recovered
            watch.rotor.recovered = None
            self._event("stall_recovered", at_us, now_us, lost)
        if watch.refill.watching:
            commanded_nl = self.commanded_pl(now_us) // 1000
            suspect_nl = watch.refill.check(now_us, sensed[2], commanded_nl, self.settings[_REFILL_NL])
            if suspect_nl is not None:
                self._event("refill_suspect", now_us, now_us, suspect_nl)

    def mend(self, at_us, now_us):
        """Puts right what controls delivery, where it isn't what it was meant to be; that is an alarm."""
        if not self.control.holds(self.settings, self.delivery):
            self.control.mend(self.settings, self.delivery)
            self.raise_alarm("memory_error", at_us, now_us)
        if self._until_us is not None and self._until_us < at_us:
            self.doubt(at_us, now_us)  # what was to come by then never came

    def check(self, now_us):
        """As ``mend``, between any two changes: then it also does what it was saved to do."""
        self.mend(now_us, now_us)
        if not self._record.changed and self.memory.state != self.doing:
            self.doubt(now_us, now_us)

    def doubt(self, at_us, now_us):
        """What it does, or when that changes, can't be."""
        self._until_us = None
        if self.course:
            self.course.pause(at_us)
        self._distrust(at_us, now_us)

    def _distrust(self, at_us, now_us):
        """Two ways to what is to be delivered differ: it won't be."""
        if self.alarms >> ALARM_BITS["memory_error"] & 1:
            self.stop(at_us, now_us, BY_ALARM)
        else:
            self.raise_alarm("memory_error", at_us, now_us)

    # Standing still

    def _leave(self, doing, at_us, now_us):
        """Ends what it does, as of ``at_us``, and does ``doing``; the caller says so in the log and plans."""
        if self.doing == RUNNING:
            self.course.pause(at_us)
        elif self.doing == BOLUS:
            delivered_pl = self.commanded_pl(at_us) - self.memory.bolus_from_pl
            self._event("bolus_cut_short", at_us, now_us, delivered_pl // 1000)
            self.bolus = None
        if self.doing == STOPPED:
            self.end_alarm("stopped_long", at_us, now_us)
            self.end_alarm("stopped_reminder", at_us, now_us)
        elif doing == STOPPED:
            self._stopped_from_us = at_us
        self.doing = doing

    def _leave_program(self, at_us, now_us):
        self._leave(STOPPED, at_us, now_us)
        self._stop_reason = BY_END
        self._event("stopped", at_us, now_us, BY_END)

    def stop(self, at_us, now_us, reason):
        """Stands still.  Does nothing where it does already."""
        if self.doing == STOPPED:
            return
        self._leave(STOPPED, at_us, now_us)
        if reason != self._stop_reason:
            self._restarts = []
        self._stop_reason = reason
        self._event("stopped", at_us, now_us, reason)
        self.plan(at_us, now_us)
