"""What a program may ask of the pump, at each limit and beyond it, as the wire carries it; the old one is kept."""

import pytest

from firmware_link.messages import PROGRAM_HEAD
from firmware_link.vocabulary import (
    AFTER_RESUME,
    ERROR_NAMES,
    MAX_DEMANDS_DAY,
    MAX_LOCKOUT_S,
    MAX_SEGMENTS,
    SETTING_KEYS,
    SETTINGS,
)
from rig.firmware.program import of_head
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import FAST, refused, running

FIELDS = [name for name, _ in PROGRAM_HEAD]
HEAD = dict.fromkeys(FIELDS, 0) | {"anchor_utc_s": UTC_S, "cycle_count": 1}
DEMAND = {"demand_pl": 50_000, "demand_ms": 30_000, "demand_lockout_s": 7200, "demand_per_day": 4}
FASTEST = 8_333_333  # pl/s, of a bolus
SEGMENT = (1000, 1000)


def committed(head: dict[str, int], segments: list[tuple[int, int]]) -> str:
    """ "ok" or the name of the refusal of a pump that holds another program, which it must keep then."""
    bench = Bench().open()
    bench.commit(FAST)
    reply, fields = bench.send("stage_begin", *head.values())
    if reply == "ok":
        size = 30
        for at in range(0, len(segments), size):
            bench.must("stage_chunk", at, records=segments[at : at + size])
        program = of_head(tuple(head.values()), segments)
        reply, fields = bench.send("commit", bench.command_id(), program.digest())
    digest = bench.status()["digest"]
    assert bench.firmware.failures == 0
    if reply == "ok":
        assert digest == program.digest()
        return "ok"
    assert digest == FAST.digest()
    return ERROR_NAMES[fields["code"]]


@pytest.mark.parametrize(
    ("at_limit", "beyond"),
    [
        ({"utc_offset_min": 1439}, {"utc_offset_min": 1440}),
        ({"utc_offset_min": -1439}, {"utc_offset_min": -1440}),
        ({"utc_offset_min": 0}, {"utc_offset_min": -32768}),
        ({"reminder_min": 10_080}, {"reminder_min": 10_081}),
        ({"reminder_min": 0}, {"reminder_min": 65_535}),
        ({}, {"demand_per_day": 4}),  # of no bolus
        (DEMAND, DEMAND | {"demand_pl": 0}),
        (DEMAND, DEMAND | {"demand_ms": 0}),
        (DEMAND, DEMAND | {"demand_ms": 0xFFFFFFFF}),
        (DEMAND | {"demand_per_day": MAX_DEMANDS_DAY}, DEMAND | {"demand_per_day": MAX_DEMANDS_DAY + 1}),
        (DEMAND | {"demand_per_day": 1}, DEMAND | {"demand_per_day": 0}),
        (DEMAND | {"demand_lockout_s": MAX_LOCKOUT_S}, DEMAND | {"demand_lockout_s": MAX_LOCKOUT_S + 1}),
        (DEMAND | {"demand_lockout_s": 30}, DEMAND | {"demand_lockout_s": 29}),
        (DEMAND, DEMAND | {"demand_lockout_s": 0xFFFFFFFF}),
    ],
)
def test_a_head_is_taken_at_its_limit_and_refused_beyond(at_limit: dict[str, int], beyond: dict[str, int]) -> None:
    assert committed(HEAD | at_limit, [SEGMENT]) == "ok"
    assert committed(HEAD | beyond, [SEGMENT]) == "out_of_range"


@pytest.mark.parametrize(
    ("at_limit", "beyond"),
    [
        ([(FASTEST, 1000), (0, 60_000)], [(FASTEST + 1, 1000), (0, 60_000)]),
        ([(277_778, 1000)], [(277_779, 1000)]),
        ([(277_778_000, 0xFFFFFFFF)], [((1 << 64) - 1, 0xFFFFFFFF)]),
        ([(FASTEST, 1000), (7, 29_000)], [(FASTEST, 1000), (8, 29_000)]),
    ],
)
def test_a_cycle_is_taken_at_its_limit_and_refused_beyond(
    at_limit: list[tuple[int, int]], beyond: list[tuple[int, int]]
) -> None:
    head = HEAD | {"cycle_count": len(at_limit)}
    assert committed(head, at_limit) == "ok"
    assert committed(head, beyond) == "too_fast"


