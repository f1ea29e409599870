"""The firmware: everything between a ``Board`` and the wire.

It needs to be polled only when its own ``poll`` said so, or when the host has sent something; polled later or more
often it does the same things, stamped with the moments at which they happened.
"""

from firmware_link.vocabulary import SETTING_KEYS
from rig.firmware import demand
from rig.firmware.link import Link
from rig.firmware.pump import Pump
from rig.firmware.record import Record
from rig.firmware.refusal import Refused
from rig.firmware.selftest import SelfTest
from rig.firmware.senses import Senses
from rig.firmware.telemetry import Telemetry

RETRY_US = 100000  # after a failure of our own

_INTERVAL_MS = SETTING_KEYS["sample_interval_ms"]


class Firmware:
    """One pump on one board."""

    def __init__(self, board):
        now_us = board.now()
        self._board = board
        self.record = Record(board)
        self.pump = Pump(board, self.record, now_us)
        self.link = Link(board, self)
        self.staging = None
        self.failures = 0
        self._telemetry = Telemetry()
        self._row_us = 0
        self._interval_us = 0
        self._presses = 0
        self.senses = Senses(board, self.pump, now_us)
        self.self_test = SelfTest(self)
        self.self_test.run(now_us, True)
        self._settle(now_us)
        if self.record.found == 0:
            self.pump.save(now_us)  # so that from now on both slots hold a state

    def poll(self, now_us):
        """Does all that is due at ``now_us`` (never less than before) and returns when it must be polled again at the
        latest.  Never raises."""
        try:
            return self._turn(now_us)
        except Exception as error:  # noqa: BLE001  whatever it is, the pump goes on
            self.trace(now_us, error)
            return now_us + RETRY_US

    def _turn(self, now_us):
        pump = self.pump
        link = self.link
        due_us = pump.due_us
        if due_us is not None and due_us <= now_us:
            self._advance(now_us)
        due_us = pump.tones.due_us
        if due_us is not None and due_us <= now_us:
            pump.tones.turn(now_us)
        if self.self_test.due_us <= now_us:
            self._guarded(now_us, self.self_test.run_daily, now_us)
        self._settle(now_us)
        presses = self._board.presses()
        if presses != self._presses:
            self._presses = presses
            self._guarded(now_us, self._pressed, now_us)
            self._settle(now_us)
        data = self._board.read()
        if data:
            self._guarded(now_us, pump.check, now_us)  # before a command makes something of what is wrong
            self._guarded(now_us, link.receive, data, now_us)
            self._settle(now_us)
        self._guarded(now_us, self._observe, now_us)
        if link.session or link.due_us is not None or data:
            self._guarded(now_us, link.push, now_us)
        return self._next_due(now_us)

    def _advance(self, now_us):
        try:
            self.pump.advance(now_us)
        except Exception as error:  # noqa: BLE001  what was due makes no sense
            self.trace(now_us, error)
            self.pump.doubt(now_us, now_us)

    def _pressed(self, now_us):
        try:
            demand.ask(self, now_us)
        except Refused:
            pass  # it is in the log

    def _guarded(self, now_us, act, *arguments):
        """Delivery goes on whatever becomes of ``act``."""
        try:
            act(*arguments)
        except Exception as error:  # noqa: BLE001  whatever it is, the pump goes on
            self.trace(now_us, error)

    def _settle(self, now_us):
        try:
            self.pump.settle(now_us)
        except OSError as error:
            self.memory_failed(now_us, error)
        self.pump.tones.settle(now_us)

    def _observe(self, now_us):
        """Senses, judges and samples, as far as it is time to."""
        pump = self.pump
        senses = self.senses
        senses.follow_flow(now_us)
        is_row = self.link.session and self._row_us <= now_us
        if not is_row and senses.due_us > now_us:
            return
        sensed = senses.read(now_us)
        if senses.judge(now_us, sensed):
            if self.record.is_stale(now_us, pump.commanded_pl(now_us)):
                pump.check(now_us)
                self.record.change()
            self._settle(now_us)
        if is_row:
            self._sample(now_us, sensed)

    def _sample(self, now_us, sensed):
        pump = self.pump
        telemetry = self._telemetry
        late_rows = (now_us - self._row_us) // self._interval_us
        if late_rows:
            if telemetry.has_rows():
                self.link.send_telemetry(now_us, telemetry.frame())
            telemetry.miss(late_rows)
        self._row_us += (late_rows + 1) * self._interval_us
        telemetry.add(
            now_us,
            pump.commanded_pl(now_us),
            pump.delivery.flow_pl_s,
            pump.reservoir_nl(now_us),
            pump.doing,
            1 if pump.clock.is_set else 0,
            pump.alarms,
            sensed,
        )
        if telemetry.is_due(self._row_us):
            self.link.send_telemetry(now_us, telemetry.frame())

    def _next_due(self, now_us):
        pump = self.pump
        link = self.link
        due_us = self.senses.due_us
        if pump.due_us is not None and pump.due_us < due_us:
            due_us = pump.due_us
        if pump.delivery.due_us is not None and pump.delivery.due_us < due_us:
            due_us = pump.delivery.due_us
        if pump.tones.due_us is not None and pump.tones.due_us < due_us:
            due_us = pump.tones.due_us
        if self.self_test.due_us < due_us:
            due_us = self.self_test.due_us
        if link.session and self._row_us < due_us:
            due_us = self._row_us
        if link.due_us is not None and link.due_us < due_us:
            due_us = link.due_us
        return due_us if due_us > now_us else now_us + RETRY_US  # what failed just now is still due

    # For commands and the link

    def session_opened(self, now_us):
        """Somebody listens from now on: another link than the one that may have asked for silence."""
        self.pump.tones.end_silence(now_us, now_us)
        self._telemetry.restart()
        self._restart_rows(now_us)

    def session_abandoned(self, now_us):
        """Nobody listens any more."""
        self.pump.tones.end_silence(now_us, now_us)

    def _restart_rows(self, now_us):
        self._interval_us = self.pump.settings[_INTERVAL_MS] * 1000
        self._row_us = now_us

    def configure(self, now_us, changes):
        """Takes over [(key, value)], all of which are within their limits."""
        pump = self.pump
        for key, value in changes:
            pump.settings[key] = value
            pump.control.allow(key, value)
            self.record.event("config_changed", now_us, now_us, key)
        if changes:
            self.record.change()
            pump.configured(now_us, [key for key, _ in changes])
            self._restart_rows(now_us)

    def memory_failed(self, now_us, error):
        """The state can't be written: the pump goes to the safe state, and says so."""
        self.trace(now_us, error)
        self.pump.raise_alarm("memory_error", now_us, now_us)
        self.record.give_up()
        self.pump.memory.state = self.pump.doing
        self.pump.settle(now_us)

    def trace(self, now_us, error):
        """Counts a failure of our own and tells the host."""
        self.failures += 1
        try:
            self.link.send_trace(now_us, repr(error))
        except Exception:  # noqa: BLE001  a link that fails here has said all it could
            pass


def run(board):
    """The pump's life on this board."""
    firmware = Firmware(board)
    while True:
        board.sleep_until(firmware.poll(board.now()))
