"""A faulty pump: frames without a fault that say what can't be."""

from typing import Any

import pytest

from firmware_link import messages, vocabulary, wire
from firmware_link.decode import Decoder

STATE_AT = [name for name, _ in messages.SAMPLE].index("state")
STATUS = dict.fromkeys(wire.BY_NAME["status"].fields, 0)
EVENT = {name: 0 for name, _ in messages.EVENT} | {"number": 7, "kind": vocabulary.EVENT_KINDS["boot"]}
PROGRAM = dict.fromkeys(wire.BY_NAME["program"].fields, 0)


def rows(*states: int) -> tuple[tuple[int, ...], ...]:
    return tuple((i, *([1] * (STATE_AT - 1)), state, 0, 0) for i, state in enumerate(states))


@pytest.mark.parametrize(
    ("t_us", "states"), [(5, (1, 200, 1)), (5, (1, 4)), (5, (4, 1)), (1 << 63, (1,)), ((1 << 64) - 1, (1,))]
)
def test_telemetry_of_an_unknown_state_or_negative_time_is_dropped(t_us: int, states: tuple[int, ...]) -> None:
    decoder = Decoder()
    decoded = decoder.feed(wire.pack("telemetry", 0, (0, t_us), rows(*states)) + wire.pack("ok", 1, (2,)))
    assert (decoded.blocks, [message.name for message in decoded.messages]) == ([], ["ok"])
    assert (decoder.frames_good, decoder.frames_bad) == (1, 1)


def test_every_state_of_the_vocabulary_is_let_in() -> None:
    states = range(len(vocabulary.STATES))
    samples = Decoder().feed(wire.pack("telemetry", 0, (0, 5), rows(*states))).samples(1, 0)
    assert samples["state"].tolist() == list(states)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", STATUS | {"state": 4}),
        ("status", STATUS | {"t_us": 1 << 63}),
        ("status", STATUS | {"clock_set": 2}),
        ("status", STATUS | {"program_start_us": (1 << 64) - 1}),
        ("status", STATUS | {"anchor_us": -(1 << 63)}),
        ("status", STATUS | {"demands_day": vocabulary.MAX_DEMANDS_DAY + 1}),
        ("status", STATUS | {"silence_left_s": vocabulary.SILENCE_S + 1}),
        ("status", STATUS | {"self_test": 1 << len(vocabulary.SELF_TESTS)}),
        ("program", PROGRAM | {"which": 2}),
        ("program", PROGRAM | {"demand_pl": 1 << 62}),
        ("program", PROGRAM | {"demand_per_day": vocabulary.MAX_DEMANDS_DAY + 1}),
        ("outcome", {"session": 1, "command_id": 2, "state": 9, "code": 0}),
    ],
)
def test_a_message_out_of_bounds_is_dropped(name: str, values: dict[str, int]) -> None:
    decoder = Decoder()
    assert decoder.feed(bytes(wire.pack(name, 1, tuple(values.values())))).messages == []
    assert decoder.frames_bad == 1


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "status",
            STATUS
            | {"demands_day": vocabulary.MAX_DEMANDS_DAY, "silence_left_s": vocabulary.SILENCE_S}
            | {"self_test": (1 << len(vocabulary.SELF_TESTS)) - 1},
        ),
        ("program", PROGRAM | {"which": 1, "demand_pl": (1 << 62) - 1, "demand_per_day": vocabulary.MAX_DEMANDS_DAY}),
    ],
)
def test_a_message_at_its_bounds_is_let_in(name: str, values: dict[str, int]) -> None:
    (message,) = Decoder().feed(bytes(wire.pack(name, 1, tuple(values.values())))).messages
    assert message.values == values


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": vocabulary.EVENT_KINDS["demand_granted"], "value": 25},
        {"kind": vocabulary.EVENT_KINDS["demand_refused"], "value": -2},
        {"kind": vocabulary.EVENT_KINDS["self_test_failed"], "value": 16},
        {"occurred_us": 1 << 63},
        {"kind": vocabulary.EVENT_KINDS["stopped"], "value": 99},
        {"kind": vocabulary.EVENT_KINDS["stopped"], "value": -1},
        {"kind": vocabulary.EVENT_KINDS["started"], "value": 4},
        {"kind": vocabulary.EVENT_KINDS["bolus_started"], "value": -5},
    ],
)
def test_an_event_out_of_bounds_is_left_out_of_its_message(wrong: dict[str, int]) -> None:
    good, bad = tuple(EVENT.values()), tuple((EVENT | {"number": 8} | wrong).values())
    decoder = Decoder()
    (message,) = decoder.feed(wire.pack("events", 1, (8,), (good, bad))).messages
    assert message.records == (good,)
    assert decoder.frames_bad == 1


def test_an_event_of_a_kind_not_known_here_is_kept() -> None:
    record: tuple[Any, ...] = tuple((EVENT | {"kind": 250, "value": -9}).values())
    (message,) = Decoder().feed(wire.pack("events", 1, (7,), (record,))).messages
    assert message.records == (record,)


def test_a_setting_out_of_its_range_is_left_out() -> None:
    key, _, low, high, default = vocabulary.SETTINGS[0]
    records = ((key, default), (key, low - 1), (key, high + 1), (200, -1))
    (message,) = Decoder().feed(wire.pack("config", 1, (1,), records)).messages
    assert message.records == ((key, default), (200, -1))
