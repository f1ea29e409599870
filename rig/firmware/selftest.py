"""The pump tests itself: when power comes, once a day, before each start, and when told to.

One that fails lets nothing start.  What it says of memory, program or control is a memory error too.
"""

import struct
from hashlib import sha256

from firmware_link.vocabulary import SELF_TESTS
from rig.firmware.plausible import impossible
from rig.firmware.program import HEAD, HEAD_SIZE, SEGMENT, SEGMENT_SIZE, cumulative

PERIOD_US = 86400000000
SLICE = 32  # segments that the daily one works out: 256 would take a board half a second
MEMORY, PROGRAM, SENSORS, CONTROL = range(4)
assert len(SELF_TESTS) == 4
ALL = (1 << len(SELF_TESTS)) - 1
_MEMORY_BITS = ALL & ~(1 << SENSORS)


class SelfTest:
    """``failed`` has the bits of vocabulary.SELF_TESTS that failed last; the pump keeps them too."""

    def __init__(self, firmware):
        self._firmware = firmware
        self.failed = 0
        self.due_us = 0
        self._first = 0  # segment that the next slice begins with
        self._slice = None  # numbers of the segments that are worked out; None for all

    def run_daily(self, now_us):
        """The one that comes by itself: of a long program it takes a slice a day, so that nothing waits for it."""
        self._slice = range(self._first, self._first + SLICE)
        self.run(now_us)
        self._slice = None
        course = self._firmware.pump.course
        count = len(course.program.prelude) + len(course.program.cycle) if course else 0
        self._first = self._first + SLICE if self._first + SLICE < count else 0

    def run(self, now_us, told=False):
        """Tests everything.  ``told``: it is to say so even where all is as before."""
        firmware = self._firmware
        failed = 0
        for bit, test in enumerate((self._memory, self._program, self._sensors, self._control)):
            try:
                passed = test(now_us)
            except Exception as error:  # noqa: BLE001  whatever it is, it isn't a pass
                firmware.trace(now_us, error)
                passed = False
            failed |= (not passed) << bit
        self.due_us = now_us + PERIOD_US
        if failed and (told or failed != self.failed):
            firmware.record.event("self_test_failed", now_us, now_us, failed)
        elif not failed and (told or self.failed):
            firmware.record.event("self_test_passed", now_us, now_us, ALL)
        self.failed = firmware.pump.test_failed = failed
        if failed & _MEMORY_BITS:
            firmware.pump.raise_alarm("memory_error", now_us, now_us, failed)

    def _memory(self, now_us):
        """Both slots are whole, or were never written; one damaged is put right."""
        record = self._firmware.record
        memory = self._firmware.pump.memory
        whole, blank, program = record.read_back()
        if whole == 1 and not blank:
            self._firmware.pump.raise_alarm("memory_corrected", now_us, now_us)
            record.change()
        if not whole:
            record.change()
            return blank > 0
        return record.changed or program == memory.program

    def _program(self, now_us):
        """What runs is what was saved, it is what its digest says, and two ways lead to the end of each segment."""
        pump = self._firmware.pump
        data = pump.memory.program
        if pump.course is None:
            return not data
        program = pump.course.program
        if int.from_bytes(sha256(data).digest()[:8], "little") != pump.digest:
            return False
        if struct.unpack_from(HEAD, data, 0) != program.head():
            return False
        at = HEAD_SIZE
        phase_us = -program.prelude_us  # the cycle begins where the prelude ends
        ended_us = ended_pl = number = 0
        for segments in (program.prelude, program.cycle):
            for volume_pl, duration_ms in segments:
                if struct.unpack_from(SEGMENT, data, at) != (volume_pl, duration_ms):
                    return False
                at += SEGMENT_SIZE
                ended_us += duration_ms * 1000
                ended_pl += volume_pl
                # In the last microsecond all of the segment counts: where it began, its time and its volume.
                if self._slice is None or number in self._slice:
                    last_pl = ended_pl - volume_pl + volume_pl * (duration_ms * 1000 - 1) // (duration_ms * 1000)
                    if cumulative(program, ended_us - 1, phase_us) != last_pl:
                        return False
                number += 1
        return at == len(data) and cumulative(program, ended_us, phase_us) == ended_pl

    def _sensors(self, now_us):
        return not impossible(self._firmware.senses.read(now_us))

    def _control(self, now_us):
        pump = self._firmware.pump
        is_as_saved = self._firmware.record.changed or pump.memory.state == pump.doing
        return is_as_saved and pump.control.holds(pump.settings, pump.delivery)
