"""A program: a prelude of segments, then a cycle of them anchored to a moment.  Pure, exact, whole numbers.

A segment is ``volume_pl`` evenly over ``duration_ms``.  Inside one the volume is rounded down to the picolitre; at its
end it is exact, so nothing accumulates.  Pump and host plan with this same file.
"""

import struct
from hashlib import sha256

from firmware_link.messages import PROGRAM_HEAD
from firmware_link.vocabulary import MAX_DEMANDS_DAY, MAX_LOCKOUT_S, MAX_SEGMENTS, SETTINGS

HEAD = "<" + "".join(code for _, code in PROGRAM_HEAD)
HEAD_SIZE = struct.calcsize(HEAD)
SEGMENT = "<QI"
SEGMENT_SIZE = 12
_NO_DEMAND = (0, 0, 0, 0)
_FIELDS = tuple(name for name, _ in PROGRAM_HEAD)
_MAX_REMINDER_MIN = max(row[3] for row in SETTINGS if row[1] == "reminder_min")
_DAY_MIN = 1440


class ProgramError(ValueError):
    """This program may not run.  ``name`` is of vocabulary.ERRORS, ``detail`` as its text wants it."""

    def __init__(self, name, detail=0):
        super().__init__(name)
        self.name = name
        self.detail = detail


def _prefix_sums(segments):
    times_us = [0]
    volumes_pl = [0]
    for volume_pl, duration_ms in segments:
        times_us.append(times_us[-1] + duration_ms * 1000)
        volumes_pl.append(volumes_pl[-1] + volume_pl)
    return times_us, volumes_pl


def _find(times_us, t_us):
    low = 0
    high = len(times_us) - 2
    while low < high:
        middle = (low + high + 1) // 2
        if times_us[middle] <= t_us:
            low = middle
        else:
            high = middle - 1
    return low


class Program:
    """``prelude`` and ``cycle`` are sequences of (volume_pl, duration_ms); every duration is at least 1.

    ``demand`` is the on-demand bolus as (volume_pl, duration_ms, lockout_s, per_day), None without one; while stopped,
    ``reminder_min`` is how often to say so, 0 for the setting of that name.  Without any segment the pump is to stand.
    """

    def __init__(self, anchor_utc_s, utc_offset_min, prelude, cycle, demand=None, reminder_min=0):
        self.anchor_utc_s = anchor_utc_s
        self.utc_offset_min = utc_offset_min
        self.prelude = tuple(prelude)
        self.cycle = tuple(cycle)
        self.demand = None if demand is None else tuple(demand)
        self.reminder_min = reminder_min
        self._prelude_us, self._prelude_pl = _prefix_sums(self.prelude)
        self._cycle_us, self._cycle_pl = _prefix_sums(self.cycle)
        self.prelude_us = self._prelude_us[-1]
        self.prelude_pl = self._prelude_pl[-1]
        self.cycle_us = self._cycle_us[-1]
        self.cycle_pl = self._cycle_pl[-1]
        self._packed = None

    def _cycle_volume_pl(self, t_us):
        turns, within = divmod(t_us, self.cycle_us)
        i = _find(self._cycle_us, within)
        start = self._cycle_us[i]
        duration_us = self._cycle_us[i + 1] - start
        done = self.cycle[i][0] * (within - start) // duration_us
        return turns * self.cycle_pl + self._cycle_pl[i] + done

    def phase_us(self, utc_us):
        """Where in the cycle the moment ``utc_us`` lies, 0 <= phase < cycle_us; 0 without a cycle."""
        return (utc_us - self.anchor_utc_s * 1000000) % self.cycle_us if self.cycle else 0

    def stretch(self, t_us, phase_us):
        """The segment in force ``t_us`` after the begin: (from_us, until_us, base_pl, volume_pl, duration_us).

        Up to ``until_us`` the cumulative volume is ``base_pl + volume_pl * (t_us - from_us) // duration_us``.
        ``from_us`` may lie before the end of the prelude, where the cycle is entered in the middle of a segment;
        ``until_us`` is None after the prelude of a program without a cycle.  ``phase_us``: see ``cumulative``.
        """
        if t_us < self.prelude_us:
            times, volumes, segments = self._prelude_us, self._prelude_pl, self.prelude
            i = _find(times, t_us)
            return times[i], times[i + 1], volumes[i], segments[i][0], times[i + 1] - times[i]
        if not self.cycle:
            return self.prelude_us, None, self.prelude_pl, 0, 1
        times = self._cycle_us
        turns, within = divmod(phase_us + t_us, self.cycle_us)
        i = _find(times, within)
        from_us = t_us - within + times[i]
        duration_us = times[i + 1] - times[i]
        entered_pl = self._cycle_volume_pl(phase_us + self.prelude_us)
        base_pl = self.prelude_pl - entered_pl + turns * self.cycle_pl + self._cycle_pl[i]
        return from_us, from_us + duration_us, base_pl, self.cycle[i][0], duration_us

    @property
    def stops(self):
        """Whether the pump is to stand: there is no segment."""
        return not (self.prelude or self.cycle)

    def validate(self, maximum_flow_pl_s, maximum_bolus_flow_pl_s):
        """Raises ProgramError for what may not run.

        A segment may be as fast as a bolus, so that a cycle may hold boluses; the cycle as a whole is a rate.
        ``detail`` of "out_of_range" counts the fields of messages.PROGRAM_HEAD from 0, then the segments.
        """
        segments = self.prelude + self.cycle
        if len(segments) > MAX_SEGMENTS:
            raise ProgramError("too_large", MAX_SEGMENTS)
        for i, (volume_pl, duration_ms) in enumerate(segments):
            if not duration_ms:
                raise ProgramError("out_of_range", len(_FIELDS) + i)
            if volume_pl * 1000 > maximum_bolus_flow_pl_s * duration_ms:
                raise ProgramError("too_fast", maximum_bolus_flow_pl_s)
        if self.cycle_pl * 1000000 > maximum_flow_pl_s * self.cycle_us:
            raise ProgramError("too_fast", maximum_flow_pl_s)
        self._require("utc_offset_min", -_DAY_MIN < self.utc_offset_min < _DAY_MIN)
        self._require("reminder_min", 0 <= self.reminder_min <= _MAX_REMINDER_MIN)
        if self.demand:
            self._validate_demand(maximum_bolus_flow_pl_s)

    def _validate_demand(self, maximum_bolus_flow_pl_s):
        volume_pl, duration_ms, lockout_s, per_day = self.demand
        self._require("demand_pl", volume_pl > 0)
        self._require("demand_ms", duration_ms > 0)
        self._require("demand_lockout_s", duration_ms <= lockout_s * 1000 <= MAX_LOCKOUT_S * 1000)
        self._require("demand_per_day", 1 <= per_day <= MAX_DEMANDS_DAY)
        if volume_pl * 1000 > maximum_bolus_flow_pl_s * duration_ms:
            raise ProgramError("too_fast", maximum_bolus_flow_pl_s)

    def _require(self, field, holds):
        if not holds:
            raise ProgramError("out_of_range", _FIELDS.index(field))

    def head(self):
        """The values of messages.PROGRAM_HEAD."""
        return (
            (self.anchor_utc_s, self.utc_offset_min, len(self.prelude), len(self.cycle))
            + (self.demand or _NO_DEMAND)
            + (self.reminder_min,)
        )

    def pack(self):
        """The canonical bytes: head, prelude, cycle."""
        if self._packed is None:
            out = bytearray(struct.pack(HEAD, *self.head()))
            for segments in (self.prelude, self.cycle):
                for volume_pl, duration_ms in segments:
                    out.extend(struct.pack(SEGMENT, volume_pl, duration_ms))
            self._packed = bytes(out)
        return self._packed

    def digest(self):
        """u64 that tells programs apart: the first 8 bytes of SHA-256 over ``pack()``, little-endian."""
        return int.from_bytes(sha256(self.pack()).digest()[:8], "little")


