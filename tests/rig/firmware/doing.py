"""Short words for what tests of the pump do again and again."""

from firmware_link.vocabulary import ALARM_BITS, ERROR_NAMES, EVENT_NAMES, SETTING_KEYS, STATES
from rig.firmware.program import Program
from tests.mcu.bench import UTC_S, Bench

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_MS = 86_400_000
STEP_PL = 19_438_991 // 3200  # what a step moves
FAST = Program(UTC_S, 0, [], [(20_000_000_000, DAY_MS)])  # 20 mL/day
#: An on-demand bolus, beside a base rate.
VOLUME_PL, DURATION_MS, LOCKOUT_S, PER_DAY = DEMAND = (50_000_000, 30_000, 7200, 4)
BASE = (100_000_000, DAY_MS)  # 0.1 mL/day
LOCKOUT_US, DAY_US = LOCKOUT_S * SECOND_US, 24 * HOUR_US


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


def on_demand(demand: tuple[int, int, int, int] = DEMAND) -> Program:
    return Program(UTC_S, 0, [], [BASE], demand)


def delivering(demand: tuple[int, int, int, int] = DEMAND) -> Bench:
    return running(on_demand(demand), interval_ms=3_600_000)


def presses_at(bench: Bench, *moments_us: int) -> list[tuple[str, int]]:
    """Presses at these moments; what the log says to each."""
    for at_us in moments_us:
        bench.run_until(at_us)
        bench.press()
    bench.run(SECOND_US)
    return [(kind, value) for kind, _, value in log_of(bench) if kind.startswith("demand")]
