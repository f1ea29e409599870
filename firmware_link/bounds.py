"""What well-framed messages may say: a faulty pump is stopped at the door, and nobody behind it has to ask again.

Enumerations are of ``vocabulary``; times leave room for sums in 64 bits.
"""

from typing import Any

from firmware_link import vocabulary, wire
from firmware_link.telemetry import WIRE_DTYPE

Bounds = tuple[int, int]

_LARGE = 1 << 62
_TIME_US = (0, _LARGE - 1)
_VOLUME = (0, _LARGE - 1)
_YES_NO = (0, 1)
_STATE = (0, len(vocabulary.STATES) - 1)
_POSITIVE = (0, (1 << 31) - 1)
_DEMANDS = (0, vocabulary.MAX_DEMANDS_DAY)
_SELF_TESTS = (0, (1 << len(vocabulary.SELF_TESTS)) - 1)
_SENSORS = (0, (1 << len(vocabulary.SENSORS)) - 1)

#: message -> field of its head -> bounds
HEADS: dict[str, dict[str, Bounds]] = {
    "welcome": {"t_us": _TIME_US, "clock_set": _YES_NO},
    "status": {
        "t_us": _TIME_US,
        "clock_set": _YES_NO,
        "state": _STATE,
        "commanded_pl": _VOLUME,
        "program_start_us": _TIME_US,
        "anchor_us": (-_LARGE, _LARGE - 1),
        "demands_day": _DEMANDS,
        "silence_left_s": (0, vocabulary.SILENCE_S),
        "self_test": _SELF_TESTS,
    },
    "program": {"which": (0, len(vocabulary.WHICH) - 1), "demand_pl": _VOLUME, "demand_per_day": _DEMANDS},
    "outcome": {"state": (0, len(vocabulary.OUTCOMES) - 1)},
}
#: kind of event -> bounds of its value
EVENT_VALUES: dict[int, Bounds] = {
    vocabulary.EVENT_KINDS["started"]: _STATE,
    vocabulary.EVENT_KINDS["stopped"]: (0, len(vocabulary.STOP_REASONS) - 1),
    vocabulary.EVENT_KINDS["bolus_started"]: _POSITIVE,
    vocabulary.EVENT_KINDS["bolus_duration"]: _POSITIVE,
    vocabulary.EVENT_KINDS["demand_granted"]: _DEMANDS,
    vocabulary.EVENT_KINDS["demand_refused"]: (-1, (1 << 31) - 1),
    vocabulary.EVENT_KINDS["self_test_passed"]: _SELF_TESTS,
    vocabulary.EVENT_KINDS["self_test_failed"]: _SELF_TESTS,
    vocabulary.EVENT_KINDS["stall_recovered"]: _POSITIVE,
    vocabulary.EVENT_KINDS["sensor_fault"]: _SENSORS,
    vocabulary.EVENT_KINDS["sensor_fault_over"]: _SENSORS,
}
_SETTINGS: dict[int, Bounds] = {row[0]: (row[2], row[3]) for row in vocabulary.SETTINGS}

# Of a telemetry block: the highest byte of its time, and its rows' states, all at once.
_TELEMETRY = wire.BY_NAME["telemetry"]
_ROWS_AT = 3 + _TELEMETRY.head_size
_TIME_TOP = _ROWS_AT - 1
_STATE_AT = _ROWS_AT + WIRE_DTYPE.fields["state"][1]  # type: ignore[index]
_STATES = slice(_STATE_AT, -4, _TELEMETRY.record_size)
_KNOWN_STATES = bytes(range(len(vocabulary.STATES)))


def fits_block(payload: bytes) -> bool:
    """Whether an unstuffed telemetry frame has a time and states that can be."""
    return payload[_TIME_TOP] < 0x40 and not payload[_STATES].strip(_KNOWN_STATES)


def fits_head(name: str, values: dict[str, Any]) -> bool:
    """Whether the head of a message says what can be."""
    return all(low <= values[field] <= high for field, (low, high) in HEADS.get(name, {}).items() if field in values)


def fitting(name: str, records: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Those records of a message that say what can be."""
    check = {"events": _fits_event, "config": _fits_setting}.get(name)
    return tuple(filter(check, records)) if check else records


def _within(bounds: Bounds | None, number: int) -> bool:
    return bounds is None or bounds[0] <= number <= bounds[1]


def _fits_event(record: tuple[int, ...]) -> bool:
    _, kind, _, _, occurred_us, _, value, _ = record
    return _within(_TIME_US, occurred_us) and _within(EVENT_VALUES.get(kind), value)


def _fits_setting(record: tuple[int, ...]) -> bool:
    key, value = record
    return _within(_SETTINGS.get(key), value)
