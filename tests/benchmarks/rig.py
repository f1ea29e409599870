"""The virtual rig: an hour at 10 Hz, seven years, and its formulas beside the same equations stepped at 10 ms.

python -m tests.benchmarks.rig
"""

import sys
import time
from collections.abc import Callable

from firmware_link.vocabulary import SETTING_KEYS
from rig.firmware.program import Program
from rig.targets import open_session
from rig.virtual.faults import Fault
from rig.virtual.pace import MAX_SPEED
from rig.virtual.rig import VirtualRig
from tests.benchmarks import table
from tests.rig.pump_bench import Bench
from tests.rig.virtual.host import Host
from tests.rig.virtual.plants import HOUR_S, changed, deliver, plant, rest
from tests.rig.virtual.test_stepping import H_S, Naive

CHUNK = 12  # segments in a frame
SEGMENTS = [(15_000_000 + i * 2_000_000, 3_600_000) for i in range(24)]  # pL in ms: 0.9 mL/day
YEARS = 7
REFILLED_DAYS = 15


def timed(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of this process, or of another ``clock``."""
    began = clock()
    run()
    return clock() - began


def hour(host: str, clock: Callable[[], float] = time.process_time) -> float:
    """An hour of a whole session: samples at 10 Hz, received and decoded."""
    bench = Bench(open_session(f"{host}:?seed=7&speed=max"))
    bench.connect()
    bench.look_each(100_000)
    bench.write(Program(bench.session.clock.utc_us() // 1_000_000, 0, [], SEGMENTS))
    session, samples = bench.session, 0

    def run() -> None:
        nonlocal samples
        end_s = session.clock.monotonic() + HOUR_S
        while session.clock.monotonic() < end_s:
            samples += len(session.poll(1.0).samples)

    taken = timed(run, clock)
    assert samples > 35_900
    session.close()
    return taken


def life() -> float:
    """Seven years of one pump by itself, a sample an hour; now and then a refill, a new cell and a new tube."""
    rig = VirtualRig(7, MAX_SPEED)
    host = Host(rig.connect())
    host.hello()
    assert host.command("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 3_600_000)])[0] == "ok"
    utc_s = rig.clock.utc_us() // 1_000_000
    assert host.command("set_clock", utc_s, 0)[0] == "ok"
    assert host.command("stage_begin", utc_s, 0, 0, len(SEGMENTS), 0, 0, 0, 0, 0)[0] == "ok"
    for first in range(0, len(SEGMENTS), CHUNK):
        assert host.command("stage_chunk", first, records=SEGMENTS[first : first + CHUNK])[0] == "ok"
    digest = host.command("read_program", 1, 0)[1]["digest"]
    assert host.command("commit", 1, digest)[0] == "ok"
    assert host.command("start")[0] == "ok"
    visits = round(YEARS * 365.25 / REFILLED_DAYS)

    def run() -> None:
        for visit in range(visits):
            host.run(rig.clock, REFILLED_DAYS * 86_400)
            rig.inject(Fault("fill_reservoir", amount=20))
            assert host.command("refill", 100 + visit, 0, 20_000_000, 500_000)[0] == "ok"
            if visit % 24 == 23:
                rig.inject(Fault("new_battery"))
                rig.inject(Fault("new_tube"))
                assert host.command("tube_replaced", 1000 + visit)[0] == "ok"

    taken = timed(run)
    daily_nl = sum(volume for volume, _ in SEGMENTS) / 1e3
    assert 0.95 < rig.truth().delivered_nl / (visits * REFILLED_DAYS * daily_nl) < 1
    rig.close()
    return taken


def flow() -> tuple[float, float]:
    """An hour of the plant alone, looked at 10 times a second; and stepped at 10 ms."""
    rig, naive = plant(), Naive(changed())
    deliver(rig, 24, HOUR_S)
    naive.order((164_617, HOUR_S))

    def look() -> None:
        for _ in range(36_000):
            rest(rig, 0.1)
            rig.truth()

    def step() -> None:
        for _ in range(round(HOUR_S / H_S)):
            naive.step()

    return timed(look), timed(step)


def main() -> None:
    table.head()
    table.row("an hour at 10 Hz, received and decoded", hour("sim"), None, "s", "<= 3 s")
    if sys.platform != "win32":  # two processes that take turns: by the clock on the wall
        table.row("the same, under MicroPython", hour("upy", time.perf_counter), None, "s", "")
    table.row(f"{YEARS} years, 24 segments a day", life(), None, "s", "<= 10 s")
    table.row("an hour of flow, peer stepped at 10 ms", *flow(), "s", "")


if __name__ == "__main__":
    main()
