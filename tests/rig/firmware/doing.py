"""Short words for what tests of the pump do again and again."""

from firmware_link.vocabulary import ALARM_BITS, ERROR_NAMES, EVENT_NAMES, SETTING_KEYS, STATES
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_MS = 86_400_000
FAST = Program(UTC_S, 0, [], [(20_000_000_000, DAY_MS)])  # 20 mL/day


def running(program: Program = FAST, interval_ms: int = 100) -> Bench:
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], interval_ms)])
    bench.commit(program)
    bench.must("start")
    return bench


def reset(bench: Bench) -> Bench:
    """The same pump after a loss of power."""
    return Bench(bench.board.regions)


def refused(bench: Bench, name: str, *values: int) -> str:
    reply, fields = bench.send(name, *values)
    assert reply == "refused", (name, reply, fields)
    return ERROR_NAMES[fields["code"]]


def log_of(bench: Bench) -> list[tuple[str, int, int]]:
    """(kind, occurred_us, value) of every event so far."""
    return [(EVENT_NAMES[event[1]], event[4], event[6]) for event in bench.events]


def state_of(bench: Bench) -> str:
    return STATES[bench.status()["state"]]


def alarms_of(bench: Bench) -> set[str]:
    bits = bench.status()["alarms"]
    return {name for name, bit in ALARM_BITS.items() if bits >> bit & 1}