def test_an_on_demand_bolus_is_taken_at_its_speed_limit_and_refused_beyond() -> None:
    assert committed(HEAD | DEMAND | {"demand_pl": FASTEST * 30}, [SEGMENT]) == "ok"
    assert committed(HEAD | DEMAND | {"demand_pl": FASTEST * 30 + 1}, [SEGMENT]) == "too_fast"
    assert committed(HEAD | DEMAND | {"demand_pl": (1 << 64) - 1}, [SEGMENT]) == "too_fast"


def test_as_many_segments_as_fit_and_no_more() -> None:
    full = [SEGMENT] * MAX_SEGMENTS
    assert committed(HEAD | {"prelude_count": 6, "cycle_count": MAX_SEGMENTS - 6}, full) == "ok"
    assert committed(HEAD | {"prelude_count": 7, "cycle_count": MAX_SEGMENTS - 6}, full) == "too_large"
    assert committed(HEAD | {"prelude_count": 0xFFFF, "cycle_count": 0xFFFF}, full) == "too_large"


def test_a_time_of_nothing_is_refused() -> None:
    assert committed(HEAD, [(0, 1)]) == "ok"
    assert committed(HEAD, [(0, 0)]) == "out_of_range"


# Other numbers


@pytest.mark.parametrize(("key", "name", "low", "high"), [row[:4] for row in SETTINGS])
def test_a_setting_is_taken_at_its_limits_and_refused_beyond(key: int, name: str, low: int, high: int) -> None:
    bench = Bench().open()
    for value in (low, high):
        bench.must("set_config", records=[(key, value)])
        assert bench.firmware.pump.settings[key] == value
    for value in (low - 1, high + 1, -(1 << 63), (1 << 63) - 1):
        reply, fields = bench.send("set_config", records=[(key, value)])
        assert (reply, ERROR_NAMES[fields["code"]], fields["detail"]) == ("refused", "out_of_range", key)
        assert bench.firmware.pump.settings[key] == high


def test_a_refill_is_taken_at_its_limits_and_refused_beyond() -> None:
    bench = Bench().open()
    most_nl, strongest = 20_000_000, 4_000_000_000
    bench.must("refill", 1, most_nl, most_nl, strongest)
    for i, beyond in enumerate([(most_nl + 1, 0, 0), (0, most_nl + 1, 0), (0, 0, strongest + 1)]):
        assert refused(bench, "refill", 10 + i, *beyond) == "out_of_range"
    assert bench.status()["reservoir_nl"] == most_nl
    assert bench.firmware.pump.settings[SETTING_KEYS["concentration_ng_ml"]] == strongest


def test_a_clock_is_taken_at_its_limits_and_refused_beyond() -> None:
    bench = Bench().open()
    for offset_min in (-1439, 1439):
        bench.must("set_clock", UTC_S, offset_min)
    for offset_min in (-1440, 1440):
        assert refused(bench, "set_clock", UTC_S, offset_min) == "out_of_range"
    bench.run(5_000_000)
    assert refused(bench, "set_clock", 4, 0) == "out_of_range"  # before it was switched on
    bench.must("set_clock", 5, 0)
    bench.must("set_clock", 0xFFFFFFFF, 0)


def test_a_bolus_is_taken_at_its_limits_and_refused_beyond() -> None:
    bench = running()
    for i, (volume_pl, duration_ms, why) in enumerate(
        [
            (FASTEST * 10 + 1, 10_000, "too_fast"),
            ((1 << 64) - 1, 0xFFFFFFFF, "too_fast"),
            (0, 1, "out_of_range"),
            (1, 0, "out_of_range"),
        ]
    ):
        assert refused(bench, "bolus", 10 + i, volume_pl, duration_ms, AFTER_RESUME) == why
    assert refused(bench, "bolus", 20, 1, 1, AFTER_RESUME + 2) == "out_of_range"
    left_pl = bench.firmware.pump.reservoir.left_pl(bench.status()["commanded_pl"])
    assert refused(bench, "bolus", 21, left_pl + 1, 0xFFFFFFFF, AFTER_RESUME) == "reservoir_too_low"
    bench.must("bolus", 22, FASTEST * 10, 10_000, AFTER_RESUME)
