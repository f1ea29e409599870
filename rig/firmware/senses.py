"""What the sensors say, and how often they are asked where no host wants rows."""

from firmware_link.vocabulary import SETTING_KEYS, STOPPED
from rig.firmware.alarms import SUSPICIOUS_US

# Without a host they are read each so much of a turn, within the bounds that ``Watch`` has.
SENSES_PER_REVOLUTION = 2

_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]


def _clamp(value, low, high):
    return low if value < low else high if value > high else value


class Senses:
    """``due_us`` is when they are to be read and judged next."""

    def __init__(self, board, pump, now_us):
        self._board = board
        self._pump = pump
        self._sensed = None
        self._sensed_us = -1
        self._judge_us = now_us
        self._flow_pl_s = 0
        self._stands = True
        self.due_us = now_us

    def read(self, now_us):
        """``Board.sense`` at this moment, read once, each value as its field can carry it."""
        if self._sensed_us != now_us:
            rotor_steps, pressure_pa, balance_nl, battery_mv, charge_permille, temperature_cc = self._board.sense()
            self._sensed = (
                rotor_steps,
                _clamp(pressure_pa, -0x80000000, 0x7FFFFFFF),
                balance_nl,
                _clamp(battery_mv, 0, 0xFFFF),
                _clamp(charge_permille, 0, 0xFFFF),
                _clamp(temperature_cc, -0x8000, 0x7FFF),
            )
            self._sensed_us = now_us
        return self._sensed

    def last_battery_mv(self):
        """The voltage at the last reading, which may be of a battery that is no longer there."""
        return self._sensed[3] if self._sensed else 0

    def soon(self, now_us):
        """Something has happened that they may have a word on."""
        self.due_us = min(self.due_us, max(now_us, self._judge_us))

    def follow_flow(self, now_us):
        """A pump that starts or stops is a moment to read them, and a flow that has changed changes how often."""
        stands = self._pump.doing == STOPPED
        if stands != self._stands:
            self._stands = stands
            self.soon(now_us)
        flow_pl_s = self._pump.delivery.flow_pl_s
        if flow_pl_s != self._flow_pl_s:
            self._flow_pl_s = flow_pl_s
            self.due_us = min(self.due_us, self._next_us(now_us))

    def judge(self, now_us, sensed):
        """Has the pump judge what was sensed, however quick the rows come; whether it was time to."""
        if now_us < self._judge_us:
            return False
        self._judge_us = now_us + SUSPICIOUS_US  # what proves an alarm takes time
        self._pump.judge(now_us, sensed)
        self.due_us = self._next_us(now_us)
        return True

    def _next_us(self, now_us):
        """When a window of the flow ends, where that is within a turn, or so much of one has passed.  Never later than
        ``Watch`` allows, but that it needn't look shortly before a window's end."""
        pump = self._pump
        rest_us = pump.watch.rest_us(self._sensed is not None and self._sensed[2] is not None)
        if pump.delivery.halted:
            return now_us + rest_us
        turn_pl = pump.settings[_REVOLUTION_PL]
        commanded_pl = pump.commanded_pl(now_us)
        window_nl = pump.watch.due_nl
        if window_nl is not None and window_nl * 1000 < commanded_pl + turn_pl:
            due_us = pump.delivery.reaches(window_nl * 1000)
            rest_us = rest_us * 3 // 2 if due_us <= now_us + rest_us * 3 // 2 else rest_us
        else:
            due_us = pump.delivery.reaches(commanded_pl + turn_pl // SENSES_PER_REVOLUTION)
        return min(max(due_us, now_us + SUSPICIOUS_US), now_us + rest_us)
