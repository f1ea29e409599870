"""What each command of the wire does: one table from its name to its handler.

A handler takes (firmware, now_us, values, records), values as a tuple of the message's fields in order, and returns
the reply as (name, values without the session, records).  It raises ``Refused`` before it changes anything.
"""

from firmware_link import wire
from firmware_link.vocabulary import (
    ACTIVE,
    AFTER,
    ERROR_NAMES,
    MAX_SEGMENTS,
    OUTCOME_DONE,
    OUTCOME_REFUSED,
    OUTCOME_STARTED,
    OUTCOME_UNKNOWN,
    RUNNING,
    SETTING_KEYS,
    SETTINGS,
    STOP_REASONS,
    STOPPED,
    WHICH,
)
from rig.firmware import care, demand
from rig.firmware.program import of_head
from rig.firmware.refusal import Refused

OK = ("ok", (), ())
_LIMITS = {key: (smallest, largest) for key, _, smallest, largest, _ in SETTINGS}
_CALIBRATION = (SETTING_KEYS["revolution_pl"], SETTING_KEYS["steps_per_revolution"])
_CONCENTRATION = SETTING_KEYS["concentration_ng_ml"]
_PROGRAM_RECORDS = wire.BY_NAME["program"].max_records


class Staging:
    """A program on its way in, segment by segment."""

    def __init__(self, head):
        self.head = head  # the values of messages.PROGRAM_HEAD
        self.count = head[2] + head[3]
        self.segments = []

    def program(self):
        """The whole Program; None while something is missing."""
        return of_head(self.head, self.segments) if len(self.segments) == self.count else None


def _get_status(firmware, now_us, values, records):
    pump = firmware.pump
    clock = pump.clock
    log = firmware.record.log
    _, _, _, battery_mv, charge_permille, _ = firmware.senses.read(now_us)
    course = pump.course
    anchor_us = course.program.anchor_utc_s * 1000000 - clock.utc_us(0) if course and clock.is_set else 0
    began_us = max(course.begin_us, 1) if course and course.begin_us is not None else 0
    return (
        "status",
        (
            now_us,
            clock.utc_s(now_us),
            clock.is_set,
            pump.doing,
            pump.alarms,
            pump.commanded_pl(now_us),
            pump.reservoir_nl(now_us),
            battery_mv,
            charge_permille,
            pump.digest,
            began_us,
            pump.bolus_left_ms(now_us),
            log.first,
            log.last,
            log.acked,
            anchor_us,
        )
        + demand.status(pump, now_us)
        + care.status(firmware, now_us),
        (),
    )


def _set_clock(firmware, now_us, values, records):
    _, utc_s, utc_offset_min = values
    if not -1440 < utc_offset_min < 1440 or utc_s * 1000000 < now_us:
        raise Refused("out_of_range")
    firmware.pump.set_clock(now_us, utc_s, utc_offset_min)
    return OK


def _get_config(firmware, now_us, values, records):
    settings = firmware.pump.settings
    return "config", (), [(row[0], settings[row[0]]) for row in SETTINGS]


def _set_config(firmware, now_us, values, records):
    pump = firmware.pump
    for key, value in records:
        if key not in _LIMITS or not _LIMITS[key][0] <= value <= _LIMITS[key][1]:
            raise Refused("out_of_range", key)
        if key in _CALIBRATION and pump.doing != STOPPED and value != pump.settings[key]:
            raise Refused("not_stopped", key)
    firmware.configure(now_us, [(key, value) for key, value in records if value != pump.settings[key]])
    return OK


def _stage_begin(firmware, now_us, values, records):
    if values[3] + values[4] > MAX_SEGMENTS:
        raise Refused("too_large", MAX_SEGMENTS)
    firmware.staging = Staging(values[1:])
    return OK


def _stage_chunk(firmware, now_us, values, records):
    offset = values[1]
    staging = firmware.staging
    if staging is None or offset > len(staging.segments):
        raise Refused("not_staged")
    if offset + len(records) > staging.count:
        raise Refused("out_of_range", offset)
    staging.segments[offset : offset + len(records)] = records
    return OK


def _read_program(firmware, now_us, values, records):
    _, which, offset = values
    if which >= len(WHICH):
        raise Refused("out_of_range", which)
    if which == ACTIVE:
        program = firmware.pump.course.program if firmware.pump.course else None
    else:
        program = firmware.staging.program() if firmware.staging else None
    if program is None:
        raise Refused("no_program" if which == ACTIVE else "not_staged")
    segments = program.prelude + program.cycle
    if offset > len(segments):
        raise Refused("out_of_range", offset)
    return "program", (which, program.digest(), offset) + program.head(), segments[offset : offset + _PROGRAM_RECORDS]


