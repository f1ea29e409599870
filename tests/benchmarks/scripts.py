"""The shipped test scripts on healthy virtual rigs: how much pump time each takes in how many seconds of one core; and
an hour at 10 Hz under a script, also with all of it recorded.

    python -m tests.benchmarks.scripts                   on sim: and under MicroPython, seed 7
    python -m tests.benchmarks.scripts --seeds 1-10      that they pass on all of these, too
"""

import argparse
import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.qa.script import Script
from rig.qa.told import CaseEnded
from rig.recording.writer import RunWriter
from rig.targets import open_session
from rig.therapy import units
from tests.rig.qa import twins

_FORMAT = "{:<58} {:>8} {:>10} {:>8} {:>12}  {}"
_HOUR = """\
qa: 1
name: An hour at 10 Hz
duration: 1 h
interval: 100 ms
steps:
  - do: program
    flow: 1 mL/day
  - wait: 1 h
  - expect: volume
    is: commanded
    tolerance: 20 %
"""


def core_s() -> float:
    """Seconds that this process and those that it has ended spent on a core."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(script: Script, address: str, folder: Path | None = None) -> tuple[CaseEnded, float, float]:
    """(how it ended, seconds of pump time, seconds of a core); recorded in ``folder``."""
    began_s = core_s()
    with closing(open_session(address)) as session, ExitStack() as recording:
        writer = None
        if folder is not None:
            writer = recording.enter_context(RunWriter(folder / "timed.run.duckdb", session.clock, session.info))
        from_us = session.clock.utc_us()
        ended = drive(script, session, writer=writer)
        passed_s = (session.clock.utc_us() - from_us) / 1e6
        if writer is not None:
            writer.finish(ended.why)
    return ended, passed_s, core_s() - began_s


def said(ended: CaseEnded) -> str:
    """Its verdict, and where it isn't a pass the step that made it so."""
    bad = next((step for step in ended.steps if step.judged.verdict == ended.verdict), None)
    if ended.verdict == "pass" or bad is None:
        return ended.verdict
    return f"{ended.verdict}: {bad.step.title}: {bad.judged.detail}"


def shipped() -> Iterator[Script]:
    for name in twins.names():
        yield from twins.load(name)


def library(host: str, seed: int, to_reach: str) -> bool:
    """Prints a line for each case; whether all pass."""
    print(_FORMAT.format(f"{host}:?seed={seed}", "interval", "pump time", "core", "ratio", ""))
    all_passed_s = all_taken_s = 0.0
    good = True
    for script in shipped():
        ended, passed_s, taken_s = timed(script, f"{host}:?seed={seed}&speed=max")
        all_passed_s, all_taken_s = all_passed_s + passed_s, all_taken_s + taken_s
        good &= ended.verdict == "pass"
        interval = units.write(script.interval_ms, units.DURATION)
        line(script.title[:58], interval, passed_s, taken_s, said(ended))
    line("all", "", all_passed_s, all_taken_s, to_reach)
    print()
    return good


def line(name: str, interval: str, passed_s: float, taken_s: float, told: str) -> None:
    days = f"{passed_s / units.DAY_S:.3f} d"
    print(_FORMAT.format(name, interval, days, f"{taken_s:.2f} s", f"{passed_s / taken_s:,.0f}x", told), flush=True)


def hour(host: str) -> bool:
    """As ``library``."""
    (script,) = script_file.loads(_HOUR, Path("hour.qa.yaml"))
    ended, passed_s, taken_s = timed(script, f"{host}:?seed=7&speed=max")
    told = f"{said(ended)}; to reach: <= 3 s" if host == "sim" else said(ended)
    line(f"{script.name}, {host}:", "100 ms", passed_s, taken_s, told)
    with TemporaryDirectory() as folder:
        recorded, passed_s, taken_s = timed(script, f"{host}:?seed=7&speed=max", Path(folder))
    line(f"{script.name}, {host}:, recorded", "100 ms", passed_s, taken_s, said(recorded))
    return ended.verdict == recorded.verdict == "pass"


def seeds_of(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description="Times the shipped test scripts.")
    parser.add_argument("--seeds", type=seeds_of, default=[7], help="of the rigs: 7, or 1-10")
    parser.add_argument("--hosts", default="sim,upy", help="what runs the firmware")
    chosen = parser.parse_args()
    hosts = [host for host in chosen.hosts.split(",") if host != "upy" or sys.platform != "win32"]
    to_reach = {"sim": f"to reach: >= {twins.LEAST_DAYS} d in <= 60 s"}
    good = [library(host, seed, to_reach.get(host, "")) for host in hosts for seed in chosen.seeds]
    good += [hour(host) for host in hosts]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
