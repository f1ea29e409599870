"""What decides how much is delivered, kept twice and computed twice.

Beside the settings and the stretch that is followed there is the complement of each, and a CRC that tells which of the
two is right.  The volume and the step at the end of a stretch are worked out by a second way before the rotor moves:
that of a program by what was saved of it and the clock.
"""

import struct
from binascii import crc32

from firmware_link.vocabulary import BOLUS, RUNNING, SETTING_KEYS
from rig.firmware.program import HEAD, HEAD_SIZE, SEGMENT, SEGMENT_SIZE, of_head

_REVOLUTION_PL = SETTING_KEYS["revolution_pl"]
_STEPS = SETTING_KEYS["steps_per_revolution"]
_MINIMUM_FLOW = SETTING_KEYS["minimum_flow_pl_s"]
KEPT = (
    _REVOLUTION_PL,
    _STEPS,
    _MINIMUM_FLOW,
    SETTING_KEYS["maximum_flow_pl_s"],
    SETTING_KEYS["maximum_bolus_flow_pl_s"],
)


def _crc(held):
    return crc32(repr(held).encode())


def _walk(saved, first, count, t_us):
    """(moment of its end, volume_pl, duration_us) of the segment in force ``t_us`` after the begin of the first of so
    many; behind the last one (their whole length, 0, 0)."""
    ended_us = 0
    for i in range(first, first + count):
        volume_pl, duration_ms = struct.unpack_from(SEGMENT, saved, HEAD_SIZE + i * SEGMENT_SIZE)
        ended_us += duration_ms * 1000
        if t_us < ended_us:
            return ended_us, volume_pl, duration_ms * 1000
    return ended_us, 0, 0


def _planned(saved, elapsed_us, utc_us):
    """(microseconds left, volume_pl, duration_us) of the segment of the packed program ``saved`` that is in force so
    long after its begin, when it is ``utc_us``."""
    anchor_utc_s, _, prelude_count, cycle_count = struct.unpack_from(HEAD, saved, 0)[:4]
    ended_us, volume_pl, duration_us = _walk(saved, 0, prelude_count, elapsed_us)
    if duration_us:
        return ended_us - elapsed_us, volume_pl, duration_us
    cycle_us = _walk(saved, prelude_count, cycle_count, 1 << 62)[0]
    elapsed_us = (utc_us - anchor_utc_s * 1000000) % cycle_us
    ended_us, volume_pl, duration_us = _walk(saved, prelude_count, cycle_count, elapsed_us)
    return ended_us - elapsed_us, volume_pl, duration_us


def saved_demand(saved):
    """The on-demand bolus of the packed program ``saved``, as Program.demand."""
    return of_head(struct.unpack_from(HEAD, saved, 0), ()).demand


class Control:
    """The second copies."""

    def __init__(self, settings, delivery):
        self._settings = {}
        for key in KEPT:
            self.allow(key, settings[key])
        self.keep(delivery)

    def allow(self, key, value):
        """This setting is meant to be ``value`` from now on."""
        if key in KEPT:
            self._settings[key] = ~value
            self._settings_crc = _crc([~complement for complement in self._settings.values()])

    def keep(self, delivery):
        """What is followed now is meant to be."""
        held = delivery.held()
        self._held = [~value for value in held]
        self._crc = _crc(held)

    def holds(self, settings, delivery):
        """Whether nothing has changed but by these two."""
        if any(settings[key] != ~complement for key, complement in self._settings.items()):
            return False
        return all(value == ~complement for value, complement in zip(delivery.held(), self._held))

    def mend(self, settings, delivery):
        """Puts right what no longer ``holds``, as the CRC says."""
        is_right = _crc([settings[key] for key in self._settings]) == self._settings_crc
        for key in KEPT:
            if not is_right:
                settings[key] = ~self._settings[key]
            self._settings[key] = ~settings[key]
        if _crc(delivery.held()) != self._crc:
            delivery.hold([~value for value in self._held])
        self.keep(delivery)

    @staticmethod
    def agrees(pump, at_us, until_us):
        """Whether the volume and the step at ``until_us`` come out the same another way."""
        delivery = pump.delivery
        if until_us is None:
            return delivery.halted
        if until_us <= at_us:
            return False
        commanded_pl = delivery.commanded_pl(until_us)
        if pump.doing == RUNNING:
            course = pump.course
            segment = _planned(pump.memory.program, at_us - course.begin_us, pump.clock.utc_us(at_us))
            if segment != (until_us - at_us,) + delivery.held()[2:4]:
                return False
            due_pl = delivery.commanded_pl(at_us) + course.volume_pl(until_us) - course.volume_pl(at_us)
        elif pump.doing == BOLUS:
            due_pl = pump.memory.bolus_from_pl + pump.bolus[1]
        else:
            flowed_us = until_us - at_us
            due_pl = delivery.commanded_pl(at_us) + pump.settings[_MINIMUM_FLOW] * flowed_us // 1000000
            if commanded_pl - due_pl == 1:  # rounded in another place
                due_pl = commanded_pl
        if due_pl != commanded_pl:
            return False
        origin_pl, origin_step, _, _ = delivery.held()[-4:]
        turns, rest_pl = divmod(due_pl - origin_pl, pump.settings[_REVOLUTION_PL])
        steps = pump.settings[_STEPS]
        step = origin_step + turns * steps - -rest_pl * steps // pump.settings[_REVOLUTION_PL]
        return step == delivery.step_at(until_us)