def _commit(firmware, now_us, values, records):
    _, command_id, digest = values
    program = firmware.staging.program() if firmware.staging else None
    if program is None:
        raise Refused("not_staged")
    if program.digest() != digest:
        raise Refused("digest_mismatch")
    if firmware.pump.bolus:
        raise Refused("busy_bolus")
    firmware.pump.validate(program)
    firmware.pump.memory.note(command_id, OUTCOME_DONE)
    firmware.pump.commit(now_us, program)
    firmware.staging = None
    return OK


def _start(firmware, now_us, values, records):
    if firmware.pump.doing != RUNNING:
        firmware.self_test.run(now_us)
    firmware.pump.start(now_us)
    return OK


def _stop(firmware, now_us, values, records):
    firmware.pump.stop(now_us, now_us, values[1] if values[1] < len(STOP_REASONS) else 0)
    return OK


def _bolus(firmware, now_us, values, records):
    _, command_id, volume_pl, duration_ms, after = values
    pump = firmware.pump
    if not volume_pl or not duration_ms or after >= len(AFTER):
        raise Refused("out_of_range")
    pump.refuse_bolus(now_us, volume_pl, duration_ms, after)
    pump.memory.note(command_id, OUTCOME_STARTED)
    pump.give_bolus(now_us, command_id, volume_pl, duration_ms * 1000, after)
    return OK


def _demand(firmware, now_us, values, records):
    demand.ask(firmware, now_us, values[1])
    return OK


def _refill(firmware, now_us, values, records):
    _, command_id, withdrawn_nl, filled_nl, concentration_ng_ml = values
    pump = firmware.pump
    if filled_nl > pump.reservoir.capacity_nl or withdrawn_nl > pump.reservoir.capacity_nl:
        raise Refused("out_of_range", pump.reservoir.capacity_nl)
    if not _LIMITS[_CONCENTRATION][0] <= concentration_ng_ml <= _LIMITS[_CONCENTRATION][1]:
        raise Refused("out_of_range", _CONCENTRATION)
    pump.memory.note(command_id, OUTCOME_DONE)
    pump.refill(now_us, withdrawn_nl, filled_nl)
    firmware.senses.soon(now_us)
    if concentration_ng_ml != pump.settings[_CONCENTRATION]:
        firmware.configure(now_us, [(_CONCENTRATION, concentration_ng_ml)])
    return OK


def _battery_replaced(firmware, now_us, values, records):
    firmware.pump.memory.note(values[1], OUTCOME_DONE)
    firmware.pump.battery_replaced(now_us, firmware.senses.last_battery_mv())
    return OK


def _get_events(firmware, now_us, values, records):
    firmware.link.send_events_from(values[1])
    return OK


def _ack_events(firmware, now_us, values, records):
    firmware.record.log.acknowledge(values[1])
    return OK


def _get_outcome(firmware, now_us, values, records):
    entry = firmware.pump.memory.recall(values[1])
    return "outcome", tuple(entry) if entry else (values[1], OUTCOME_UNKNOWN, 0), ()


def _clear_alarms(firmware, now_us, values, records):
    firmware.pump.clear_alarms(now_us, values[1], firmware.senses.read(now_us)[0])
    return OK


_HANDLERS = {
    "get_status": _get_status,
    "set_clock": _set_clock,
    "get_config": _get_config,
    "set_config": _set_config,
    "stage_begin": _stage_begin,
    "stage_chunk": _stage_chunk,
    "read_program": _read_program,
    "commit": _commit,
    "start": _start,
    "stop": _stop,
    "bolus": _bolus,
    "demand": _demand,
    "refill": _refill,
    "battery_replaced": _battery_replaced,
    "get_events": _get_events,
    "ack_events": _ack_events,
    "get_outcome": _get_outcome,
    "clear_alarms": _clear_alarms,
}
_HANDLERS.update(care.HANDLERS)
# Those that must not act twice, and their command id's place among the values.
_ONCE = ("commit", "bolus", "demand", "refill", "battery_replaced") + care.ONCE


def obey(firmware, now_us, name, values, records):
    """Carries the command out, or answers a repeated one from the journal; raises ``Refused``."""
    handler = _HANDLERS.get(name)
    if handler is None:
        raise Refused("unknown_command")
    if name not in _ONCE:
        return handler(firmware, now_us, values, records)
    memory = firmware.pump.memory
    known = memory.recall(values[1])
    if known is not None:
        if known[1] == OUTCOME_REFUSED:
            raise Refused(ERROR_NAMES[known[2]])
        return OK
    try:
        return handler(firmware, now_us, values, records)
    except Refused as refusal:
        memory.note(values[1], OUTCOME_REFUSED, refusal.code)
        raise
