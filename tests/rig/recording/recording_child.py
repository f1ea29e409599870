"""A program that records until it is killed: says on stdout what it holds to be on disk, a line a commit.

Usage: recording_child.py FILE SEED [BYTES]; no file may grow beyond BYTES.  Without any words it does so for each
"FILE SEED" on stdin, in a process that says its number first, and says "gone" when that is.
"""

import os
import random
import resource
import sys
from pathlib import Path

from firmware_link.clock import ManualClock
from firmware_link.errors import PumpError
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.recording import make


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(path: str, seed: str, limit_bytes: str = "") -> None:
    if limit_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit_bytes), int(limit_bytes)))
    rng = random.Random(seed)
    writer = RunWriter(Path(path), ManualClock(), make.SESSION)
    samples = events = 0
    now_s = 0.0
    while True:
        for _ in range(rng.randrange(1, 4)):
            count = rng.randrange(0, 800)
            number = rng.randrange(0, 3)
            batch = Batch(
                samples=make.samples(samples, count),
                events=tuple(make.event(events + 1 + i) for i in range(number)),
            )
            samples, events = samples + count, events + number
            writer.add(batch)
        try:
            writer.commit_if_due(now_s)
        except PumpError as error:
            say(f"{error.exit_code} {error.sentence()}")
            return
        say(f"{writer.durable_samples} {writer.durable_event}")
        now_s += rng.choice([0.1, 0.25, 12.0])  # now and then a checkpoint


def serve() -> None:
    """Forks, which is much sooner done than starting anew."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(str(os.getpid()))
            main(*line.split())
            os._exit(0)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main(*sys.argv[1:]) if sys.argv[1:] else serve()