def of_head(head, segments):
    """The Program of these values of messages.PROGRAM_HEAD and all its ``segments``."""
    anchor_utc_s, utc_offset_min, prelude_count, _, volume_pl, duration_ms, lockout_s, per_day, reminder_min = head
    demand = (volume_pl, duration_ms, lockout_s, per_day)
    return Program(
        anchor_utc_s,
        utc_offset_min,
        segments[:prelude_count],
        segments[prelude_count:],
        None if demand == _NO_DEMAND else demand,
        reminder_min,
    )


def unpack(data):
    """The Program that ``pack`` made ``data`` of."""
    head = struct.unpack_from(HEAD, data, 0)
    segments = [struct.unpack_from(SEGMENT, data, HEAD_SIZE + i * SEGMENT_SIZE) for i in range(head[2] + head[3])]
    return of_head(head, segments)


def cumulative(program, t_us, phase_us):
    """Picolitres of ``program`` in the first ``t_us`` after its begin (0 or more).

    ``phase_us`` is where in the cycle the begin lies by the clock (``program.phase_us``): the cycle goes by the clock
    and is entered where it stands when the prelude ends.
    """
    from_us, _, base_pl, volume_pl, duration_us = program.stretch(t_us, phase_us)
    return base_pl + volume_pl * (t_us - from_us) // duration_us


class Course:
    """A program on its way.  While paused its prelude waits; its cycle goes on by the clock, undelivered."""

    def __init__(self, program, elapsed_us=0):
        self.program = program
        self.elapsed_us = elapsed_us  # of the prelude, when last paused
        self.begin_us = None  # device time at which an uninterrupted prelude would have begun; None while paused
        self._phase_us = 0

    def resume(self, now_us, utc_us):
        """Goes on at device time ``now_us``, which is ``utc_us`` by the clock.  What has ended begins anew."""
        if not self.program.cycle and self.elapsed_us >= self.program.prelude_us:
            self.elapsed_us = 0
        self.begin_us = now_us - self.elapsed_us
        self._phase_us = self.program.phase_us(utc_us - self.elapsed_us)

    def pause(self, now_us):
        """Stands still from ``now_us`` on."""
        self.elapsed_us = self.elapsed_at(now_us)
        self.begin_us = None

    def elapsed_at(self, now_us):
        """How much of the prelude is behind it at ``now_us``, in microseconds."""
        if self.begin_us is None:
            return self.elapsed_us
        return min(now_us - self.begin_us, self.program.prelude_us)

    def in_prelude(self, now_us):
        """Whether the prelude is still running at ``now_us``, or waits to."""
        return self.elapsed_at(now_us) < self.program.prelude_us

    def stretch(self, now_us):
        """``Program.stretch`` in device time."""
        from_us, until_us, base_pl, volume_pl, duration_us = self.program.stretch(
            now_us - self.begin_us, self._phase_us
        )
        until_us = None if until_us is None else until_us + self.begin_us
        return from_us + self.begin_us, until_us, base_pl, volume_pl, duration_us

    def volume_pl(self, now_us):
        """Picolitres since the begin; differences of it are what is delivered between two moments of one run."""
        return cumulative(self.program, now_us - self.begin_us, self._phase_us)
